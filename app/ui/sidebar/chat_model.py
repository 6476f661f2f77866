"""The chats as Qt's list sees them: one item a conversation, named by its title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from app.core.conversation import ConversationSummary
from app.ui.sidebar.groups import ChatRow, day_label, local_day, rows_by_day, until_tomorrow
from app.ui.widgets.label import one_line
from app.ui.widgets.tooltip import plain_tooltip

Index = QModelIndex | QPersistentModelIndex

ID_ROLE = Qt.ItemDataRole.UserRole
GROUP_ROLE = Qt.ItemDataRole.UserRole + 1
BUSY_ROLE = Qt.ItemDataRole.UserRole + 2
UNREAD_ROLE = Qt.ItemDataRole.UserRole + 3
STORED_ROLE = Qt.ItemDataRole.UserRole + 4


class ChatModel(QAbstractListModel):
    """Rows of `ConversationSummary`, with what streams and what is unread.

    Signals: `renamed(conversation_id, title)`: the person wrote a title into a row.
    """

    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ChatRow, ...] = ()
        self._summaries: tuple[ConversationSummary, ...] = ()
        self._positions: dict[str, int] = {}
        self._busy: frozenset[str] = frozenset()
        self._unread: frozenset[str] = frozenset()
        self._unsent_id = ""
        self._locale = QLocale()
        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self._on_midnight)

    def show_chats(self, summaries: Sequence[ConversationSummary], unsent_id: str = "") -> None:
        """List these, newest first. Rows that stay in their places are kept.

        `unsent_id` names the new chat that has no message yet, and so no title and no menu.
        """
        self._summaries, self._unsent_id = tuple(summaries), unsent_id
        now = datetime.now().astimezone()
        rows = rows_by_day(self._summaries, now.date(), self._locale)
        self._midnight.start(until_tomorrow(now))
        if rows == self._rows:
            return
        same_places = [one.summary.conversation_id for one in rows] == [
            one.summary.conversation_id for one in self._rows
        ] and [one.group for one in rows] == [one.group for one in self._rows]
        if same_places:
            before, self._rows = self._rows, rows
            for at, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.beginResetModel()
        self._rows = rows
        self._positions = {one.summary.conversation_id: at for at, one in enumerate(rows)}
        self.endResetModel()

    def show_states(self, busy: frozenset[str], unread: frozenset[str]) -> None:
        """Mark the chats that are answering and those with an answer that wasn't read."""
        touched = (busy ^ self._busy) | (unread ^ self._unread)
        self._busy, self._unread = busy, unread
        for conversation_id in touched:
            index = self.index_of(conversation_id)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def index_of(self, conversation_id: str) -> QModelIndex:
        """The row of this chat; an invalid index where it isn't listed."""
        at = self._positions.get(conversation_id)
        return self.index(at) if at is not None else QModelIndex()

    def busy_rows(self) -> tuple[QModelIndex, ...]:
        """The rows that are answering."""
        found = (self.index_of(one) for one in self._busy)
        return tuple(index for index in found if index.isValid())

    def _title(self, summary: ConversationSummary) -> str:
        return one_line(summary.title) or self.tr("New chat")

    def _state(self, summary: ConversationSummary) -> str:
        if summary.conversation_id in self._busy:
            return self.tr("answering")
        return self.tr("new answer") if summary.conversation_id in self._unread else ""

    def _on_midnight(self) -> None:
        self.show_chats(self._summaries, self._unsent_id)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        summary = row.summary
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._title(summary)
            case Qt.ItemDataRole.EditRole:
                return summary.title
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                quick = self.tr("Quick Ask") if summary.is_quick else ""
                return ", ".join(filter(None, (quick, self._state(summary))))
            case Qt.ItemDataRole.ToolTipRole:
                day = day_label(local_day(summary.updated), datetime.now().astimezone().date(), self._locale)
                quick = self.tr("Quick Ask") if summary.is_quick else ""
                words = [self._title(summary), day, quick, self._state(summary)]
                return plain_tooltip("\n".join(one for one in words if one))
            case _ if role == ID_ROLE:
                return summary.conversation_id
            case _ if role == GROUP_ROLE:
                return row.group
            case _ if role == BUSY_ROLE:
                return summary.conversation_id in self._busy
            case _ if role == UNREAD_ROLE:
                return summary.conversation_id in self._unread
            case _ if role == STORED_ROLE:
                return summary.conversation_id != self._unsent_id
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not 0 <= index.row() < len(self._rows):
            return False
        summary = self._rows[index.row()].summary
        title = one_line(str(value))
        if title and title != summary.title:
            self.renamed.emit(summary.conversation_id, title)
        return True
