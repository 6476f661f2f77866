"""What all installers of one build say of it: its version, its moment, where it is at home."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from build_scripts.build.places import ROOT, SCRIPTS, VERSION

TEMPLATES = SCRIPTS / "installers"
RESOURCES = ROOT / "resources"
# Who is written to about a package; who releases it says so in the variable.
CONTACT, CONTACT_VARIABLE = "The Sirocco authors <sirocco@users.noreply.github.com>", "SIROCCO_CONTACT"
SUMMARY = "desktop chat client for the Mistral API and its protocol"
DESCRIPTION = """\
Sirocco talks to the Mistral API and to every other endpoint that speaks the same protocol: llama.cpp, Ollama,
vLLM, LM Studio, a gateway of your own.

It opens at once, streams answers as they are written, keeps every chat on your machine and your key in the
system's keyring. Quick Ask comes up over any app at the press of a key.
"""
# Where the project lives; who builds for themselves has no such place.
HOMEPAGE_VARIABLE = "SIROCCO_HOMEPAGE"


@dataclass(frozen=True, slots=True)
class Release:
    """One build. `epoch`, in seconds, dates every file of it: the same source makes the same bytes.

    `level` is how hard to compress, from 0 (soon there) to 9 (small).
    """

    version: str
    epoch: int
    homepage: str = ""
    level: int = 9
    contact: str = CONTACT

    @property
    def day(self) -> str:
        return f"{datetime.fromtimestamp(self.epoch, UTC):%Y-%m-%d}"

    def environment(self) -> dict[str, str]:
        """The environment of a tool that dates what it makes."""
        return {**os.environ, "SOURCE_DATE_EPOCH": str(self.epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def this_release(environment: Mapping[str, str], level: int = 9) -> Release:
    """This tree as it is: dated by SOURCE_DATE_EPOCH, else by its last commit, else by its files."""
    given = environment.get("SOURCE_DATE_EPOCH") or _last_commit()
    epoch = int(given) if given else int((ROOT / "app" / "__init__.py").stat().st_mtime)
    contact = environment.get(CONTACT_VARIABLE) or CONTACT
    return Release(VERSION, epoch, environment.get(HOMEPAGE_VARIABLE, ""), level, contact)


def _last_commit() -> str:
    words = ["git", "log", "-1", "--format=%ct"]
    try:
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def architecture() -> str:
    """What this machine's programs are for, as its system says it."""
    name = platform.machine().lower()
    return {"amd64": "x86_64", "arm64": "arm64" if sys.platform == "darwin" else "aarch64"}.get(name, name)


def template(name: str, values: Mapping[str, str]) -> str:
    """A template of ours with each `@NAME@` replaced."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    for word, value in values.items():
        text = text.replace(f"@{word}@", value)
    return text
