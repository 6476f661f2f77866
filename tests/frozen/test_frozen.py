"""The standalone app as people get it: what is in it, and that it works without this machine's Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from app.desktop.build_info import BuildInfo, build_info
from app.self_test.rehearsal import ORIGIN
from app.self_test.run import SERVICE
from build_scripts.build.licences import bundled, locked
from build_scripts.build.places import PROGRAM, ROOT, VERSION
from build_scripts.build.steps import Plan
from tests.desktop.home import Home
from tests.desktop.processes import Processes, until
from tests.desktop.screen_reader import ScreenReader
from tests.desktop.session import AppProcess, Desktop, WaylandDesktop
from tests.end_to_end.answers import Growing, by_question
from tests.end_to_end.test_first_day import KEY, TRANSCRIPT, ask, set_up, wait_for_state
from tests.end_to_end.test_hotkey import press_once_bound
from tests.frozen.made_once import frozen_app
from tests.servers.fake_server import FakeServer, chat_and_models

pytestmark = [
    pytest.mark.desktop,
    # The first of them waits for the build.
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

IS_HEAVY = bool(os.environ.get("SIROCCO_HEAVY"))
QUESTION = "Which wind comes from the desert?"
# All of Qt that is imported, and D-Bus, which QtGui's module asks for.
QT_MODULES = {"QtCore", "QtDBus", "QtGui", "QtNetwork", "QtSvg", "QtWidgets"}
QT_LIBRARIES = {name.removeprefix("Qt") for name in QT_MODULES} | {
    "OpenGL",
    "WaylandClient",
    "WlShellIntegration",
    "XcbQpa",
}
PLUGINS = {
    "iconengines": {"qsvgicon"},
    # PNG is Qt's own.
    "imageformats": {"qgif", "qjpeg", "qwebp"},
    "networkinformation": {"qconnman", "qglib", "qnetworkmanager"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platforms": {"qoffscreen", "qwayland", "qxcb"},
    "platformthemes": {"qxdgdesktopportal"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl"},
    "wayland-shell-integration": {"xdg-shell"},
    "xcbglintegrations": {"qxcb-egl-integration", "qxcb-glx-integration"},
}
# The listed part that a library is of.
PARTS = {
    r"lib(Qt6|pyside6)": "PySide6_Essentials",
    r"libshiboken6": "shiboken6",
    r"libpython": "Python",
    r"libicu": "ICU (in Qt)",
    r"lib(crypto|ssl)\.": "OpenSSL",
    r"libffi\.": "libffi",
    r"libexpat\.": "Expat",
    r"libbz2\.": "bzip2",
    r"liblzma\.": "XZ Utils (liblzma)",
    r"libz\.": "zlib",
    r"libmpdec\.": "libmpdec",
    r"libxcb-(glx|randr|render|shape|shm|sync|xfixes|xinerama|xkb)\.": "libxcb",
    r"libxcb-(cursor|icccm|image|keysyms|render-util|util)\.": "xcb-util libraries",
    r"libxkbcommon": "libxkbcommon",
}
# Of the system, and no older copy of ours beside them.
LEFT_TO_THE_SYSTEM = r"lib(stdc\+\+|gcc_s|X11|xcb|fontconfig|freetype|glib-2\.0|dbus-1|EGL|GL|gtk.*)\.so.*"
# Variables that could lead to a folder with code of others.
HOSTILE = (
    *("PYTHONPATH", "PYTHONHOME", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML2_IMPORT_PATH"),
    *("OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES", "GIO_MODULE_DIR", "GIO_EXTRA_MODULES"),
)
UNWANTED_KINDS = {".pdb", ".qml", ".pyi", ".h", ".a", ".la", ".cmake", ".prl", ".py", ".map"}
UNWANTED_FOLDERS = {"test", "tests", "testing", "qml", "metatypes"}
NEVER_IMPORTED = {
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtTest", "PySide6.QtPrintSupport"),
    *("tkinter", "unittest", "multiprocessing", "setuptools", "pip", "pydoc", "doctest", "curses"),
    *("pytest", "hypothesis", "psutil", "trustme", "PyInstaller", "build_scripts", "tests"),
}


@pytest.fixture(scope="module")
def frozen() -> Path:
    """The folder of the frozen app; as it is shipped in a heavy run, else as it is soonest there."""
    return frozen_app(Plan(is_fast=not IS_HEAVY))


@pytest.fixture
def bare(private_home: Home) -> dict[str, str]:
    """The environment of a person without a display and without this tree."""
    ours = ("QT_QPA_PLATFORM", "PYTHONPATH")
    return {name: value for name, value in private_home.env.items() if name not in ours}


def run(frozen: Path, env: dict[str, str], *words: str) -> tuple[int, str, str]:
    argv: list[str | Path] = [frozen / PROGRAM, *words]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def files(folder: Path) -> dict[Path, bytes]:
    """Every file below `folder`, by its place there."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- what is in it ---------------------------------------------------------------------------------------


