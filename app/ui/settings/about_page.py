"""The page About: which Sirocco this is, whose work is in it, and where one's own data lives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.about import About, Place
from app.ui.settings.rows import Card, PageTitle
from app.ui.theme import Theme
from app.ui.transcript.clipboard import put_text
from app.ui.widgets.buttons import Button
from app.ui.widgets.label import Label
from app.ui.widgets.paragraph import Paragraph
from app.ui.widgets.toast import Toast

MARK = 40  # px


class AboutPage(QWidget):
    """`open_folder` shows a folder, and says whether it could.

    Signals: `guide_asked()`, `licences_asked()`.
    """

    guide_asked = Signal()
    licences_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        about: About,
        open_folder: Callable[[Path], bool],
        toast: Toast,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._about = about
        self._open_folder = open_folder
        self._toast = toast
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(6)
        layout.addWidget(PageTitle(theme, self.tr("About")))
        layout.addSpacing(6)
        layout.addLayout(self._head())
        layout.addSpacing(10)
        layout.addWidget(self._more())
        layout.addSpacing(10)
        layout.addWidget(Label(theme, self.tr("Where your data is"), style="ui.strong"))
        layout.addWidget(self._places())
        layout.addStretch()

    def _head(self) -> QHBoxLayout:
        theme, about = self._theme, self._about
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(theme, f"Sirocco {about.version}", style="title.s"))
        if about.build:
            build = self.tr("Build {build}").format(build=about.build)
            words.addWidget(Paragraph(theme, build, style="label"))
        parts = " · ".join(f"{name} {version}" for name, version in about.parts)
        words.addWidget(Paragraph(theme, parts, style="label"))
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(_Mark(theme), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _more(self) -> Card:
        theme = self._theme
        guide = Button(theme, self.tr("Open guide"))
        guide.clicked.connect(self.guide_asked)
        licences = Button(theme, self.tr("Show licences"))
        licences.clicked.connect(self.licences_asked)
        details = Button(theme, self.tr("Copy details"))
        details.clicked.connect(self._on_details)
        card = Card(theme)
        card.set_least_width()
        card.add_row(
            self.tr("User’s guide"),
            guide,
            self.tr("First steps, Quick Ask, backups, privacy."),
        )
        card.add_row(
            self.tr("Licences"),
            licences,
            self.tr("Free software under the MIT licence, and the work of many."),
        )
        card.add_row(
            self.tr("For a bug report"),
            details,
            self.tr("Versions, system, folders. No key, no chat, no name."),
        )
        return card

    def _places(self) -> Card:
        card = Card(self._theme)
        card.set_least_width()
        for name, place in (
            (self.tr("Chats"), self._about.chats),
            (self.tr("Settings"), self._about.settings),
            (self.tr("Logs"), self._about.logs),
        ):
            button = Button(self._theme, self.tr("Show folder"))
            button.setAccessibleName(self.tr("Show folder: {name}").format(name=name))
            button.clicked.connect(lambda _=False, place=place: self._on_folder(place))
            card.add_row(name, button, place.shown)
        return card

    def _on_details(self) -> None:
        put_text(self._about.details)
        self._toast.say(self.tr("Details copied"))

    def _on_folder(self, place: Place) -> None:
        if not self._open_folder(place.path):
            self._toast.say(self.tr("The folder could not be opened"))


class _Mark(QWidget):
    """The product's mark."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(QSize(MARK, MARK))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawPixmap(0, 0, self._theme.mark(MARK, self.devicePixelRatio()))
