"""Where the small window stands and how large it is: on the wanted screen, never out of sight."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QScreen
from PySide6.QtWidgets import QWidget

from app.chat.preferences import Preferences
from app.core.quick_ask import QuickSize
from app.ui.quick_ask import placing

GRIP = 5  # px of the edges that can be dragged
REMEMBERED_AFTER = 300  # ms without another change of size
EDGES = (Qt.Edge.LeftEdge, Qt.Edge.RightEdge, Qt.Edge.BottomEdge)


class Standing(QObject):
    """Signals: `screens_changed()`: there may be another place for the window."""

    screens_changed = Signal()

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._screen = QGuiApplication.primaryScreen()
        self._size = QuickSize("")
        self._answer_height = 0
        self._others = 0
        self._asked = QSize()
        self._corner = QPoint()
        self._has_arrived = False
        self._is_dragged = False
        self._grips = {edge: Grip(window, edge) for edge in EDGES}
        for grip in self._grips.values():
            grip.pressed.connect(self._on_grip)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REMEMBERED_AFTER)
        self._timer.timeout.connect(self._keep_size)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._on_screen_removed)
            application.screenAdded.connect(self._watch)
        for screen in QGuiApplication.screens():
            self._watch(screen)

    def grip(self, edge: Qt.Edge) -> Grip:
        """What the window is dragged larger by."""
        return self._grips[edge]

    def place(self) -> None:
        """Go to the screen that is wanted now, in the size that the window had there."""
        settings = self._preferences.quick_ask
        self._screen = placing.wanted_screen(settings.follows_pointer)
        self._size = settings.size(placing.screen_name(self._screen))
        self._is_dragged = False
        room = self._screen.availableGeometry()
        width = placing.width_on(room, self._size)
        self._asked = QSize(width, self._window.height())
        self._corner = placing.first_corner(room, width)
        self._has_arrived = self._window.isActiveWindow()
        self._window.setGeometry(QRect(self._corner, self._asked))

    def note_arrival(self) -> None:
        """The window has the keyboard: from now on it stands where the person lets it stand.

        Until then its place is the one that was asked for, whatever it is said to be: while a window manager
        makes a frame for a window on X11, that is in a corner of the screen for a moment.
        """
        self._has_arrived = True

    @property
    def most_height(self) -> int:
        """The most that the window's height may be in px."""
        return placing.most_height(self._screen.availableGeometry(), self._size)

    def forget_answer(self) -> None:
        """Another talk begins: its answer takes the room that it needs."""
        self._answer_height = 0

    def fit(self, others: int, answer: int, reserved: int = 0) -> None:
        """Be as high as `others` and the `answer` are, px; where there is an answer, never less than before.

        `reserved` are px that are kept for what will come below the answer.
        """
        room = self._screen.availableGeometry()
        self._others = others
        height = others
        if answer:
            most = placing.most_height(room, self._size) - reserved
            self._answer_height = min(max(self._answer_height, answer), max(answer and 1, most - others))
            height += self._answer_height
        corner = self._window.geometry().topLeft() if self._has_arrived else self._corner
        size = QSize(placing.width_on(room, self._size), height)
        rect = placing.clamped(QRect(corner, size), room)
        self._corner = rect.topLeft()
        if rect != self._window.geometry():
            self._asked = rect.size()
            self._window.setGeometry(rect)

    def take_size(self) -> None:
        """The window has another size; by the person's hand, where it isn't the one that was asked for."""
        for grip in self._grips.values():
            grip.place()
        size = self._window.size()
        if not self._is_dragged or size == self._asked:
            return
        self._asked = size
        height = self._size.height
        if size.height() > self._others > 0 and self._answer_height:
            self._answer_height = size.height() - self._others
            height = size.height()
        self._size = QuickSize(placing.screen_name(self._screen), size.width(), height)
        self._timer.start()

    def _keep_size(self) -> None:
        self._preferences.set_quick_ask(self._preferences.quick_ask.with_size(self._size))

    def _on_grip(self, edge: Qt.Edge) -> None:
        handle = self._window.windowHandle()
        if handle is not None:
            self._is_dragged = True
            handle.startSystemResize(edge)

    def _watch(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._on_screen_changed)
        screen.logicalDotsPerInchChanged.connect(self._on_screen_changed)

    def _on_screen_removed(self, screen: QScreen) -> None:
        if screen is self._screen:
            self._screen = QGuiApplication.primaryScreen()
            if self._window.isVisible():
                self.place()
        self._on_screen_changed()

    def _on_screen_changed(self) -> None:
        if self._window.isVisible():
            self.screens_changed.emit()


class Grip(QWidget):
    """An edge of the window. Signals: `pressed(Qt.Edge)`."""

    pressed = Signal(Qt.Edge)

    def __init__(self, window: QWidget, edge: Qt.Edge) -> None:
        super().__init__(window)
        self._edge = edge
        is_lower = edge is Qt.Edge.BottomEdge
        self.setCursor(Qt.CursorShape.SizeVerCursor if is_lower else Qt.CursorShape.SizeHorCursor)

    def place(self) -> None:
        """Stand at the edge, over all else."""
        window = self.parentWidget()
        if window is None:
            return
        width, height = window.width(), window.height()
        match self._edge:
            case Qt.Edge.LeftEdge:
                self.setGeometry(0, 0, GRIP, height)
            case Qt.Edge.RightEdge:
                self.setGeometry(width - GRIP, 0, GRIP, height)
            case _:
                self.setGeometry(0, height - GRIP, width, GRIP)
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit(self._edge)
