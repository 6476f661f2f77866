"""The page Appearance: theme, text size, and what makes reading comfortable."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.chat.preferences import Preferences
from app.core.settings import MAX_TEXT_SIZE, MIN_TEXT_SIZE, Appearance, LineLength, Settings
from app.ui.settings.rows import Card, PageTitle
from app.ui.settings.slider import Slider
from app.ui.settings.theme_card import DARK, LIGHT, ThemeCard
from app.ui.theme import Theme
from app.ui.widgets.label import Label
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.switch import Switch


class AppearancePage(QWidget):
    """Every change applies at once."""

    def __init__(self, theme: Theme, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._cards: dict[Appearance, ThemeCard] = {}
        cards = QHBoxLayout()
        cards.setSpacing(14)
        for appearance, icon, name, looks in (
            (Appearance.SYSTEM, "monitor", self.tr("Same as system"), (LIGHT, DARK)),
            (Appearance.LIGHT, "sun", self.tr("Light"), (LIGHT,)),
            (Appearance.DARK, "moon", self.tr("Dark"), (DARK,)),
        ):
            card = ThemeCard(theme, icon, name, looks, self)
            card.toggled.connect(
                lambda is_on, appearance=appearance: self._on_appearance(appearance) if is_on else None
            )
            cards.addWidget(card)
            self._cards[appearance] = card
        self._size = Slider(theme, self.tr("Text size"), MIN_TEXT_SIZE, MAX_TEXT_SIZE)
        self._size.setFixedWidth(146)
        self._size.valueChanged.connect(self._on_size)
        self._pixels = Label(theme, tone="text.secondary")
        self._pixels.setFont(theme.figures("ui"))
        self._pixels.setFixedWidth(QFontMetrics(self._pixels.font()).horizontalAdvance("20 px") + 4)
        self._pixels.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        size = QWidget()
        row = QHBoxLayout(size)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(Label(theme, "A", style="key"))
        row.addWidget(self._size)
        row.addWidget(Label(theme, "A", style="title.m"))
        row.addWidget(self._pixels)
        self._length = Segmented(
            theme,
            self.tr("Line length"),
            (
                (LineLength.NARROW.value, self.tr("Narrow"), ""),
                (LineLength.MEDIUM.value, self.tr("Medium"), ""),
                (LineLength.FULL.value, self.tr("Full"), ""),
            ),
        )
        self._length.chosen.connect(self._on_length)
        self._contrast = Switch(theme, self.tr("Stronger outlines and contrast"))
        self._contrast.toggled.connect(self._on_contrast)
        self._motion = Switch(theme, self.tr("Less motion"))
        self._motion.toggled.connect(self._on_motion)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(6)
        layout.addWidget(PageTitle(theme, self.tr("Appearance")))
        layout.addSpacing(6)
        layout.addLayout(cards)
        layout.addSpacing(10)
        layout.addWidget(Label(theme, self.tr("Reading"), style="ui.strong"))
        reading = Card(theme)
        reading.add_row(self.tr("Text size"), size)
        reading.add_row(self.tr("Line length"), self._length)
        layout.addWidget(reading)
        layout.addSpacing(10)
        layout.addWidget(Label(theme, self.tr("Comfort"), style="ui.strong"))
        comfort = Card(theme)
        comfort.add_row(self.tr("Stronger outlines and contrast"), self._contrast)
        comfort.add_row(self.tr("Less motion"), self._motion, self.tr("Nothing moves or breathes by itself"))
        layout.addWidget(comfort)
        layout.addStretch()
        preferences.changed.connect(self._show_settings)
        self._show_settings(preferences.current)

    def _show_settings(self, settings: Settings) -> None:
        self._cards[settings.appearance].setChecked(True)
        self._size.setValue(settings.text_size)
        self._pixels.setText(self.tr("{size} px").format(size=settings.text_size))
        self._length.set_value(settings.line_length.value)
        self._contrast.setChecked(settings.strong_contrast)
        self._motion.setChecked(settings.less_motion)

    def _on_appearance(self, appearance: Appearance) -> None:
        self._preferences.set(replace(self._preferences.current, appearance=appearance))

    def _on_size(self, size: int) -> None:
        self._preferences.set(replace(self._preferences.current, text_size=size))

    def _on_length(self, value: str) -> None:
        self._preferences.set(replace(self._preferences.current, line_length=LineLength(value)))

    def _on_contrast(self, is_on: bool) -> None:
        self._preferences.set(replace(self._preferences.current, strong_contrast=is_on))

    def _on_motion(self, is_on: bool) -> None:
        self._preferences.set(replace(self._preferences.current, less_motion=is_on))
