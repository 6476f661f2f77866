"""The command that starts this very Sirocco again, from anywhere."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path


def start_command(
    environment: Mapping[str, str],
    executable: Path | None = None,
    root: Path | None = None,
    is_frozen: bool | None = None,
) -> tuple[str, ...]:
    """The words of the command, the program's name alone where the shell finds it by that.

    What is left out is this process' own: its interpreter or program, the folder that holds the package,
    and whether it is the standalone app.
    """
    executable = Path(sys.executable) if executable is None else executable
    root = Path(__file__).resolve().parents[2] if root is None else root
    if bool(getattr(sys, "frozen", False)) if is_frozen is None else is_frozen:
        # An AppImage runs from a place that is gone with it.
        image = environment.get("APPIMAGE")
        return (_short(Path(image) if image else executable, environment),)
    script = executable.with_name("sirocco.exe" if os.name == "nt" else "sirocco")
    if script.exists():
        return (_short(script, environment),)
    # From the source tree, which Python has to be told of.
    return ("env", f"PYTHONPATH={root}", str(executable), "-m", "app")


def quick_ask_command(environment: Mapping[str, str]) -> str:
    """What a person binds to a key in the settings of a desktop that lets no app do it, for a shell."""
    return shlex.join((*start_command(environment), "--quick-ask"))


def _short(program: Path, environment: Mapping[str, str]) -> str:
    found = shutil.which("sirocco", path=environment.get("PATH", ""))
    return "sirocco" if found is not None and Path(found).resolve() == program.resolve() else str(program)
