"""The main window: chats come, go and are found again; what is narrow folds; what was said is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from app.chat.keys import KeyringState
from app.core.errors import CannotSave, ErrorDetails
from app.core.provider import Endpoint, entered_key
from app.core.settings import Settings, WindowGeometry
from app.markup import loading
from app.ui.actions import CommandId
from app.ui.main_window import WITHOUT_CHATS, MainWindow
from app.ui.placement import MIN_SIZE, clamped
from app.ui.theme import Theme
from app.ui.widgets.segmented import Segmented
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer
from tests.ui.painted import Painted

WAIT = int(WATCHDOG_SECONDS * 1000)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def make_window(
    qtbot: QtBot, theme: Theme, make_house: Callable[..., House]
) -> Iterator[Callable[[House], MainWindow]]:
    """Make windows; they are closed before the houses that they stand on, for which `make_house` is asked."""
    windows: list[MainWindow] = []

    def make(house: House) -> MainWindow:
        window = MainWindow(
            theme, house.library, house.preferences, house.connections, house.keys, lambda _: None
        )
        windows.append(window)
        window.resize(1000, 700)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window: Callable[[House], MainWindow], house: House) -> MainWindow:
    house.preferences.set(replace(house.preferences.current, less_motion=True))
    return make_window(house)


def shown_id(window: MainWindow) -> str:
    assert window.page.session is not None
    return window.page.session.conversation_id


def ask(qtbot: QtBot, window: MainWindow, text: str) -> str:
    """Ask in the chat that is shown and wait for the answer."""
    session = window.page.session
    assert session is not None
    before = len(session.path)
    QTest.keyClicks(window.page.composer.field, text)
    QTest.keyClick(window.page.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(session.path) == before + 2 and not session.is_busy, timeout=WAIT)
    return session.conversation_id


def titles(window: MainWindow) -> list[str]:
    model = window.sidebar.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_starts_with_a_new_chat_ready_to_write(window: MainWindow) -> None:
    assert window.windowTitle() == "Sirocco"
    assert window.page.composer.field.hasFocus()
    assert window.page.empty.isVisible()
    assert titles(window) == ["New chat"]
    assert window.page.header.title.text() == "New chat"


def test_names_of_the_controls(window: MainWindow) -> None:
    buttons = {name_of(one) for one in window.findChildren(QPushButton) if one.isVisible()}
    assert {"New chat", "Settings", "Send", "Model", "Hide sidebar"} <= buttons
    assert "" not in buttons
    assert {name_of(window.sidebar.chats), name_of(window.page.composer.field)} == {"Chats", "Message"}


def test_the_first_message_names_the_chat(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "How much [*] energy?")
    assert titles(window) == ["How much [*] energy?"]
    assert window.page.header.title.text() == "How much [*] energy?"
    assert name_of(window).replace("[*][*]", "[*]") == "How much [*] energy? — Sirocco"
    assert window.page.transcript.isVisible()


def test_two_chats_and_the_way_between_them(qtbot: QtBot, window: MainWindow) -> None:
    first = ask(qtbot, window, "First")
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL)
    assert titles(window) == ["New chat", "First"]
    second = ask(qtbot, window, "Second")
    assert titles(window) == ["Second", "First"]
    QTest.keyClick(window, Qt.Key.Key_Down, CONTROL)
    assert shown_id(window) == first
    assert window.windowTitle() == "First — Sirocco"
    QTest.keyClick(window, Qt.Key.Key_Up, CONTROL)
    assert shown_id(window) == second


def test_an_answer_in_another_chat_is_unread_until_it_is_shown(
    qtbot: QtBot, window: MainWindow, house: House
) -> None:
    first = ask(qtbot, window, "First")
    session = house.library.session(first)
    window.new_chat()
    session.send("Again")
    model = window.sidebar.model
    assert model.index_of(first).data(Qt.ItemDataRole.AccessibleDescriptionRole) == "answering"
    qtbot.waitUntil(lambda: first in house.library.unread_ids, timeout=WAIT)
    assert model.index_of(first).data(Qt.ItemDataRole.AccessibleDescriptionRole) == "new answer"
    window.open_chat(first)
    assert model.index_of(first).data(Qt.ItemDataRole.AccessibleDescriptionRole) == ""


def test_an_answer_that_grows_paints_its_end(
    qtbot: QtBot, window: MainWindow, server: LoopbackServer
) -> None:
    # Whatever stands over the transcript, be it by a px, would have all of it painted anew with each line.
    may_go_on = threading.Event()

    def speak(call: Call) -> None:
        call.begin_stream()
        call.text("\n\n".join(f"Paragraph {number}." for number in range(60)))
        assert may_go_on.wait(WATCHDOG_SECONDS)
        call.text("\n\nOne more.")
        call.wait_for_hang_up()

    server.script = speak
    session = window.page.session
    assert session is not None
    session.send("Tell me much")
    canvas = window.page.transcript.canvas
    qtbot.waitUntil(lambda: "Paragraph 59." in "".join(turn.text for turn in session.path), timeout=WAIT)
    qtbot.waitUntil(lambda: canvas.is_settled and canvas.verticalScrollBar().maximum() > 0, timeout=WAIT)
    painted = Painted(canvas.viewport())
    painted.forget_once_quiet(qtbot)
    before = canvas.verticalScrollBar().value()
    may_go_on.set()
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().value() > before and bool(painted.areas), timeout=WAIT)
    assert max(painted.areas) < 0.5
    session.stop()


def test_rename_in_the_header(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "First")
    QTest.keyClick(window, Qt.Key.Key_F2)
    editor = window.page.header.editor
    qtbot.waitUntil(editor.hasFocus)
    QTest.keyClicks(editor, "Dropped")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert titles(window) == ["First"]
    window.page.header.rename()
    QTest.keyClicks(editor, "Better")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert titles(window) == ["Better"]
    assert window.windowTitle() == "Better — Sirocco"


def test_delete_and_undo(qtbot: QtBot, window: MainWindow) -> None:
    first = ask(qtbot, window, "First")
    window.sidebar.chats.delete_asked.emit(first)
    assert titles(window) == ["New chat"]
    toast = window.page.toast
    assert toast.isVisible()
    undo = next(one for one in toast.findChildren(QPushButton))
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert shown_id(window) == first
    qtbot.waitUntil(lambda: titles(window) == ["First"], timeout=WAIT)
    assert window.sidebar.chats.selectedIndexes()[0].data() == "First"


def test_a_starter_fills_the_composer_and_sends_nothing(window: MainWindow, server: LoopbackServer) -> None:
    card = next(one for one in window.page.empty.findChildren(QPushButton))
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    field = window.page.composer.field
    assert field.textCursor().selectedText().startswith("[")
    assert field.hasFocus()
    assert server.calls == []


def test_the_last_chat_comes_back(
    qtbot: QtBot, window: MainWindow, house: House, make_house: Callable[..., House], make_window: Callable
) -> None:
    first = ask(qtbot, window, "First")
    window.close()
    assert house.library.shut_down(60.0)
    again = make_window(make_house())
    assert shown_id(again) == first
    qtbot.waitUntil(lambda: again.windowTitle() == "First — Sirocco", timeout=WAIT)
    assert again.page.shown_transcript is not None


def test_a_chat_that_is_gone_is_said_and_not_waited_for(
    qtbot: QtBot, house: House, make_window: Callable[[House], MainWindow]
) -> None:
    house.preferences.set(replace(house.preferences.current, last_conversation_id="gone"))
    window = make_window(house)
    qtbot.waitUntil(lambda: titles(window) == ["New chat"], timeout=WAIT)
    assert window.page.notices.notice is not None


def test_a_narrow_window_has_a_drawer(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(600, 700)
    assert not window.sidebar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_B, CONTROL)
    assert window.body.is_drawer_open
    qtbot.waitUntil(lambda: window.sidebar.x() == 0)
    assert window.sidebar.width() == 280
    assert window.sidebar.chats.hasFocus()
    for _ in range(8):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.sidebar.isAncestorOf(window.focusWidget())
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.body.is_drawer_open
    qtbot.waitUntil(lambda: not window.sidebar.isVisible())
    assert window.page.composer.field.hasFocus()
    window.resize(1000, 700)
    assert window.sidebar.isVisible()


def test_choosing_a_chat_closes_the_drawer(qtbot: QtBot, window: MainWindow) -> None:
    first = ask(qtbot, window, "First")
    window.new_chat()
    window.resize(600, 700)
    window.body.open_drawer()
    window.sidebar.chats.chosen.emit(first)
    assert not window.body.is_drawer_open
    assert shown_id(window) == first


def test_the_sidebar_hides_and_its_width_is_kept(window: MainWindow, house: House) -> None:
    grip = window.body.children()[-1]
    assert isinstance(grip, QWidget)
    window.body.toggle_sidebar()
    assert not window.sidebar.isVisible()
    window.keep_geometry()
    kept = house.preferences.current.geometry
    assert kept is not None
    assert kept.sidebar_hidden
    window.body.toggle_sidebar()
    assert window.sidebar.width() == 260


@pytest.mark.parametrize(
    "rect", [QRect(-5000, -5000, 1200, 800), QRect(9000, 9000, 100, 100), QRect(0, 0, 9000, 9000)]
)
def test_a_window_is_always_where_it_can_be_seen(rect: QRect) -> None:
    room = QRect(0, 27, 1920, 1053)
    seen = clamped(rect, room)
    assert room.contains(seen)
    assert seen.width() >= MIN_SIZE[0]


def test_text_size_by_keys(window: MainWindow, house: House, theme: Theme) -> None:
    QTest.keyClick(window, Qt.Key.Key_Plus, CONTROL)
    assert house.preferences.current.text_size == theme.text_size == 16
    QTest.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    QTest.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    assert theme.text_size == 14
    for _ in range(20):
        QTest.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    assert theme.text_size == 13
    QTest.keyClick(window, Qt.Key.Key_0, CONTROL)
    assert theme.text_size == 15


def test_text_size_by_wheel(window: MainWindow, house: House, theme: Theme) -> None:
    window.page.transcript.zoom_requested.emit(2)
    assert house.preferences.current.text_size == theme.text_size == 17
    window.page.transcript.zoom_requested.emit(-9)
    assert theme.text_size == 13


def test_the_areas_by_f6(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "First")
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert window.sidebar.chats.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert window.page.transcript.isAncestorOf(window.focusWidget())
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert window.page.composer.field.hasFocus()


def test_welcome_until_an_endpoint_is_set_up(
    make_house: Callable[..., House], make_window: Callable[[House], MainWindow]
) -> None:
    window = make_window(make_house())
    assert not window.body.isVisible()
    allowed = [one for one in CommandId if window.commands.action(one).isEnabled()]
    assert set(allowed) == WITHOUT_CHATS
    key = window.focusWidget()
    assert key.isVisible()
    assert key.accessibleName() == "API key", "a key is pasted without a click"
    click(window, "Try the offline demo")
    assert window.body.isVisible()
    assert window.page.composer.field.hasFocus()
    assert window.sidebar.badge.accessibleName().startswith("Offline demo")


def click(window: MainWindow, name: str) -> None:
    """Click on the button of this name."""
    button = next(one for one in window.findChildren(QPushButton) if name_of(one) == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_from_the_demo_it_is_one_click_to_where_a_key_is_entered(
    qtbot: QtBot, make_house: Callable[..., House], make_window: Callable[[House], MainWindow]
) -> None:
    window = make_window(make_house())
    click(window, "Try the offline demo")
    ask(qtbot, window, "Hello")
    asked = window.page.session
    assert window.windowTitle() == "Hello — Sirocco"
    click(window, "Enter a key")
    assert not window.body.isVisible()
    assert window.windowTitle() == "Sirocco"
    key = window.focusWidget()
    assert key.accessibleName() == "API key"
    QTest.keyClicks(key, "a-key-of-the-person")
    click(window, "Start chatting")
    assert window.body.isVisible()
    # The demo's chat keeps to the demo; a new one is for whom the person has set up.
    assert window.page.session is not asked
    assert window.sidebar.badge.accessibleName().startswith("Mistral API")
    assert window.page.notices.notice is None


def test_what_is_said_of_the_demo_goes_with_the_first_endpoint(
    make_house: Callable[..., House], make_window: Callable[[House], MainWindow]
) -> None:
    house = make_house()
    window = make_window(house)
    click(window, "Try the offline demo")
    notice = window.page.notices.notice
    assert notice is not None
    assert notice.title == "This is the offline demo"
    house.preferences.save_endpoint(Endpoint("own", "Own", "https://own.example/v1"))
    assert window.page.notices.notice is None


def test_what_could_not_be_saved_is_said(window: MainWindow, house: House) -> None:
    house.library.failed.emit(CannotSave(ErrorDetails(reason="the disk is full")))
    notice = window.page.notices.notice
    assert notice is not None
    assert "disk is full" in f"{notice.title} {notice.text}"
    window.page.notices.dismiss("disk")
    assert not window.page.notices.isVisible()


def test_a_keyring_that_did_not_take_the_key_is_said(window: MainWindow, house: House) -> None:
    key = entered_key("sk-12345678", "https://api.example.org:443")
    house.keys.key_not_stored.emit(key.origin, KeyringState.LOCKED)
    notice = window.page.notices.notice
    assert notice is not None
    assert notice.title == "Your keychain is locked"
    assert [label for label, _ in notice.actions] == ["Try again"]
    house.keys.keyring_changed.emit(KeyringState.OK)
    assert window.page.notices.notice is None


def test_a_window_from_a_screen_that_is_gone(
    house: House, make_window: Callable[[House], MainWindow]
) -> None:
    far = WindowGeometry(x=20_000, y=-9_000, width=700, height=600, sidebar_width=9_000)
    house.preferences.set(replace(house.preferences.current, geometry=far))
    window = make_window(house)
    assert window.screen().availableGeometry().intersects(window.geometry())
    assert window.body.sidebar_width == 360


def test_the_look_follows_the_settings(window: MainWindow, house: House, theme: Theme) -> None:
    settings = house.preferences.current
    house.preferences.set(replace(settings, strong_contrast=True))
    assert theme.focus_width == 3
    assert Settings().strong_contrast is False


def test_the_chats_of_quick_ask_have_a_filter(qtbot: QtBot, window: MainWindow, house: House) -> None:
    ask(qtbot, window, "Ordinary")
    assert window.findChildren(Segmented) == []
    quick = house.library.new_quick_session()
    quick.send("Quick")
    qtbot.waitUntil(lambda: titles(window) == ["Quick", "Ordinary"], timeout=WAIT)
    row = window.sidebar.model.index_of(quick.conversation_id)
    assert "Quick Ask" in row.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    (chosen,) = window.findChildren(Segmented)
    alone = next(one for one in chosen.findChildren(QRadioButton) if one.text() == "Quick Ask")
    QTest.mouseClick(alone, Qt.MouseButton.LeftButton)
    assert titles(window) == ["Quick"]
    window.new_chat()
    assert titles(window) == ["Quick"]
    house.library.delete(quick.conversation_id)
    assert not chosen.isVisible()
    assert titles(window) == ["New chat", "Ordinary"]


@pytest.mark.usefixtures("unread")
def test_who_types_has_loaded_what_reads_the_answer(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClicks(window.page.composer.field, "H")
    qtbot.waitUntil(loading.is_loaded, timeout=WAIT)
