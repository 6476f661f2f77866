"""Lines of text in forms, and how one of them is told to be wrong."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.theme import Theme


class Field(QLineEdit):
    """A line of text of a form, named for a screen reader by its label."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_field(self, theme, name)
        # Not textEdited: what assistive technology writes is no key press.
        self.textChanged.connect(lambda: set_bad(self, ""))


def make_field(field: QLineEdit, theme: Theme, name: str) -> None:
    """Give `field` the looks and the name of a form's line."""
    field.setAccessibleName(name)
    field.setFont(theme.font("ui"))
    field.setMaxLength(2048)


def set_bad(field: QLineEdit, reason: str) -> None:
    """Outline `field` as wrong and let a screen reader say why; an empty `reason` takes that back."""
    state = "bad" if reason else ""
    if (field.property("state") or "") == state:
        return
    field.setProperty("state", state)
    if state:
        field.setAccessibleDescription(reason)
    # A style sheet looks at a property only when the widget is polished anew.
    field.style().unpolish(field)
    field.style().polish(field)
