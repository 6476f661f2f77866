"""The list of chats itself: choosing, renaming and deleting by pointer and by keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QListView, QWidget

from app.core.conversation import ConversationSummary
from app.ui.sidebar.chat_delegate import ChatDelegate
from app.ui.sidebar.chat_model import ID_ROLE, STORED_ROLE, ChatModel
from app.ui.theme import Theme, set_background
from app.ui.widgets.dots import Pulse
from app.ui.widgets.focus_ring import is_by_keyboard


class ChatList(QListView):
    """The selected row is the chat that is open; Up and Down move a cursor that Enter opens.

    Signals: `chosen(conversation_id)`, by the person or by assistive technology;
    `delete_asked(conversation_id)`.
    """

    chosen = Signal(str)
    delete_asked = Signal(str)

    def __init__(self, theme: Theme, model: ChatModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # One that Python knows already: PySide6 looks through all classes of widgets for what Qt has made.
        self.setViewport(QWidget())
        self._theme = theme
        self._chats = model
        self._open_id = ""
        self._editing = False
        self._waiting: tuple[tuple[ConversationSummary, ...], str] | None = None
        self._searching = False
        self._pulse = Pulse(theme, self)
        self._pulse.beat.connect(self._on_beat)
        self._rows = ChatDelegate(theme, self._pulse, self)
        self.setAccessibleName(self.tr("Chats"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setModel(model)
        self.setItemDelegate(self._rows)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)
        model.dataChanged.connect(self._on_data_changed)
        self._scrolled = 0
        self._cursor_id = ""
        self._show_theme()
        theme.changed.connect(self._show_theme)

    def show_chats(self, summaries: Sequence[ConversationSummary], unsent_id: str = "") -> None:
        """List these; while a title is being written, when that is done."""
        if self._editing:
            self._waiting = (tuple(summaries), unsent_id)
        else:
            self._chats.show_chats(summaries, unsent_id)

    def show_open(self, conversation_id: str) -> None:
        """Mark this chat as the open one; none if it isn't listed."""
        self._open_id = conversation_id
        self._select_open()
        index = self._chats.index_of(conversation_id)
        if index.isValid():
            self.scrollTo(index)

    @property
    def is_editing(self) -> bool:
        """True while a title is being written."""
        return self._editing

    def rename_current(self) -> None:
        """Let the person write the title of the row under the cursor."""
        index = self.currentIndex()
        if index.isValid() and index.data(STORED_ROLE):
            self._editing = True
            self.edit(index)

    def neighbour(self, step: int) -> str:
        """The chat `step` rows below the open one, the first of all where none is open; empty at the ends."""
        here = self._chats.index_of(self._open_id)
        row = here.row() + step if here.isValid() else 0
        return str(self._chats.index(row).data(ID_ROLE) or "")

    def _select_open(self) -> None:
        index = self._chats.index_of(self._open_id)
        if not index.isValid():
            self.clearSelection()
            return
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _show_theme(self) -> None:
        set_background(self.viewport(), self._theme.color("bg.sidebar"))
        self.scheduleDelayedItemsLayout()

    def _on_selection_changed(self, selected: QItemSelection, _: QItemSelection) -> None:
        indexes = selected.indexes()
        if not indexes:
            return
        conversation_id = str(indexes[0].data(ID_ROLE))
        if conversation_id != self._open_id:
            self._open_id = conversation_id
            self.chosen.emit(conversation_id)

    def _on_about_to_reset(self) -> None:
        self._scrolled = self.verticalScrollBar().value()
        self._cursor_id = str(self.currentIndex().data(ID_ROLE) or "")

    def _on_reset(self) -> None:
        self._select_open()
        cursor = self._chats.index_of(self._cursor_id)
        if cursor.isValid() and self.hasFocus():
            self.selectionModel().setCurrentIndex(cursor, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(self._scrolled)
        self._on_data_changed()

    def _on_data_changed(self) -> None:
        if self._chats.busy_rows():
            self._pulse.start()
        else:
            self._pulse.stop()

    def _on_beat(self) -> None:
        for index in self._chats.busy_rows():
            if not self._rows.has_menu(index):
                self.viewport().update(self._rows.dot_rect(self.visualRect(index)))

    def _show_menu(self, index: QModelIndex, at: QPoint) -> None:
        if not index.data(STORED_ROLE):
            return
        conversation_id = str(index.data(ID_ROLE))
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        from app.ui.widgets.menu import Menu

        menu = Menu(self._theme, self)
        menu.add(self.tr("Rename"), self.rename_current, icon="edit", keys=QKeySequence(Qt.Key.Key_F2))
        menu.addSeparator()
        menu.add(
            self.tr("Delete"),
            lambda: self.delete_asked.emit(conversation_id),
            icon="trash",
            keys=QKeySequence(Qt.Key.Key_Delete),
            tone="danger.text",
        )
        menu.open_at(at)

    def _show_over(self, row: int) -> None:
        if row != self._rows.row_over:
            self._rows.row_over = row
            self.viewport().update()

    def _is_on_row(self, index: QModelIndex, at: QPoint) -> bool:
        return index.isValid() and self._rows.row_rect(self.visualRect(index)).contains(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        for index in self._chats.busy_rows():
            item = self.visualRect(index)
            if event.rect() == self._rows.dot_rect(item) and not self._rows.has_menu(index):
                painter = QPainter(self.viewport())
                self._rows.paint_dot_alone(painter, item, index)
                painter.end()
                return
        super().paintEvent(event)

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: object = None
    ) -> QItemSelectionModel.SelectionFlag:
        # Keys move the cursor alone: opening each chat on the way would read all of them from the disk.
        if isinstance(event, QKeyEvent) or self._searching:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return QItemSelectionModel.SelectionFlag.ClearAndSelect

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        self._editing = False
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._chats.show_chats(*waiting)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        self._rows.shows_cursor = False
        if not self._is_on_row(index, at):
            event.accept()  # the label of a group, or the empty space
            return
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if index.data(STORED_ROLE) and self._rows.menu_rect(self.visualRect(index)).contains(at):
            self._show_menu(index, self.viewport().mapToGlobal(at))
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        self._show_over(index.row() if self._is_on_row(index, at) else -1)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_over(-1)

    def keyboardSearch(self, search: str) -> None:
        self._searching = True
        super().keyboardSearch(search)
        self._searching = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid() or not (by_key or self._is_on_row(index, event.pos())):
            return
        row = self._rows.row_rect(self.visualRect(index))
        at = self.viewport().mapToGlobal(row.bottomLeft()) if by_key else event.globalPos()
        self._show_menu(index, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._rows.shows_cursor = True
        index = self.currentIndex()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if index.isValid():
                self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            case Qt.Key.Key_Delete if index.isValid():
                self.delete_asked.emit(str(index.data(ID_ROLE)))
            case Qt.Key.Key_F2 if index.isValid():
                self.rename_current()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._rows.shows_cursor = is_by_keyboard(event)
        if not self.currentIndex().isValid() and self._chats.rowCount():
            self.selectionModel().setCurrentIndex(
                self._chats.index(0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
