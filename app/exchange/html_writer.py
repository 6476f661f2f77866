"""The block tree as HTML that is safe wherever it is pasted or opened.

Whatever a text holds arrives as escaped text: the only elements are those written here, the only address is
that of a link to the web or to a mail address, and nothing in it is fetched or run. The elements and the few
attributes are those that LibreOffice Writer and mail programs understand; they know no style sheets.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from html import escape

from app.core.links import link_address
from app.markup.blocks import (
    Align,
    Block,
    Break,
    Cell,
    Code,
    CodeBlock,
    Emphasis,
    Footnote,
    FootnoteRef,
    Heading,
    Leaf,
    Link,
    ListBlock,
    ListItem,
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
    leaf_text,
    plain_text,
    written_words,
)
from app.markup.footnotes import marks_of, numbering
from app.markup.limits import without_controls

_BOXES = {None: "", False: "☐ ", True: "☑ "}


def html_of(blocks: Iterable[Block]) -> str:
    """Blocks as they are parsed, as a piece of HTML that stands in a body; their footnotes come last."""
    blocks = tuple(blocks)
    marks = [marks_of(block) for block in blocks]
    numbers = numbering(marks, {})
    # Of two footnotes of one label the first counts.
    written = {note.label: note for one in reversed(marks) for note, _ in reversed(one.written)}
    notes = {number: written[label] for label, number in numbers.items() if label in written}
    writer = _Writer({note.label: number for number, note in notes.items()})
    return writer.blocks(blocks) + writer.notes(notes)


def page_of(blocks: Iterable[Block], title: str = "") -> str:
    """The blocks as a document that says its encoding, as files and the clipboard need it (UTF-8)."""
    return page_around(html_of(blocks), title)


def page_around(html: str, title: str = "") -> str:
    """The document around what `html_of` wrote."""
    head = f'<meta charset="utf-8"><title>{_escaped(title)}</title>'
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body>\n{html}</body></html>\n"


class _Writer:
    """Writes one text, whose footnotes have these numbers; a mark without a footnote is its label."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def blocks(self, blocks: Iterable[Block]) -> str:
        """The blocks, each ended by a newline."""
        return "".join(f"{html}\n" for block in blocks if (html := self._block(block)))

    def notes(self, notes: Mapping[int, Footnote]) -> str:
        """The footnotes as a numbered list below a line."""
        items = ""
        for place, number in enumerate(sorted(notes), start=1):
            # In a part of a text a note may be missing between two.
            value = "" if number == place else f' value="{number}"'
            items += f"<li{value}>\n{self.blocks(notes[number].blocks)}</li>\n"
        return f"<hr>\n<ol>\n{items}</ol>\n" if items else ""

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(spans):
                return f"<p{_direction(spans)}>{self._spans(spans)}</p>"
            case Heading(level, spans):
                return f"<h{level}{_direction(spans)}>{self._spans(spans)}</h{level}>"
            case ListBlock():
                return self._list(block)
            case CodeBlock(language, text=text):
                name = f' class="language-{_escaped(language)}"' if language else ""
                return f"<pre><code{name}>{_escaped(text)}</code></pre>"
            case MathBlock():
                return f"<p>{_with_breaks(plain_text(block))}</p>"
            case Quote(inner):
                return f"<blockquote>\n{self.blocks(inner)}</blockquote>"
            case Table():
                return self._table(block)
            case Rule():
                return "<hr>"
            case Footnote():
                return ""  # at the end of the text
            case Plain(text):
                words = text.removesuffix("\n")
                return f"<p>{_with_breaks(words)}</p>"

    def _list(self, block: ListBlock) -> str:
        name = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = "".join(self._item(item, tight=block.tight) for item in block.items)
        return f"<{name}{start}>\n{items}</{name}>"

    def _item(self, item: ListItem, *, tight: bool) -> str:
        box = _BOXES[item.checked]
        match item.blocks:
            case (Paragraph(spans, lines), *rest) if box:
                blocks: tuple[Block, ...] = (Paragraph((Text(box), *spans), lines), *rest)
            case _ if box:
                blocks = (Paragraph((Text(box),), item.lines), *item.blocks)
            case _:
                blocks = item.blocks
        if not tight:
            return f"<li>\n{self.blocks(blocks)}</li>\n"
        # In a tight list paragraphs are bare text, so that no gap is between the items.
        parts = [
            self._spans(block.spans) if isinstance(block, Paragraph) else self._block(block)
            for block in blocks
        ]
        first = blocks[0] if blocks else None
        direction = _direction(first.spans) if isinstance(first, Paragraph) else ""
        return f"<li{direction}>" + "\n".join(filter(None, parts)) + "</li>\n"

    def _table(self, table: Table) -> str:
        # Rows that were copied out of a table have no head.
        head = self._row("th", table.head, table.alignments)
        head = f"<thead>\n{head}</thead>\n" if table.head else ""
        rows = "".join(self._row("td", row, table.alignments) for row in table.rows)
        body = f"<tbody>\n{rows}</tbody>\n" if rows else ""
        first = next((cell for cell in table.head if written_words(cell).strip()), ())
        look = f'{_direction(first)} border="1" cellpadding="4" style="border-collapse:collapse"'
        return f"<table{look}>\n{head}{body}</table>"

    def _row(self, name: str, row: Iterable[Cell], alignments: Iterable[Align]) -> str:
        cells = [
            f"<{name}{_alignment(align)}{_direction(cell)}>{self._spans(cell)}</{name}>\n"
            for cell, align in zip(row, alignments, strict=False)
        ]
        return f"<tr>\n{''.join(cells)}</tr>\n"

    def _spans(self, spans: Iterable[Span]) -> str:
        return "".join(map(self._span, spans))

    def _span(self, span: Span) -> str:
        match span:
            case Emphasis(inner):
                return f"<em>{self._spans(inner)}</em>"
            case Strong(inner):
                return f"<strong>{self._spans(inner)}</strong>"
            case Strike(inner):
                return f"<del>{self._spans(inner)}</del>"
            case Link(inner, href, title):
                words, address = self._spans(inner), link_address(href)
                if not address:
                    return words
                more = f' title="{_escaped(title)}"' if title else ""
                return f'<a href="{_escaped(address)}"{more}>{words}</a>'
            case _:
                return self._leaf(span)

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Code(text):
                return f"<code>{_escaped(text)}</code>"
            case FootnoteRef(label) if label in self._numbers:
                return f"<sup>{self._numbers[label]}</sup>"
            case Break(hard):
                return "<br>\n" if hard else "\n"
            case _:
                return _escaped(leaf_text(leaf))


def _escaped(text: str) -> str:
    return escape(without_controls(text))


def _with_breaks(text: str) -> str:
    return _escaped(text).replace("\n", "<br>\n")


def _alignment(align: Align) -> str:
    return f' align="{align.value}"' if align is not Align.NONE else ""


def _direction(spans: Iterable[Span]) -> str:
    """What tells the reader that the first letter is of a script written from right to left.

    What code and formulas are made of is no letter.
    """
    text = written_words(spans)
    if text.isascii():
        return ""
    strong = (kind for letter in text if (kind := unicodedata.bidirectional(letter)) in {"L", "R", "AL"})
    return "" if next(strong, "L") == "L" else ' dir="rtl"'
