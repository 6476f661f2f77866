"""Which way this system has to start the app with the session."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from app.chat.autostart import StartupEntry
from app.desktop.autostart.linux import AutostartFile
from app.desktop.autostart.macos import LaunchAgent
from app.desktop.autostart.windows import RunValue
from app.desktop.start_command import start_command


def startup_entry(environment: Mapping[str, str], platform: str = sys.platform) -> StartupEntry | None:
    """The entry that starts this very app hidden; None where there is no way."""
    # By its whole path: at a session's start the search path may not be the one of now.
    command = (*start_command({**environment, "PATH": ""}), "--hidden")
    home = Path(environment.get("HOME") or Path.home())
    match platform:
        case "linux":
            return AutostartFile(Path(environment.get("XDG_CONFIG_HOME") or home / ".config"), command)
        case "darwin":
            return LaunchAgent(home, command)
        case "win32" if command[0] != "env":  # what starts a source tree is no command of Windows
            return RunValue(import_module("winreg"), command)
        case _:
            return None
