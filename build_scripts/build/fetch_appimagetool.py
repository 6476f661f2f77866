"""Fetches what makes AppImages into a folder, for a build on GitHub."""

from __future__ import annotations

import hashlib
import os
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from build_scripts.build.appimage import RUNTIME_VARIABLE
from build_scripts.build.steps import BuildError, say


class Tool(NamedTuple):
    """A file to fetch, and the sum that says that it is the one that was looked at."""

    name: str
    address: str
    sha256: str


_RELEASES = "https://github.com/AppImage"
TOOLS = (
    Tool(
        "appimagetool",
        f"{_RELEASES}/appimagetool/releases/download/1.9.1/appimagetool-x86_64.AppImage",
        "ed4ce84f0d9caff66f50bcca6ff6f35aae54ce8135408b3fa33abfc3cb384eb0",
    ),
    # What an AppImage begins with: the tool would fetch the newest of the day.
    Tool(
        "runtime",
        f"{_RELEASES}/type2-runtime/releases/download/20251108/runtime-x86_64",
        "2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d",
    ),
)


def fetch(folder: Path, tools: Sequence[Tool] = TOOLS) -> None:
    """Fetch them all into `folder`; BuildError where one isn't what it should be."""
    folder.mkdir(parents=True, exist_ok=True)
    for tool in tools:
        with urllib.request.urlopen(tool.address, timeout=120) as answer:  # noqa: S310 - from the list above
            data = answer.read()
        found = hashlib.sha256(data).hexdigest()
        if found != tool.sha256:
            raise BuildError(f"{tool.address} has the sum {found}, not {tool.sha256}.")
        path = folder / tool.name
        path.write_bytes(data)
        path.chmod(0o755)


def tell_the_next_steps(folder: Path) -> None:
    """Have the later steps of a GitHub job find the tool and its runtime, and run the tool without FUSE."""
    with Path(os.environ["GITHUB_PATH"]).open("a", encoding="utf-8") as file:
        file.write(f"{folder}\n")
    with Path(os.environ["GITHUB_ENV"]).open("a", encoding="utf-8") as file:
        file.write(f"{RUNTIME_VARIABLE}={folder / 'runtime'}\nAPPIMAGE_EXTRACT_AND_RUN=1\n")


def main(folder: str) -> int:
    try:
        fetch(Path(folder).resolve())
    except (BuildError, OSError) as error:
        print(f"fetch_appimagetool: {error}", file=sys.stderr)
        return 1
    tell_the_next_steps(Path(folder).resolve())
    say(f"{folder}: {', '.join(tool.name for tool in TOOLS)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
