"""Tooltips that show what they are given, never as markup."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def plain_tooltip(text: str) -> str:
    """`text` in the form in which Qt shows it as it is: Qt guesses, and guessing may find markup (SEC-03)."""
    if "<" not in text and "&" not in text:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<span style="white-space:pre-wrap">{escaped}</span>'


def set_tooltip(widget: QWidget, text: str, keys: str = "") -> None:
    """Show `text`, and the keys that do the same, while the pointer rests on `widget`."""
    widget.setToolTip(plain_tooltip(f"{text}   {keys}" if keys else text))
