"""How tests work a form: by the accessible names that a person's screen reader gives (DESIGN §6)."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

WidgetT = TypeVar("WidgetT", bound=QWidget)


def named(root: QWidget, kind: type[WidgetT], name: str) -> WidgetT:
    """The one visible widget of this kind and name."""
    found = [
        one
        for one in root.findChildren(kind)
        if one.isVisible() and (one.accessibleName() or getattr(one, "text", str)()) == name
    ]
    assert len(found) == 1, f"{len(found)} × {name}"
    return found[0]


def is_shown(root: QWidget, name: str) -> bool:
    """True where a button or field of this name can be seen."""
    kinds = (QAbstractButton, QLineEdit)
    return any(
        one.isVisible() and (one.accessibleName() or getattr(one, "text", str)()) == name
        for kind in kinds
        for one in root.findChildren(kind)
    )


def press(root: QWidget, name: str) -> None:
    """Click the button of this name."""
    button = named(root, QAbstractButton, name)
    assert button.isEnabled(), f"{name} is disabled"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def write(root: QWidget, name: str, text: str) -> None:
    """Put `text` in the place of what the field of this name holds, as by typing."""
    field = named(root, QLineEdit, name)
    assert not field.isReadOnly(), f"{name} can't be written"
    field.setFocus()
    field.selectAll()
    if text:
        QTest.keyClicks(field, text)
    else:
        QTest.keyClick(field, Qt.Key.Key_Delete)


def text_of(root: QWidget, name: str) -> str:
    """What the field of this name holds."""
    return named(root, QLineEdit, name).text()