def test_no_file_is_in_it_that_nobody_needs(frozen: Path) -> None:
    places = [path.relative_to(frozen) for path in frozen.rglob("*") if path.is_file()]
    assert len(places) > 100
    assert [path for path in places if path.suffix in UNWANTED_KINDS] == []
    assert [path for path in places if UNWANTED_FOLDERS & set(path.parts)] == []
    assert {path.name for path in places if path.suffix == ".qm"} == {"qtbase_en.qm"}
    assert [path for path in places if re.fullmatch(LEFT_TO_THE_SYSTEM, path.name)] == []


def test_of_qt_is_in_it_what_is_used(frozen: Path) -> None:
    qt = frozen / "_internal" / "PySide6"
    assert {path.name.partition(".")[0] for path in qt.glob("Qt*.so")} == QT_MODULES
    found = {path.name.partition(".")[0].removeprefix("libQt6") for path in qt.glob("Qt/lib/libQt6*")}
    assert found == QT_LIBRARIES
    plugins: dict[str, set[str]] = {}
    for path in qt.glob("Qt/plugins/*/*"):
        plugins.setdefault(path.parent.name, set()).add(path.stem.removeprefix("lib"))
    assert plugins == PLUGINS


def test_every_resource_is_in_it_as_it_is(frozen: Path) -> None:
    wanted = files(ROOT / "resources")
    # A picture for whoever looks at the tree.
    wanted = {path: data for path, data in wanted.items() if path.parts[0] != "readme"}
    assert len(wanted) > 100
    assert files(frozen / "_internal" / "resources") == wanted


def test_every_module_of_ours_is_in_it_and_none_of_the_tests(frozen: Path) -> None:
    from PyInstaller.archive.readers import CArchiveReader

    modules = set(CArchiveReader(str(frozen / PROGRAM)).open_embedded_archive("PYZ.pyz").toc)
    ours = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "app").rglob("*.py")}
    # The script itself is no module there.
    assert {name.removesuffix(".__init__") for name in ours} - modules == {"app.__main__"}
    assert modules & NEVER_IMPORTED == set()
    tops = {name.partition(".")[0] for name in modules}
    assert tops & NEVER_IMPORTED == set()
    # Whatever else this environment has for tests and checks: what goes in is what is locked and licensed.
    of_others = tops - sys.stdlib_module_names - {"app", "_pyi_rth_utils"}
    packages = {name: {canonical(one) for one in packages_distributions()[name]} for name in of_others}
    assert len(packages) > 20
    assert {name: found for name, found in packages.items() if not found & locked().keys()} == {}


