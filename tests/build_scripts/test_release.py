"""What a release is made of on GitHub: its workflow, the tools it fetches, and its draft."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.core.update import Release, is_update, release_of
from build_scripts import dev
from build_scripts.build.announce import address, announce
from build_scripts.build.announcement import write_announcement
from build_scripts.build.draft import draft, notes_of
from build_scripts.build.fetch_appimagetool import TOOLS, Tool, fetch
from build_scripts.build.release import this_release
from build_scripts.build.steps import BuildError, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")

WORKFLOWS = {path.stem: path.read_text(encoding="utf-8") for path in map(Path, dev.WORKFLOWS)}
WORKFLOW = WORKFLOWS["release"]
CHANGES = """\
# Changelog

## [Unreleased]

## [0.2.0] - 2026-12-01

### Added

- A thing.

## [0.1.0]

- Old.
"""


def test_every_action_is_pinned_to_a_commit_whose_release_is_named() -> None:
    used = re.findall(r"uses: (\S+)(.*)", "".join(WORKFLOWS.values()))
    assert len(used) > 8
    for action, comment in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    # One release of each.
    assert len({action for action, _comment in used}) == len({action.partition("@")[0] for action, _ in used})


def test_nothing_may_be_written_but_by_the_draft() -> None:
    assert re.search(r"^permissions: \{\}$", WORKFLOW, re.MULTILINE)
    head, drafting = WORKFLOW.split("\n  draft:\n")
    assert "write" not in head
    assert drafting.count("write") == 1
    assert WORKFLOWS["announce"].count("write") == 1
    for text in WORKFLOWS.values():
        assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_every_command_that_it_runs_is_there() -> None:
    commands = re.findall(r"dev\.py ([a-z]+)", WORKFLOW)
    assert {"test", "build", "tryout"} == set(commands) <= dev.COMMANDS.keys()
    modules = set(re.findall(r"-m (build_scripts\.[\w.]+)", "".join(WORKFLOWS.values())))
    assert len(modules) == 4
    assert all((dev.ROOT / f"{name.replace('.', '/')}.py").is_file() for name in modules)


def test_what_is_fetched_is_what_was_looked_at(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"a tool")
    good = Tool("tool", source.as_uri(), hashlib.sha256(b"a tool").hexdigest())
    fetch(tmp_path / "bin", [good])
    assert (tmp_path / "bin" / "tool").read_bytes() == b"a tool"
    assert (tmp_path / "bin" / "tool").stat().st_mode & 0o777 == 0o755
    with pytest.raises(BuildError, match=f"has the sum {good.sha256}, not {'0' * 64}"):
        fetch(tmp_path / "other", [good._replace(sha256="0" * 64)])
    assert not (tmp_path / "other" / "tool").exists()


def test_tools_come_from_their_makers_and_never_from_a_moving_place() -> None:
    for tool in TOOLS:
        assert tool.address.startswith("https://github.com/AppImage/")
        assert "continuous" not in tool.address
        assert re.fullmatch(r"[0-9a-f]{64}", tool.sha256)


class GitHub:
    """The program `gh`: keeps its command lines and the notes that it was given."""

    def __init__(self) -> None:
        self.said: list[list[str]] = []
        self.notes = ""

    def __call__(
        self, words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        self.said.append([str(word) for word in words])
        self.notes = Path(words[list(words).index("--notes-file") + 1]).read_text(encoding="utf-8")
        return ""


def test_a_release_is_drafted_with_all_that_is_handed_out_and_its_sums(tmp_path: Path) -> None:
    root = tmp_path / "dist"
    root.mkdir()
    for name in ("Sirocco-0.2.0-setup.exe", "sirocco_0.2.0_amd64.deb", "words.txt"):
        (root / name).write_text(name, encoding="utf-8")
    github = GitHub()
    draft("v0.2.0", root, github, "0.2.0", CHANGES)
    [said] = github.said
    files = ["Sirocco-0.2.0-setup.exe", "sirocco_0.2.0_amd64.deb", "SHA256SUMS"]
    told = ["--draft", "--verify-tag", "--title", "Sirocco 0.2.0", "--notes-file"]
    assert said[:9] == ["gh", "release", "create", "v0.2.0", *told]
    assert said[10:] == [str(root / name) for name in files]
    assert github.notes == "### Added\n\n- A thing.\n"
    assert len((root / "SHA256SUMS").read_text(encoding="utf-8").splitlines()) == 2


def test_what_is_drafted_announces_itself_to_installed_versions(tmp_path: Path) -> None:
    (tmp_path / "sirocco_0.2.0_amd64.deb").write_text("deb", encoding="utf-8")
    github = GitHub()
    draft("v0.2.0", tmp_path, github, "0.2.0", CHANGES, "https://forge.example/sirocco")
    assert github.said[0][-1] == str(tmp_path / "latest.json")
    release = release_of((tmp_path / "latest.json").read_bytes())
    page = "https://forge.example/sirocco/releases/latest"
    assert release == Release("0.2.0", "### Added\n\n- A thing.\n", page)
    assert is_update(release.version, "0.1.0")


@pytest.mark.parametrize(
    ("tag", "version", "name", "words"),
    [
        ("v0.3.0", "0.2.0", "a.deb", "isn't this tree's version"),
        ("v0.3.0", "0.3.0", "a.deb", "says nothing of 0.3.0"),
        ("v0.2.0", "0.2.0", "a.txt", "nothing to hand out"),
    ],
)
def test_what_is_no_release_is_not_drafted(
    tmp_path: Path, tag: str, version: str, name: str, words: str
) -> None:
    (tmp_path / name).touch()
    github = GitHub()
    with pytest.raises(BuildError, match=words):
        draft(tag, tmp_path, github, version, CHANGES)
    assert github.said == []


def test_notes_end_where_the_next_version_begins() -> None:
    assert notes_of(CHANGES, "0.1.0") == "- Old.\n"
    with pytest.raises(BuildError):
        notes_of(CHANGES, "Unreleased")


class Published:
    """GitHub with published releases, and what is pushed to it. All of git but that is git's own."""

    def __init__(self, home: Path, *versions: str) -> None:
        self.latest = f"v{versions[-1]}"
        self.pushed: dict[str, str] = {}
        self._home = home
        for version in versions:
            (home / f"v{version}").mkdir(parents=True)
            write_announcement(home / f"v{version}", version, "News.", "https://forge.example/o/sirocco")

    def __call__(
        self, words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        match [str(word) for word in words]:
            case ["gh", "release", "view", *_]:
                return f"{self.latest}\n"
            case ["gh", "release", "download", tag, *rest]:
                shutil.copy(self._home / tag / "latest.json", rest[rest.index("--dir") + 1])
            case ["git", "-C", place, *rest, target, branch] if "push" in rest:
                files = run(["git", "-C", place, "ls-tree", "--name-only", branch]).split()
                assert (target, files) == ("https://github.com/o/sirocco.git", ["latest.json"])
                self.pushed[branch] = run(["git", "-C", place, "show", f"{branch}:latest.json"])
            case _:
                return run(words, env, cwd)
        return ""


def test_a_published_release_is_announced_where_installed_versions_look(tmp_path: Path) -> None:
    github = Published(tmp_path, "0.1.0", "0.2.0")
    assert announce("v0.2.0", "o/sirocco", github)
    [(branch, body)] = github.pushed.items()
    assert release_of(body.encode()).version == "0.2.0"
    # What the release builds are told, without a variable of the repository's.
    assert address("o/sirocco") == f"https://raw.githubusercontent.com/o/sirocco/{branch}/latest.json"
    usual = address("{0}")
    assert f"vars.SIROCCO_UPDATE_ADDRESS || format('{usual}', github.repository)" in WORKFLOW


def test_a_correction_of_an_older_version_is_not_announced(tmp_path: Path) -> None:
    github = Published(tmp_path, "0.1.1", "0.2.0")
    assert not announce("v0.1.1", "o/sirocco", github)
    assert github.pushed == {}


def test_what_announces_another_version_is_not_put_there(tmp_path: Path) -> None:
    github = Published(tmp_path, "0.1.0", "0.2.0")
    shutil.copy(tmp_path / "v0.1.0" / "latest.json", tmp_path / "v0.2.0")
    with pytest.raises(BuildError, match="announces another version"):
        announce("v0.2.0", "o/sirocco", github)
    assert github.pushed == {}


def test_who_is_written_to_is_said_by_who_releases() -> None:
    assert this_release({"SIROCCO_CONTACT": ""}).contact.endswith("@users.noreply.github.com>")
    assert this_release({"SIROCCO_CONTACT": "Ada <ada@forge.example>"}).contact == "Ada <ada@forge.example>"
