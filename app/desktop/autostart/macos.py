"""The launch agent that macOS starts with the session, not yet run on a real Mac.

Not SMAppService: that needs PyObjC, an app bundle that is signed, and gives the app no `--hidden`.
"""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

from app.desktop.paths import APP_ID


class LaunchAgent:
    """`home` is the person's folder; launchd reads the file at the next log-in."""

    def __init__(self, home: Path, command: Sequence[str]) -> None:
        self.path = home / "Library" / "LaunchAgents" / f"{APP_ID}.plist"
        self._command = command

    def exists(self) -> bool:
        """Whether the file is there, whole, and not disabled."""
        try:
            data = plistlib.loads(self.path.read_bytes())
        except FileNotFoundError:
            return False
        except (plistlib.InvalidFileException, ExpatError, ValueError):
            return False
        return isinstance(data, dict) and data.get("Disabled") is not True

    def make(self) -> None:
        """Write the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data = {
            "Label": APP_ID,
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
        }
        draft = self.path.with_suffix(".new")
        draft.write_bytes(plistlib.dumps(data))
        draft.replace(self.path)

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink(missing_ok=True)
