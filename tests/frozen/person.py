"""A person at a private desktop who works with mouse and keyboard, and of whom every action is counted."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.desktop.home import python
from tests.desktop.processes import until
from tests.desktop.screen_reader import ScreenReader
from tests.desktop.session import Desktop

CLIP_OWNER = Path(__file__).parents[1] / "desktop" / "clip_owner.py"
# The keystroke-level model (Card, Moran and Newell, 1983): seconds to think of the next step, to point with
# the mouse, to press and let go its button, to press a key as one who types 40 words a minute.
THINK, POINT, BUTTON, KEY = 1.35, 1.1, 0.2, 0.28


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way: what a person did in it, and how long the machine took, in seconds."""

    name: str
    clicks: int
    chords: int
    letters: int
    waited: float

    @property
    def in_all(self) -> float:
        """What a person takes for it, the machine's time included."""
        thought = THINK * (self.clicks + self.chords + (self.letters > 0))
        return thought + (POINT + BUTTON) * self.clicks + KEY * (2 * self.chords + self.letters) + self.waited


class Person:
    """Works on one desktop. `screen` is the app that they look at; `stages` is what they have been through.

    At the end of each stage the whole screen is pictured, into `folder`.
    """

    screen: ScreenReader

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.stages: list[Stage] = []
        self._desktop = desktop
        self._folder = folder
        self._clicks = self._chords = self._letters = 0
        self._by_hand = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count from here to the end of the block, which waits for what the stage is to bring about."""
        self._clicks = self._chords = self._letters = 0
        self._by_hand = 0.0
        begun = time.monotonic()
        yield
        waited = time.monotonic() - begun - self._by_hand
        self.stages.append(Stage(name, self._clicks, self._chords, self._letters, waited))
        self.look(name)

    def look(self, name: str) -> None:
        """Picture what they see."""
        begun = time.monotonic()
        number = len(list(self._folder.glob("*.png"))) + 1
        self._desktop.picture(self._folder / f"{number:02}-{name.replace(' ', '-')}.png")
        self._by_hand += time.monotonic() - begun

    def click(self, name: str | None = None, **what: Any) -> None:
        """Click in the middle of a control."""
        x, y = self.screen.middle(name, **what)
        self._hand("mousemove", "--sync", str(x), str(y), "click", "1")
        self._clicks += 1

    def click_at(self, place: tuple[int, int]) -> None:
        """Click on what isn't the app's: the icon in the panel."""
        self._hand("mousemove", "--sync", *map(str, place), "click", "1")
        self._clicks += 1

    def click_elsewhere(self, times: int) -> None:
        """Count clicks in the desktop's own programs, of which this one has none."""
        self._clicks += times

    def press(self, chord: str) -> None:
        """Press keys at a time, in xdotool's names."""
        self._hand("key", "--clearmodifiers", chord)
        self._chords += 1

    def write(self, text: str) -> None:
        self._hand("type", "--delay", "5", "--", text)
        self._letters += len(text)

    def copies(self, text: str) -> None:
        """Have copied a text from another program, before the stage."""
        owner = self._desktop.start(python(), CLIP_OWNER, text)
        until(lambda: "copied" in owner.output, "the copied text")

    def table(self, part: list[Stage], part_name: str) -> str:
        """All stages, their sum, and the sum of some of them."""
        head = f"{'stage':<34}{'clicks':>8}{'chords':>8}{'letters':>9}{'machine':>11}{'person':>10}"
        rows = [*self.stages, total("all", self.stages), total(part_name, part)]
        lines = (
            f"{row.name:<34}{row.clicks:>8}{row.chords:>8}{row.letters:>9}"
            f"{row.waited:>9.1f} s{row.in_all:>8.1f} s"
            for row in rows
        )
        return "\n".join([head, *lines])

    def _hand(self, *words: str) -> None:
        # What xdotool takes is not the app's.
        begun = time.monotonic()
        subprocess.run(["xdotool", *words], env=self._desktop.env, check=True)
        self._by_hand += time.monotonic() - begun


def up_to(stages: list[Stage], name: str) -> list[Stage]:
    """The stages up to the one of this name, this one included."""
    at = next(at for at, stage in enumerate(stages) if stage.name == name)
    return stages[: at + 1]


def total(name: str, stages: list[Stage]) -> Stage:
    """The sum of stages."""
    return Stage(
        name,
        sum(one.clicks for one in stages),
        sum(one.chords for one in stages),
        sum(one.letters for one in stages),
        sum(one.waited for one in stages),
    )
