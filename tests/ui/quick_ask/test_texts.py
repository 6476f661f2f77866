"""Texts in the small window: what was copied, what is done with it, what was asked, what isn't kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.core.quick_ask import DEFAULT_ACTIONS, QuickAction
from app.ui.composer.recall import Recall
from app.ui.quick_ask.copied import MOST, CopiedChip
from app.ui.quick_ask.face import Mode
from app.ui.quick_ask.window import QuickAsk
from tests.chat.house import House
from tests.chat.loopback import LoopbackServer
from tests.ui.quick_ask.conftest import Desk
from tests.ui.quick_ask.test_window import WAIT, ask, go_away, name_of, open_it, said, set_up

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
SECRET = "Between us: the harbour master sings"


def offer(quick: QuickAsk, text: str) -> CopiedChip:
    """What the chip makes of a clipboard with this text, which is another program's."""
    chip = quick.hints.copied
    chip.offer(text)
    return chip


# -- what was copied ---------------------------------------------------------------------------------------


def test_copied_text_is_offered_and_only_sent_once_it_is_included(
    qtbot: QtBot, quick: QuickAsk, server: LoopbackServer
) -> None:
    open_it(qtbot, quick)
    chip = offer(quick, "Dear Ms Okafor,\nthank you")
    assert chip.isVisible()
    assert not chip.isChecked()
    assert name_of(chip) == "Include copied text"
    assert "Dear Ms Okafor, thank you" in chip.accessibleDescription()
    ask(qtbot, quick, "Is it polite?")
    assert server.calls[-1].request.last_text == "Is it polite?"
    quick.new_talk()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert chip.isChecked()
    assert quick.field.hasFocus()
    ask(qtbot, quick, "Is it polite?")
    assert server.calls[-1].request.last_text == "Is it polite?\n\nDear Ms Okafor,\nthank you"
    assert not chip.isChecked()


def test_the_cross_takes_the_offer_away(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    chip = offer(quick, "Copied")
    chip.setChecked(True)
    QTest.mouseClick(chip.cross, Qt.MouseButton.LeftButton)
    assert not chip.isVisible()
    assert (chip.included, chip.offered) == ("", "")


def test_what_is_offered_is_what_was_copied_last(
    qtbot: QtBot, quick: QuickAsk, other: QWidget, desk: Desk
) -> None:
    chip = quick.hints.copied

    def reopen(copied: str) -> str:
        desk.copied = copied
        open_it(qtbot, quick)
        with qtbot.waitCallback() as came:
            QTimer.singleShot(0, came)
        offered = chip.offered
        go_away(qtbot, quick, other)
        return offered

    assert reopen("") == ""
    assert reopen(" copied\n") == "copied"
    chip.cross.click()
    assert reopen("copied") == ""
    assert reopen("new") == "new"
    assert reopen("x" * (MOST + 1)) == ""


def test_what_was_included_stays_so_while_it_is_the_same(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    chip = offer(quick, "one")
    chip.setChecked(True)
    chip.offer("one")
    assert chip.included == "one"
    chip.offer("two")
    assert (chip.offered, chip.included) == ("two", "")


def test_nothing_is_offered_where_the_setting_says_so(qtbot: QtBot, quick: QuickAsk, house: House) -> None:
    open_it(qtbot, quick)
    chip = offer(quick, "Copied")
    set_up(house, offers_copied=False)
    assert not chip.isVisible()


# -- what can be done with a text ----------------------------------------------------------------------------


def test_an_action_is_done_with_what_is_written(
    qtbot: QtBot, quick: QuickAsk, server: LoopbackServer
) -> None:
    open_it(qtbot, quick)
    QTest.keyClicks(quick.field, "Ein Satz")
    QTest.keyClick(quick, Qt.Key.Key_1, CONTROL)
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)
    assert server.calls[-1].request.last_text == f"{DEFAULT_ACTIONS[0].prompt}\n\nEin Satz"
    assert quick.field.text == ""


def test_an_action_is_done_with_the_copied_text_where_nothing_is_written(
    qtbot: QtBot, quick: QuickAsk, server: LoopbackServer
) -> None:
    open_it(qtbot, quick)
    QTest.keyClick(quick, Qt.Key.Key_2, CONTROL)
    assert quick.mode is Mode.ASKING
    offer(quick, "A long report")
    QTest.keyClick(quick, Qt.Key.Key_2, CONTROL)
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)
    assert server.calls[-1].request.last_text == f"{DEFAULT_ACTIONS[1].prompt}\n\nA long report"


def test_the_list_of_actions_is_the_persons_own(
    qtbot: QtBot, quick: QuickAsk, house: House, server: LoopbackServer
) -> None:
    set_up(house, actions=(QuickAction("Shout & cry", "In capitals:"),))
    open_it(qtbot, quick)
    QTest.keyClick(quick, Qt.Key.Key_J, CONTROL)
    (menu,) = [one for one in quick.findChildren(QMenu) if one.isVisible()]
    row = menu.actions()[0]
    assert row.text() == "Shout && cry"
    assert not row.isEnabled()
    menu.close()
    QTest.keyClicks(quick.field, "no")
    QTest.keyClick(quick, Qt.Key.Key_J, CONTROL)
    (menu,) = [one for one in quick.findChildren(QMenu) if one.isVisible()]
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)
    assert server.calls[-1].request.last_text == "In capitals:\n\nno"
    set_up(house, actions=())
    quick.new_talk()
    assert not quick.hints.actions_button.isVisible()


