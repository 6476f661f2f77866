"""What Markdown becomes which blocks, by example."""

import subprocess
import sys
from pathlib import Path

import pytest

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
    Link,
    ListBlock,
    ListItem,
    Math,
    MathBlock,
    Paragraph,
    Plain,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
    plain_text,
    text_of,
)
from app.markup.limits import MAX_DEPTH, RICH_CHARACTERS
from app.markup.parse import parse


def only(source: str) -> Block:
    (block,) = parse(source)
    return block


def spans(source: str) -> tuple[object, ...]:
    block = only(source)
    assert isinstance(block, Paragraph)
    return block.spans


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a*", (Emphasis((Text("a"),)),)),
        ("__a__", (Strong((Text("a"),)),)),
        ("***a***", (Emphasis((Strong((Text("a"),)),)),)),
        ("~~a~~", (Strike((Text("a"),)),)),
        ("`` a`b ``", (Code("a`b"),)),
        ("snake_case_name", (Text("snake_case_name"),)),
        ("2 * 3 * 4", (Text("2 * 3 * 4"),)),
        ("**「a」**で", (Strong((Text("「a」"),)), Text("で"))),
        ("你**\uff08好\uff09**", (Text("你"), Strong((Text("\uff08好\uff09"),)))),
        ("~~「a」~~で", (Strike((Text("「a」"),)), Text("で"))),
        ("*「a」*b", (Text("*「a」*b"),)),
        ("你 ** 好 ** 。", (Text("你 ** 好 ** 。"),)),
        ("__「a」__で", (Text("__「a」__で"),)),
        (r"\*a\*", (Text("*a*"),)),
        ("a &amp; b &nope;", (Text("a & b &nope;"),)),
        ("a\nb", (Text("a"), Break(hard=False), Text("b"))),
        ("a  \nb\\\nc", (Text("a"), Break(hard=True), Text("b"), Break(hard=True), Text("c"))),
        ('[a](/b "c")', (Link((Text("a"),), "/b", "c"),)),
        ("<https://a.example>", (Link((Text("https://a.example"),), "https://a.example"),)),
        ("<b>x</b>", (Text("<b>x</b>"),)),
        ("![a *b*](https://u:p@host.example/x.png)", (Image("a b", "host.example"),)),
        ("![a](data:image/png;base64,AA)", (Image("a", ""),)),
    ],
)
def test_spans(source: str, expected: tuple[object, ...]) -> None:
    assert spans(source) == expected


@pytest.mark.parametrize(
    ("source", "href", "after"),
    [
        ("https://a.example/b_(c), d", "https://a.example/b_(c)", ", d"),
        ("http://a.example.", "http://a.example", "."),
        ("(https://a.example/?b=c)", "https://a.example/?b=c", ")"),
        ("www.a.example/b!", "http://www.a.example/b", "!"),
        ("a@b.com,", "mailto:a@b.com", ","),
        ("“https://a.example/b”", "https://a.example/b", "”"),
        ("'https://a.example/b'.", "https://a.example/b", "'."),
        ("«www.a.example/b»", "http://www.a.example/b", "»"),
        ("https://a.example/b…", "https://a.example/b", "…"),
        ("https://a.example/b_c_", "https://a.example/b_c", "_"),
        ("见 https://a.example/b。", "https://a.example/b", "。"),
        ("见https://a.example/b\uff0c然后继续", "https://a.example/b", "\uff0c然后继续"),
        ("\uff08https://a.example/b\uff09", "https://a.example/b", "\uff09"),
        ("زوروا https://a.example/b، ثم", "https://a.example/b", "، ثم"),
        ("「https://a.example/b」です", "https://a.example/b", "」です"),
    ],
)
def test_addresses_in_text_become_links_without_the_punctuation_behind_them(
    source: str, href: str, after: str
) -> None:
    links = [span for span in spans(source) if isinstance(span, Link)]
    assert [link.href for link in links] == [href]
    assert spans(source)[-1] == Text(after)


@pytest.mark.parametrize(("mark", "kind"), [("**", Strong), ("*", Emphasis), ("~~", Strike), ("_", Emphasis)])
def test_the_marks_around_an_address_are_none_of_it(mark: str, kind: type[Strong]) -> None:
    link = Link((Text("https://a.example/b"),), "https://a.example/b")
    assert spans(f"{mark}https://a.example/b{mark}") == (kind((link,)),)


