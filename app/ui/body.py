"""How sidebar and main area share the window: side by side, or the sidebar as a drawer over a narrow one."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.sidebar.sidebar import DEFAULT_WIDTH, DRAWER_WIDTH, MAX_WIDTH, MIN_WIDTH, Sidebar
from app.ui.theme import Theme

NARROW = 720  # px of the window below which the sidebar is a drawer (SPEC §3)
SLIDE = 180  # ms
GRIP = 5  # px of the sidebar's edge that can be dragged


class Body(QWidget):
    """Lays `sidebar` and `main` out.

    Signals: `room_changed()`: the sidebar came or went, or the window became narrow or wide;
    `sidebar_dragged()`: the person changed its width.
    """

    room_changed = Signal()
    sidebar_dragged = Signal()

    def __init__(self, theme: Theme, sidebar: Sidebar, main: QWidget, *, width: int, is_hidden: bool) -> None:
        super().__init__()
        self._theme = theme
        self._sidebar = sidebar
        self._main = main
        self._width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        self._is_hidden = is_hidden  # by the person, where the window is wide
        self._is_narrow = False
        self._is_open = False  # the drawer
        self._shown = 0.0  # how far the drawer is out, 0 to 1
        main.setParent(self)
        self._scrim = _Scrim(theme, self)
        self._scrim.clicked.connect(self.close_drawer)
        sidebar.setParent(self)
        self._grip = _Grip(self)
        self._grip.dragged.connect(self._on_dragged)
        self._grip.reset_asked.connect(lambda: self._on_dragged(DEFAULT_WIDTH))
        self._slide: QVariantAnimation | None = None
        self._focus_before: QWidget | None = None

    @property
    def sidebar_width(self) -> int:
        """The sidebar's width beside the main area, in px."""
        return self._width

    @property
    def is_sidebar_hidden(self) -> bool:
        """True where the person hid the sidebar of the wide window."""
        return self._is_hidden

    @property
    def is_narrow(self) -> bool:
        """True where the sidebar is a drawer."""
        return self._is_narrow

    @property
    def is_drawer_open(self) -> bool:
        """True while the drawer is out."""
        return self._is_narrow and self._is_open

    @property
    def has_sidebar_beside(self) -> bool:
        """True while the sidebar stands beside the main area."""
        return not self._is_narrow and not self._is_hidden

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar, or move the drawer."""
        if not self._is_narrow:
            self._is_hidden = not self._is_hidden
            self._place()
            self.room_changed.emit()
        elif self._is_open:
            self.close_drawer()
        else:
            self.open_drawer()

    def open_drawer(self) -> None:
        """Move the drawer out and the focus into it."""
        if not self._is_narrow or self._is_open:
            return
        self._is_open = True
        self._focus_before = self.window().focusWidget()
        self._sidebar.keeps_focus = True
        self._sidebar.show()
        self._sidebar.chats.setFocus(Qt.FocusReason.OtherFocusReason)
        self._move_drawer(1.0)

    def close_drawer(self) -> None:
        """Move the drawer in and the focus back."""
        if not self.is_drawer_open:
            return
        self._is_open = False
        self._sidebar.keeps_focus = False
        if self._focus_before is not None and self._sidebar.isAncestorOf(self.window().focusWidget()):
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_before = None
        self._move_drawer(0.0)

    def _move_drawer(self, to: float) -> None:
        if self._slide is not None:
            self._slide.stop()
        slide = QVariantAnimation(self)
        slide.setStartValue(self._shown)
        slide.setEndValue(to)
        slide.setDuration(self._theme.duration(SLIDE))
        slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        slide.valueChanged.connect(self._on_slide)
        slide.finished.connect(slide.deleteLater)
        slide.finished.connect(self._on_slid)
        self._slide = slide
        slide.start()

    def _on_slide(self, value: float) -> None:
        self._shown = value
        self._place_drawer()

    def _on_slid(self) -> None:
        self._slide = None
        self._shown = 1.0 if self._is_open else 0.0
        self._place_drawer()

    def _on_dragged(self, width: int) -> None:
        self._width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        self._place()
        self.sidebar_dragged.emit()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        if self._is_narrow:
            self._grip.hide()
            self._main.setGeometry(0, 0, width, height)
            self._place_drawer()
            return
        self._scrim.hide()
        side = 0 if self._is_hidden else self._width
        self._sidebar.setVisible(side > 0)
        self._sidebar.setGeometry(0, 0, max(side, MIN_WIDTH), height)
        self._main.setGeometry(side, 0, width - side, height)
        self._grip.setVisible(side > 0)
        # Beside the main area, not over it: what is covered can't be scrolled by copying its pixels.
        self._grip.setGeometry(side - GRIP, 0, GRIP, height)
        self._grip.raise_()

    def _place_drawer(self) -> None:
        drawer = min(DRAWER_WIDTH, self.width() - 48)
        self._sidebar.setGeometry(round((self._shown - 1.0) * drawer), 0, drawer, self.height())
        self._sidebar.setVisible(self._shown > 0)
        self._scrim.setGeometry(0, 0, self.width(), self.height())
        self._scrim.show_part(self._shown)
        self._scrim.raise_()
        self._sidebar.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        changed = narrow != self._is_narrow
        if changed:
            self._is_narrow = narrow
            self._is_open, self._shown = False, 0.0
            self._sidebar.keeps_focus = False
        self._place()
        if changed:
            self.room_changed.emit()


class _Scrim(QWidget):
    """Dims what is behind the drawer. Signals: `clicked()`."""

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._part = 0.0
        self.hide()

    def show_part(self, part: float) -> None:
        """Dim by `part` of the full strength; 0 hides."""
        self._part = part
        self.setVisible(part > 0)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.color("scrim")
        colour.setAlphaF(colour.alphaF() * self._part)
        QPainter(self).fillRect(event.rect(), colour)


class _Grip(QWidget):
    """The edge that is dragged. Signals: `dragged(width)`, `reset_asked()`."""

    dragged = Signal(int)
    reset_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        parent = self.parentWidget()
        if event.buttons() & Qt.MouseButton.LeftButton and parent is not None:
            self.dragged.emit(parent.mapFromGlobal(event.globalPosition().toPoint()).x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_asked.emit()
