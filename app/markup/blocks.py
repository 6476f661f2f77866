"""The tree of values that Markdown becomes, which the transcript draws and the exports write.

A text is a tuple of blocks; a block holds spans (text within a line) or further blocks. Every block knows
its `lines`: the half-open range of source lines, counted from 0, that it was made from. Nothing here can be
fetched or run: a picture is its words and a host name, and HTML is text like any other.

Spans nest, since the exports need the nesting; whoever draws takes `runs`, which flattens it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, Flag
from typing import NamedTuple, TypeAlias

Lines: TypeAlias = tuple[int, int]


# --- spans ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they are to be read."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Inline code, without its backticks."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula within a line as TeX source, without its dollars or brackets.

    `display` says that it was written to be set large (`$$…$$` in the middle of a paragraph). `tex` is
    `UNFINISHED` while the end of the formula has not arrived.
    """

    tex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that a model named: shown as a chip with these words, never loaded (SEC-01).

    `host` is empty where the address has none (a relative path, a `data:` address).
    """

    alt: str
    host: str


@dataclass(frozen=True, slots=True)
class FootnoteRef:
    """The mark in the text that points to the footnote of this label."""

    label: str


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a source line within a paragraph; `hard` when the text asks for a new line there."""

    hard: bool


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed words, set in italics."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Strong words, set in bold."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Strike:
    """Words struck through."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere.

    `href` is untrusted and may be relative: only `desktop.open_link` decides whether it opens (SEC-04).
    It is `PENDING` while the address is still arriving: drawn as a link that can't be followed yet.
    """

    spans: tuple[Span, ...]
    href: str
    title: str = ""


PENDING = "pending:"
"""The address of a link whose own has not arrived yet. A scheme that no link opener accepts."""

UNFINISHED = "…"
"""What a formula says whose end has not arrived: drawn as a sign that something is on its way."""

Leaf: TypeAlias = Text | Code | Math | Image | FootnoteRef | Break
Span: TypeAlias = Leaf | Emphasis | Strong | Strike | Link


# --- blocks --------------------------------------------------------------------------------------------


class Align(Enum):
    """Where the text of a table's column stands; NONE follows the direction of the text."""

    NONE = ""
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    spans: tuple[Span, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    spans: tuple[Span, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list; `checked` is None where it has no task box."""

    blocks: tuple[Block, ...]
    checked: bool | None
    lines: Lines


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list. `start` is the first number of an ordered one; a `tight` one has no gaps between its items."""

    ordered: bool
    start: int
    tight: bool
    items: tuple[ListItem, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Code, fenced or indented. `text` ends with a newline unless it is empty or still growing.

    `info` is all that stood behind the opening fence; `language` is its first word, lower case, without
    the dressing that some models put around it, "" where there is none. `closed` is False while the
    closing fence is missing.
    """

    language: str
    info: str
    text: str
    closed: bool
    lines: Lines


@dataclass(frozen=True, slots=True)
class MathBlock:
    """A formula on lines of its own as TeX source; `closed` is False while its end is missing.

    `tex` is `UNFINISHED` while that may still arrive.
    """

    tex: str
    closed: bool
    lines: Lines


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted blocks."""

    blocks: tuple[Block, ...]
    lines: Lines


Cell: TypeAlias = tuple[Span, ...]
Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: every row has as many cells as `alignments`; the head of rows out of a table has none."""

    alignments: tuple[Align, ...]
    head: Row
    rows: tuple[Row, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the text."""

    lines: Lines


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote's own text, at the place where it was written; numbered in order of first use when drawn."""

    label: str
    blocks: tuple[Block, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Plain:
    """Source shown as it is, line by line: what is too large, too deep or too slow to be parsed."""

    text: str
    lines: Lines


Block: TypeAlias = (
    Paragraph | Heading | ListBlock | CodeBlock | MathBlock | Quote | Table | Rule | Footnote | Plain
)


def plain_from(text: str, line: int) -> Plain:
    """Text from source line `line` on, as it was written."""
    return Plain(text, (line, line + text.count("\n") + (not text.endswith("\n"))))


# --- readings ------------------------------------------------------------------------------------------


class Style(Flag):
    """How a run is set, beside being a link."""

    NORMAL = 0
    EMPHASIS = 1
    STRONG = 2
    STRIKE = 4


class Run(NamedTuple):
    """One leaf with everything that holds around it."""

    leaf: Leaf
    style: Style
    link: Link | None


def runs(spans: Iterable[Span], style: Style = Style.NORMAL, link: Link | None = None) -> Iterator[Run]:
    """The spans flattened, in reading order. The parser bounds their depth, so recursion is safe."""
    for span in spans:
        match span:
            case Emphasis():
                yield from runs(span.spans, style | Style.EMPHASIS, link)
            case Strong():
                yield from runs(span.spans, style | Style.STRONG, link)
            case Strike():
                yield from runs(span.spans, style | Style.STRIKE, link)
            case Link():
                yield from runs(span.spans, style, span)
            case _:
                yield Run(span, style, link)


def leaf_text(leaf: Leaf) -> str:
    """The words of one leaf, as they are read aloud and copied."""
    match leaf:
        case Text(text) | Code(text):
            return text
        case Math(tex, display):
            return f"$${tex}$$" if display else f"${tex}$"
        case Image(alt, host):
            return "🖼 " + " — ".join(word for word in (alt, host) if word)
        case FootnoteRef(label):
            return f"[{label}]"
        case Break(hard):
            return "\n" if hard else " "


def span_text(spans: Iterable[Span]) -> str:
    """The words of some spans without their style."""
    return "".join(leaf_text(run.leaf) for run in runs(spans))


def written_words(spans: Iterable[Span]) -> str:
    """What of some spans is in a human language: neither code, nor formulas, nor pictures."""
    return "".join(run.leaf.text for run in runs(spans) if isinstance(run.leaf, Text))


def plain_text(block: Block) -> str:
    """The words of one block for a screen reader or a plain-text copy, without a newline at the end.

    Items have their bullet, number or box, the cells of a row are parted by tabs.
    """
    match block:
        case Paragraph(spans) | Heading(spans=spans):
            return span_text(spans)
        case ListBlock():
            marks = (f"{block.start + i}. " if block.ordered else "- " for i in range(len(block.items)))
            return "\n".join(_item_text(mark, item) for mark, item in zip(marks, block.items, strict=True))
        case CodeBlock(text=text) | Plain(text):
            return text.removesuffix("\n")
        case MathBlock(tex):
            return f"$$\n{tex}\n$$"
        case Quote(blocks):
            return text_of(blocks)
        case Table():
            rows = (block.head, *block.rows) if block.head else block.rows
            return "\n".join("\t".join(map(span_text, row)) for row in rows)
        case Rule():
            return "———"
        case Footnote(label, blocks):
            return f"[{label}] {text_of(blocks)}"


def text_of(blocks: Iterable[Block]) -> str:
    """The words of several blocks, one below the other with an empty line between them."""
    return "\n\n".join(plain_text(block) for block in blocks)


def _item_text(mark: str, item: ListItem) -> str:
    box = {None: "", True: "[x] ", False: "[ ] "}[item.checked]
    inner = "\n".join(plain_text(block) for block in item.blocks)
    return mark + box + inner.replace("\n", "\n" + " " * len(mark))
