"""What a person can set about the small window, and its form in settings.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

MINUTES = (0, 1, 5, 15, 60)  # that can be chosen to continue the last talk within
MAX_ACTIONS = 50
MAX_NAME, MAX_PROMPT = 80, 8_000  # characters
MAX_SCREENS = 16
WIDTH, MIN_WIDTH, MAX_WIDTH = 640, 400, 1400  # px
MIN_HEIGHT, MAX_HEIGHT = 240, 4000


class QuickAction(NamedTuple):
    """Something that is done with a piece of text: what it is called, and what the model is told."""

    name: str
    prompt: str


class QuickSize(NamedTuple):
    """How large the small window is on one screen, in px; a height of 0 is the usual share of the screen."""

    screen: str
    width: int = WIDTH
    height: int = 0


DEFAULT_ACTIONS = (
    QuickAction(
        "Translate",
        "Translate the following text into English; if it is in English, into German."
        " Answer with the translation alone.",
    ),
    QuickAction(
        "Summarise",
        "Summarise the following text in a few short points, in the language of the text.",
    ),
    QuickAction(
        "Fix grammar",
        "Correct spelling, grammar and punctuation of the following text, and change nothing else."
        " Answer with the corrected text alone.",
    ),
    QuickAction(
        "Explain",
        "Explain the following text in plain words to somebody who doesn’t know the subject.",
    ),
)


class QuickAskSettings(NamedTuple):
    """`endpoint_id` and `model` are empty where the small window asks the model of any new chat.

    `minutes` is how long the last talk is continued; `hides` whether the window goes away when another one is
    clicked; `follows_pointer` whether it opens on the pointer's screen, else on the main one.
    """

    endpoint_id: str = ""
    model: str = ""
    system_prompt: str = ""
    minutes: int = 5
    is_pinned: bool = False
    hides: bool = True
    follows_pointer: bool = True
    offers_copied: bool = True
    actions: tuple[QuickAction, ...] = DEFAULT_ACTIONS
    sizes: tuple[QuickSize, ...] = ()

    def size(self, screen: str) -> QuickSize:
        """How large the window is on this screen."""
        return next((one for one in self.sizes if one.screen == screen), QuickSize(screen))

    def with_size(self, size: QuickSize) -> QuickAskSettings:
        """Return the settings with this size, the one of the screen that was used last first."""
        others = [one for one in self.sizes if one.screen != size.screen]
        return self._replace(sizes=(size, *others)[:MAX_SCREENS])


USUAL = QuickAskSettings()


def quick_ask_to_data(settings: QuickAskSettings) -> dict[str, Any]:
    """The settings as a JSON object."""
    return {
        **settings._asdict(),
        "actions": [one._asdict() for one in settings.actions],
        "sizes": [one._asdict() for one in settings.sizes],
    }


def quick_ask_from_data(data: object) -> QuickAskSettings:
    """Read the settings leniently: what is missing or of another type is the default."""
    if not isinstance(data, dict):
        return USUAL
    known = {
        name: data[name]
        for name, default in USUAL._asdict().items()
        if not isinstance(default, tuple) and type(data.get(name)) is type(default)
    }
    settings = USUAL._replace(**known)
    if settings.minutes not in MINUTES:
        settings = settings._replace(minutes=min(MINUTES, key=lambda one: abs(one - settings.minutes)))
    if isinstance(data.get("actions"), list):
        actions = [one for one in map(_action, data["actions"][:MAX_ACTIONS]) if one is not None]
        settings = settings._replace(actions=tuple(actions))
    if isinstance(data.get("sizes"), list):
        sizes = [one for one in map(_size, data["sizes"][:MAX_SCREENS]) if one is not None]
        settings = settings._replace(sizes=tuple(sizes))
    return settings


def _action(data: object) -> QuickAction | None:
    match data:
        case {"name": str(name), "prompt": str(prompt)} if name.strip():
            return QuickAction(name[:MAX_NAME], prompt[:MAX_PROMPT])
        case _:
            return None


def _size(data: Mapping[str, Any] | object) -> QuickSize | None:
    match data:
        case {"screen": str(screen), "width": int(width), "height": int(height)}:
            height = min(max(height, MIN_HEIGHT), MAX_HEIGHT) if height else 0
            return QuickSize(screen[:200], min(max(width, MIN_WIDTH), MAX_WIDTH), height)
        case _:
            return None
