"""The model picker: every model of every endpoint, found by typing, or named where no list holds it."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.chat.connections import Connections
from app.chat.preferences import Preferences
from app.ui.composer.model_rows import ROW_ROLE, ModelRow, ModelRows
from app.ui.theme import Theme, set_background
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.label import one_line
from app.ui.widgets.menu import RADIUS, round_corners, round_popup
from app.ui.widgets.panel import Panel, Surface
from app.ui.widgets.paragraph import Paragraph

WIDTH = 412
MAX_LIST_HEIGHT = 366
ROW, GROUP = 46, 28
START = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
LIST_KEYS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class ModelPicker(Panel):
    """A popup that is made when it is first asked for and kept.

    Signals: `chosen(endpoint_id, model)`.
    """

    chosen = Signal(str, str)

    def __init__(
        self, theme: Theme, connections: Connections, preferences: Preferences, parent: QWidget
    ) -> None:
        super().__init__(theme, line="line.field", radius=RADIUS, parent=parent)
        self.setWindowFlags(Qt.WindowType.Popup)
        round_popup(self)
        self._connections = connections
        self._preferences = preferences
        self._current = ("", "")
        self._anchor: QWidget | None = None
        self.setAccessibleName(self.tr("Choose a model"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a model, or type its name"))
        self.search.setAccessibleName(self.tr("Find a model"))
        self.search.setProperty("kind", "bare")
        self.search.setFont(theme.font("ui"))
        self.search.setMaxLength(300)
        self.search.textChanged.connect(self._show_rows)
        self.search.installEventFilter(self)
        self.rows = ModelRows(self)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(_ModelDelegate(theme, self.list))
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._choose)
        self._note = Paragraph(theme, style="label")
        self._note.setContentsMargins(14, 10, 14, 6)
        self._build()
        self._show_theme()
        theme.changed.connect(self._show_theme)
        connections.models_changed.connect(self._on_models)
        connections.models_failed.connect(self._on_models)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(38, 5, 8, 5)
        head.addWidget(self.search)
        line = Surface(self._theme, "line.hair")
        line.setFixedHeight(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 6)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(line)
        layout.addWidget(self._note)
        layout.addWidget(self.list, 1)

    def open_above(self, anchor: QWidget, endpoint_id: str, model: str) -> None:
        """Open over `anchor` with this model marked as the one in use, and ask for lists not known yet."""
        self._anchor = anchor
        self._current = (endpoint_id, model)
        self.search.clear()
        for endpoint in self._preferences.endpoints():
            if not self._connections.models(endpoint.endpoint_id):
                self._connections.fetch_models(endpoint.endpoint_id)
        self._show_rows()
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_models(self) -> None:
        if self.isVisible():
            self._show_rows()

    def _show_rows(self) -> None:
        endpoints = self._preferences.endpoints()
        # The endpoint in use first: its models are what is looked for most.
        ordered = sorted(endpoints, key=lambda one: one.endpoint_id != self._current[0])
        self.rows.show_models(ordered, self._connections.models, self.search.text(), self._current)
        rows = self.rows.rows
        current = next((at for at, row in enumerate(rows) if row.is_current), 0)
        if rows:
            index = self.rows.index(current)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index, QListView.ScrollHint.EnsureVisible)
        known = any(self._connections.models(one.endpoint_id) for one in endpoints)
        self._note.setText("" if known else self.tr("No list of models yet. Any name can be typed."))
        self._note.setVisible(not known)
        self._place()

    def _place(self) -> None:
        anchor = self._anchor
        if anchor is None:
            return
        heights = sum(ROW + (GROUP if row.group else 0) for row in self.rows.rows)
        self.list.setFixedHeight(min(heights, MAX_LIST_HEIGHT))
        window = anchor.window()
        width = min(WIDTH, window.width() - 32)
        note = self._note.heightForWidth(width - 2) if self._note.isVisibleTo(self) else 0
        height = 8 + max(self.search.sizeHint().height(), 32) + 10 + note + self.list.height()
        corner = anchor.mapToGlobal(QPoint(0, -8))
        right = window.mapToGlobal(QPoint(window.width() - 16, 0)).x()
        screen = anchor.screen().availableGeometry()
        left = max(min(corner.x() - 8, right - width), screen.left())
        top = max(corner.y() - height, screen.top())
        self.setGeometry(QRect(left, top, width, height))

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, ModelRow):
            self.close()
            self.chosen.emit(row.endpoint_id, row.model)

    def _show_theme(self) -> None:
        set_background(self.list.viewport(), self._theme.color("bg.surface"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in LIST_KEYS:
                self.list.keyPressEvent(event)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, RADIUS)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        head = QRect(12, 1, 16, self.search.geometry().bottom() + 5)
        paint_icon(QPainter(self), self._theme, "search", "text.secondary", 16, head)


class _ModelDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(ROW_ROLE)
        return QSize(120, ROW + (GROUP if row.group else 0))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, row = self._theme, index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        rect = option.rect.adjusted(5, 0, -5, 0)
        if row.group:
            painter.setFont(theme.font("group"))
            painter.setPen(theme.color("text.tertiary"))
            place = QRect(rect.left() + 9, rect.top() + 9, rect.width() - 18, 16)
            painter.drawText(place, START, one_line(row.group))
            rect.setTop(rect.top() + GROUP)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("fill.selected"))
            painter.drawRoundedRect(rect, 7, 7)
        if row.is_current:
            tick = QRect(rect.left() + 9, rect.top(), 16, rect.height())
            paint_icon(painter, theme, "check", "accent.text", 16, tick)
        text = rect.adjusted(35, 6, -9, -5)
        self._paint_title(painter, row, text)
        font = theme.font("label")
        painter.setFont(font)
        painter.setPen(theme.color("text.secondary"))
        details = QRect(text.left(), text.top() + 19, text.width(), 16)
        shown = QFontMetrics(font).elidedText(
            one_line(row.details), Qt.TextElideMode.ElideRight, text.width()
        )
        painter.drawText(details, START, shown)
        painter.restore()

    def _paint_title(self, painter: QPainter, row: ModelRow, text: QRect) -> None:
        theme = self._theme
        tag, tag_width = "", 0
        if row.is_retiring:
            tag = self.tr("Retiring")
            tag_width = QFontMetrics(theme.font("key")).horizontalAdvance(tag) + 12
        font = theme.font("ui.medium")
        metrics = QFontMetrics(font)
        room = text.width() - (tag_width + 7 if tag else 0)
        shown = metrics.elidedText(one_line(row.title), Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(theme.color("text.primary"))
        line = QRect(text.left(), text.top(), text.width(), 19)
        painter.drawText(line, START, shown)
        if tag:
            box = QRect(text.left() + metrics.horizontalAdvance(shown) + 7, text.top() + 1, tag_width, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("warning.tint"))
            painter.drawRoundedRect(box, 5, 5)
            painter.setFont(theme.font("key"))
            painter.setPen(QPen(theme.color("warning.text")))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tag)
