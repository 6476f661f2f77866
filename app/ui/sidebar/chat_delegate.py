"""How a row of the list of chats is painted: its group above, the title, a dot or the row's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QListView, QStyledItemDelegate, QWidget

from app.ui.sidebar.chat_model import BUSY_ROLE, GROUP_ROLE, STORED_ROLE, UNREAD_ROLE
from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.dots import Pulse, paint_dot
from app.ui.widgets.label import one_line

if TYPE_CHECKING:
    # Making QStyle's enums costs as much as all other imports of the list together.
    from PySide6.QtWidgets import QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex

INSET = 8  # px, sides of the row to the edges of the list, and of the title to the edges of the row
MENU = 26  # px, side of the button of the row's menu


class ChatDelegate(QStyledItemDelegate):
    """Paints the rows of `view`, which shows a `ChatModel`; `pulse` gives the strength of the live dots."""

    def __init__(self, theme: Theme, pulse: Pulse, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._pulse = pulse
        self._row_height = 32
        self._group_height = 32
        self.shows_cursor = False  # the keys' cursor shows after a key, not after a click
        self.row_over = -1
        self._on_theme_changed()
        theme.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self._font, self._strong = self._theme.font("ui"), self._theme.font("ui.medium")
        self._group_font = self._theme.font("group")
        self._row_height = max(32, QFontMetrics(self._font).height() + 12)
        self._group_height = max(16, QFontMetrics(self._group_font).height()) + 16

    def row_rect(self, item: QRect) -> QRect:
        """The part of an item that is the row itself, without the group's label above it."""
        return QRect(
            item.left() + INSET,
            item.bottom() + 1 - self._row_height,
            item.width() - 2 * INSET,
            self._row_height,
        )

    def menu_rect(self, item: QRect) -> QRect:
        """Where the button of the row's menu is, while the row shows it."""
        row = self.row_rect(item)
        return QRect(row.right() - MENU - 2, row.top() + (row.height() - MENU) // 2, MENU, MENU)

    def dot_rect(self, item: QRect) -> QRect:
        """Where the dot of a chat is in which something goes on."""
        row = self.row_rect(item)
        return QRect(row.right() - 17, row.top(), 12, row.height())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        above = self._group_height if index.data(GROUP_ROLE) else 0
        return QSize(120, self._row_height + above)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = self.row_rect(option.rect)
        if group := index.data(GROUP_ROLE):
            painter.setFont(self._group_font)
            painter.setPen(theme.color("text.tertiary"))
            label = QRect(row.left() + INSET, row.top() - 20, row.width() - 2 * INSET, 16)
            painter.drawText(label, self._side(option) | Qt.AlignmentFlag.AlignVCenter, group)
        self._paint_ground(painter, index, row)
        if self.is_cursor(index):
            width = theme.focus_width
            painter.setPen(QPen(theme.color("line.focus"), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = width / 2
            painter.drawRoundedRect(QRectF(row).adjusted(edge, edge, -edge, -edge), 8 - edge, 8 - edge)
        self._paint_content(painter, option, index, row)
        painter.restore()

    def paint_dot_alone(self, painter: QPainter, item: QRect, index: Index) -> None:
        """Paint what lies in `dot_rect` of a row whose dot is live, and no more: ten times a second."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = self.row_rect(item)
        self._paint_ground(painter, index, row)
        self._paint_live_dot(painter, row)

    def has_menu(self, index: Index) -> bool:
        """Whether the row shows the button of its menu, in the place of its dot."""
        shown = index.row() == self.row_over or self.is_cursor(index)
        return shown and bool(index.data(STORED_ROLE))

    def is_cursor(self, index: Index) -> bool:
        """Whether the row shows the keys' cursor."""
        return self.shows_cursor and self._view.hasFocus() and index == self._view.currentIndex()

    def _paint_ground(self, painter: QPainter, index: Index, row: QRect) -> None:
        chosen = self._view.selectionModel().isSelected(index)
        if chosen or index.row() == self.row_over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("fill.selected" if chosen else "fill.hover"))
            painter.drawRoundedRect(row, 8, 8)

    def _paint_live_dot(self, painter: QPainter, row: QRect) -> None:
        paint_dot(painter, _middle_of_dot(row), self._theme.color("live.fill"), self._pulse.opacity)

    def _paint_content(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, row: QRect
    ) -> None:
        theme = self._theme
        end = 0
        if self.has_menu(index):
            menu = self.menu_rect(option.rect)
            paint_icon(painter, theme, "more", "text.secondary", 16, menu)
            end = MENU
        elif index.data(BUSY_ROLE):
            self._paint_live_dot(painter, row)
            end = 18
        elif index.data(UNREAD_ROLE):
            paint_dot(painter, _middle_of_dot(row), theme.color("accent.mark"))
            end = 18
        font = self._strong if self._view.selectionModel().isSelected(index) else self._font
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setPen(theme.color("text.primary"))
        place = row.adjusted(INSET, 0, -INSET - end, 0)
        title = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(
            place, self._side(option) | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, title
        )

    def _side(self, option: QStyleOptionViewItem) -> Qt.AlignmentFlag:
        mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        return Qt.AlignmentFlag.AlignAbsolute | side

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("kind", "inline")
        editor.setFont(self._font)
        editor.setAccessibleName(self.tr("Title"))
        editor.setMaxLength(200)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, one_line(editor.text()), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(self.row_rect(option.rect))


def _middle_of_dot(row: QRect) -> QPointF:
    return QPointF(row.right() - 11.5, row.center().y() + 0.5)
