"""The numbers of footnotes and of sources: in order of first use, the two of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from app.core.parts import Source
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
from app.markup.references import MARK, is_letter


def may_have_notes(source: str) -> bool:
    """Whether there may be notes in a Markdown text; most have none and need no further look."""
    return "[^" in source or "⸨" in source


@dataclass(frozen=True, slots=True)
class Marks:
    """The labels that a block uses, and the footnotes in it with what they use themselves."""

    used: tuple[str, ...] = ()
    written: tuple[tuple[Footnote, tuple[str, ...]], ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels in the block."""
        return (*self.used, *(label for note, inner in self.written for label in (note.label, *inner)))


def marks_of(block: Block) -> Marks:
    """The labels in one block."""
    notes: list[tuple[Footnote, tuple[str, ...]]] = []
    used = tuple(_used([block], notes))
    return Marks(used, tuple(notes))


def numbering(marks: Iterable[Marks], before: Mapping[str, int]) -> dict[str, int]:
    """The number of each label, of those without a footnote too: one may come yet, or stand elsewhere.

    Sources that have a number from the text `before` keep it.
    """
    marks = tuple(marks)
    numbers: dict[str, int] = {label: n for label, n in before.items() if is_letter(label)}
    count = max(before.values(), default=0)
    # Of two footnotes of one label the first counts.
    written = {note.label: inner for one in reversed(marks) for note, inner in reversed(one.written)}
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


def _used(blocks: Iterable[Block], notes: list[tuple[Footnote, tuple[str, ...]]]) -> Iterator[str]:
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
            case Footnote(blocks=inner):
                notes.append((block, tuple(_used(inner, notes))))
            case _:
                pass


def _labels(spans: Sequence[Span]) -> Iterator[str]:
    for run in runs(spans):
        match run.leaf:
            case FootnoteRef(label):
                yield label
            case Text(text) if "⸨" in text:
                yield from MARK.findall(text)
            case _:
                pass


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
                return _changed(block, text=MARK.sub("", text))
            case MathBlock(tex):
                return _changed(block, tex=MARK.sub("", tex))
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
                for number, piece in enumerate(MARK.split(text)):
                    if number % 2:
                        yield self._reference(piece)
                    elif piece:
                        yield Text(piece)
            case FootnoteRef(label):
                yield FootnoteRef(self._number(label))
            case Code(text):
                yield _changed(span, text=MARK.sub("", text))
            case Math(tex):
                yield _changed(span, tex=MARK.sub("", tex))
            case Link(spans, href):
                yield _changed(span, spans=self._spans(spans), href=MARK.sub("", href))
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
