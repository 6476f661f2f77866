"""The value of the registry that Windows starts with the session, not yet run on a real one."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Any, Protocol

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
# Where the Task Manager and the Settings keep what a person has switched off there.
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
NAME = "Sirocco"


class Registry(Protocol):
    """What is needed of the module `winreg`."""

    HKEY_CURRENT_USER: int
    KEY_READ: int
    KEY_SET_VALUE: int
    REG_SZ: int

    def CreateKeyEx(self, key: int, sub_key: str, reserved: int, access: int) -> Any:
        """Open a key, made where it isn't there; closed by `with`."""

    def OpenKey(self, key: int, sub_key: str, reserved: int, access: int) -> Any:
        """Open a key; FileNotFoundError where it isn't there."""

    def QueryValueEx(self, key: Any, value_name: str) -> tuple[Any, int]:
        """A value and its type; FileNotFoundError where it isn't there."""

    def SetValueEx(self, key: Any, value_name: str, reserved: int, kind: int, value: str) -> None:
        """Set a value."""

    def DeleteValue(self, key: Any, value: str) -> None:
        """Delete a value; FileNotFoundError where it isn't there."""


class RunValue:
    """The person's own Run key, for which no rights are needed."""

    def __init__(self, registry: Registry, command: Sequence[str]) -> None:
        self._registry = registry
        self._command = subprocess.list2cmdline(command)

    def exists(self) -> bool:
        """Whether the value is there and wasn't switched off elsewhere."""
        if self._read(RUN) is None:
            return False
        approved = self._read(APPROVED)
        # Its first byte is even where it is switched on.
        return not (isinstance(approved, bytes) and approved and approved[0] & 1)

    def make(self) -> None:
        """Set the value, and forget that it was switched off."""
        registry = self._registry
        with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, RUN, 0, registry.KEY_SET_VALUE) as key:
            registry.SetValueEx(key, NAME, 0, registry.REG_SZ, self._command)
        self._delete(APPROVED)

    def remove(self) -> None:
        """Delete the value."""
        self._delete(RUN)
        self._delete(APPROVED)

    def _read(self, path: str) -> Any:
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, path, 0, registry.KEY_READ) as key:
                return registry.QueryValueEx(key, NAME)[0]
        except FileNotFoundError:
            return None

    def _delete(self, path: str) -> None:
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, path, 0, registry.KEY_SET_VALUE) as key:
                registry.DeleteValue(key, NAME)
        except FileNotFoundError:
            return
