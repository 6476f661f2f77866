"""Parser tokens to values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from app.markup import limits
from app.markup.blocks import (
    Align,
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Footnote,
    FootnoteRef,
    Heading,
    Image,
    Lines,
    Link,
    ListBlock,
    ListItem,
    Math,
    MathBlock,
    Paragraph,
    Plain,
    Quote,
    Row,
    Rule,
    Span,
    Strike,
    Strong,
    Table,
    Text,
)
from app.markup.grammar import groups
from app.markup.languages import language_of
from app.markup.pauses import may_pause


class Converter:
    """Makes values of tokens whose lines are counted from `first_line` of the whole text."""

    def __init__(self, first_line: int = 0) -> None:
        self._first = first_line

    def blocks(self, tokens: list[Token]) -> tuple[Block, ...]:
        """The sibling blocks that the tokens hold."""
        level = tokens[0].level if tokens else 0
        return tuple(self.block(group) for group in groups(tokens, level))

    def block(self, group: list[Token]) -> Block:
        """The block that begins with the first of the tokens and ends with the last."""
        may_pause()
        head, inner = group[0], group[1:-1]
        lines = self._lines(head)
        match head.type:
            case "paragraph_open":
                return Paragraph(spans(inner[0]), lines)
            case "heading_open":
                return Heading(int(head.tag[1:]), spans(inner[0]), lines)
            case "bullet_list_open" | "ordered_list_open":
                items = tuple(self.item(item) for item in groups(inner, head.level + 1))
                return self.list_block(head, items, lines)
            case "blockquote_open":
                return Quote(self.blocks(inner), lines)
            case "table_open":
                alignments, row = self.table_head(group)
                return Table(alignments, row, tuple(self.rows(group)), lines)
            case "footnote_reference_open":
                return Footnote(head.meta["label"], self.blocks(inner), lines)
            case "fence":
                info = info_of(head)
                return CodeBlock(language_of(info), info, head.content, is_closed(head), lines)
            case "code_block":
                return CodeBlock("", "", head.content, True, lines)
            case "math_block":
                return MathBlock(head.content, bool(head.markup), lines)
            case "hr":
                return Rule(lines)
            case "plain":
                return Plain(head.content, lines)
            case kind:
                raise ValueError(f"a block of an unknown kind: {kind}")

    def item(self, group: list[Token]) -> ListItem:
        """The item that these tokens hold."""
        blocks = self.blocks(group[1:-1])
        match blocks:
            case (Paragraph((Text(text), *rest), at), *others) if (box := text[:4].lower()) in _BOXES:
                first = Paragraph((Text(text[4:]), *rest) if text[4:] else tuple(rest), at)
                return ListItem((first, *others), _BOXES[box], self._lines(group[0]))
        return ListItem(blocks, None, self._lines(group[0]))

    def list_block(self, head: Token, items: tuple[ListItem, ...], lines: Lines) -> ListBlock:
        """A list with the properties that its opening token has."""
        start = head.attrs.get("start", 1)
        return ListBlock(head.type == "ordered_list_open", int(start), "tight" in head.meta, items, lines)

    def table_head(self, group: list[Token]) -> tuple[tuple[Align, ...], Row]:
        """The alignment of each column and the cells of the head."""
        cells = [token for token in _first_row(group) if token.type == "th_open"]
        alignments = tuple(Align(str(t.attrs.get("style", "")).removeprefix("text-align:")) for t in cells)
        return alignments, self.row(_first_row(group))

    def rows(self, group: list[Token]) -> Iterator[Row]:
        """The rows below the head."""
        start = 0
        for i, token in enumerate(group):
            if token.type == "tr_open":
                start = i
            elif token.type == "tr_close" and group[start + 1].type != "th_open":
                yield self.row(group[start : i + 1])

    def row(self, tokens: Sequence[Token]) -> Row:
        """The cells of one row."""
        may_pause()
        return tuple(spans(token) for token in tokens if token.type == "inline")

    def _lines(self, token: Token) -> Lines:
        first, end = token.map or (0, 0)
        return first + self._first, end + self._first


_BOXES = {"[ ] ": False, "[x] ": True}


def _first_row(group: list[Token]) -> list[Token]:
    end = next(i for i, token in enumerate(group) if token.type == "tr_close")
    return group[:end]


def info_of(fence: Token) -> str:
    """What stands behind the opening fence, its escapes and entities resolved."""
    return unescapeAll(fence.info).strip()


def is_closed(fence: Token) -> bool:
    """Whether the closing fence is there: then the block has one line more than its opening and its code."""
    first, end = fence.map or (0, 0)
    code = fence.content
    return end - first > 1 + code.count("\n") + (not code.endswith("\n") if code else 0)


def spans(inline: Token) -> tuple[Span, ...]:
    """The spans of one run of text; marks that nest deeper than `limits.MAX_DEPTH` have no effect."""
    levels: list[list[Span]] = [[]]
    openers: list[Token] = []
    for token in inline.children or ():
        if token.nesting == 1:
            openers.append(token)
            if len(openers) <= limits.MAX_DEPTH:
                levels.append([])
        elif token.nesting == -1:
            opener = openers.pop()
            if len(openers) < limits.MAX_DEPTH:
                inner = tuple(levels.pop())
                levels[-1].append(_around(opener, inner))
        else:
            _put(levels[-1], _leaf(token))
    return tuple(levels[0])


def _around(opener: Token, inner: tuple[Span, ...]) -> Span:
    match opener.type:
        case "em_open":
            return Emphasis(inner)
        case "strong_open":
            return Strong(inner)
        case "s_open":
            return Strike(inner)
        case "link_open":
            return Link(inner, str(opener.attrs.get("href", "")), str(opener.attrs.get("title", "")))
        case kind:
            raise ValueError(f"a span of an unknown kind: {kind}")


def _leaf(token: Token) -> Span:
    match token.type:
        case "text" | "text_special":
            return Text(token.content)
        case "code_inline":
            return Code(token.content)
        case "softbreak" | "hardbreak":
            return Break(token.type == "hardbreak")
        case "math":
            return Math(token.content, token.markup in {"$$", "\\["})
        case "footnote_ref":
            return FootnoteRef(token.meta["label"])
        case "image":
            words = "".join(_words(token.children or []))
            return Image(words, _host(str(token.attrs.get("src", ""))))
        case kind:
            raise ValueError(f"a leaf of an unknown kind: {kind}")


def _put(run: list[Span], span: Span) -> None:
    match span:
        case Text(""):
            return
        case Text(text) if run and isinstance(run[-1], Text):
            run[-1] = Text(run[-1].text + text)
        case _:
            run.append(span)


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                yield " "
            case "image":
                yield from _words(token.children or [])
            case "footnote_ref":
                yield f"[^{token.meta['label']}]"
            case _:
                yield token.content


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
