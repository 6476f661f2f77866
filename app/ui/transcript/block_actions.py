"""What can be done with one block of a message, beside reading it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from app.markup.blocks import Table
from app.markup.table_text import csv_of, tsv_of
from app.ui.transcript.clipboard import put_csv, put_rich
from app.ui.widgets.menu import Menu


class BlockChange(Enum):
    """Another way to see a block."""

    FOLD = "fold"  # code: all of its lines, or the first few
    WRAP = "wrap"  # code: its long lines wrapped, or not
    MORE = "more"  # what a row says that there is more of


@dataclass(frozen=True, slots=True)
class BlockAction:
    """A row of the context menu. `is_on` is None where it isn't a switch."""

    text: str
    icon: str
    do: Callable[[], object]
    is_on: bool | None = None


def table_actions(table: Table) -> list[BlockAction]:
    """What the context menu offers for a table: all of its rows, drawn or not."""

    def copy_table() -> None:
        from app.exchange.html_writer import page_of

        put_rich(tsv_of(table), page_of([table]))

    return [
        BlockAction(_tr("Copy table"), "table", copy_table),
        BlockAction(_tr("Copy as CSV"), "copy", lambda: put_csv(csv_of(table))),
    ]


def add_to_menu(menu: Menu, actions: list[BlockAction]) -> None:
    """Add the rows, and a line below them."""
    for one in actions:
        row = menu.add(one.text, one.do, icon=one.icon if one.is_on is None else "")
        if one.is_on is not None:
            row.setCheckable(True)
            row.setChecked(one.is_on)
    if actions:
        menu.addSeparator()


def _tr(text: str) -> str:
    return QCoreApplication.translate("BlockActions", text)