@pytest.mark.parametrize("source", ["main.py", "README.md and node.js", "a.b.c", "//x.example", "1.2.3.4"])
def test_names_of_files_are_no_addresses(source: str) -> None:
    assert spans(source) == (Text(source),)


@pytest.mark.parametrize(
    "source", ["[a](javascript:b)", "[a](file:///c)", "[a](data:text/html,b)", "[a](vbscript:b)"]
)
def test_addresses_that_run_something_stay_text(source: str) -> None:
    assert spans(source) == (Text(source),)


def test_headings() -> None:
    assert parse("# a\n### b ###\nc\n===\n") == (
        Heading(1, (Text("a"),), (0, 1)),
        Heading(3, (Text("b"),), (1, 2)),
        Heading(1, (Text("c"),), (2, 4)),
    )


def test_nested_lists_with_numbers_and_boxes() -> None:
    a = Paragraph((Text("a"),), (0, 1))
    b = Paragraph((Text("b"),), (1, 2))
    c = Paragraph((Text("c"),), (2, 3))
    inner = ListBlock(False, 1, True, (ListItem((b,), False, (1, 2)), ListItem((c,), True, (2, 3))), (1, 3))
    d = Paragraph((Text("d"),), (3, 4))
    assert only("3. a\n   - [ ] b\n   - [x] c\n4. d\n") == ListBlock(
        True, 3, True, (ListItem((a, inner), None, (0, 3)), ListItem((d,), None, (3, 4))), (0, 4)
    )


@pytest.mark.parametrize(
    ("source", "tight"), [("- a\n- b\n", True), ("- a\n\n- b\n", False), ("- a\n\n  b\n- c\n", False)]
)
def test_a_list_knows_whether_it_is_tight(source: str, tight: bool) -> None:
    block = only(source)
    assert isinstance(block, ListBlock)
    assert block.tight is tight


def test_quotes_in_quotes() -> None:
    inner = Quote((Paragraph((Text("b"),), (1, 2)),), (1, 2))
    assert only("> a\n> > b\n") == Quote((Paragraph((Text("a"),), (0, 1)), inner), (0, 2))


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("Py", "python"),
        ("{.python}", "python"),
        ('js title="a.js"', "javascript"),
        ("rust:main.rs", "rust"),
        ("c++", "cpp"),
        ("plaintext", "text"),
        ("", ""),
    ],
)
def test_the_language_of_a_fence(info: str, language: str) -> None:
    assert only(f"```{info}\na\n```\n") == CodeBlock(language, info, "a\n", True, (0, 3))


def test_escapes_in_the_info_of_a_fence() -> None:
    assert only("``` f&ouml;\\+o\nx\n```\n") == CodeBlock("fö+o", "fö+o", "x\n", True, (0, 3))


def test_code_blocks_say_whether_they_are_closed() -> None:
    assert only("```\na\n\n") == CodeBlock("", "", "a\n\n", False, (0, 3))
    assert only("~~~\n```\n~~~") == CodeBlock("", "", "```\n", True, (0, 3))
    assert only("    a\n\n    b\n") == CodeBlock("", "", "a\n\nb\n", True, (0, 3))


def test_tables() -> None:
    block = only("| a | b |\n|:-:|--:|\n| `x\\|y` | *z* |\n| 1 |\n")
    assert block == Table(
        (Align.CENTER, Align.RIGHT),
        ((Text("a"),), (Text("b"),)),
        (((Code("x|y"),), (Emphasis((Text("z"),)),)), ((Text("1"),), ())),
        (0, 4),
    )


def test_cells_beyond_the_last_column_are_not_dropped() -> None:
    block = only("|a|b|\n|-|-|\n|1|2|3|4|\n")
    assert isinstance(block, Table)
    assert block.rows == (((Text("1"),), (Text("2 | 3 | 4"),)),)


def test_rules_and_what_is_around_them() -> None:
    assert parse("---\na\n\n***\n") == (Rule((0, 1)), Paragraph((Text("a"),), (1, 2)), Rule((3, 4)))


@pytest.mark.parametrize(
    ("source", "tex", "display"),
    [
        ("$x^2$", "x^2", False),
        (r"\(a_b\)", "a_b", False),
        (r"so \[c\] it", "c", True),
        ("so $$d$$ it", "d", True),
        (r"$a\$b$", r"a\$b", False),
        ("$17 mod 5 = 2$", "17 mod 5 = 2", False),
        (r"$3 \times 4$", r"3 \times 4", False),
        ("$2x + 3$", "2x + 3", False),
    ],
)
def test_formulas_in_a_line(source: str, tex: str, display: bool) -> None:
    assert Math(tex, display) in spans(source)


