"""The panel of a desktop such as KDE's, as far as tray icons know it: they register, and it calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress

from tests.desktop.bus_peer import BusPeer, Reply, call
from tests.desktop.processes import until

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES: dict[str, tuple[str, Any]] = {
    "IsStatusNotifierHostRegistered": ("b", True),
    "ProtocolVersion": ("i", 0),
    "RegisteredStatusNotifierItems": ("as", []),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of an icon's menu."""

    number: int
    label: str


class Panel:
    """Watcher and host in one; its icons are those that registered since it was made."""

    def __init__(self, address: str) -> None:
        self._address = address
        answers: dict[str, Callable[..., Reply | None]] = {
            "RegisterStatusNotifierItem": lambda _: ("", ()),
            "RegisterStatusNotifierHost": lambda _: ("", ()),
            "Get": lambda _, name: ("v", (PROPERTIES[name],)),
            "GetAll": lambda _: ("a{sv}", (PROPERTIES,)),
        }
        self._peer = BusPeer(address, WATCHER, answers)

    def close(self) -> None:
        """End it, as a panel that crashed."""
        self._peer.close()

    @property
    def icon(self) -> PanelIcon:
        """The icon that registered last."""
        return PanelIcon(self._address, self._name)

    def _name(self) -> str | None:
        names = [body[0] for member, body in self._peer.calls if member == "RegisterStatusNotifierItem"]
        return names[-1] if names else None


class PanelIcon:
    """One icon, worked as a panel does; waits for it, also where it takes the place of an earlier one."""

    def __init__(self, address: str, name: Callable[[], str | None]) -> None:
        self._address = address
        self._name = name

    def click(self) -> None:
        """Press it with the usual button."""
        self._call("/StatusNotifierItem", ITEM, "Activate", "ii", (10, 20))

    def click_middle(self) -> None:
        """Press it with the middle button."""
        self._call("/StatusNotifierItem", ITEM, "SecondaryActivate", "ii", (10, 20))

    @property
    def tooltip(self) -> str:
        """Its tooltip's title."""
        properties = "org.freedesktop.DBus.Properties"
        (_, (_, _, title, _)) = self._call("/StatusNotifierItem", properties, "Get", "ss", (ITEM, "ToolTip"))[
            0
        ]
        return str(title)

    def entries(self) -> list[Entry]:
        """The visible rows of its menu."""
        wanted = (0, -1, ["label", "visible", "type"])
        _, (_, _, children) = self._call("/MenuBar", MENU, "GetLayout", "iias", wanted)
        found = []
        for _, (number, properties, _) in children:
            label = properties.get("label", ("s", ""))[1]
            if label and properties.get("visible", ("b", True))[1]:
                found.append(Entry(number, label.replace("_", "")))
        return found

    def choose(self, label: str) -> None:
        """Click a row of its menu."""
        entry = until(lambda: next((one for one in self.entries() if one.label == label), None), label)
        self._call("/MenuBar", MENU, "Event", "isvu", (entry.number, "clicked", ("i", 0), 0))

    def _call(
        self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        def answer() -> tuple[tuple[Any, ...]] | None:
            name = self._name()
            said = name and call(self._address, DBusAddress(path, name, interface), member, signature, body)
            return (said,) if isinstance(said, tuple) else None

        return until(answer, f"{member} of the icon")[0]
