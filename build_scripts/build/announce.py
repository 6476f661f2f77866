"""Announces the latest release to installed versions: `python -m build_scripts.build.announce TAG`.

What GitHub hands out of a release comes from another host, by a redirect that the app doesn't follow. So the
announcement lies in a branch of its own, whose files are handed out as they are, at `address`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from app.core.update import release_of
from build_scripts.build.announcement import NAME
from build_scripts.build.steps import BuildError, run, say
from build_scripts.build.tools import Run

BRANCH = "announcement"


def address(repository: str) -> str:
    """Where installed versions of a repository on GitHub, OWNER/NAME, look."""
    return f"https://raw.githubusercontent.com/{repository}/{BRANCH}/{NAME}"


def announce(tag: str, repository: str, run: Run) -> bool:
    """Announce the release; False where it isn't the latest: a test, or a correction of an older one."""
    latest = run(["gh", "release", "view", "--repo", repository, "--json", "tagName", "--jq", ".tagName"])
    if latest.strip() != tag:
        say(f"{tag} isn't announced: the latest release is {latest.strip()}.")
        return False
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        git: list[str | Path] = [
            "git",
            "-C",
            place,
            "-c",
            "user.name=release",
            "-c",
            "user.email=release@localhost",
        ]
        run(["gh", "release", "download", tag, "--repo", repository, "--pattern", NAME, "--dir", place])
        if f"v{release_of((place / NAME).read_bytes()).version}" != tag:
            raise BuildError(f"{NAME} of {tag} announces another version.")
        run([*git, "init", "--quiet", f"--initial-branch={BRANCH}"])
        run([*git, "add", NAME])
        run([*git, "commit", "--quiet", f"--message=Announce {tag}"])
        # Git asks `gh` for its key, so that none stands in a command line.
        helper = ["-c", "credential.helper=", "-c", "credential.helper=!gh auth git-credential"]
        target = f"https://github.com/{repository}.git"
        run([*git, *helper, "push", "--quiet", "--force", target, BRANCH])
    say(f"{tag} is announced at {address(repository)}.")
    return True


def main(tag: str) -> int:
    try:
        announce(tag, os.environ["GITHUB_REPOSITORY"], run)
    except (BuildError, ValueError) as error:
        print(f"announce: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
