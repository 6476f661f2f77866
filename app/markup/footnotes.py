"""The numbers of footnotes, in order of first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.markup.blocks import Block, Footnote, FootnoteRef, Heading, ListBlock, Paragraph, Quote, Table, runs


def footnotes(blocks: Iterable[Block]) -> dict[str, Footnote]:
    """The footnotes by label, the first used first; those that are not referred to come last.

    A mark without a footnote has no entry. Of two footnotes of one label the first counts.
    """
    blocks = tuple(blocks)
    written: dict[str, Footnote] = {}
    for block in _within(blocks):
        if isinstance(block, Footnote):
            written.setdefault(block.label, block)
    used: dict[str, Footnote] = {}
    waiting = list(_marks(block for block in _within(blocks) if not isinstance(block, Footnote)))
    waiting.reverse()
    while waiting:
        label = waiting.pop()
        if label in written and label not in used:
            used[label] = written[label]
            # What a footnote refers to comes behind all that the text refers to.
            waiting[:0] = reversed(list(_marks(_within(written[label].blocks))))
    return {**used, **written}


def _within(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and all blocks in them, but for those in footnotes."""
    for block in blocks:
        yield block
        match block:
            case ListBlock(items=items):
                for item in items:
                    yield from _within(item.blocks)
            case Quote(inner):
                yield from _within(inner)


def _marks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(spans) | Heading(spans=spans):
                groups = [spans]
            case Table(head=head, rows=rows):
                groups = [cell for row in (head, *rows) for cell in row]
            case _:
                continue
        for spans in groups:
            for run in runs(spans):
                if isinstance(run.leaf, FootnoteRef):
                    yield run.leaf.label
