"""What a message shows, says to assistive technology, and lets a person do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QDate, QDateTime, QLocale, QObject, Qt, QTime
from PySide6.QtGui import QAccessible, QFont, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.chat.activity import Activity, ActivityKind
from app.core.completion import Completion, ReplyState
from app.core.conversation import Role, Turn
from app.core.errors import ConnectionLost, ErrorDetails, KeyRejected, RateLimited
from app.core.parts import TextPart
from app.core.usage import Usage
from app.ui.error_table import ErrorActionKind
from app.ui.theme import Theme
from app.ui.transcript.actions_row import FiguresLabel
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.message_frames import AnswerFrame, UserFrame
from app.ui.transcript.view import TranscriptView
from app.ui.widgets.menu import Menu
from tests.ui.transcript.turns import ANSWER, answer, chat, focused, let_go_on, top_of, user

KEY = KeyRejected(ErrorDetails(endpoint="Mistral API", status=401, raw='{"message": "Unauthorized"}'))
LOST = ConnectionLost(ErrorDetails(endpoint="Mistral API", host="api.example"))
LIMITED = RateLimited(ErrorDetails(endpoint="Mistral API", status=429))


def last_answer(canvas: Canvas) -> AnswerFrame:
    frame = canvas.frames()[-1]
    assert isinstance(frame, AnswerFrame)
    return frame


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def accessible(widget: QObject) -> tuple[str, str]:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found.text(QAccessible.Text.Name), found.text(QAccessible.Text.Description)


# -- names ----------------------------------------------------------------------------------------------


def test_transcript_has_one_named_child_for_each_visible_message(canvas: Canvas) -> None:
    canvas.show_turns([user("How much is it?"), answer("It is **two** `euros`.\n\n- or\n- three")])
    transcript = QAccessible.queryAccessibleInterface(canvas.viewport())
    assert transcript.text(QAccessible.Text.Name) == "Transcript"
    names = [transcript.child(i).text(QAccessible.Text.Name) for i in range(transcript.childCount())]
    assert names == ["You: How much is it?", "Assistant: It is two euros. • or • three"]


def test_a_name_holds_the_first_two_hundred_characters(canvas: Canvas) -> None:
    text = "word " * 100
    canvas.show_turns([user(text), answer(text)])
    for frame, who in zip(canvas.frames(), ("You: ", "Assistant: "), strict=True):
        assert accessible(frame)[0] == (who + text[:200]).strip()


def test_the_text_of_a_message_is_there_as_text(canvas: Canvas) -> None:
    canvas.show_turns([user("q"), answer("one\n\ntwo")])
    edit = last_answer(canvas).editors()[0]
    found = QAccessible.queryAccessibleInterface(edit).textInterface()
    assert found.text(0, found.characterCount()) == "one\ntwo"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ReplyState.DONE, "Finished"),
        (ReplyState.STOPPED, "Stopped"),
        (ReplyState.INTERRUPTED, "Interrupted"),
        (ReplyState.FAILED, "Failed"),
        (ReplyState.RUNNING, "Waiting"),
    ],
)
def test_each_state_is_in_words(canvas: Canvas, state: ReplyState, words: str) -> None:
    canvas.show_turns([user("q"), answer("text", state)])
    assert accessible(last_answer(canvas))[1] == words
    if state in {ReplyState.STOPPED, ReplyState.INTERRUPTED}:
        assert last_answer(canvas).row.tag == words


# -- the line above, and the thought ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ActivityKind.WAITING, "Waiting 3 s"),
        (ActivityKind.THINKING, "Thinking 3 s"),
        (ActivityKind.WRITING, "Writing 3 s"),
    ],
)
def test_the_line_says_what_goes_on(canvas: Canvas, kind: ActivityKind, words: str) -> None:
    canvas.show_turns([user("q"), answer("a", ReplyState.RUNNING)])
    canvas.show_activity(Activity(kind, time.monotonic() - 3.5))
    assert last_answer(canvas).line.state_words == words
    assert accessible(last_answer(canvas))[1] == words.partition(" ")[0]
    canvas.show_activity(None)
    assert last_answer(canvas).line.state_words == ""


def test_speed_is_shown_where_the_server_counts(canvas: Canvas) -> None:
    canvas.show_turns([user("q"), answer("a", ReplyState.RUNNING, tokens=180)])
    canvas.show_activity(Activity(ActivityKind.WRITING, time.monotonic() - 3.5))
    assert last_answer(canvas).line.state_words == "Writing 60 tok/s"


def test_a_thought_is_closed_and_opens(canvas: Canvas) -> None:
    canvas.show_turns([user("q"), answer("answer", thought="first\nsecond")])
    frame = last_answer(canvas)
    assert frame.line.toggle.text() == "Thought for 6 s"
    assert [edit.toPlainText() for edit in frame.editors()] == ["answer"]
    height = frame.height()
    frame.line.toggle.click()
    assert [edit.toPlainText() for edit in frame.editors()] == ["first\nsecond", "answer"]
    assert frame.height() > height
    assert top_of(canvas, frame) >= 0
    frame.line.toggle.click()
    assert [edit.toPlainText() for edit in frame.editors()] == ["answer"]
    assert frame.height() == height


def test_an_open_thought_grows(canvas: Canvas) -> None:
    running = answer("", ReplyState.RUNNING, thought="one")
    canvas.show_turns([user("q"), running])
    last_answer(canvas).line.toggle.click()
    canvas.change_turn(answer("", ReplyState.RUNNING, thought="one two\nthree", turn_id=running.turn_id))
    assert [edit.toPlainText() for edit in last_answer(canvas).editors()] == ["one two\nthree"]


def test_the_caret_stands_behind_the_last_word_while_it_is_written(canvas: Canvas, theme: Theme) -> None:
    running = answer("Some words", ReplyState.RUNNING)
    canvas.show_turns([user("q"), running])
    canvas.show_activity(Activity(ActivityKind.WRITING, time.monotonic()))
    frame = last_answer(canvas)
    assert frame.caret.isVisible()
    assert not frame.caret.is_moving  # the tests' theme asks for less motion
    before = frame.caret.x()
    canvas.change_turn(answer("Some words more", ReplyState.RUNNING, turn_id=running.turn_id))
    assert frame.caret.x() > before
    canvas.change_turn(answer("Some words more", turn_id=running.turn_id))
    canvas.show_activity(None)
    assert not frame.caret.isVisible()


# -- actions --------------------------------------------------------------------------------------------


@pytest.fixture(params=["en_GB", "de_DE"])
def country(request: pytest.FixtureRequest) -> Iterator[QLocale]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield QLocale()
    QLocale.setDefault(before)


def test_figures_of_an_answer(canvas: Canvas, country: QLocale) -> None:
    now = QDateTime.currentDateTime()
    done = replace(answer("a", tokens=1418), created=now.toSecsSinceEpoch())
    canvas.show_turns([user("q"), done])
    row = last_answer(canvas).row
    count = {"en_GB": "1,418", "de_DE": "1.418"}[country.name()]
    time_of_day = country.toString(now.time(), QLocale.FormatType.ShortFormat)
    assert row.figures == f"{time_of_day} · Model · {count} tokens · 236 tok/s"
    assert row.findChildren(FiguresLabel)[0].font().featureValue(QFont.Tag("tnum")) == 1


def test_the_figures_say_the_whole_date_of_an_older_answer(canvas: Canvas, country: QLocale) -> None:
    long_ago = QDateTime(QDate(2021, 3, 4), QTime(5, 6, 7))
    canvas.show_turns([user("q"), replace(answer("a"), created=long_ago.toSecsSinceEpoch())])
    (label,) = last_answer(canvas).row.findChildren(FiguresLabel)
    day = {"en_GB": "04/03/2021", "de_DE": "04.03.21"}[country.name()]
    assert day in label.text()
    assert "2021" in label.toolTip()
    assert {"en_GB": "Thursday", "de_DE": "Donnerstag"}[country.name()] in label.toolTip()
    assert label.toolTip().startswith("Model\n")


def test_what_is_not_known_of_an_answer_is_left_out(canvas: Canvas) -> None:
    unknown = Turn("t", None, Role.ASSISTANT, reply=Completion((TextPart("a"),), ReplyState.DONE))
    canvas.show_turns([user("q"), unknown])
    assert last_answer(canvas).row.figures == ""
    counted = replace(unknown, reply=Completion((TextPart("b"),), ReplyState.DONE, usage=Usage(None, 3)))
    canvas.change_turn(counted)
    assert last_answer(canvas).row.figures == "3 tokens"


def test_the_model_that_answered_is_named(canvas: Canvas) -> None:
    done = answer("a")
    assert done.reply is not None
    canvas.show_turns([user("q"), replace(done, reply=replace(done.reply, served_model="<b>model-2510</b>"))])
    (label,) = last_answer(canvas).row.findChildren(FiguresLabel)
    assert label.text() == label.accessibleName() == "<b>model-2510</b>"
    assert "<b>" not in label.toolTip()


def test_figures_give_way_one_after_the_other(view: TranscriptView) -> None:
    now = QDateTime.currentSecsSinceEpoch()
    view.canvas.show_turns([user("q"), replace(answer("a", tokens=418), created=now, model="a-model " * 6)])
    seen = []
    for width in range(900, 150, -10):
        view.resize(width, 600)
        row = last_answer(view.canvas).row
        (label,) = row.findChildren(FiguresLabel)
        assert label.accessibleName().endswith("418 tokens · 70 tok/s")
        if label.text():
            assert label.geometry().left() > row.try_again.geometry().right()
            assert row.rect().contains(label.geometry())
        if label.text() not in seen:
            seen.append(label.text())
    assert [text.count(" · ") for text in seen] == [3, 2, 1, 0, 0]
    assert seen[-2:] == ["418 tokens", ""]


def test_only_the_last_answer_paints_its_actions_at_rest(canvas: Canvas) -> None:
    canvas.show_turns(chat(2, "short"))
    frames = [frame for frame in canvas.frames() if isinstance(frame, AnswerFrame)]
    assert [frame.row.copy.is_shown for frame in frames] == [False, True]
    frames[0].setFocus(Qt.FocusReason.TabFocusReason)
    assert frames[0].row.copy.is_shown
    assert all(frame.row.height() == 28 for frame in frames)


def test_actions_while_it_runs(canvas: Canvas) -> None:
    running = answer("a", ReplyState.RUNNING)
    canvas.show_turns([user("q"), running])
    row = last_answer(canvas).row
    assert not row.copy.isVisible()
    assert not row.try_again.isVisible()
    canvas.change_turn(answer("a", turn_id=running.turn_id))
    assert row.copy.isVisible()
    assert row.try_again.isVisible()


def test_copy_and_try_again(qtbot: QtBot, view: TranscriptView) -> None:
    turns = [user("*q*"), answer("Some **bold** words.\n\n- one")]
    view.canvas.show_turns(turns)
    frame = last_answer(view.canvas)
    frame.row.copy.click()
    assert clipboard() == "Some bold words.\n\n- one"
    with qtbot.waitSignal(view.try_again_requested) as asked:
        frame.row.try_again.click()
    assert asked.args == [turns[-1].turn_id]
    first = view.canvas.frames()[0]
    assert isinstance(first, UserFrame)
    first.copy_button.click()
    assert clipboard() == "*q*"
    assert view.copy_last_answer()
    assert clipboard() == "Some bold words.\n\n- one"


def test_c_copies_and_r_tries_again(qtbot: QtBot, view: TranscriptView) -> None:
    turns = [user("q"), answer("words")]
    view.canvas.show_turns(turns)
    view.focus_transcript()
    QTest.keyClick(focused(), Qt.Key.Key_C)
    assert clipboard() == "words"
    with qtbot.waitSignal(view.try_again_requested):
        QTest.keyClick(focused(), Qt.Key.Key_R)


def test_a_selection_is_copied_as_plain_text(view: TranscriptView) -> None:
    view.canvas.show_turns([user("q"), answer("- **one**\n- two")])
    edit = last_answer(view.canvas).editors()[0]
    edit.setFocus(Qt.FocusReason.MouseFocusReason)
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == "- one\n- two"
    data = edit.createMimeDataFromSelection()
    assert data.formats() == ["text/plain"]


def test_the_menu_of_a_message(view: TranscriptView) -> None:
    turns = [user("q"), answer("Some **bold** words.")]
    view.canvas.show_turns(turns)
    frame = last_answer(view.canvas)
    edit = frame.editors()[0]
    cursor = edit.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(4, QTextCursor.MoveMode.KeepAnchor)
    edit.setFocus(Qt.FocusReason.MouseFocusReason)
    edit.setTextCursor(cursor)
    frame.menu_requested.emit(frame.mapToGlobal(frame.rect().center()))
    (menu,) = view.findChildren(Menu)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        "Copy",
        "Copy message",
        "Copy as Markdown",
        "Copy as plain text",
        "Select message",
        "Try again",
    ]
    found = {action.text(): action for action in menu.actions()}
    found["Copy"].trigger()
    assert clipboard() == "Some"
    # The message leaves the screen while its menu is open.
    view.canvas.show_turns(chat(3))
    found["Copy as Markdown"].trigger()
    assert clipboard() == "Some **bold** words."
    found["Copy message"].trigger()
    assert clipboard() == "Some bold words."
    menu.close()


def test_the_menu_offers_the_links(qtbot: QtBot, view: TranscriptView) -> None:
    text = (
        "[one](https://a.example/x?q=1) [again](https://a.example/x?q=1) <someone@b.example>\n\n"
        "[no](javascript:alert(1)) [file](file:///etc/passwd) "
        "[idn](https://\N{CYRILLIC SMALL LETTER A}pple.example/)\n\n"
        "| a |\n|---|\n| [cell](http://c.example) |\n\n"
    )
    more = " ".join(f"[m{number}](https://more.example/{number})" for number in range(20))
    view.canvas.show_turns([user("q"), answer(text + more)])
    frame = last_answer(view.canvas)
    frame.menu_requested.emit(frame.mapToGlobal(frame.rect().center()))
    (menu,) = view.findChildren(Menu)
    actions = [action for action in menu.actions() if action.text().startswith("Open link: ")]
    shown = [action.text().removeprefix("Open link: ") for action in actions]
    assert shown[:4] == ["a.example/x", "someone@b.example", "xn--pple-43d.example", "c.example"]
    assert shown[4:] == [f"more.example/{number}" for number in range(6)]
    with qtbot.waitSignal(view.link_activated) as activated:
        actions[0].trigger()
    assert activated.args == ["https://a.example/x?q=1"]
    menu.close()


def test_code_is_copied_as_the_model_wrote_it(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_turns([user("q"), answer("```python\nx = '" + "a" * 1500 + "\u200b'\n\n```")])
    (code,) = [one for one in last_answer(canvas).blocks() if isinstance(one, CodeFrame)]
    assert code.copy_button.label == "Copy"
    assert code.edit.accessibleName() == "Python code, 2 lines"
    code.copy_button.click()
    assert clipboard() == "x = '" + "a" * 1500 + "\u200b'\n\n"
    assert code.copy_button.label == "Copied"
    qtbot.waitUntil(lambda: code.copy_button.label == "Copy")


def test_a_long_line_of_code_scrolls_within_its_box(view: TranscriptView) -> None:
    view.canvas.show_turns([user("q"), answer("```\n" + "word " * 100 + "\n```\n\n```\nshort\n```")])
    wide, narrow = [one for one in last_answer(view.canvas).blocks() if isinstance(one, CodeFrame)]
    let_go_on()
    assert wide.edit.horizontalScrollBar().isVisible()
    assert wide.edit.horizontalScrollBar().maximum() > 0
    assert not narrow.edit.horizontalScrollBar().isVisible()
    for one in (wide, narrow):
        assert one.edit.verticalScrollBar().maximum() == 0


def test_a_wide_table_scrolls_within_its_box(view: TranscriptView) -> None:
    head = "|" + " column |" * 12
    view.canvas.show_turns([user("q"), answer(f"{head}\n|{'---|' * 12}\n{head}\n")])
    (edit,) = last_answer(view.canvas).editors()
    let_go_on()
    assert edit.horizontalScrollBar().maximum() > 0
    assert edit.verticalScrollBar().maximum() == 0


# -- errors ---------------------------------------------------------------------------------------------


def test_an_error_is_a_card_and_never_text(qtbot: QtBot, view: TranscriptView) -> None:
    turns = [user("q"), answer("", ReplyState.FAILED, error=KEY)]
    view.canvas.show_turns(turns)
    frame = last_answer(view.canvas)
    assert frame.editors() == []
    assert frame.card is not None
    assert frame.card.shown is not None
    assert frame.card.shown.title == "Mistral API did not accept your key"
    assert accessible(frame)[1] == "Mistral API did not accept your key"
    assert not frame.row.isVisible()
    with qtbot.waitSignal(view.open_settings_requested):
        frame.card.button(ErrorActionKind.OPEN_SETTINGS).click()
    with qtbot.waitSignal(view.try_again_requested) as asked:
        frame.card.button(ErrorActionKind.TRY_AGAIN).click()
    assert asked.args == [turns[-1].turn_id]


def test_details_open_the_raw_reply(view: TranscriptView) -> None:
    view.canvas.show_turns([user("q"), answer("", ReplyState.FAILED, error=KEY)])
    frame = last_answer(view.canvas)
    assert frame.card is not None
    height = frame.height()
    frame.card.button(ErrorActionKind.DETAILS).click()
    (code,) = frame.card.findChildren(CodeFrame)
    assert '{"message": "Unauthorized"}' in code.edit.toPlainText()
    assert frame.height() > height + 50
    code.copy_button.click()
    assert '{"message": "Unauthorized"}' in clipboard()
    frame.card.button(ErrorActionKind.DETAILS).click()
    assert frame.height() == height
    assert not code.isVisible()


def test_text_that_had_come_stands_above_the_card(view: TranscriptView) -> None:
    view.canvas.show_turns([user("q"), answer("Half an ans", ReplyState.INTERRUPTED, error=LOST)])
    frame = last_answer(view.canvas)
    (edit,) = frame.editors()
    assert edit.toPlainText() == "Half an ans"
    assert frame.card is not None
    assert frame.card.y() >= edit.geometry().bottom() - 4
    assert frame.card.geometry().bottom() <= frame.height()


def test_a_countdown_is_the_button(qtbot: QtBot, view: TranscriptView) -> None:
    view.canvas.show_turns([user("q"), answer("", ReplyState.RUNNING)])
    now = time.monotonic()
    view.canvas.show_activity(Activity(ActivityKind.RETRYING, now, now + 100.0, LIMITED))
    frame = last_answer(view.canvas)
    assert frame.card is not None
    button = frame.card.button(ErrorActionKind.RETRY_NOW)
    assert button.label.startswith("Retry in ")
    shown = button.label
    qtbot.waitUntil(lambda: button.label != shown)
    assert frame.card.button(ErrorActionKind.RETRY_NOW) is button
    with qtbot.waitSignal(view.retry_now_requested):
        button.click()
    with qtbot.waitSignal(view.stop_requested):
        frame.card.button(ErrorActionKind.CANCEL).click()
    view.canvas.show_activity(Activity(ActivityKind.WAITING, time.monotonic()))
    assert not frame.card.isVisible()
    assert frame.line.state_words.startswith("Waiting")


def test_a_card_breaks_its_buttons_in_a_narrow_view(view: TranscriptView) -> None:
    view.resize(300, 600)
    view.canvas.show_turns([user("q"), answer("", ReplyState.FAILED, error=KEY)])
    frame = last_answer(view.canvas)
    assert frame.card is not None
    for button in frame.card.buttons():
        assert frame.card.rect().contains(button.geometry())


def test_every_label_of_a_card_shows_plain_text(view: TranscriptView) -> None:
    error = KeyRejected(ErrorDetails(endpoint="<b>E</b>", server_text="<img src='file:///etc/hostname'>"))
    view.canvas.show_turns([user("q"), answer("", ReplyState.FAILED, error=error)])
    card = last_answer(view.canvas).card
    assert card is not None
    assert card.shown is not None
    assert "<b>E</b>" in card.shown.title


# -- directions -----------------------------------------------------------------------------------------


def test_it_mirrors_with_the_layout(qtbot: QtBot, theme: Theme) -> None:
    view = TranscriptView(theme)
    qtbot.addWidget(view)
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.resize(800, 500)
    view.show()
    qtbot.waitExposed(view)
    view.canvas.show_turns([user("q"), answer(ANSWER, thought="t")])
    frame = last_answer(view.canvas)
    name = frame.line.findChildren(QWidget)[0]
    assert name.x() > frame.line.width() / 2
    assert frame.row.copy.x() > frame.row.width() / 2