def canonical(package: str) -> str:
    """A package's name as locks write it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def test_every_library_in_it_is_of_a_part_whose_licence_is_listed(frozen: Path) -> None:
    inside = frozen / "_internal"
    libraries = {path.name for path in inside.glob("lib*.so*")}
    assert len(libraries) > 20
    parts = {name: {part for pattern, part in PARTS.items() if re.match(pattern, name)} for name in libraries}
    listed = {part.name for part in bundled("linux")}
    assert {name: found for name, found in parts.items() if len(found & listed) != 1} == {}


def test_it_knows_what_it_is(frozen: Path, bare: dict[str, str]) -> None:
    found = build_info(frozen / "_internal")
    assert found == BuildInfo("folder", found.commit, found.date, "")
    assert found.date
    code, out, err = run(frozen, bare, "--version")
    assert (code, err) == (0, "")
    assert out.startswith(f"Sirocco {VERSION}\nbuild folder, ")


# -- that it works ---------------------------------------------------------------------------------------


def test_the_self_test_is_passed_with_a_real_keyring(frozen: Path, desktop: Desktop) -> None:
    before = {path for path in desktop.home.files() if "keyrings" not in path.parts}
    app = desktop.start(frozen / PROGRAM, "--self-test", env={"PYTHONPATH": ""})
    assert app.wait(200) == 0, app.output
    assert "FAILED" not in app.output
    checked = re.findall(r"^ok +(\w+):", app.output, re.MULTILINE)
    assert checked == ["platform", "pictures", "icons", "fonts", "sqlite", "tls", "answer", "keyring", "end"]
    assert "platform:  xcb" in app.output
    assert "SecretService" in app.output
    assert desktop.secret(service=SERVICE, username=ORIGIN) is None
    assert {path for path in desktop.home.files() if "keyrings" not in path.parts} == before


@pytest.mark.heavy
def test_the_self_test_is_passed_on_wayland(frozen: Path, private_home: Home, processes: Processes) -> None:
    desktop = WaylandDesktop(private_home, processes)
    app = desktop.start(frozen / PROGRAM, "--self-test", env={"QT_QPA_PLATFORM": ""})
    # There is no keyring on that one.
    assert app.wait(200) == 1, app.output
    assert "platform:  wayland" in app.output
    assert re.findall(r"^FAILED +(\w+):", app.output, re.MULTILINE) == ["keyring"]


def test_SEC_18_a_hostile_environment_changes_nothing_of_a_first_answer(
    frozen: Path, desktop: Desktop, tmp_path: Path
) -> None:
    answer = Growing(
        "The sirocco. ", "It is ```f()``` in code:\n\n```python\nprint(1)\n```\n\nand $\\frac{a}{b}$. "
    )
    told = tmp_path / "told"
    before = files(frozen)
    with FakeServer(chat_and_models(by_question({QUESTION: answer}), "test-model")) as server:
        app = start_in_a_trap(frozen, desktop, tmp_path, told)
        screen = app.screen
        screen.find("Welcome")
        # The program that opens links gets the person's own libraries, not ours.
        screen.press("Mistral AI")
        screen.press("Create a key")
        until(told.exists, "a browser")
        set_up(screen, server)
        ask(screen, QUESTION)
        wait_for_state(screen, "The sirocco.", "Writing")
        answer.grow()
        answer.grow()
        finished: dict[str, Any] = {"pattern": "^Assistant: The sirocco", "within": TRANSCRIPT}
        until(lambda: screen.find(**finished).description == "Finished", "the end of the answer")
        assert server.requests[-1].header("authorization") == f"Bearer {KEY}"
        assert desktop.secret(service="sirocco", username=server.origin) == KEY
        # Modules that are found by their names alone: the hotkey's, lexers, what sets formulas.
        press_once_bound(desktop, "ctrl+alt+space")
        # A second start finds the first.
        assert desktop.start(frozen / PROGRAM, "--quit").wait() == 0
        assert app.wait() == 0
    assert app.output == ""
    environment = dict(line.split("=", 1) for line in told.read_text().splitlines() if "=" in line)
    assert environment["LD_LIBRARY_PATH"] == str(tmp_path / "theirs")
    assert {"LD_LIBRARY_PATH_ORIG", "SSLKEYLOGFILE", *HOSTILE} & set(environment) == set()
    assert [name for name, value in environment.items() if str(frozen) in value] == []
    assert re.findall(r"Traceback|.* (?:WARNING .* app\.|ERROR|CRITICAL).*", desktop.home.log) == []
    assert not (tmp_path / "sprung").exists()
    assert not (tmp_path / "keys").exists()
    assert files(frozen) == before


def start_in_a_trap(frozen: Path, desktop: Desktop, folder: Path, told: Path) -> AppProcess:
    """Start it where whatever it loads of the environment or the current folder leaves a mark."""
    sprung = folder / "sprung"
    trap = folder / "trap"
    trap.mkdir()
    for name in ("PySide6", "shibokensupport", "app", "json", "sitecustomize", "usercustomize"):
        (trap / f"{name}.py").write_text(f"open({str(sprung)!r}, 'w')\nraise SystemExit(9)\n")
    for name in ("libQt6Core.so.6", "libapsw.so", "platforms"):
        (trap / name).write_text("not a library")
    programs = folder / "programs"
    programs.mkdir()
    browser = programs / "xdg-open"
    browser.write_text(f"#!/bin/sh\nenv > {told}.new\nmv {told}.new {told}\n")
    browser.chmod(0o755)
    env = {
        **desktop.env,
        **dict.fromkeys(HOSTILE, str(trap)),
        "SBK_EMBED": "1",
        "PYTHONSTARTUP": str(trap / "app.py"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "SSLKEYLOGFILE": str(folder / "keys"),
        "LD_LIBRARY_PATH": str(folder / "theirs"),
        "PATH": f"{programs}{os.pathsep}{desktop.env['PATH']}",
    }
    process = desktop.processes.start([frozen / PROGRAM], env, cwd=trap)
    # What reads the screen runs in the person's own environment.
    reader = ScreenReader(desktop.processes, desktop.env, process.pid)
    return AppProcess(process, desktop.processes, reader)


def test_one_answer_in_a_terminal(frozen: Path, bare: dict[str, str]) -> None:
    code, out, err = run(frozen, bare, "ask", "--demo", "What can you show me?")
    assert (code, err) == (0, "")
    assert "Welcome to Sirocco" in out
    code, out, err = run(frozen, bare, "ask", "--help")
    assert out.startswith("usage: sirocco ask ")


@pytest.mark.parametrize("words", [("ask", "--demo", "Hello"), ("--help",)], ids=["ask", "help"])
def test_what_needs_no_window_loads_no_qt(
    frozen: Path, bare: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    noted = {"LD_DEBUG": "libs", "LD_DEBUG_OUTPUT": str(tmp_path / "loaded")}
    code, _, err = run(frozen, {**bare, **noted}, *words)
    assert (code, err) == (0, "")
    loaded = "".join(path.read_text(encoding="utf-8", errors="replace") for path in tmp_path.glob("loaded.*"))
    assert "libpython" in loaded
    assert "libQt6" not in loaded


def test_without_a_display_it_is_one_line_and_exit_2(frozen: Path, bare: dict[str, str]) -> None:
    said = "sirocco: there is no display to open a window on; `sirocco ask` answers in the terminal\n"
    for words in ((), ("--self-test",)):
        assert run(frozen, bare, *words) == (2, "", said)


def test_wrong_use_is_one_line_and_exit_2(frozen: Path, bare: dict[str, str]) -> None:
    code, out, err = run(frozen, bare, "--nonsense")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == "sirocco: error: unrecognized arguments: --nonsense"
