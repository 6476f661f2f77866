"""The command that a person binds in their desktop's own settings starts this very Sirocco."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app import __version__
from app.desktop.start_command import start_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shown on Linux alone")


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_standalone_app_is_called_by_its_name_where_the_shell_finds_it(tmp_path: Path) -> None:
    real = program(tmp_path / "lib" / "sirocco" / "sirocco")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sirocco").symlink_to(real)
    assert start_command({"PATH": str(tmp_path / "bin")}, real, is_frozen=True) == ("sirocco",)
    assert start_command({"PATH": "/nonexistent"}, real, is_frozen=True) == (str(real),)
    other = program(tmp_path / "other" / "sirocco")
    assert start_command({"PATH": str(other.parent)}, real, is_frozen=True) == (str(real),)


def test_an_appimage_is_called_by_the_file_that_stays(tmp_path: Path) -> None:
    image = program(tmp_path / "Sirocco.AppImage")
    mounted = program(tmp_path / "mount" / "sirocco")
    assert start_command({"APPIMAGE": str(image)}, mounted, is_frozen=True) == (str(image),)


def test_an_installed_package_is_called_by_its_script(tmp_path: Path) -> None:
    python = program(tmp_path / "venv" / "bin" / "python")
    script = program(tmp_path / "venv" / "bin" / "sirocco")
    assert start_command({}, python, is_frozen=False) == (str(script),)
    assert start_command({"PATH": str(script.parent)}, python, is_frozen=False) == ("sirocco",)


def test_from_the_source_tree_the_command_works_in_any_folder(tmp_path: Path) -> None:
    without_script = tmp_path / "python"
    without_script.symlink_to(sys.executable)
    words = start_command({}, without_script)
    assert words[2] == str(without_script)
    # The interpreter of the tests in the place of the link to it, which knows no packages.
    command = [*words[:2], sys.executable, *words[3:], "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"Sirocco {__version__}\n")
