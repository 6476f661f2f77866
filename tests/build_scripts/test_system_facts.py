"""What Windows and macOS are told of the program."""

from __future__ import annotations

import ast
import plistlib
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImageReader

from app.desktop.build_info import BuildInfo, build_info
from build_scripts.build import system_facts
from build_scripts.build.note import this_build, write_note
from build_scripts.build.places import VERSION


def test_the_icon_of_windows_holds_every_size(tmp_path: Path) -> None:
    path = tmp_path / "icon.ico"
    path.write_bytes(system_facts.ico(system_facts.ICO_SIZES))
    assert sizes_in(path, b"ico") == list(system_facts.ICO_SIZES)


def test_the_icon_of_macos_holds_every_size(tmp_path: Path) -> None:
    path = tmp_path / "icon.icns"
    path.write_bytes(system_facts.icns(system_facts.ICNS_KINDS))
    assert sorted(sizes_in(path, b"icns")) == sorted(system_facts.ICNS_KINDS)


def sizes_in(path: Path, kind: bytes) -> list[int]:
    reader = QImageReader(str(path), QByteArray(kind))
    found = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        picture = reader.read()
        assert not picture.isNull(), reader.errorString()
        assert picture.width() == picture.height()
        found.append(picture.width())
    return found


@pytest.mark.parametrize(
    ("version", "wanted"),
    [("0.1.0", (0, 1, 0, 0)), ("1.2.3rc1", (1, 2, 3, 0)), ("2.0", (2, 0, 0, 0)), ("1.2.3.4.5", (1, 2, 3, 4))],
)
def test_a_version_is_four_numbers_to_windows(version: str, wanted: tuple[int, ...]) -> None:
    assert system_facts.numbers(version) == wanted


def test_the_version_info_is_what_pyinstaller_reads() -> None:
    tree = ast.parse(system_facts.version_info("1.2.3"), mode="eval")
    assert isinstance(tree.body, ast.Call)
    known = {"VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct"}
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called == known | {"VarFileInfo", "VarStruct"}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert texts.count("1.2.3") == 2
    assert "Sirocco" in texts


def test_the_property_list_is_one() -> None:
    plist = system_facts.info_plist("1.2.3rc1")
    assert plistlib.loads(plistlib.dumps(plist)) == plist
    assert plist["CFBundleShortVersionString"] == "1.2.3rc1"
    assert plist["CFBundleVersion"] == "1.2.3"
    assert plist["NSHighResolutionCapable"] is True


def test_a_build_tells_what_it_is_and_a_source_tree_that_it_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795564800")
    monkeypatch.setenv("SIROCCO_UPDATE_ADDRESS", "https://sirocco.example/latest.json")
    note = write_note(tmp_path, this_build("deb"))
    found = build_info(tmp_path)
    assert found == BuildInfo("deb", found.commit, "2026-11-25", "https://sirocco.example/latest.json")
    assert build_info() == BuildInfo("source")
    note.write_text('["damaged"', encoding="utf-8")
    assert build_info(tmp_path) == BuildInfo("source")
    note.write_text('["a list"]', encoding="utf-8")
    assert build_info(tmp_path) == BuildInfo("source")
    assert VERSION
