"""The messages that wait, as chips above the composer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, IconButton, Kind, Size
from app.ui.widgets.label import one_line
from app.ui.widgets.panel import Panel

SHOWN_LENGTH = 300  # characters of a message that a chip, which is one line, can ever show


class QueueRow(QWidget):
    """One chip a message, first to go out on top.

    Signals: `edit_asked(int)` and `remove_asked(int)`, with the message's place.
    """

    edit_asked = Signal(int)
    remove_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[str, ...] = ()
        self.setAccessibleName(self.tr("Waiting messages"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 8)
        self._layout.setSpacing(6)
        self.hide()

    def show_messages(self, messages: Sequence[str]) -> None:
        """Show these, or nothing where there are none."""
        if tuple(messages) == self._shown:
            return
        self._shown = tuple(messages)
        while (item := self._layout.takeAt(0)) is not None:
            if (chip := item.widget()) is not None:
                chip.hide()
                chip.deleteLater()
        for at, message in enumerate(messages):
            chip = QueueChip(self._theme, one_line(message[:SHOWN_LENGTH]))
            chip.text_button.clicked.connect(lambda _=False, at=at: self.edit_asked.emit(at))
            chip.remove_button.clicked.connect(lambda _=False, at=at: self.remove_asked.emit(at))
            self._layout.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeading)
            chip.show()
        self.setVisible(bool(messages))


class QueueChip(Panel):
    """One message that waits: its first words, which bring it back to the composer, and a cross."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, fill="bg.surface", line="line.control", radius=7, parent=parent)
        self.text_button = ChipText(theme, text, kind=Kind.QUIET, size=Size.SMALL, icon="clock")
        self.text_button.setAccessibleName(self.tr("Waiting: {text}").format(text=text))
        self.text_button.setToolTip(self.tr("Edit"))
        self.remove_button = IconButton(theme, "close", self.tr("Remove"), side=26)
        self.text_button.setFixedHeight(self.text_button.sizeHint().height() - 2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.text_button)
        layout.addWidget(self.remove_button)


class ChipText(Button):
    """A button that gives way where its text has no room."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        kind: Kind,
        size: Size,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, kind=kind, size=size, icon=icon, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return super().sizeHint() - QSize(2, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())