@pytest.mark.parametrize(
    "source",
    [
        *("$5 and $6", "US$5 to US$6", "$ a $", "it costs 5$", "$1,000 or $2,000.50", "$20/month, $30/year"),
        *("$5 million and 5$", "$5 to 10$", "($5)($6)", "$100k–$200k", "from $A to $B"),
    ],
)
def test_prices_are_no_formulas(source: str) -> None:
    assert spans(source) == (Text(source),)


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("$$\nx\n+ y\n$$\n", "x\n+ y"),
        ("$$x$$\n", "x"),
        ("\\[\nx\n\\]\n", "x"),
        ("\\begin{align}\nx &= y\n\\end{align}\n", "\\begin{align}\nx &= y\n\\end{align}"),
    ],
)
def test_formulas_on_lines_of_their_own(source: str, tex: str) -> None:
    assert only(source) == MathBlock(tex, True, (0, source.count("\n")))


def test_a_formula_block_without_its_end_stops_at_an_empty_line() -> None:
    assert parse("$$\nx\n\ny\n") == (MathBlock("x", False, (0, 2)), Paragraph((Text("y"),), (3, 4)))


def test_footnotes_stay_where_they_are_written() -> None:
    assert parse("a[^n]\n\n[^n]: b\n") == (
        Paragraph((Text("a"), FootnoteRef("n")), (0, 1)),
        Footnote("n", (Paragraph((Text("b"),), (2, 3)),), (2, 3)),
    )
    assert spans("a[^n]") == (Text("a[^n]"),)


def test_the_first_definition_of_a_link_wins() -> None:
    assert parse("[A]\n\n[a]: /1\n[a]: /2\n") == (Paragraph((Link((Text("A"),), "/1"),), (0, 1)),)


@pytest.mark.parametrize("marks", ["- ", "> ", "1. ", "> - ", "- 1. > "])
def test_nothing_is_dropped_at_any_depth(marks: str) -> None:
    blocks = parse(marks * 400 + "bottom\n\nafter\n")
    assert "bottom" in text_of(blocks)
    assert text_of(blocks).endswith("after")
    assert _depth(blocks) <= MAX_DEPTH


def _depth(blocks: tuple[Block, ...]) -> int:
    inner = [0]
    for block in blocks:
        match block:
            case Quote(children):
                inner.append(1 + _depth(children))
            case ListBlock(items=items):
                inner += [1 + _depth(item.blocks) for item in items]
    return max(inner)


def test_emphasis_nests_to_a_limit_and_keeps_its_words() -> None:
    source = "".join(f"*a{i} **b{i} " for i in range(200)) + "** *" * 200
    text = plain_text(only(source))
    assert all(f"a{i}" in text and f"b{i}" in text for i in range(200))


def test_what_is_beyond_the_limit_is_plain_and_whole() -> None:
    line = "*word* " * 10 + "\n\n"
    source = line * (RICH_CHARACTERS // len(line) + 100)
    *rich, last = parse(source)
    assert isinstance(last, Plain)
    assert source.endswith(last.text)
    assert last.lines == (source.count("\n") - last.text.count("\n"), source.count("\n"))
    assert not any(isinstance(block, Plain) for block in rich)


def test_what_text_cannot_hold_is_replaced() -> None:
    assert spans("a\0b\ud800c") == (Text("a\ufffdb\ufffdc"),)


def test_plain_text_is_readable() -> None:
    source = (
        "3. a\n4. [x] b\n   - c\n\n| d | e |\n|---|---|\n| f | ![g](http://h.example/i) |\n\n```\nj\n```\n"
    )
    assert text_of(parse(source)) == ("3. a\n4. [x] b\n   - c\n\nd\te\nf\t🖼 g — h.example\n\nj")


def test_the_parser_loads_with_the_first_text_and_not_before() -> None:
    program = (
        "import sys; from app.markup import blocks, highlight, languages, limits, parse, tail; "
        "tail.GrowingMarkdown(); "
        "assert not {'markdown_it', 'pygments', 'linkify_it', 'mdit_py_plugins'} & sys.modules.keys()"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True, timeout=60)
