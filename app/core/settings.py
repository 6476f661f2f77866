"""All that a person can set, as one value, and its form in settings.json."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, NamedTuple, TypeGuard, TypeVar

from app.core.provider import Endpoint

MIN_TEXT_SIZE, MAX_TEXT_SIZE = 13, 20  # px, SPEC §2.3
MAX_ENDPOINTS = 200
# On macOS, where Ctrl is Command, the Finder has that one.
DEFAULT_HOTKEY = "Alt+Shift+Space" if sys.platform == "darwin" else "Ctrl+Alt+Space"

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class Appearance(StrEnum):
    """Which of the two themes; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class LineLength(StrEnum):
    """How long a line of text gets in a wide window (SPEC §3); FULL as long as there is room."""

    NARROW = "narrow"
    MEDIUM = "medium"
    FULL = "full"


class SendKey(StrEnum):
    """What sends a message; the other one of the pair breaks the line."""

    ENTER = "enter"
    CTRL_ENTER = "ctrl_enter"


class ProxyMode(StrEnum):
    """Where the proxy comes from: the environment or system, nowhere, or `proxy_url`."""

    SYSTEM = "system"
    NONE = "none"
    CUSTOM = "custom"


class UpdateCheck(StrEnum):
    """Whether newer versions are looked for; ASK until the person has said so. Installed builds alone ask."""

    ASK = "ask"
    ON = "on"
    OFF = "off"


class WindowGeometry(NamedTuple):
    """Where the main window stood, in device-independent px."""

    x: int = 0
    y: int = 0
    width: int = 1200
    height: int = 800
    maximised: bool = False
    sidebar_width: int = 260
    sidebar_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. No key is ever part of it. `unknown` holds what a newer version wrote, kept as it is."""

    endpoints: tuple[Endpoint, ...] = ()
    default_endpoint_id: str = ""
    appearance: Appearance = Appearance.SYSTEM
    text_size: int = 15
    line_length: LineLength = LineLength.MEDIUM
    send_key: SendKey = SendKey.ENTER
    proxy_mode: ProxyMode = ProxyMode.SYSTEM
    proxy_url: str = ""
    ca_file: str = ""
    less_motion: bool = False
    strong_contrast: bool = False
    hotkey: str = DEFAULT_HOTKEY  # a chord as app.core.chord writes it; empty for none
    hotkey_paused: bool = False
    keep_running: bool = True  # when the window is closed, where the app can be reached without it
    knows_it_keeps_running: bool = False
    update_check: UpdateCheck = UpdateCheck.ASK
    update_checked: int = 0  # Unix seconds
    update_skipped: str = ""  # the version that the person was told of and closed
    geometry: WindowGeometry | None = None
    last_conversation_id: str = ""
    quick_ask_data: Mapping[str, Any] = field(default_factory=dict)  # see app.core.quick_ask
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        """The endpoint of this id, or None."""
        return next((one for one in self.endpoints if one.endpoint_id == endpoint_id), None)

    @property
    def default_endpoint(self) -> Endpoint | None:
        """The chosen endpoint, else the first, else None."""
        return self.endpoint(self.default_endpoint_id) or (self.endpoints[0] if self.endpoints else None)

    def with_endpoint(self, endpoint: Endpoint) -> Settings:
        """Return the settings with `endpoint` added, or in the place of the one of the same id."""
        if self.endpoint(endpoint.endpoint_id) is None:
            return replace(self, endpoints=(*self.endpoints, endpoint))
        return replace(
            self,
            endpoints=tuple(
                endpoint if one.endpoint_id == endpoint.endpoint_id else one for one in self.endpoints
            ),
        )

    def without_endpoint(self, endpoint_id: str) -> Settings:
        """Return the settings without the endpoint of this id."""
        return replace(self, endpoints=tuple(one for one in self.endpoints if one.endpoint_id != endpoint_id))


def settings_to_data(settings: Settings) -> dict[str, Any]:
    """The settings as a JSON object; what was unknown on reading is written back."""
    data: dict[str, Any] = dict(settings.unknown)
    for one in fields(Settings):
        value = getattr(settings, one.name)
        match one.name, value:
            case "unknown", _:
                continue
            case "endpoints", _:
                data["endpoints"] = [
                    {
                        "id": endpoint.endpoint_id,
                        "name": endpoint.name,
                        "base_url": endpoint.base_url,
                        "default_model": endpoint.default_model,
                    }
                    for endpoint in settings.endpoints
                ]
            case "geometry", None:
                continue
            case "geometry", WindowGeometry():
                data["geometry"] = value._asdict()
            case "quick_ask_data", _:
                if value:
                    data["quick_ask"] = dict(value)
            case name, StrEnum():
                data[name] = value.value
            case name, _:
                data[name] = value
    return data


def settings_from_data(data: Mapping[str, Any]) -> Settings:
    """Read settings leniently: a value that is missing or of another type is the default."""
    known = {*(one.name for one in fields(Settings)), "quick_ask"} - {"quick_ask_data"}
    size = data.get("text_size")
    defaults = Settings()
    return Settings(
        endpoints=_endpoints(data.get("endpoints")),
        default_endpoint_id=_text(data, "default_endpoint_id"),
        appearance=_choice(Appearance, data.get("appearance"), defaults.appearance),
        text_size=min(max(size, MIN_TEXT_SIZE), MAX_TEXT_SIZE) if _is_int(size) else defaults.text_size,
        line_length=_choice(LineLength, data.get("line_length"), defaults.line_length),
        send_key=_choice(SendKey, data.get("send_key"), defaults.send_key),
        proxy_mode=_choice(ProxyMode, data.get("proxy_mode"), defaults.proxy_mode),
        proxy_url=_text(data, "proxy_url"),
        ca_file=_text(data, "ca_file"),
        less_motion=data.get("less_motion") is True,
        strong_contrast=data.get("strong_contrast") is True,
        hotkey=hotkey if isinstance(hotkey := data.get("hotkey"), str) else defaults.hotkey,
        hotkey_paused=data.get("hotkey_paused") is True,
        keep_running=data.get("keep_running") is not False,
        knows_it_keeps_running=data.get("knows_it_keeps_running") is True,
        update_check=_choice(UpdateCheck, data.get("update_check"), defaults.update_check),
        update_checked=checked if _is_int(checked := data.get("update_checked")) else 0,
        update_skipped=_text(data, "update_skipped"),
        geometry=_geometry(data.get("geometry")),
        last_conversation_id=_text(data, "last_conversation_id"),
        quick_ask_data=quick_ask if isinstance(quick_ask := data.get("quick_ask"), dict) else {},
        unknown={name: value for name, value in data.items() if name not in known},
    )


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _choice(kind: type[ChoiceT], value: object, default: ChoiceT) -> ChoiceT:
    return next((member for member in kind if member.value == value), default)


def _endpoints(value: object) -> tuple[Endpoint, ...]:
    found: dict[str, Endpoint] = {}
    for one in value[:MAX_ENDPOINTS] if isinstance(value, list) else []:
        if not isinstance(one, dict):
            continue
        endpoint = Endpoint(
            _text(one, "id"), _text(one, "name"), _text(one, "base_url"), _text(one, "default_model")
        )
        if endpoint.endpoint_id and endpoint.base_url:
            found.setdefault(endpoint.endpoint_id, endpoint)
    return tuple(found.values())


def _geometry(value: object) -> WindowGeometry | None:
    if not isinstance(value, dict):
        return None
    defaults = WindowGeometry()
    given = {
        name: value[name]
        for name, default in defaults._asdict().items()
        if type(value.get(name)) is type(default)
    }
    return defaults._replace(**given)
