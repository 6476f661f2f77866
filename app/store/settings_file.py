"""The settings as a file that is written whole and read with patience."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.core.settings import Settings, settings_from_data, settings_to_data
from app.store.faults import StoreError, fault_of_errno
from app.store.private_files import close_to_others, free_name, replace_whole, stamp

FORMAT = 1  # raised when an older version would misread the file
MAX_BYTES = 1024 * 1024
_FORMAT_NAME = "format"


class SettingsFile:
    """settings.json. No key is ever in it.

    `kept` is where `load` has put a file that it could not use, or a copy of one that a newer version wrote,
    which `is_newer` tells; None where all was well.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept: Path | None = None
        self.is_newer = False

    def load(self) -> Settings:
        """The settings; defaults for all that the file doesn't say, or says in a way that is not understood.

        Never raises: with no settings at all the app still starts.
        """
        self.kept, self.is_newer = None, False
        try:
            data = self._data()
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError, RecursionError):
            self._move_aside()
            return Settings()
        close_to_others(self.path)
        self.is_newer = data.pop(_FORMAT_NAME, FORMAT) != FORMAT
        if self.is_newer:
            self._copy_aside()
        return settings_from_data(data)

    def save(self, settings: Settings) -> None:
        """Write all settings: whole, or, with a StoreError, not at all. The file is the owner's alone."""
        data = {_FORMAT_NAME: FORMAT, **settings_to_data(settings)}
        try:
            replace_whole(self.path, json.dumps(data, indent=2).encode() + b"\n")
        except OSError as error:
            raise StoreError(fault_of_errno(error.errno), f"{type(error).__name__}: {error}") from error

    def _data(self) -> dict[str, Any]:
        if self.path.exists() and not self.path.is_file():
            raise ValueError("not a file")  # to read a pipe could take for ever
        with self.path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ValueError("too large")
        data = json.loads(content)
        if not isinstance(data, dict):
            raise ValueError("not an object")
        return data

    def _move_aside(self) -> None:
        kept = self._name_aside("unreadable")
        # Where it can't be moved it can't be written over either.
        with suppress(OSError):
            self.path.rename(kept)
            close_to_others(kept)
            self.kept = kept

    def _copy_aside(self) -> None:
        kept = self._name_aside("newer")
        with suppress(OSError):
            replace_whole(kept, self.path.read_bytes())
            self.kept = kept

    def _name_aside(self, why: str) -> Path:
        return free_name(self.path.with_name(f"{self.path.stem}-{why}-{stamp()}{self.path.suffix}"))
