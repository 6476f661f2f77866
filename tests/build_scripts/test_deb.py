"""The Debian package: what is in it, what it asks for, and what lintian says to it."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.desktop.build_info import build_info
from build_scripts.build.deb import (
    ARCHITECTURES,
    build_deb,
    control,
    debian_version,
    dependencies,
)
from build_scripts.build.elf import Wants, wants_of
from build_scripts.build.licences import bundled
from build_scripts.build.linux_files import share_files
from build_scripts.build.release import TEMPLATES, architecture
from build_scripts.build.steps import BuildError, run
from tests.build_scripts.payload import RELEASE, stand_in

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or architecture() not in ARCHITECTURES, reason="the package is Debian's"
)
WANTS = Wants(frozenset({"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "libEGL.so.1"}), (2, 36))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deb")
    return build_deb(stand_in(folder / "payload"), folder, RELEASE, run)


@pytest.fixture(scope="module")
def root(package: Path) -> Path:
    """What the package brings, and below DEBIAN what it says of itself."""
    place = package.parent / "root"
    run(["dpkg-deb", "--raw-extract", package, place])
    return place


def test_its_name_says_version_and_architecture(package: Path) -> None:
    assert package.name == f"sirocco_1.2.3_{ARCHITECTURES[architecture()]}.deb"


def test_the_program_is_found_by_its_name(root: Path) -> None:
    command = root / "usr" / "bin" / "sirocco"
    assert command.is_symlink()
    assert not command.readlink().is_absolute()
    assert command.resolve() == root / "usr" / "lib" / "sirocco" / "sirocco"


def test_a_desktop_finds_all_that_it_wants(root: Path) -> None:
    share = root / "usr" / "share"
    assert all((share / name).is_file() for name in share_files())


def test_the_app_knows_that_apt_brings_its_updates(root: Path) -> None:
    assert build_info(root / "usr" / "lib" / "sirocco" / "_internal").channel == "deb"


def test_everything_belongs_to_root_and_has_one_date(package: Path) -> None:
    listed = run(["dpkg-deb", "--contents", package], RELEASE.environment()).splitlines()
    assert len(listed) > 30
    assert {tuple(line.split()[i] for i in (1, 3, 4)) for line in listed} == {
        ("root/root", "2025-06-15", "15:06")
    }
    assert {line.split()[0] for line in listed} <= {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx"}


def test_every_file_has_its_sum(root: Path) -> None:
    lines = (root / "DEBIAN" / "md5sums").read_text(encoding="utf-8").splitlines()
    summed = {line[34:]: line[:32] for line in lines}
    files = {
        path.relative_to(root).as_posix()
        for path in (root / "usr").rglob("*")
        if not path.is_symlink() and path.is_file()
    }
    assert summed.keys() == files
    name = "usr/lib/sirocco/sirocco"
    assert summed[name] == hashlib.md5((root / name).read_bytes()).hexdigest()


def test_no_script_of_it_runs_as_root(root: Path) -> None:
    assert {path.name for path in (root / "DEBIAN").iterdir()} == {"control", "md5sums"}


def test_the_same_folder_makes_the_same_bytes(package: Path, tmp_path: Path) -> None:
    payload = stand_in(tmp_path / "payload")
    assert build_deb(payload, tmp_path, RELEASE, run).read_bytes() == package.read_bytes()


def test_what_apt_is_told() -> None:
    fields = dict(
        line.split(": ", 1)
        for line in control(RELEASE, "amd64", WANTS, 3_000_000).splitlines()
        if not line.startswith(" ")
    )
    assert fields["Version"] == "1.2.3"
    assert fields["Installed-Size"] == "2930"
    assert fields["Homepage"] == RELEASE.homepage
    assert fields["Depends"] == "libc6 (>= 2.36), libdbus-1-3, libegl1"
    assert "Homepage" not in control(replace(RELEASE, homepage=""), "amd64", WANTS, 1)


def test_a_library_that_no_package_is_known_for_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"No package is known that brings libnew\.so\.1"):
        dependencies(Wants(frozenset({"libnew.so.1"}), (2, 36)))


def test_what_a_folder_wants_is_read_from_its_programs(tmp_path: Path) -> None:
    payload = stand_in(tmp_path / "payload")
    wants = wants_of(payload, run)
    assert "libc.so.6" in wants.libraries
    assert (2, 2) < wants.glibc < (3, 0)
    # What lies beside it is not asked for.
    (payload / "_internal" / "libc.so.6").write_text("", encoding="utf-8")
    assert "libc.so.6" not in wants_of(payload, run).libraries


@pytest.mark.parametrize(
    ("python", "debian"),
    [("1.2.3", "1.2.3"), ("1.2.3rc1", "1.2.3~rc1"), ("1.2.3a2", "1.2.3~a2"), ("1.2.3.dev4", "1.2.3~dev4")],
)
def test_a_version_sorts_as_it_should(python: str, debian: str) -> None:
    assert debian_version(python) == debian
    if python != "1.2.3":
        subprocess.run(["dpkg", "--compare-versions", debian, "lt", "1.2.3"], check=True)


@pytest.mark.skipif(shutil.which("lintian") is None, reason="only Debian has it")
def test_lintian_has_nothing_to_say_but_what_is_named(package: Path) -> None:
    words = ["lintian", "--allow-root", "--tag-display-limit", "0", str(package)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert re.findall(r"^[EW]: .*", done.stdout, re.MULTILINE) == []
    assert done.returncode == 0, done.stderr


def test_the_licence_of_every_part_can_be_read_by_a_machine(root: Path) -> None:
    text = (root / "usr" / "share" / "doc" / "sirocco" / "copyright").read_text(encoding="utf-8")
    head, *stanzas = text.strip().split("\n\n")
    assert head.startswith("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n")
    names = [dict(re.findall(r"^([A-Z][A-Za-z]+): ?(.*)", stanza, re.MULTILINE)) for stanza in stanzas]
    parts = [fields for fields in names if "Files" in fields]
    assert len(parts) == len(bundled("linux"))
    assert all(fields["Copyright"] and fields["License"] for fields in parts)
    assert len({fields["Files"] for fields in parts}) == len(parts)
    # What is said to stand at the end does.
    at_the_end = {fields["License"] for fields in names if "Files" not in fields}
    assert set(re.findall(r"The text of (\S+) stands at the end", text)) == at_the_end
    assert all(re.match(r"[A-Z][A-Za-z-]+: ?\S| ", line) for line in text.splitlines() if line)


def test_every_override_says_why() -> None:
    lines = (TEMPLATES / "lintian-overrides").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#")
    assert all(re.fullmatch(r"# .+\.|sirocco: [a-z-]+ \*", line) for line in lines)
