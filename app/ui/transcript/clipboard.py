"""What goes to the clipboard: plain text without anything that a terminal would obey, and our own HTML."""

from __future__ import annotations

import re

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

from app.markup.limits import without_controls

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
# Frame marks and objects are Qt's own, the other noncharacters nobody's.
_NO_TEXT = re.compile("[\ufdd0-\ufdef\ufffc\ufffe\uffff]")
OWN_CLIPBOARD = frozenset({"offscreen", "minimal"})
"""Qt's platforms without a clipboard that other programs see."""
# ESC sequences in one letter.
_C1 = re.compile("[\x80-\x9f]")


def safe_text(text: str) -> str:
    """Text that is text and nothing else wherever it is pasted: control characters are pictures (SEC-05)."""
    return without_controls(_cleaned(text))


def put_text(text: str) -> None:
    """Put plain text on the clipboard."""
    QGuiApplication.clipboard().setText(safe_text(text))


def put_csv(text: str) -> None:
    """Put rows on the clipboard that end as RFC 4180 says."""
    rows = map(safe_text, text.split("\r\n"))
    QGuiApplication.clipboard().setText("\r\n".join(rows))


def put_source(text: str) -> None:
    """Put a text on the clipboard as it is, to the byte."""
    QGuiApplication.clipboard().setText(text)


def safe_html(html: str) -> str:
    """The same for HTML that `exchange` wrote."""
    return _cleaned(html)


def put_rich(text: str, html: str) -> None:
    """Put a text on the clipboard, plain and as HTML that `exchange` wrote."""
    put_safe(safe_text(text), safe_html(html), QClipboard.Mode.Clipboard)


def put_safe(text: str, html: str, mode: QClipboard.Mode) -> None:
    """The same for what `safe_text` and `safe_html` gave."""
    data = QMimeData()
    data.setText(text)
    data.setData("text/html", html.encode())
    QGuiApplication.clipboard().setMimeData(data, mode)


def leave_clipboard() -> None:
    """Let go of a copy at the process's end, where nobody but this process would get it.

    Python made it, and Qt would destroy it when Python is gone, which ends in a fault of memory.
    """
    if QGuiApplication.platformName() in OWN_CLIPBOARD:
        QGuiApplication.clipboard().clear()


def _cleaned(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text)
    return text if text.isascii() else _NO_TEXT.sub("", _C1.sub("\ufffd", text))
