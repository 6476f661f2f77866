"""What of Python, of Qt and of the building machine goes into the frozen app.

PyInstaller's `excludes` touches Python modules alone; libraries that come with Qt's plugins are filtered
after its analysis (desktop.md §1).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path, PurePath

from build_scripts.build.licences import locked
from build_scripts.build.note import this_build, write_note
from build_scripts.build.places import ROOT
from build_scripts.build.qt_support import support_modules

LINUX = sys.platform == "linux"
LANGUAGES = {"en", *(path.stem for path in (ROOT / "resources" / "i18n").glob("*"))}

# What the frozen app does before anything else.
FIRST = str(Path(__file__).with_name("first_in_app.py"))
UNUSED_QT = (
    "QtConcurrent",
    "QtDesigner",
    "QtHelp",
    "QtOpenGL",
    "QtOpenGLWidgets",
    "QtPrintSupport",
    "QtQml",
    "QtQuick",
    "QtQuickControls2",
    "QtQuickTest",
    "QtQuickWidgets",
    "QtSql",
    "QtTest",
    "QtUiTools",
    "QtXml",
)
UNUSED_MODULES = (
    *("tkinter", "unittest", "pydoc", "doctest", "lib2to3", "test", "curses", "xmlrpc", "setuptools"),
    *(
        "pkg_resources",
        "httpx._main",
        "rich",
        "click",
        "trio",
        "h2",
        "multiprocessing",
        "concurrent.futures.process",
    ),
    *(f"PySide6.{name}" for name in UNUSED_QT),
)

# Whole kinds of plugins, then single ones. networkinformation stays: going back online is noticed through it;
# tls doesn't, for no request of the app's goes through Qt.
_UNUSED_PLUGINS = re.compile(
    r"plugins/("
    r"egldeviceintegrations|generic|sqldrivers|qmltooling|qmllint|printsupport|designer"
    r"|wayland-graphics-integration-server"
    r"|tls"
    r"|platforms/.*(eglfs|linuxfb|vnc|vkkhrdisplay|minimal)"
    r"|imageformats/.*(svg|tiff|wbmp|tga|icns|ico)"
    r"|platforminputcontexts/.*virtualkeyboard"
    r"|platformthemes/.*gtk3"
    r"|wayland-shell-integration/(?!.*xdg-shell)"
    r"|wayland-graphics-integration-client/(?!.*wayland-egl)"
    r")"
)
# What only those plugins and modules need; the second line is what GTK brings.
_UNUSED_LIBRARIES = re.compile(
    r"(lib)?Qt6(Qml|Quick|OpenGLWidgets|Sql|Test|PrintSupport|VirtualKeyboard|EglF|Pdf|Labs|ShaderTools|Designer)"
    r"|lib(gtk-3|gdk-3|gdk_pixbuf|cairo|pango|atk|epoxy|harfbuzz|fribidi|thai|datrie|tiff|jbig|jpeg|Lerc"
    r"|deflate|pixman|graphite2|rsvg|atspi|Xcomposite|Xcursor|Xdamage|Xfixes|Xi|Xinerama|Xrandr)[-.\w]*"
)
# Every desktop has these, and a bundled older one stops its graphics driver (ActivityWatch issue 764).
_SYSTEM_LIBRARIES = re.compile(
    r"lib(stdc\+\+|gcc_s|X11|X11-xcb|Xau|Xdmcp|Xext|Xrender|xcb|fontconfig|freetype|z|expat"
    r"|glib-2\.0|gthread-2\.0|gobject-2\.0|gio-2\.0|gmodule-2\.0|dbus-1|systemd|mount|blkid|selinux|pcre2-8"
    r"|gssapi_krb5|krb5|k5crypto|krb5support|com_err|keyutils|bsd|md|cap"
    r"|gcrypt|gpg-error|lz4|lzma|zstd|png16|brotlidec|brotlicommon|uuid|ffi)\.so(\.\d+)*"
)
# Python's own modules are linked to these, so they stay even where the system has them.
_PYTHON_NEEDS = re.compile(r"lib(z|lzma|ffi|expat|uuid)\.so")

# What PyInstaller runs before the app. Nobody asks the first two modules for what is mended in them;
# PySide6's wheels know their place, and the third would load Qt into each second start and each `ask`.
_UNUSED_HOOKS = {"pyi_rth_inspect", "pyi_rth_pkgutil", "pyi_rth_pyside6"}

# PyInstaller's own triples: where it goes, where it comes from, of what kind it is.
Entry = tuple[str, str, str]


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """Those of PyInstaller's entries that go into the frozen app."""
    return [entry for entry in entries if is_wanted(entry[0]) and entry[0] not in _UNUSED_HOOKS]


def is_wanted(target: str) -> bool:
    """Whether a file goes in, by its place in the frozen app."""
    place = PurePath(target).as_posix()
    name = Path(place).name
    if _UNUSED_PLUGINS.search(place) or "PySide6/Qt/qml" in place or _UNUSED_LIBRARIES.match(name):
        return False
    if place.startswith("resources/readme/"):
        return False
    if "translations/" in place and name.endswith(".qm"):
        return any(name == f"qtbase_{language}.qm" for language in LANGUAGES)
    return not (LINUX and _SYSTEM_LIBRARIES.fullmatch(name) and not _PYTHON_NEEDS.match(name))


def data_files(work: Path) -> list[tuple[str, str]]:
    """All that goes in beside programs, as PyInstaller's pairs of file and target folder.

    What has to be made first is made in `work`.
    """
    from PyInstaller.utils.hooks import collect_data_files

    found = [
        (str(ROOT / "resources"), "resources"),
        (str(ROOT / "LICENSE"), "."),
        (str(write_note(work, this_build("folder"))), "."),
        *support_modules(work / "qt_support"),
    ]
    # The font of formulas, and what the names of their signs mean.
    for package in ("ziamath", "ziafont", "latex2mathml"):
        found += collect_data_files(package)
    return found


def unused_modules() -> list[str]:
    """Modules that stay out. Beside those above: all that this environment has for tests and checks, which a
    package of ours would use if it found it; what goes in is what is locked, listed and licensed.
    """
    needed = {name.replace("-", "_") for name in locked()}
    foreign = (
        module
        for module, packages in packages_distributions().items()
        if needed.isdisjoint(re.sub(r"[-_.]+", "_", package).lower() for package in packages)
    )
    return [*UNUSED_MODULES, *sorted(foreign)]


def hidden_modules() -> list[str]:
    """Modules that are looked for by their names alone."""
    return ["Xlib.support.unix_connect"] if LINUX else []
