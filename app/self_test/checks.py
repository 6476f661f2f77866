"""The checks that are done at a glance: what was packed with the app, and can be loaded."""

from __future__ import annotations

import base64
import os
import ssl
import sys
from collections.abc import Callable

from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QPixmap, QRawFont

from app.api.certificates import tls_context
from app.markup.formula import lay_out
from app.self_test.pictures import RED
from app.store.database import OLDEST_SQLITE
from app.store.sqlite_facts import finds_words, sqlite_version
from app.ui.safe_picture import decode
from app.ui.theme import Theme

LETTERS = "aZ9é"
WINDOW_PLATFORMS = frozenset({"xcb", "wayland", "windows", "cocoa", "offscreen"})


class Fault(Exception):  # noqa: N818 - named after what it is
    """A check found what doesn't work; str() says it."""


def platform(_theme: Theme) -> str:
    """Qt's way to this desktop."""
    name = QGuiApplication.platformName()
    if name not in WINDOW_PLATFORMS:
        raise Fault(f"{name or 'none'}, on which Sirocco has never run")
    return name


def pictures(_theme: Theme) -> str:
    """Every format that an answer may bring is decoded."""
    for name, data in RED.items():
        picture = decode(base64.b64decode(data))
        if picture is None or not _is_red(picture.pixelColor(0, 0)):
            raise Fault(f"{name} is not decoded")
    return ", ".join(RED)


def icons(theme: Theme) -> str:
    """Icons are drawn from SVG, and the app has its own."""
    drawn = {"icon": theme.pixmap("attach", "text.primary", 32, 1.0), "mark": theme.mark(32, 1.0)}
    for name, pixmap in drawn.items():
        if not _has_ink(pixmap):
            raise Fault(f"the {name} is empty")
    if theme.window_icon().pixmap(64, 64).isNull():
        raise Fault("the app's icon is not there")
    return "drawn from SVG"


def fonts(theme: Theme) -> str:
    """There are letters to write with, and the signs of a formula."""
    for style in ("body", "code"):
        font = QRawFont.fromFont(theme.font(style))
        if not font.isValid() or not all(font.supportsCharacter(ord(letter)) for letter in LETTERS):
            raise Fault(f"no font has the letters for {style}")
    formula = lay_out(r"\frac{a}{2} + \sqrt{b}", display=True, seconds=20.0)
    if formula is None or not formula.shapes:
        raise Fault("a formula can't be set")
    return f"{len(QFontDatabase.families())} families, {theme.font('body').family()}; formulas are set"


def sqlite(_theme: Theme) -> str:
    """Chats can be kept, and searched."""
    version = sqlite_version()
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        raise Fault(f"{version} is too old")
    if not finds_words():
        raise Fault(f"{version} has no FTS5")
    return f"{version} with FTS5"


def tls(_theme: Theme) -> str:
    """Servers can be told from impostors."""
    context, warnings = tls_context("", os.environ)
    if warnings:
        raise Fault(" ".join(warnings))
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise Fault("certificates would not be checked")
    trusted = context.cert_store_stats()["x509_ca"]
    # On the other systems they are the system's own affair.
    if sys.platform == "linux" and not trusted:
        raise Fault("no certificates to trust")
    return f"{ssl.OPENSSL_VERSION}, {trusted} certificates"


CHECKS: dict[str, Callable[[Theme], str]] = {
    "platform": platform,
    "pictures": pictures,
    "icons": icons,
    "fonts": fonts,
    "sqlite": sqlite,
    "tls": tls,
}


def _is_red(colour: QColor) -> bool:
    return colour.red() > 200 and colour.green() < 60 and colour.blue() < 60


def _has_ink(pixmap: QPixmap) -> bool:
    image = pixmap.toImage()
    return any(
        image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height())
    )
