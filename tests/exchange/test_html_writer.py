"""What the block tree becomes as HTML, and that nothing in it can be fetched or run."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.html_writer import html_of, page_of
from app.markup.blocks import Footnote, FootnoteRef, Link, Paragraph, Text
from app.markup.parse import parse
from tests.core.test_links import BAD as BAD_LINKS
from tests.core.test_links import GOOD as GOOD_LINKS
from tests.exchange.safe_html import Reader, assert_safe
from tests.markup.corpus import Case, cases


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# a *b*", "<h1>a <em>b</em></h1>\n"),
        ("a\nb\\\nc", "<p>a\nb<br>\nc</p>\n"),
        ("**a** ~~b~~ `<c>`", "<p><strong>a</strong> <del>b</del> <code>&lt;c&gt;</code></p>\n"),
        ("> a\n", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n\n- b\n", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n"),
        ("3. a\n   - b\n", '<ol start="3">\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n</ol>\n'),
        ("- [ ] a\n- [x] b\n", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>\n"),
        ("- [x] a\n\n- b\n", "<ul>\n<li>\n<p>☑ a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n"),
        ("```py x\na < b\n\n```\n", '<pre><code class="language-python">a &lt; b\n\n</code></pre>\n'),
        ("    a\n", "<pre><code>a\n</code></pre>\n"),
        ("***\n", "<hr>\n"),
        ("$x<y$ and $$z$$", "<p>$x&lt;y$ and $$z$$</p>\n"),
        ("$$\nx\ny\n$$\n", "<p>$$<br>\nx<br>\ny<br>\n$$</p>\n"),
        ("![a](https://h.example/x.png)", "<p>🖼 a — h.example</p>\n"),
        ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"),
        ('[a](https://b.example/?c&d "e")', '<p><a href="https://b.example/?c&amp;d" title="e">a</a></p>\n'),
        ("a@b.com", '<p><a href="mailto:a@b.com">a@b.com</a></p>\n'),
        ("[a](/etc/passwd) [b](file:///c) [c](ftp://d.example)", "<p>a [b](file:///c) c</p>\n"),
        ("שלום a", '<p dir="rtl">שלום a</p>\n'),
        ("a שלום", "<p>a שלום</p>\n"),
        ("`a` שלום", '<p dir="rtl"><code>a</code> שלום</p>\n'),
        ("a\x1b[31m", "<p>a␛[31m</p>\n"),
    ],
)
def test_html(source: str, html: str) -> None:
    assert html_of(parse(source)) == html
    assert_safe(html)


def test_a_table_says_its_head_and_its_alignment() -> None:
    html = html_of(parse("| a | b |\n|:-:|---|\n| *c* | שלום |\n"))
    assert html == (
        '<table border="1" cellpadding="4" style="border-collapse:collapse">\n'
        '<thead>\n<tr>\n<th align="center">a</th>\n<th>b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td align="center"><em>c</em></td>\n<td dir="rtl">שלום</td>\n</tr>\n</tbody>\n'
        "</table>\n"
    )
    assert "<tbody>" not in html_of(parse("| a |\n|---|\n"))
    assert html_of(parse("| שלום | a |\n|---|---|\n")).startswith('<table dir="rtl" border')


def test_footnotes_are_numbered_by_their_first_use_and_stand_at_the_end() -> None:
    source = "a[^m] b[^n] c[^m]\n\n[^unused]: U\n\n[^n]: N\n\n[^m]: M[^deep]\n\n[^deep]: D\n"
    html = html_of(parse(source))
    text, _line, notes = html.partition("<hr>\n")
    assert text == "<p>a<sup>1</sup> b<sup>2</sup> c<sup>1</sup></p>\n"
    assert notes == (
        "<ol>\n<li>\n<p>M<sup>3</sup></p>\n</li>\n<li>\n<p>N</p>\n</li>\n"
        "<li>\n<p>D</p>\n</li>\n<li>\n<p>U</p>\n</li>\n</ol>\n"
    )


def test_footnotes_that_refer_to_each_other_end() -> None:
    html = html_of(parse("x[^a]\n\n[^a]: A[^b]\n\n[^b]: B[^a]\n"))
    assert html.endswith("<li>\n<p>A<sup>2</sup></p>\n</li>\n<li>\n<p>B<sup>1</sup></p>\n</li>\n</ol>\n")


def test_a_note_keeps_its_number_where_another_is_not_there() -> None:
    note = Footnote("b", (Paragraph((Text("B"),), (0, 0)),), (0, 0))
    html = html_of([Paragraph((FootnoteRef("a"), FootnoteRef("b")), (0, 0)), note])
    assert html == '<p>[a]<sup>2</sup></p>\n<hr>\n<ol>\n<li value="2">\n<p>B</p>\n</li>\n</ol>\n'
    assert_safe(html)


def test_a_page_says_its_encoding_and_its_title_is_text() -> None:
    page = page_of(parse("a"), "<b>")
    assert '<meta charset="utf-8"><title>&lt;b&gt;</title>' in page
    assert "<body>\n<p>a</p>\n</body>" in page


@pytest.mark.parametrize("href", [*GOOD_LINKS, *BAD_LINKS])
def test_SEC_04_only_web_and_mail_addresses_are_links(href: str) -> None:
    html = html_of([Paragraph((Link((Text("a"),), href),), (0, 0))])
    address = escape(GOOD_LINKS.get(href, ""))
    assert html == (f'<p><a href="{address}">a</a></p>\n' if address else "<p>a</p>\n")


@pytest.mark.parametrize("case", list(cases(0.02)), ids=lambda case: case.name)
def test_hostile_texts_become_safe_html(case: Case) -> None:
    assert_safe(html_of(parse(case.text)))


@given(st.text(st.sampled_from("<>&\"'[]()!*_`~|-#:/.\\ \n\tahttpsx@=\x00\x1b\u202e\ud800שé")))
def test_any_text_becomes_safe_html_that_holds_its_words(source: str) -> None:
    html = html_of(parse(source))
    assert_safe(html)
    words = [letter for letter in source if letter in "sé"]
    assert [letter for letter in Reader(html).words if letter in "sé"] == words
