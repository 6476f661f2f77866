"""Footnotes and sources as they are drawn: numbered in order of first use, the two of them together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlsplit

from app.core.parts import Part, ReferencePart, RefusalPart, Source, TextPart
from app.markup.blocks import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Footnote,
    FootnoteRef,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Math,
    MathBlock,
    Paragraph,
    Plain,
    Quote,
    Rule,
    Span,
    Strike,
    Strong,
    Table,
    Text,
    runs,
)

# A reference within Markdown: brackets that nobody writes, around one letter of the private area. They count
# as punctuation, so that emphasis that ends before them ends.
_FIRST, _LAST = 0xE000, 0xF8FF
_MARK = re.compile("⸨([\ue000-\uf8ff])⸩")
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


def may_have_notes(source: str) -> bool:
    """Whether there may be notes in a Markdown text; most have none and need no further look."""
    return "[^" in source or "⸨" in source


@dataclass(frozen=True, slots=True)
class Marks:
    """The labels that a block uses, and those of the footnotes in it with what they use themselves."""

    used: tuple[str, ...] = ()
    written: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels in the block."""
        return (*self.used, *(label for name, inner in self.written for label in (name, *inner)))


def marks_of(block: Block) -> Marks:
    """The labels in one block."""
    notes: list[tuple[str, tuple[str, ...]]] = []
    used = tuple(_used([block], notes))
    return Marks(used, tuple(notes))


def numbering(marks: Iterable[Marks], before: Mapping[str, int]) -> dict[str, int]:
    """The number of each label; sources that have one from the text `before` keep it."""
    marks = tuple(marks)
    numbers: dict[str, int] = {label: n for label, n in before.items() if _is_letter(label)}
    count = max(before.values(), default=0)
    written = {label: inner for one in reversed(marks) for label, inner in reversed(one.written)}
    waiting = [label for one in marks for label in one.used]
    # What a footnote refers to comes behind all that the text refers to; what nothing refers to is last.
    waiting.reverse()
    rest = list(written)
    while waiting or rest:
        label = waiting.pop() if waiting else rest.pop(0)
        if label not in numbers:
            count += 1
            numbers[label] = count
            waiting[:0] = reversed(written.get(label, ()))
    return numbers


def numbered(block: Block, numbers: Mapping[str, int], sources: Mapping[str, Source]) -> Block:
    """The block with numbers for labels; what has no notes in it is the same object."""
    return _Numberer(numbers, sources).block(block)


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


def _used(blocks: Iterable[Block], notes: list[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(spans) | Heading(spans=spans):
                yield from _labels(spans)
            case ListBlock(items=items):
                for item in items:
                    yield from _used(item.blocks, notes)
            case Quote(inner):
                yield from _used(inner, notes)
            case Table(head=head, rows=rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _labels(cell)
            case Footnote(label, inner):
                notes.append((label, tuple(_used(inner, notes))))
            case _:
                pass


def _labels(spans: Sequence[Span]) -> Iterator[str]:
    for run in runs(spans):
        match run.leaf:
            case FootnoteRef(label):
                yield label
            case Text(text) if "⸨" in text:
                yield from _MARK.findall(text)
            case _:
                pass


def _is_letter(label: str) -> bool:
    return len(label) == 1 and _FIRST <= ord(label) <= _LAST


_Value = TypeVar("_Value", bound=Block | Span | ListItem)
_Item = TypeVar("_Item")


class _Numberer:
    """Makes the blocks anew that have labels in them."""

    def __init__(self, numbers: Mapping[str, int], sources: Mapping[str, Source]) -> None:
        self._numbers = numbers
        self._sources = sources

    def block(self, block: Block) -> Block:
        """One block."""
        match block:
            case Paragraph(spans) | Heading(spans=spans):
                return _changed(block, spans=self._spans(spans))
            case ListBlock(items=items):
                return _changed(block, items=_each(items, self._item))
            case Quote(blocks):
                return _changed(block, blocks=_each(blocks, self.block))
            case Table(head=head, rows=rows):
                return _changed(
                    block,
                    head=_each(head, self._spans),
                    rows=_each(rows, lambda row: _each(row, self._spans)),
                )
            case Footnote(label, blocks):
                return _changed(block, label=self._number(label), blocks=_each(blocks, self.block))
            case CodeBlock(text=text) | Plain(text):
                return _changed(block, text=_MARK.sub("", text))
            case MathBlock(tex):
                return _changed(block, tex=_MARK.sub("", tex))
            case Rule():
                return block

    def _item(self, item: ListItem) -> ListItem:
        return _changed(item, blocks=_each(item.blocks, self.block))

    def _spans(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        found = tuple(new for span in spans for new in self._span(span))
        return spans if found == spans else found

    def _span(self, span: Span) -> Iterator[Span]:
        match span:
            case Text(text) if "⸨" in text:
                for number, piece in enumerate(_MARK.split(text)):
                    if number % 2:
                        yield self._reference(piece)
                    elif piece:
                        yield Text(piece)
            case FootnoteRef(label):
                yield FootnoteRef(self._number(label))
            case Code(text):
                yield _changed(span, text=_MARK.sub("", text))
            case Math(tex):
                yield _changed(span, tex=_MARK.sub("", tex))
            case Link(spans, href):
                yield _changed(span, spans=self._spans(spans), href=_MARK.sub("", href))
            case Emphasis(spans) | Strong(spans) | Strike(spans):
                yield _changed(span, spans=self._spans(spans))
            case _:
                yield span

    def _reference(self, letter: str) -> Span:
        mark = FootnoteRef(self._number(letter))
        source = self._sources.get(letter)
        return Link((mark,), source.url) if source is not None and source.url else mark

    def _number(self, label: str) -> str:
        number = self._numbers.get(label)
        return label if number is None else str(number)


def _each(values: tuple[_Item, ...], change: Callable[[_Item], _Item]) -> tuple[_Item, ...]:
    found = tuple(map(change, values))
    return values if all(a is b for a, b in zip(values, found, strict=True)) else found


def _changed(value: _Value, **fields: object) -> _Value:
    if all(getattr(value, name) == new for name, new in fields.items()):
        return value
    return replace(value, **fields)  # type: ignore[arg-type] # the callers name fields of their kind
