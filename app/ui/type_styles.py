"""The styles of type: size, line, weight and spacing of every kind of text (SPEC §2.3)."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from PySide6.QtGui import QFont

NORMAL_TEXT_SIZE = 15  # px of body text that the sizes below stand beside

REGULAR, MEDIUM, SEMIBOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


class Grows(Enum):
    """Whether a style follows the text size that the person set."""

    NO = "interface"
    WITH_TEXT = "text"


class Face(Enum):
    """Which of the two fonts."""

    INTERFACE = "interface"
    CODE = "code"


class TypeStyle(NamedTuple):
    """Size and line in px at the normal text size; `spacing` in px between letters."""

    size: float
    line: float
    weight: QFont.Weight = REGULAR
    spacing: float = 0.0
    grows: Grows = Grows.NO
    face: Face = Face.INTERFACE


TYPE_STYLES: dict[str, TypeStyle] = {
    "display": TypeStyle(24, 32, SEMIBOLD, -0.3),
    "title.xl": TypeStyle(22, 30, SEMIBOLD, -0.25),
    "heading.1": TypeStyle(20, 28, SEMIBOLD, -0.1, Grows.WITH_TEXT),
    "title.l": TypeStyle(18, 26, SEMIBOLD, -0.1, Grows.WITH_TEXT),
    "heading.2": TypeStyle(18, 26, SEMIBOLD, -0.1, Grows.WITH_TEXT),
    "heading.3": TypeStyle(16, 24, SEMIBOLD, 0.0, Grows.WITH_TEXT),
    "heading.4": TypeStyle(15, 24, SEMIBOLD, 0.0, Grows.WITH_TEXT),
    "title.m": TypeStyle(17, 24, SEMIBOLD),
    "title.s": TypeStyle(14, 20, SEMIBOLD),
    "ask": TypeStyle(17, 24, grows=Grows.WITH_TEXT),
    "body": TypeStyle(15, 24, grows=Grows.WITH_TEXT),
    "body.s": TypeStyle(14, 22, grows=Grows.WITH_TEXT),
    "ui.large": TypeStyle(14, 20, MEDIUM),
    "ui": TypeStyle(13, 20),
    "ui.medium": TypeStyle(13, 20, MEDIUM),
    "ui.strong": TypeStyle(13, 20, SEMIBOLD),
    "label": TypeStyle(12, 17),
    "label.medium": TypeStyle(12, 17, MEDIUM),
    "group": TypeStyle(11, 16, SEMIBOLD, 0.2),
    "key": TypeStyle(11, 16, MEDIUM),
    "code": TypeStyle(13, 20, grows=Grows.WITH_TEXT, face=Face.CODE),
    "code.inline": TypeStyle(13, 24, grows=Grows.WITH_TEXT, face=Face.CODE),
}