# -- what was asked before ---------------------------------------------------------------------------------


def test_recall_goes_back_and_forth() -> None:
    recall = Recall()
    assert recall.older("draft") == "draft"
    recall.add("one")
    recall.add("two")
    recall.add_older(["two", "zero"])
    assert [recall.older("draft"), recall.older("two"), recall.older("one")] == ["two", "one", "zero"]
    assert recall.older("zero") == "zero"
    assert [recall.newer("zero"), recall.newer("one"), recall.newer("two")] == ["one", "two", "draft"]
    assert recall.newer("draft") == "draft"
    # What was changed meanwhile is what is being written.
    recall.older("draft")
    assert recall.older("two, changed") == "two"
    assert recall.newer("two") == "two, changed"


def test_what_was_asked_comes_back_also_after_a_start(
    qtbot: QtBot,
    quick: QuickAsk,
    house: House,
    make_house: Callable[..., House],
    make_quick: Callable[[House], QuickAsk],
    other: QWidget,
) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "Asked first")
    quick.new_talk()
    QTest.keyClicks(quick.field, "Half")
    QTest.keyClick(quick.field, Qt.Key.Key_Up, ALT)
    assert quick.field.text == "Asked first"
    QTest.keyClick(quick.field, Qt.Key.Key_Down, ALT)
    assert quick.field.text == "Half"
    quick.field.clear_text()
    go_away(qtbot, quick, other)
    assert house.library.shut_down(60.0)
    again = make_quick(make_house())
    open_it(qtbot, again)

    def comes_back() -> bool:
        QTest.keyClick(again.field, Qt.Key.Key_Up, ALT)
        return again.field.text == "Asked first"

    qtbot.waitUntil(comes_back, timeout=WAIT)


# -- what isn't kept ---------------------------------------------------------------------------------------


def test_a_private_talk_is_never_written(
    qtbot: QtBot, quick: QuickAsk, house: House, tmp_path: Path, server: LoopbackServer
) -> None:
    server.script = lambda call: call.answer(f"{SECRET} at noon")
    open_it(qtbot, quick)
    QTest.keyClick(quick, Qt.Key.Key_N, CONTROL | SHIFT)
    assert quick.private.isChecked()
    assert quick.private_word.isVisible()
    ask(qtbot, quick, SECRET)
    QTest.keyClicks(quick.field, f"{SECRET} again")
    assert said(quick) == [SECRET, f"{SECRET} at noon"]
    assert quick.private_word.isVisible()
    assert not quick.footer.go_on.isVisible()
    assert house.library.summaries == ()
    house.library.save_now()
    assert house.library.shut_down(60.0)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if SECRET.encode() in path.read_bytes()] == []


def test_before_it_is_asked_a_question_becomes_private_and_ordinary_again(
    qtbot: QtBot, quick: QuickAsk
) -> None:
    open_it(qtbot, quick)
    QTest.keyClicks(quick.field, "Typed")
    QTest.mouseClick(quick.private, Qt.MouseButton.LeftButton)
    assert quick.session.is_private
    assert quick.field.text == "Typed"
    QTest.mouseClick(quick.private, Qt.MouseButton.LeftButton)
    assert not quick.session.is_private
    assert quick.field.text == "Typed"


def test_a_private_talk_is_gone_with_the_next_question(qtbot: QtBot, quick: QuickAsk, house: House) -> None:
    open_it(qtbot, quick)
    QTest.keyClick(quick, Qt.Key.Key_N, CONTROL | SHIFT)
    ask(qtbot, quick, SECRET)
    session = quick.session
    with qtbot.waitSignal(session.destroyed, timeout=WAIT):
        QTest.keyClick(quick, Qt.Key.Key_N, CONTROL)
    assert not quick.private.isChecked()
    QTest.keyClick(quick.field, Qt.Key.Key_Up, ALT)
    assert quick.field.text == ""


# -- where it goes -----------------------------------------------------------------------------------------


def test_copy_and_close_and_paste_back(qtbot: QtBot, quick: QuickAsk, other: QWidget, desk: Desk) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "What?")
    QTest.keyClick(quick, Qt.Key.Key_X, CONTROL | SHIFT)
    assert not quick.isVisible()
    assert QGuiApplication.clipboard().text() == said(quick)[-1]
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    open_it(qtbot, quick)
    QTest.keyClick(quick, Qt.Key.Key_V, CONTROL | SHIFT)
    assert not quick.isVisible()
    assert desk.asked[-2:] == ["give back", f"paste {said(quick)[-1]}"]
    desk.gave_up()
    assert quick.isVisible()


def test_where_nothing_can_be_pasted_the_button_says_why(qtbot: QtBot, quick: QuickAsk, desk: Desk) -> None:
    desk.cannot_paste = "This desktop doesn’t allow it."
    open_it(qtbot, quick)
    ask(qtbot, quick, "What?")
    paste = quick.footer.paste
    assert not paste.isEnabled()
    assert paste.accessibleDescription() == desk.cannot_paste
    assert desk.cannot_paste in paste.toolTip()
    QTest.keyClick(quick, Qt.Key.Key_V, CONTROL | SHIFT)
    assert quick.isVisible()
