"""Drafts a release on GitHub out of all that `dist` holds: `python -m build_scripts.build.draft TAG`."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from build_scripts.build.announcement import write_announcement
from build_scripts.build.checksums import SUMS, handed_out, write_sums
from build_scripts.build.places import DIST, ROOT, VERSION
from build_scripts.build.release import HOMEPAGE_VARIABLE
from build_scripts.build.steps import BuildError, run, say
from build_scripts.build.tools import Run


def draft(tag: str, folder: Path, run: Run, version: str, changelog: str, homepage: str = "") -> None:
    """Sum what is in `folder`, and draft the release; a person looks at it and publishes it.

    With a `homepage` the announcement for installed versions is drafted with it.
    """
    if tag != f"v{version}":
        raise BuildError(f"The tag {tag} isn't this tree's version, {version}.")
    files = handed_out(folder)
    if not files:
        raise BuildError(f"There is nothing to hand out in {folder}.")
    said = notes_of(changelog, version)
    write_sums(folder)
    announced = [write_announcement(folder, version, said, homepage)] if homepage else []
    with tempfile.TemporaryDirectory() as place:
        notes = Path(place, "notes.md")
        notes.write_text(said, encoding="utf-8")
        told = ["--draft", "--verify-tag", "--title", f"Sirocco {version}"]
        run(["gh", "release", "create", tag, *told, "--notes-file", notes, *files, folder / SUMS, *announced])


def notes_of(changelog: str, version: str) -> str:
    """What the change log says of a version; BuildError where it doesn't."""
    head = rf"^## \[{re.escape(version)}\][^\n]*\n"
    found = re.search(rf"{head}(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None or not found[1].strip():
        raise BuildError(f"CHANGELOG.md says nothing of {version}.")
    return f"{found[1].strip()}\n"


def main(tag: str) -> int:
    try:
        changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        draft(tag, DIST, run, VERSION, changelog, os.environ.get(HOMEPAGE_VARIABLE, ""))
    except BuildError as error:
        print(f"draft: {error}", file=sys.stderr)
        return 1
    say(f"The release {tag} is drafted.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
