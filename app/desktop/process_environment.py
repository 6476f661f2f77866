"""Environment variables that would load foreign code into this process, or make it less than it can be."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

# What makes Qt look for plug-ins and modules in folders that others may write to, or lifts its limits
# (SEC-18); and what makes TLS write its secrets to a file (SEC-07).
UNWANTED = frozenset(
    {"QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_IMAGEIO_MAXALLOC", "QT_QPA_GENERIC_PLUGINS"}
    | {"QT_STYLE_OVERRIDE", "SSLKEYLOGFILE"}
    # GIO, through which Qt hears of the network, loads the modules that these name; programs that came as a
    # snap leave theirs, which are built for other libraries, to whatever is started from them.
    | {"GIO_MODULE_DIR", "GIO_EXTRA_MODULES"}
)
UNWANTED_PREFIXES = ("QML_", "QML2_", "QMLSCENE_")
# The standalone app brings its own Python and its own OpenSSL, which could be told to load engines; the last
# are its start program's notes to itself, which would lead another such program astray.
UNWANTED_PREFIXES_FROZEN = ("PYTHON", "OPENSSL_", "_PYI_")


def tidied(environment: Mapping[str, str], input_plugins: Path) -> dict[str, str]:
    """`environment` as this process and its children should have it.

    `input_plugins` is the folder of Qt's plug-ins for input methods. The wheels bring none for fcitx; its
    own is built for another Qt and can't be loaded, while fcitx also answers to the name of ibus, for which
    there is one (desktop.md §8).
    """
    kept = {
        name: value
        for name, value in environment.items()
        if name not in UNWANTED and not name.startswith(UNWANTED_PREFIXES)
    }
    if not any(input_plugins.glob("*fcitx*")):
        for name in ("QT_IM_MODULE", "QT_IM_MODULES"):
            if kept.get(name, "").startswith("fcitx"):
                kept[name] = "ibus"
    if getattr(sys, "frozen", False):
        kept = {name: value for name, value in kept.items() if not name.startswith(UNWANTED_PREFIXES_FROZEN)}
        # A browser that a link opens must get the system's libraries, not ours.
        if (original := kept.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
            kept["LD_LIBRARY_PATH"] = original
        else:
            kept.pop("LD_LIBRARY_PATH", None)
    return kept


def tidy(environment: MutableMapping[str, str] = os.environ) -> None:
    """Make `environment` what `tidied` says; before QApplication is made."""
    from PySide6.QtCore import QCoreApplication, QLibraryInfo

    plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    wanted = tidied(environment, Path(plugins) / "platforminputcontexts")
    for name in set(environment) - set(wanted):
        del environment[name]
    for name, value in wanted.items():
        if environment.get(name) != value:
            environment[name] = value
    QCoreApplication.setLibraryPaths([plugins])


def has_display(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """True where a window can be opened: Qt would abort the whole process otherwise.

    Another platform plug-in that was asked for by name is taken at its word.
    """
    if platform in ("win32", "darwin") or environment.get("QT_QPA_PLATFORM"):
        return True
    return _wayland_listens(environment) or _x11_listens(environment.get("DISPLAY", ""))


def _wayland_listens(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and _accepts(Path(environment.get("XDG_RUNTIME_DIR", ""), name))


def _x11_listens(display: str) -> bool:
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdecimal():
        return False
    if host not in ("", "unix"):
        return True  # another machine's, by ssh for the most part: asking it is what Qt is about to do
    path = Path(f"/tmp/.X11-unix/X{number}")  # noqa: S108 (that is where X servers listen)
    return _accepts(path) or _accepts(f"\0{path}") or _answers_on_tcp(6000 + int(number))


def _accepts(path: Path | str) -> bool:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
        except (OSError, ValueError):
            return False
    return True


def _answers_on_tcp(port: int) -> bool:
    import socket

    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except (OSError, OverflowError):
        return False
    return True
