"""The Debian package in a fresh Debian 12: installed, run, upgraded over a chat, removed, purged."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from app.desktop.paths import APP_ID
from build_scripts.build.deb import build_deb
from build_scripts.build.linux_files import share_files
from build_scripts.build.places import ROOT, VERSION
from build_scripts.build.release import this_release
from build_scripts.build.steps import Plan, run
from tests.build_scripts.debian_root import RELEASE, DebianRoot, mirrors
from tests.desktop.session import Desktop
from tests.frozen.made_once import frozen_app

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0 or shutil.which("debootstrap") is None,
        reason="only root can lay out a Debian",
    ),
]
PICTURES = ROOT / "build" / "walk-deb"
OLDER = "0.0.9"
QUESTION = "Which wind comes from the desert?"
# A session of a person who has logged in: a bus, and a keyring that is unlocked.
SESSION = ("dbus-run-session", "--", "sh", "-c")
UNLOCK = "printf one | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An older package and this one, of the same frozen app; the older has a file that this one lacks."""
    tmp_path = tmp_path_factory.mktemp("packages")
    frozen = frozen_app(Plan())
    release = this_release(os.environ, level=0)
    older = tmp_path / "older"
    shutil.copytree(frozen, older, symlinks=True)
    (older / "_internal" / "of-the-older-one").write_text("gone in the next one", encoding="utf-8")
    return (
        build_deb(older, tmp_path, replace(release, version=OLDER), run),
        build_deb(frozen, tmp_path, release, run),
    )


@pytest.fixture
def debian(tmp_path: Path) -> Iterator[DebianRoot]:
    if RELEASE not in mirrors():
        pytest.skip(f"this machine's apt knows no {RELEASE}")
    root = tmp_path / "debian"
    yield DebianRoot(root)
    shutil.rmtree(root)


def questions(debian: DebianRoot) -> list[str]:
    """What the person asked, as the history holds it."""
    database = debian.home / ".local" / "share" / "sirocco" / "sirocco.db"
    with closing(apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READONLY)) as opened:
        rows = list(opened.execute("SELECT parts FROM turn WHERE role = 'user' AND reply IS NULL"))
    return [row[0] for row in rows]


@pytest.mark.xdist_group("programs")
def test_lintian_says_nothing_of_what_is_handed_out(packages: tuple[Path, Path]) -> None:
    words = ["lintian", "--allow-root", "--tag-display-limit", "0", str(packages[1])]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert re.findall(r"^[EW]: .*", done.stdout, re.MULTILINE) == []
    assert done.returncode == 0, done.stderr


def test_a_person_of_debian_12_installs_it_runs_it_upgrades_it_and_removes_it(
    debian: DebianRoot, packages: tuple[Path, Path], desktop: Desktop
) -> None:
    older, newer = (shutil.copy(package, debian.root) for package in packages)
    before = debian.named("sirocco") - {Path(path).name for path in (older, newer)}
    assert before == set()
    # With all that it recommends it can be installed; what it depends on is enough to run.
    debian.run("apt-get", "install", "--simulate", f"/{Path(older).name}")
    apt = ("apt-get", "install", "--yes", "-q", "--no-install-recommends")
    debian.run(*apt, f"/{Path(older).name}")
    # It runs as a person on a display of another program; the root has no X server of its own.
    shown = {"DISPLAY": desktop.env["DISPLAY"], "QT_QPA_PLATFORM": "xcb"}
    assert debian.run_as_person("sirocco", "--version", env={}).startswith(f"Sirocco {VERSION}\nbuild deb")
    debian.run_as_person(
        "sirocco", "--demo", "--first-question", QUESTION, "--picture", "/home/person/one.png", env=shown
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    shutil.copy(debian.home / "one.png", PICTURES / "deb-first-answer.png")
    asked = questions(debian)
    assert len(asked) == 1
    assert QUESTION in asked[0]

    debian.run(*apt, "gnome-keyring", "dbus", "desktop-file-utils", "appstream", "man-db")
    said = debian.run_as_person(*SESSION, f"{UNLOCK} sirocco --self-test", env=shown)
    assert "All is well" in said
    assert "keyring:   SecretService" in said
    share = Path("/usr/share")
    debian.run("desktop-file-validate", share / "applications" / f"{APP_ID}.desktop")
    debian.run("appstreamcli", "validate", "--no-net", share / "metainfo" / f"{APP_ID}.metainfo.xml")
    assert debian.run("man", "--where", "sirocco").strip() == "/usr/share/man/man1/sirocco.1.gz"

    # The upgrade takes away what the older one had alone, and the chats are there in the newer one.
    home = debian.root / "usr" / "lib" / "sirocco"
    assert (home / "_internal" / "of-the-older-one").exists()
    debian.run(*apt, f"/{Path(newer).name}")
    assert not (home / "_internal" / "of-the-older-one").exists()
    debian.run_as_person("sirocco", "--demo", "--picture", "/home/person/two.png", env=shown)
    assert questions(debian) == asked
    assert (debian.home / "two.png").stat().st_size > 10_000

    debian.run("apt-get", "remove", "--yes", "-q", "sirocco")
    assert not home.exists()
    assert not any((debian.root / "usr" / "share" / name).exists() for name in share_files())
    # A package without settings of its own is forgotten then; so what purges it is tried on its own.
    debian.run(*apt, f"/{Path(newer).name}")
    debian.run("apt-get", "purge", "--yes", "-q", "sirocco")
    left = {name for name in debian.named("sirocco") if not name.startswith("home/person/")}
    assert left == set()
    assert questions(debian) == asked
