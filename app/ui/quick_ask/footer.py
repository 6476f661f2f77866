"""The lowest row of the small window: what goes on, and what can be done with the answer."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.chat.activity import Activity
from app.ui.composer.composer import StopButton
from app.ui.quick_ask.parts import LiveWord
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, IconButton, Kind, native_text
from app.ui.widgets.tooltip import set_tooltip

HEIGHT, LEAST_WIDTH = 48, 300  # px
COPY_KEYS = QKeySequence("Ctrl+Shift+C")


class Footer(QWidget):
    """Signals: `stop_asked()`, `copy_asked()`, `paste_asked()`, `continue_asked()`, `retry_asked()`,
    `pin_toggled(bool)`, `more_asked()`, `close_asked()`.
    """

    stop_asked = Signal()
    copy_asked = Signal()
    paste_asked = Signal()
    continue_asked = Signal()
    retry_asked = Signal()
    pin_toggled = Signal(bool)
    more_asked = Signal()
    close_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.live = LiveWord(theme)
        self.copy = Button(theme, self.tr("Copy"), kind=Kind.PRIMARY, icon="copy")
        set_tooltip(self.copy, self.tr("Copy"), native_text(COPY_KEYS))
        self.paste = Button(theme, self.tr("Paste back"), kind=Kind.QUIET, icon="paste-back")
        self.go_on = Button(theme, self.tr("Continue in main window"), kind=Kind.QUIET, icon="open-main")
        self.retry = IconButton(theme, "retry", self.tr("Try again"), keys=QKeySequence("Ctrl+R"))
        self.pin = IconButton(theme, "pin", self.tr("Keep on top"), keys=QKeySequence("Ctrl+P"))
        self.more = IconButton(theme, "more", self.tr("More"))
        self.close_button = IconButton(theme, "close", self.tr("Close"), keys=QKeySequence(Qt.Key.Key_Escape))
        self.stop = StopButton(theme)
        self.pin.setCheckable(True)
        self._labels = {button: button.label for button in (self.go_on, self.paste)}
        self._keys = {self.go_on: QKeySequence("Ctrl+Return"), self.paste: QKeySequence("Ctrl+Shift+V")}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 7, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self.live)
        for button in (self.copy, self.paste, self.go_on):
            layout.addWidget(button)
        layout.addStretch(1)
        for one in (self.retry, self.pin, self.more, self.close_button, self.stop):
            layout.addWidget(one)
        self._layout = layout
        self._cannot_paste = ""
        self.setMinimumHeight(HEIGHT)
        self.copy.clicked.connect(self.copy_asked)
        self.paste.clicked.connect(self.paste_asked)
        self.go_on.clicked.connect(self.continue_asked)
        self.retry.clicked.connect(self.retry_asked)
        self.pin.toggled.connect(self.pin_toggled)
        self.more.clicked.connect(self.more_asked)
        self.close_button.clicked.connect(self.close_asked)
        self.stop.clicked.connect(self.stop_asked)

    def show_busy(self, activity: Activity) -> None:
        """An answer is on its way."""
        self.live.show_activity(activity)
        self._show(busy=True)

    def show_done(self, *, has_text: bool, can_continue: bool, cannot_paste: str) -> None:
        """The answer has ended; what it can be used for depends on what there is of it."""
        self._cannot_paste = cannot_paste
        self.paste.setEnabled(not cannot_paste)
        self.paste.setAccessibleDescription(cannot_paste)
        self.live.show_activity(Activity())
        self._show(busy=False)
        self.copy.setVisible(has_text)
        self.paste.setVisible(has_text)
        self.go_on.setVisible(can_continue)
        self._fit()

    def _show(self, *, busy: bool) -> None:
        for widget in (self.live, self.stop):
            widget.setVisible(busy)
        for button in (self.copy, self.paste, self.go_on, self.retry, self.more, self.close_button):
            button.setVisible(not busy)
        self._layout.setContentsMargins(18 if busy else 10, 7, 10, 8)

    def _fit(self) -> None:
        """Where there isn't room for all, a key goes first, then words that an icon can stand for."""
        shown = [button for button in self._labels if button.isVisibleTo(self)]
        self.copy.set_keys(COPY_KEYS)
        for button in shown:
            button.setText(self._labels[button])
        if not self._has_room:
            self.copy.set_keys(None)
        for button in shown:
            if not self._has_room:
                button.setText("")
        for button in shown:
            button.setAccessibleName(self._labels[button])
            if button is self.paste and self._cannot_paste:
                set_tooltip(button, self._cannot_paste)
            else:
                set_tooltip(button, self._labels[button], native_text(self._keys[button]))

    @property
    def _has_room(self) -> bool:
        return self._layout.sizeHint().width() <= self.width()

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
