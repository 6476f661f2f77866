"""SEC-18: no variable makes this process load foreign code; and whether there is a display to open at all."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from app.desktop.process_environment import has_display, tidied


def test_SEC_18_what_loads_foreign_code_is_dropped_and_the_rest_stays(tmp_path: Path) -> None:
    hostile = {
        "QT_PLUGIN_PATH": "/evil",
        "QT_QPA_PLATFORM_PLUGIN_PATH": "/evil",
        "QT_IMAGEIO_MAXALLOC": "0",
        "QML2_IMPORT_PATH": "/evil",
        "GIO_MODULE_DIR": "/evil",
        "GIO_EXTRA_MODULES": "/evil",
        "QML_IMPORT_TRACE": "1",
        "SSLKEYLOGFILE": "/evil/keys",
    }
    kept = {"HOME": "/home/ada", "QT_SCALE_FACTOR": "2", "PYTHONPATH": "/x", "MISTRAL_MODEL": "m"}
    assert tidied({**hostile, **kept}, tmp_path) == kept


def test_SEC_18_the_standalone_app_keeps_nothing_for_its_own_python_and_what_it_starts_gets_its_own_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    theirs = {"HOME": "/home/ada", "LD_LIBRARY_PATH": "/theirs"}
    hostile = {"PYTHONPATH": "/evil", "OPENSSL_CONF": "/evil/engine.cnf", "_PYI_ARCHIVE_FILE": "/opt/sirocco"}
    ours = {"LD_LIBRARY_PATH": "/opt/sirocco/_internal:/theirs", "LD_LIBRARY_PATH_ORIG": "/theirs"}
    assert tidied({**theirs, **hostile, **ours}, tmp_path) == theirs
    assert tidied({"HOME": "/home/ada", "LD_LIBRARY_PATH": "/opt/sirocco/_internal"}, tmp_path) == {
        "HOME": "/home/ada"
    }


@pytest.mark.parametrize(
    ("given", "plugins", "wanted"),
    [
        ("fcitx", (), "ibus"),
        ("fcitx5", ("libibusplatforminputcontextplugin.so",), "ibus"),
        ("fcitx", ("libfcitx5platforminputcontextplugin.so",), "fcitx"),
        ("ibus", (), "ibus"),
        ("compose", (), "compose"),
    ],
)
def test_fcitx_is_reached_as_ibus_where_it_has_no_plugin(
    tmp_path: Path, given: str, plugins: tuple[str, ...], wanted: str
) -> None:
    for plugin in plugins:
        (tmp_path / plugin).touch()
    assert tidied({"QT_IM_MODULE": given}, tmp_path) == {"QT_IM_MODULE": wanted}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": ":x"},
        {"DISPLAY": ":98765"},
        {"DISPLAY": ":99999999999"},
        {"WAYLAND_DISPLAY": "wayland-none", "XDG_RUNTIME_DIR": "/nonexistent"},
    ],
)
def test_no_display_is_seen_before_qt_would_abort(environment: dict[str, str]) -> None:
    assert not has_display(environment, "linux")


@pytest.mark.skipif(os.name != "posix", reason="sockets of POSIX")
def test_a_compositor_that_listens_is_a_display(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-7"))
        compositor.listen(1)
        named = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert has_display(named, "linux")
        assert has_display({"WAYLAND_DISPLAY": str(tmp_path / "wayland-7")}, "linux")
    assert not has_display(named, "linux")


def test_a_platform_that_was_asked_for_and_other_systems_are_taken_at_their_word() -> None:
    assert has_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert has_display({}, "darwin")
    assert has_display({}, "win32")
    assert has_display({"DISPLAY": "far.example:10.0"}, "linux")
