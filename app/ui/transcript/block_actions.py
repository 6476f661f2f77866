"""What can be done with one block of a message, beside reading it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.ui.widgets.menu import Menu


class BlockChange(Enum):
    """Another way to see a block."""

    FOLD = "fold"  # code: all of its lines, or the first few
    WRAP = "wrap"  # code: its long lines wrapped, or not


@dataclass(frozen=True, slots=True)
class BlockAction:
    """A row of the context menu. `is_on` is None where it isn't a switch."""

    text: str
    icon: str
    do: Callable[[], object]
    is_on: bool | None = None


def add_to_menu(menu: Menu, actions: list[BlockAction]) -> None:
    """Add the rows, and a line below them."""
    for one in actions:
        row = menu.add(one.text, one.do, icon=one.icon if one.is_on is None else "")
        if one.is_on is not None:
            row.setCheckable(True)
            row.setChecked(one.is_on)
    if actions:
        menu.addSeparator()
