"""The .desktop file that a Linux desktop starts with the session (XDG autostart)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app.desktop.paths import APP_ID

# Version 1.4: desktop-file-validate of Debian 12 knows no newer one. The tray of a panel that is still on its
# way would not be missed, but a window's place in it would.
_FILE = """[Desktop Entry]
Type=Application
Version=1.4
Name=Sirocco
Comment=Chat client
Exec={command}
Icon={app_id}
Terminal=false
X-GNOME-Autostart-enabled=true
X-GNOME-Autostart-Delay=3
X-KDE-autostart-after=panel
"""
_QUOTED = str.maketrans({character: f"\\{character}" for character in '\\"`$'})


class AutostartFile:
    """`config` is the person's XDG_CONFIG_HOME; `command` starts the app without its window."""

    def __init__(self, config: Path, command: Sequence[str]) -> None:
        self.path = config / "autostart" / f"{APP_ID}.desktop"
        self._command = command

    def exists(self) -> bool:
        """Whether the file is there and no desktop's settings have switched it off."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return False
        said = {"".join(line.split()).lower() for line in lines}
        return not said & {"hidden=true", "x-gnome-autostart-enabled=false"}

    def make(self) -> None:
        """Write the file, whole or not at all."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = _FILE.format(command=exec_line(self._command), app_id=APP_ID)
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=".sirocco-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink(missing_ok=True)


def exec_line(command: Sequence[str]) -> str:
    """The value of the key Exec: each word quoted, then the whole as any string of such a file."""
    quoted = (f'"{word.translate(_QUOTED)}"' for word in command)
    return " ".join(quoted).replace("\\", "\\\\").replace("%", "%%")
