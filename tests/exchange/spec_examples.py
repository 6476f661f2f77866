"""The examples of CommonMark and of GFM's extensions, out of the source of markdown-it-py."""

from __future__ import annotations

import json
import re
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

# dev.py's fetch_examples puts it there.
FOLDER = Path(sys.prefix) / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """Markdown and the HTML that it must become; `name` says where it is written."""

    name: str
    section: str
    markdown: str
    html: str


def commonmark() -> list[Example]:
    """All examples of the CommonMark specification."""
    return [
        Example(str(item["example"]), item["section"], item["markdown"], item["html"])
        for item in json.loads(_read("tests/test_cmark_spec/commonmark.json"))
    ]


def extension(name: str) -> list[Example]:
    """The examples of one extension, those of GFM's specification among them: each named by its heading."""
    parts = re.split(r"^\.\n", _read(f"tests/test_port/fixtures/{name}.md"), flags=re.MULTILINE)
    return [
        Example(parts[i - 1].strip() or f"{name} {i // 3}", name, parts[i], parts[i + 1])
        for i in range(1, len(parts) - 1, 3)
    ]


def _read(path: str) -> str:
    sources = list(FOLDER.glob("markdown_it_py-*.tar.gz"))
    if len(sources) != 1:
        raise FileNotFoundError(f"no examples in {FOLDER}: `dev.py test` fetches them")
    with tarfile.open(sources[0]) as archive:
        member = archive.extractfile(f"{sources[0].name.removesuffix('.tar.gz')}/{path}")
        assert member is not None
        return member.read().decode()
