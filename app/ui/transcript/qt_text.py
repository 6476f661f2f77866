"""What a QTextDocument makes of text: what it draws safely, its positions, and its direction."""

from __future__ import annotations

import re

from app.markup import limits

LINE_SEPARATOR = "\u2028"  # Qt's new line within a paragraph
# Characters that QTextDocument takes as its own: frame marks, paragraph ends, objects.
_RESERVED = re.compile("[\u2029\ufdd0\ufdd1\ufffc]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile("[A-Za-z\u00c0-\u058f\u3040-\u9fff\uac00-\ud7af]")


def drawable(text: str) -> str:
    """Text that Qt draws in linear time and doesn't take for anything but text."""
    text = limits.drawable(text)
    return text if text.isascii() else _RESERVED.sub("\ufffd", text)


def utf16_length(text: str) -> int:
    """How many positions of a QTextDocument the text takes."""
    if text.isascii():
        return len(text)
    return len(text) + sum(one > "\uffff" for one in text)


def characters(text: str, units: int) -> int:
    """How many characters of the text take so many positions of a QTextDocument, at most all of them."""
    if units <= 0 or text.isascii():
        return max(0, min(units, len(text)))
    for number, one in enumerate(text):
        if units <= 0:
            return number
        units -= 2 if one > "\uffff" else 1
    return len(text)


def is_mixed(text: str) -> bool:
    """Whether scripts of both directions are in it."""
    return not text.isascii() and bool(_RIGHT_TO_LEFT.search(text) and _LEFT_TO_RIGHT.search(text))


def first_right_to_left(text: str) -> str:
    """The first character of a script that is written from right to left; empty for none."""
    found = None if text.isascii() else _RIGHT_TO_LEFT.search(text)
    return found[0] if found is not None else ""


def is_right_to_left(text: str) -> bool:
    """Whether the first strong character is one of a script that is written from right to left."""
    if text.isascii():
        return False
    right = _RIGHT_TO_LEFT.search(text)
    if right is None:
        return False
    left = _LEFT_TO_RIGHT.search(text)
    return left is None or right.start() < left.start()
