"""What is copied is plain text and our own HTML of just what is selected, whatever the text holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.exchange.html_writer import html_of
from app.markup.blocks import text_of
from app.ui.transcript.clipboard import safe_text
from app.ui.transcript.excerpt import excerpt
from app.ui.transcript.group import Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.message_frames import AnswerFrame
from app.ui.transcript.selection import FIRST, LAST, Point, Spot
from app.ui.transcript.view import TranscriptView
from app.ui.widgets.menu import Menu
from tests.ui.transcript.turns import ANSWER, answer, chat, focused, user

ROOT = Path(__file__).parents[3]
CTRL = Qt.KeyboardModifier.ControlModifier
HOSTILE = "a\u2028b \ufdd0c\ufdd1 \ufffcd \x1b[31me\x9b f\x00g\u2029h\ufffe"


def spot(message: LaidMessage, words: str, *, behind: bool = False) -> Spot:
    for number, group in enumerate(message.groups):
        message.lay_out(group)
        assert group.drawing is not None
        found = group.drawing.document.find(words)
        if not found.isNull():
            return Spot(position=found.selectionEnd() if behind else found.selectionStart(), group=number)
    raise AssertionError(words)


def cut_html(styles: Styles, text: str, first: str, last: str) -> str:
    """The HTML of what is selected from the beginning of some words to the end of others."""
    message = LaidMessage(answer(text), styles, 600)
    blocks = excerpt(message, (spot(message, first), spot(message, last, behind=True)))
    return html_of(blocks).replace("\n", "")


MARKDOWN = """# Big heading

