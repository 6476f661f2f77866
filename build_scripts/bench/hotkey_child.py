"""The real app, reporting on each press of its hotkey in lines of JSON: `hotkey_child`.

`ready`: the hotkey is bound and the small window made; what `seen` reports of each press; `hidden`: the
window has gone away again, and all is quiet.
"""

from __future__ import annotations

import sys

from app.desktop.load_pyside import load_pyside

load_pyside()  # as a start of the app does before it imports the rest of itself

from PySide6.QtCore import QTimer  # noqa: E402

import app.main  # noqa: E402
from app.__main__ import main  # noqa: E402
from app.presence.presence import Presence  # noqa: E402
from app.presence.quick_window import QuickWindow  # noqa: E402
from build_scripts.bench.seen import QUIET_AFTER, Watch, report  # noqa: E402

READY_AFTER = 3000  # ms: the window is made in a quiet moment after the start


class Measured(app.main.Sirocco):
    """The app with an observer on it; nothing of the app is changed."""

    def _bind_hotkey(self, quick: QuickWindow, presence: Presence) -> None:
        super()._bind_hotkey(quick, presence)
        QTimer.singleShot(READY_AFTER, self, lambda: self.on_made(quick))

    def on_made(self, quick: QuickWindow) -> None:
        if self.hotkey is None:
            return
        window = quick.window
        self.watch = Watch(window.field, window)
        self.watch.seen.connect(lambda: QTimer.singleShot(QUIET_AFTER, window.leave))
        window.in_sight_changed.connect(self.on_in_sight_changed)
        # The observer hears it before the window does.
        self.hotkey.pressed.disconnect(quick.toggle)
        self.hotkey.pressed.connect(self.watch.begin)
        self.hotkey.pressed.connect(quick.toggle)
        report(ready=True)

    def on_in_sight_changed(self, is_in_sight: bool) -> None:
        if not is_in_sight:
            QTimer.singleShot(QUIET_AFTER, self, lambda: report(hidden=True))


app.main.Sirocco = Measured  # type: ignore[misc]
sys.exit(main([]))
