"""The models that the picker lists: what matches what is typed, by endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.core.models import ModelCard
from app.core.provider import Endpoint

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One choice. `group` is the endpoint's name above the first of its models, else empty."""

    endpoint_id: str
    model: str
    title: str
    details: str
    group: str = ""
    is_current: bool = False
    is_retiring: bool = False


def matching(cards: Iterable[ModelCard], text: str) -> tuple[ModelCard, ...]:
    """The models that complete chats and are called so: a name of theirs holds every word of `text`."""
    words = text.casefold().split()
    return tuple(
        card
        for card in cards
        if card.chats and all(word in " ".join((card.model_id, *card.aliases)).casefold() for word in words)
    )


def short_count(tokens: int) -> str:
    """A number of tokens as a person reads it: 18k, 256k, 1M."""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.1f}".removesuffix(".0") + "M"
    if tokens >= 1000:
        # Lengths are powers of two as often as not: 262,144 is what everybody calls 256k.
        return f"{tokens // 1024 if tokens % 8192 == 0 else round(tokens / 1000)}k"
    return str(tokens)


class ModelRows(QAbstractListModel):
    """The rows that are shown, made by `show_models`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ModelRow, ...] = ()

    def show_models(
        self,
        endpoints: Sequence[Endpoint],
        models: Callable[[str], tuple[ModelCard, ...]],
        text: str,
        current: tuple[str, str],
    ) -> None:
        """List what matches `text`, and `text` itself as a name where no model is called so.

        `current` is the endpoint's id and the model that are chosen now.
        """
        text = text.strip()
        rows: list[ModelRow] = []
        for endpoint in endpoints:
            cards = matching(models(endpoint.endpoint_id), text)
            for at, card in enumerate(cards):
                rows.append(
                    ModelRow(
                        endpoint.endpoint_id,
                        card.model_id,
                        card.model_id,
                        self._details(card, endpoint),
                        endpoint.name if at == 0 else "",
                        (endpoint.endpoint_id, card.model_id) == current,
                        card.deprecated,
                    )
                )
        known = {(row.endpoint_id, row.model) for row in rows}
        for endpoint in endpoints:
            is_current = endpoint.endpoint_id == current[0]
            if text and is_current and (endpoint.endpoint_id, text) not in known:
                rows.append(self._named(endpoint, text))
            elif not text and is_current and current[1] and current not in known:
                rows.insert(0, ModelRow(*current, current[1], endpoint.name, endpoint.name, is_current=True))
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def _named(self, endpoint: Endpoint, text: str) -> ModelRow:
        title = self.tr("Use “{name}”").format(name=text)
        details = self.tr("A model by this name at {endpoint}").format(endpoint=endpoint.name)
        return ModelRow(endpoint.endpoint_id, text, title, details)

    def _details(self, card: ModelCard, endpoint: Endpoint) -> str:
        words = []
        if card.context_length:
            words.append(self.tr("{count} tokens").format(count=short_count(card.context_length)))
        words.append(self.tr("on this computer") if endpoint.is_loopback else endpoint.host)
        return " · ".join(words)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return row.title
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                words = (row.details, self.tr("retiring") if row.is_retiring else "")
                return ", ".join(one for one in words if one)
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None