Some **strong words** and [a link](https://example.org/a).

> quoted text
>
> 1. alpha
> 2. beta
> 3. gamma

- [x] done item
- open item
  - inner item

| left | right |
|---|--:|
| cell | 42 |
| last | 43 |

```python
def f():
    return 1
```
"""


@pytest.mark.parametrize(
    ("first", "last", "html"),
    [
        ("strong", "strong", "<p><strong>strong</strong></p>"),
        ("heading", "heading", "<p>heading</p>"),
        ("Big", "heading", "<h1>Big heading</h1>"),
        ("heading", "Some", "<h1>heading</h1><p>Some</p>"),
        (
            "words",
            "a li",
            '<p><strong>words</strong> and <a href="https://example.org/a">a li</a></p>',
        ),
        (
            "text",
            "alpha",
            "<blockquote><p>text</p><ol><li>alpha</li></ol></blockquote>",
        ),
        ("eta", "gam", '<blockquote><ol start="2"><li>eta</li><li>gam</li></ol></blockquote>'),
        ("beta", "beta", "<p>beta</p>"),
        ("done", "inner", "<ul><li>☑ done item</li><li>open item<ul><li>inner</li></ul></li></ul>"),
        ("cel", "cel", "<p>cel</p>"),
        (
            "cell",
            "43",
            (
                '<tbody><tr><td>cell</td><td align="right">42</td></tr>'
                '<tr><td>last</td><td align="right">43</td></tr></tbody></table>'
            ),
        ),
        ("f()", "f()", "<p><code>f()</code></p>"),
        ("f()", "return", '<pre><code class="language-python">f():    return</code></pre>'),
    ],
)
def test_a_part_keeps_its_structure(styles: Styles, first: str, last: str, html: str) -> None:
    found = cut_html(styles, MARKDOWN, first, last)
    assert found.endswith(html)
    assert found == html or found.startswith("<table")


def test_rows_from_the_middle_of_a_table_have_no_head(styles: Styles) -> None:
    assert "<th" not in cut_html(styles, MARKDOWN, "cell", "43")
    assert "<th>left</th>" in cut_html(styles, MARKDOWN, "inner", "42")


@pytest.mark.parametrize("text", [MARKDOWN, ANSWER])
def test_any_two_parts_hold_all_words_of_the_whole(styles: Styles, text: str) -> None:
    message = LaidMessage(answer(text), styles, 600)
    whole = letters(text_of(excerpt(message, (FIRST, LAST))))
    for number, group in enumerate(message.groups):
        message.lay_out(group)
        if number in {i for i, one in enumerate(message.groups) if one.kind.__name__ == "TablePiece"}:
            continue  # a table is cut by the row
        for position in range(0, group.end_position + 1, 7):
            at = Spot(group=number, position=position)
            parts = [excerpt(message, (FIRST, at)), excerpt(message, (at, LAST))]
            assert "".join(letters(text_of(part)) for part in parts) == whole


def letters(text: str) -> str:
    """The words without what tells lists and tables from words."""
    return re.sub(r"[\s\-\[\]]|\d+\.|x(?= )", "", text).replace("x", "")


def test_the_whole_of_a_list_that_is_not_all_drawn_is_copied(styles: Styles) -> None:
    text = "Before\n\n" + "\n".join(f"- item{number}" for number in range(2000)) + "\n\nBehind"
    message = LaidMessage(answer(text), styles, 600)
    part = text_of(excerpt(message, (spot(message, "fore"), LAST)))
    assert part.count("item") == 2000


# -- the clipboard --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", ["\u2028", "\u2029", "\ufdd0", "\ufdd1", "\ufffc", "\ufffe", "\x1b", "\x9b", "\x00", "\r"]
)
def test_nothing_but_text_is_on_the_clipboard(view: TranscriptView, bad: str) -> None:
    turn = answer(f"one {HOSTILE}\n\n```\n{HOSTILE}\n```\n\n| {HOSTILE} |\n|---|\n| x{bad}y |\n")
    view.canvas.show_turns([user(HOSTILE), turn])
    frame = view.canvas.frames()[-1]
    assert isinstance(frame, AnswerFrame)

    def select_all() -> None:
        view.canvas.focus_row(1)
        QTest.keyClick(focused(), Qt.Key.Key_A, CTRL)
        QTest.keyClick(focused(), Qt.Key.Key_A, CTRL)
        QTest.keyClick(focused(), Qt.Key.Key_C, CTRL)

    for copy in (select_all, frame.row.copy.click, view.copy_last_answer):
        QGuiApplication.clipboard().clear()
        copy()
        data = QGuiApplication.clipboard().mimeData()
        assert data.hasText()
        assert data.hasHtml()
        assert bad not in data.text()
        assert bad not in bytes(data.data("text/html").data()).decode()


def test_control_characters_are_pictures_and_line_ends_are_lines() -> None:
    assert safe_text("a\x1b[31m\x07\r\nb\rc\u2028d\te") == "a␛[31m␇\nb\nc\nd\te"


def test_a_selection_is_on_the_clipboard_as_text_and_html(view: TranscriptView) -> None:
    turns = [user("A <b>question</b>\nin two lines"), answer(MARKDOWN)]
    view.canvas.show_turns(turns)
    view.canvas.selecting.select_all()
    view.copy_selection()
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith("A <b>question</b>\nin two lines\n\nBig heading\n\nSome strong words")
    html = data.html()
    assert "<p>A &lt;b&gt;question&lt;/b&gt;<br>\nin two lines</p>" in html
    assert "<h1>Big heading</h1>" in html
    assert '<meta charset="utf-8">' in html
    assert "style=" not in html.replace('style="border-collapse:collapse"', "")


def test_addresses_that_must_not_be_opened_are_not_copied(view: TranscriptView) -> None:
    text = (
        "[a](javascript:alert(1)) [b](file:///etc/passwd) [c](https://example.org/c) [d](mailto:me@b.example)"
    )
    view.canvas.show_turns([user("q"), answer(text)])
    view.canvas.selecting.select_row(1)
    view.copy_selection()
    html = QGuiApplication.clipboard().mimeData().html()
    assert re.findall(r'href="([^"]*)"', html) == ["https://example.org/c", "mailto:me@b.example"]


def menu_of(view: TranscriptView, row: int) -> dict[str, object]:
    frame = view.canvas.frames()[row]
    frame.menu_requested.emit(frame.mapToGlobal(frame.rect().center()))
    menu = view.findChildren(Menu)[-1]
    found = {action.text(): action.trigger for action in menu.actions() if action.text()}
    menu.hide()
    return dict(found)


def test_the_menu_copies_a_message_in_every_form(view: TranscriptView) -> None:
    source = "# Title\r\n\n*a*\u2028 \x1b \ufffc end  \n"
    turn = answer(source)
    view.canvas.show_turns([user("q"), turn])
    menu = menu_of(view, 1)
    clipboard = QGuiApplication.clipboard()
    run(menu, "Copy as Markdown")
    assert clipboard.text() == source, "to the byte"
    assert not clipboard.mimeData().hasHtml()
    run(menu, "Copy message")
    assert clipboard.text().startswith("Title\n\na")
    assert "<h1>Title</h1>" in clipboard.mimeData().html()
    run(menu, "Copy as plain text")
    assert clipboard.text().startswith("Title\n\na")
    assert not clipboard.mimeData().hasHtml()
    run(menu, "Select message")
    assert view.canvas.selecting.selection.part is not None
    assert (
        view.canvas.selecting.selection.part.first_row,
        view.canvas.selecting.selection.part.last_row,
    ) == (1, 1)
    assert "Copy" in menu_of(view, 1)


def test_the_menu_has_no_copy_where_nothing_is_selected(view: TranscriptView) -> None:
    view.canvas.show_turns([user("q"), answer("a")])
    assert "Copy" not in menu_of(view, 0)
    assert "Copy as Markdown" not in menu_of(view, 0), "what a person typed is no Markdown"


@pytest.mark.parametrize("platform", ["offscreen", "minimal"])
def test_a_process_without_a_screen_ends_well_after_a_copy(platform: str) -> None:
    script = (
        "from PySide6.QtGui import QGuiApplication\n"
        "from app.ui.transcript.clipboard import leave_clipboard, put_rich\n"
        "application = QGuiApplication([])\n"
        "put_rich('a', '<b>a</b>')\n"
        "leave_clipboard()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": platform},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def run(menu: dict[str, object], name: str) -> None:
    do = menu[name]
    assert callable(do)
    do()


def test_ten_thousand_messages_are_copied_without_laying_them_out(qtbot: QtBot, view: TranscriptView) -> None:
    turns = chat(5_000, "Some **bold** words.\n\n- one\n- two")
    view.canvas.show_turns(turns)
    QGuiApplication.clipboard().clear()
    view.canvas.focus_row(9_999)
    QTest.keyClick(focused(), Qt.Key.Key_A, CTRL)
    QTest.keyClick(focused(), Qt.Key.Key_A, CTRL)
    with qtbot.waitSignal(view.copying.copied, timeout=240_000):
        QTest.keyClick(focused(), Qt.Key.Key_C, CTRL)
        assert view.copying.is_running, "it goes on while the window answers"
    assert view.canvas.laid_count() < 40, "those in sight, and a page around them"
    data = QGuiApplication.clipboard().mimeData()
    words = data.text()
    assert words.startswith("Question 0\n\nAnswer 0.\n\nSome bold words.\n\n- one\n- two\n\nQuestion 1\n\n")
    assert words.count("Question") == words.count("Answer") == 5_000
    assert data.html().count("<li>one</li>") == 5_000


def test_a_copy_in_place_of_one_that_still_runs_is_the_one_on_the_clipboard(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.canvas.show_turns(chat(2_000))
    view.canvas.selecting.select_all()
    view.copy_selection()
    assert view.copying.is_running
    view.canvas.selecting.select_row(0)
    view.copy_selection()
    assert not view.copying.is_running
    assert QGuiApplication.clipboard().text() == "Question 0"


def test_a_thought_is_copied_only_where_the_selection_begins_or_ends_in_it(view: TranscriptView) -> None:
    turn = answer("The answer", thought="first line\nsecond line")
    view.canvas.show_turns([user("q"), turn])
    frame = view.canvas.frames()[-1]
    assert isinstance(frame, AnswerFrame)
    frame.line.toggle.click()
    inside = Spot(is_message=False, group=0, position=6)
    view.canvas.selecting.selection.select(Point(turn.turn_id, inside), Point(turn.turn_id, LAST))
    assert copied(view) == "line\nsecond line\n\nThe answer"
    view.canvas.selecting.select_all()
    assert "line" not in copied(view)


def copied(view: TranscriptView) -> str:
    view.copy_selection()
    return QGuiApplication.clipboard().text()
