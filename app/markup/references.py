"""The sources that an answer rests on, and the marks that stand for them in its Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from app.core.parts import Part, ReferencePart, RefusalPart, Source, TextPart
from app.markup.blocks import Block, Footnote, Link, Paragraph, Span, Strong, Text

# A reference within Markdown: brackets that nobody writes, around one letter of the private area. They count
# as punctuation, so that emphasis that ends before them ends.
_FIRST, _LAST = 0xE000, 0xF8FF
MARK = re.compile("⸨([\ue000-\uf8ff])⸩")
_CLOSED = re.compile(r"[ >]*(?:`{3,}|~{3,}|\|.*\|)[ ]*")
_LOOKALIKE = re.compile("⸨(?=[\ue000-\uf8ff]⸩)")


class References:
    """The sources that an answer rests on, each known by the letter that stands for it in the Markdown."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self._letters: dict[str, str] = {}

    def source_text(self, parts: Iterable[Part]) -> str:
        """Text in a row as one Markdown text, with a mark where a reference stands."""
        text = ""
        for part in parts:
            more = self._text(part)
            if more and isinstance(part, ReferencePart) and _CLOSED.fullmatch(text, text.rfind("\n") + 1):
                # The end of code or of a row would be none with a mark behind it.
                more = f"\n{more}"
            text += more
        return text

    def _text(self, part: Part) -> str:
        match part:
            case TextPart(text) | RefusalPart(text):
                return _LOOKALIKE.sub("⸨\u200b", text) if "⸨" in text else text
            case ReferencePart(ids, sources):
                known = {source.source_id: source for source in sources}
                return "".join(self._mark(one, known.get(one)) for one in ids)
            case _:
                return ""

    def _mark(self, name: str, source: Source | None) -> str:
        if name not in self._letters:
            if _FIRST + len(self._letters) > _LAST:
                return ""
            self._letters[name] = chr(_FIRST + len(self._letters))
        letter = self._letters[name]
        if source is not None:
            self.sources.setdefault(letter, source)
        return f"⸨{letter}⸩"


def source_blocks(numbers: Mapping[str, int], sources: Mapping[str, Source], title: str) -> list[Block]:
    """The list below an answer of the sources that are known; nothing where none is."""
    blocks: list[Block] = []
    for letter, source in sorted(sources.items(), key=lambda one: numbers.get(one[0], 0)):
        if letter in numbers:
            words: tuple[Span, ...] = (Text(source.title or source.url or source.source_id),)
            host = _host(source.url)
            spans = (Link(words, source.url), Text(f" — {host}")) if host else words
            blocks.append(Footnote(str(numbers[letter]), (Paragraph(spans, (0, 0)),), (0, 0)))
    heading = Paragraph((Strong((Text(title),)),), (0, 0))
    return [heading, *blocks] if blocks else []


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def is_letter(label: str) -> bool:
    """Whether a label stands for a source, not for a footnote that the model wrote."""
    return len(label) == 1 and _FIRST <= ord(label) <= _LAST
