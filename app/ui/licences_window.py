"""The window Licences: every part that Sirocco is made of, and the licence of the chosen one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.core.components import FOLDER, LIST_NAME, Component, components_of
from app.ui.plain_text import PlainText
from app.ui.theme import Theme, set_background
from app.ui.widgets.label import Label
from app.ui.widgets.paragraph import Paragraph

SIZE, MIN_SIZE = QSize(920, 640), QSize(480, 360)
LIST_WIDTH, NARROW_LIST = 230, 150  # px
ROW, INSET = 26, 8  # px
NARROW = 620  # px of the window


def parts_in(resources: Path) -> tuple[Component, ...]:
    """What a build for this system holds, as the resources say; nothing where they say nothing."""
    try:
        listed = components_of((resources / FOLDER / LIST_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(part for part in listed if part.is_in(sys.platform))


class LicencesWindow(QDialog):
    """Made when it is asked for; closes with Esc. A text is read when its part is chosen."""

    def __init__(
        self, theme: Theme, resources: Path, parts: Sequence[Component], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folder = resources / FOLDER
        self._parts = parts
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licences"))
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Parts"))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setViewportMargins(INSET, INSET, INSET, INSET)
        for part in parts:
            item = QListWidgetItem(f"{part.name} {part.version}".strip(), self._list)
            item.setSizeHint(QSize(0, ROW))
        self._list.currentRowChanged.connect(self._on_row)
        self._name = Label(theme, style="title.s")
        self._about = Paragraph(theme, style="label")
        self._text = PlainText(theme, self.tr("Licence"))
        column = QVBoxLayout()
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addWidget(self._about)
        column.addSpacing(6)
        column.addWidget(self._text, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._list)
        layout.addLayout(column, 1)
        theme.changed.connect(self._show_theme)
        self._show_theme()
        self.setMinimumSize(MIN_SIZE)
        self.resize(SIZE)
        self._list.setCurrentRow(0)

    def _on_row(self, row: int) -> None:
        if not 0 <= row < len(self._parts):
            return
        part = self._parts[row]
        self._name.setText(part.name)
        self._about.setText(" · ".join(word for word in (part.version, part.licence, part.homepage) if word))
        texts = []
        for name in part.texts:
            try:
                texts.append((self._folder / name).read_text(encoding="utf-8").strip())
            except OSError:
                texts.append(self.tr("The text {name} is missing.").format(name=name))
        self._text.setPlainText("\n\n".join(text for text in (part.notice, *texts) if text))

    def _show_theme(self) -> None:
        theme = self._theme
        set_background(self, theme.color("bg.canvas"))
        set_background(self._list, theme.color("bg.sidebar"))
        self._list.setFont(theme.font("ui"))
        palette = self._list.palette()
        palette.setColor(QPalette.ColorRole.Text, theme.color("text.primary"))
        palette.setColor(QPalette.ColorRole.Highlight, theme.color("fill.selected"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.color("text.primary"))
        self._list.setPalette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._list.setFixedWidth(NARROW_LIST if self.width() < NARROW else LIST_WIDTH)
