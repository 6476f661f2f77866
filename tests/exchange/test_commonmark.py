"""CommonMark's own examples, and those of GFM's extensions, through the tree to HTML."""

from __future__ import annotations

import dataclasses
import re
from html import escape, unescape
from typing import TypeVar

import pytest

from app.core.links import link_address
from app.exchange.html_writer import html_of
from app.markup.blocks import Link
from app.markup.parse import parse
from app.markup.tail import GrowingMarkdown
from tests.exchange.normal_html import normal
from tests.exchange.safe_html import Reader, assert_safe
from tests.exchange.spec_examples import Example, commonmark, extension

Value = TypeVar("Value")

HTML_SECTIONS = {"HTML blocks", "Raw HTML"}
"""Here raw HTML is what the examples are about. It shows as text."""
WITH_HTML = {"21", "31", "308", "309", "344", "475", "476", "477", "491", "494", "524", "536", "642", "643"}
"""In these examples of other sections there is raw HTML too."""

OTHERWISE = {
    "12": "`\\[…\\]` is a formula",
    "201": "its `<bar>` is raw HTML",
    "597": "a host with a grave accent, `%60`, is none that may be opened",
    "602": "an address in plain text is a link, as in GFM",
    "608": "an address in plain text is a link, as in GFM",
    "611": "an address in plain text is a link, as in GFM",
    "612": "an address in plain text is a link, as in GFM",
}
OTHERWISE_EXTENDED = {
    "Pipes inside backticks DO split cells, unless `\\` escaped:": "cells beyond the last column are kept",
    "An amount of rows might be different across table (issue #171), but header and alignment rows must be "
    "equal (#697):": "cells beyond the last column are kept",
    "GFM 4.10 Tables (extension), Example 204": "cells beyond the last column are kept",
    "don't touch text in html <a> tags": "raw HTML shows as text",
    "coverage, negative link level": "raw HTML shows as text",
    "before line": "a bare host is no link, as in GFM: `main.py` would be one",
    "after line": "a bare host is no link, as in GFM: `main.py` would be one",
    "before after lines": "a bare host is no link, as in GFM: `main.py` would be one",
    "before after lines with blank line": "a bare host is no link, as in GFM: `main.py` would be one",
    "emphasis inside raw links (asterisk) at end of line": "the example's end is mistyped",
}
EXTENSIONS = ("tables", "strikethrough", "tasklists", "linkify")


def absolute(href: str) -> str:
    """An address that the writer keeps: it writes no relative ones and no other schemes, so they get one."""
    return href if link_address(href) else f"https://relative.example/{href}"


def with_absolute_links(value: Value) -> Value:
    """A part of the tree, its links absolute."""
    if isinstance(value, tuple):
        return tuple(map(with_absolute_links, value))  # type: ignore[return-value] # it is a tuple as before
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    fields = {f.name: with_absolute_links(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Link):
        fields["href"] = absolute(value.href)
    return type(value)(**fields)


def written(markdown: str) -> str:
    return normal(html_of(with_absolute_links(parse(markdown))))


def expected(html: str) -> str:
    links = re.compile(r'(?<=<a href=")[^"]*')
    return normal(links.sub(lambda href: escape(absolute(unescape(href[0]))), html))


def has_html(example: Example) -> bool:
    return example.section in HTML_SECTIONS or example.name in WITH_HTML


def test_all_examples_are_there() -> None:
    assert len(commonmark()) == 652
    assert {name: len(extension(name)) for name in EXTENSIONS} == {
        "tables": 42,
        "strikethrough": 15,
        "tasklists": 20,
        "linkify": 31,
    }


def test_commonmark() -> None:
    differ = [
        example.name
        for example in commonmark()
        if not has_html(example) and written(example.markdown) != expected(example.html)
    ]
    assert differ == list(OTHERWISE)


@pytest.mark.parametrize("name", EXTENSIONS)
def test_extensions(name: str) -> None:
    differ = {e.name for e in extension(name) if written(e.markdown) != expected(e.html)}
    assert differ == OTHERWISE_EXTENDED.keys() & {example.name for example in extension(name)}


def test_raw_html_shows_as_text() -> None:
    tag = re.compile(r"<[/!?]?[A-Za-z]+|<!--|<!\[")
    for example in filter(has_html, commonmark()):
        html = html_of(parse(example.markdown))
        assert_safe(html)
        assert tag.findall(Reader(html).words) == tag.findall(example.markdown), example.name


def test_every_example_that_grows_ends_the_same() -> None:
    for example in (*commonmark(), *(e for name in EXTENSIONS for e in extension(name))):
        growing = GrowingMarkdown()
        for start in range(0, len(example.markdown), 4):
            growing.feed(example.markdown[start : start + 4])
            growing.update()
        assert growing.finish() == parse(example.markdown), example.name
