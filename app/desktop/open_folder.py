"""Shows a folder of Sirocco's own in the desktop's file manager."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_folder(folder: Path) -> bool:
    """False where it is no folder, such as before the first chat, or nothing could show it.

    Only ever with a path that Sirocco itself has chosen: no text of a chat gets here (SEC-04).
    """
    return folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
