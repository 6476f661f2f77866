"""What Sirocco is made of: one bundled part, with its licence and where the texts of that are."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

# Where the parts are listed, and their texts lie, below `resources`.
FOLDER, LIST_NAME = "licences", "components.json"


class Component(NamedTuple):
    """`licence` is an SPDX expression; `texts` are files in the folder of licences, in reading order.

    `version` is empty where it is the building machine that decides. `notice` is what the part wants to be
    said beside its licence, often whose it is. `systems` are those of `sys.platform` that it comes with:
    none of them stands for all. `package` is its name as a Python distribution, empty where it is none.
    """

    name: str
    version: str
    licence: str
    homepage: str = ""
    notice: str = ""
    texts: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    package: str = ""

    def is_in(self, system: str) -> bool:
        """Whether builds for `system` (a value of `sys.platform`) hold it."""
        return not self.systems or system in self.systems


def components_of(text: str) -> tuple[Component, ...]:
    """The parts that a list names, in its order; ValueError where it isn't one."""
    try:
        return tuple(_component(each) for each in json.loads(text))
    except (TypeError, AttributeError) as error:
        raise ValueError("no list of components") from error


def _component(listed: dict[str, Any]) -> Component:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in listed.items()
    }
    return Component(**fields)


def list_of(components: tuple[Component, ...]) -> str:
    """The text that `components_of` reads."""
    fields = ({key: value for key, value in each._asdict().items() if value} for each in components)
    kept = [{"version": "", **each} for each in fields]
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
