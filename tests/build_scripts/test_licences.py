"""Every part that is handed on is listed with its licence, whole, and none of them binds the whole app."""

import re

import pytest

from app.core.components import LIST_NAME, Component, components_of
from build_scripts.build import licences
from build_scripts.build.contents import is_wanted
from build_scripts.build.places import ROOT

SYSTEMS = ("linux", "win32", "darwin")
LISTED = components_of((licences.HOME / LIST_NAME).read_text(encoding="utf-8"))


def test_every_locked_package_is_listed_with_its_locked_version_and_systems() -> None:
    listed = {part.package: (part.version, part.systems) for part in LISTED if part.package}
    assert listed == licences.locked()
    assert len(listed) > 25


def test_the_files_are_those_that_are_made_of_what_is_installed() -> None:
    made = licences.collect()
    there = {name: (licences.HOME / name).read_text(encoding="utf-8") for name in made}
    assert made == there, "run build_scripts/dev.py licences"
    assert {f"packages/{path.name}" for path in (licences.HOME / "packages").iterdir()} == {
        name for name in made if name.startswith("packages/")
    }


@pytest.mark.parametrize("part", LISTED, ids=lambda part: part.name)
def test_a_part_says_its_licence_whole(part: Component) -> None:
    text = licences.text_of(part)
    assert part.licence
    assert len(text) > 100
    assert part.homepage == "" or part.homepage.startswith("https://")
    if part.texts and part.texts[0].startswith("texts/") and part.name != "PyInstaller’s bootloader":
        # What many share has no name in it, so the part says whose it is.
        assert part.notice


def test_every_text_is_one_that_a_part_names() -> None:
    named = {name for part in LISTED for name in part.texts}
    there = {path.relative_to(licences.HOME).as_posix() for path in licences.HOME.rglob("*.txt")}
    assert there == named


def test_no_part_binds_the_whole_app_by_the_gpl() -> None:
    def is_free(term: str) -> bool:
        return not re.match(r"A?GPL", term) or term.endswith("WITH Bootloader-exception")

    for part in LISTED:
        for group in part.licence.split(" AND "):
            assert any(is_free(term.strip("() ")) for term in group.split(" OR ")), part


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_build_lists_qt_python_and_what_starts_it(system: str) -> None:
    names = {part.name: part.version for part in licences.bundled(system)}
    assert {
        "Sirocco",
        "Python",
        "PySide6_Essentials",
        "shiboken6",
        "PyInstaller’s bootloader",
    } <= names.keys()
    assert names["Python"].count(".") == 2
    assert ("python-xlib" in names) == (system == "linux")
    assert ("pywin32-ctypes" in names) == (system == "win32")


def test_the_frozen_app_holds_every_licence_and_the_whole_guide() -> None:
    resources = ROOT / "resources"
    files = [
        path for name in ("licences", "help") for path in (resources / name).rglob("*") if path.is_file()
    ]
    assert len(files) > 50
    assert [path for path in files if not is_wanted(path.relative_to(ROOT).as_posix())] == []


@pytest.mark.parametrize("text", ["", "[1]", '[{"name": "x", "colour": 1}]', '{"a": 1}'])
def test_what_is_no_list_is_an_error_that_says_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        components_of(text)
