"""A message's whole way: from the person over the wire and back, and onto the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.activity import Activity, ActivityKind
from app.chat.session import ChatSession
from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.core.errors import ChatError, EmptyAnswer, ModelNotFound, NoConnection, ServerProblem
from app.core.parts import TextPart, ThinkingPart
from tests.chat.house import House, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer, greet

WAIT = int(WATCHDOG_SECONDS * 1000)


class Diary:
    """All that a session announces, in order."""

    def __init__(self, session: ChatSession) -> None:
        self.lines: list[tuple[str, object]] = []
        self.activities: list[Activity] = []
        session.message_added.connect(lambda turn: self.lines.append(("added", turn)))
        session.reply_changed.connect(lambda turn: self.lines.append(("grown", turn)))
        session.message_changed.connect(lambda turn: self.lines.append(("changed", turn)))
        session.messages_reset.connect(lambda: self.lines.append(("reset", None)))
        session.busy_changed.connect(lambda busy: self.lines.append(("busy", busy)))
        session.title_changed.connect(lambda title: self.lines.append(("title", title)))
        session.save_failed.connect(lambda error: self.lines.append(("unsaved", error)))
        session.activity_changed.connect(self.activities.append)

    def words(self) -> list[str]:
        return [word for word, _ in self.lines if word != "grown"]

    def kinds(self) -> list[ActivityKind]:
        return [activity.kind for activity in self.activities]


def send(qtbot: QtBot, session: ChatSession, text: str) -> Turn:
    """Send and wait until the reply has ended; return it."""
    with qtbot.waitSignal(session.message_changed, timeout=WAIT) as ended:
        assert session.send(text)
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)
    assert ended.args is not None
    turn = ended.args[0]
    assert isinstance(turn, Turn)
    return turn


def test_whole_way(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    session = house.new_session()
    diary = Diary(session)
    reply = send(qtbot, session, "How are you?")
    assert diary.words() == ["busy", "added", "title", "added", "changed", "busy"]
    assert text_of(session) == ["How are you?", "Hello there."]
    assert reply.state is ReplyState.DONE
    assert reply.reply is not None
    assert reply.reply.finish_reason == "stop"
    assert reply.reply.seconds is not None
    assert reply.reply.seconds_to_first is not None
    assert session.title == "How are you?"
    assert diary.kinds() == [ActivityKind.WAITING, ActivityKind.WRITING, ActivityKind.IDLE]
    data = server.calls[0].request.data
    assert data["model"] == "test-model"
    assert data["stream"] is True
    assert [message["role"] for message in data["messages"]] == ["user"]
    assert [one.title for one in house.library.summaries] == ["How are you?"]


def test_second_message_carries_the_first(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    session = house.new_session()
    send(qtbot, session, "One")
    send(qtbot, session, "Two")
    roles = [message["role"] for message in server.calls[1].request.data["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert text_of(session) == ["One", "Hello there.", "Two", "Hello there."]


def test_all_there_after_a_restart(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house()
    house.use(server.url)
    session = house.new_session()
    send(qtbot, session, "Remember me")
    before = session.path
    assert house.library.shut_down(60.0)
    house = make_house()
    qtbot.waitUntil(lambda: bool(house.library.summaries), timeout=WAIT)
    again = house.library.session(session.conversation_id)
    assert not again.is_loaded
    with qtbot.waitSignal(again.loaded, timeout=WAIT):
        pass
    assert [(turn.turn_id, turn.text, turn.state) for turn in again.path] == [
        (turn.turn_id, turn.text, turn.state) for turn in before
    ]
    assert again.title == "Remember me"
    assert again.endpoint() == house.preferences.endpoint("here")
    send(qtbot, again, "And again")
    assert len(again.path) == 4


def test_thinking_is_timed(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    def think(call: Call) -> None:
        call.begin_stream()
        call.thinking("Let me ")
        call.thinking("see.")
        call.text("It is 4.")
        call.finish()

    server.script = think
    session = house.new_session()
    diary = Diary(session)
    reply = send(qtbot, session, "2 + 2?")
    match reply.content:
        case (ThinkingPart("Let me see.", seconds), TextPart("It is 4.")):
            assert seconds is not None
            assert seconds >= 0.0
        case other:
            pytest.fail(repr(other))
    assert diary.kinds()[-2:] == [ActivityKind.WRITING, ActivityKind.IDLE]


def test_a_burst_comes_in_few_pieces(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    def flood(call: Call) -> None:
        call.begin_stream()
        for number in range(3000):
            call.text(f"{number} ")
        call.finish()

    server.script = flood
    session = house.new_session()
    diary = Diary(session)
    reply = send(qtbot, session, "Count")
    assert reply.text == "".join(f"{number} " for number in range(3000))
    pieces = [line for line in diary.lines if line[0] == "grown"]
    assert len(pieces) < 1500


def test_two_chats_at_once(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    gates = {"first": threading.Event(), "second": threading.Event()}

    def gated(call: Call) -> None:
        call.begin_stream()
        call.text("answer to ")
        assert gates[call.request.last_text].wait(WATCHDOG_SECONDS)
        call.text(call.request.last_text)
        call.finish()

    server.script = gated
    first = house.new_session()
    assert first.send("first")
    second = house.new_session()
    assert second is not first
    assert second.send("second")
    qtbot.waitUntil(lambda: text_of(first)[-1:] == text_of(second)[-1:] == ["answer to "], timeout=WAIT)
    assert house.library.busy_ids == {first.conversation_id, second.conversation_id}
    house.library.show(first.conversation_id)
    gates["second"].set()
    qtbot.waitUntil(lambda: not second.is_busy, timeout=WAIT)
    assert first.is_busy
    assert house.library.unread_ids == {second.conversation_id}
    gates["first"].set()
    qtbot.waitUntil(lambda: not first.is_busy, timeout=WAIT)
    assert house.library.unread_ids == {second.conversation_id}
    assert text_of(first) == ["first", "answer to first"]
    assert text_of(second) == ["second", "answer to second"]


def test_nothing_to_send(house: House) -> None:
    session = house.new_session()
    assert not session.send("  \n ")
    assert not session.is_busy
    house.preferences.remove_endpoint("here")
    assert not session.send("Hello")


def test_one_reply_at_a_time(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    server.script = Call.wait_for_hang_up
    session = house.new_session()
    assert session.send("One")
    assert not session.send("Two")
    session.stop()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)


def test_empty_answer_is_a_failure(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    def nothing(call: Call) -> None:
        call.begin_stream()
        call.finish()

    server.script = nothing
    session = house.new_session()
    reply = send(qtbot, session, "Hello")
    assert reply.state is ReplyState.FAILED
    assert reply.reply is not None
    assert isinstance(reply.reply.error, EmptyAnswer)


def test_without_a_model_the_first_message_waits_for_the_list(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    may_list = threading.Event()
    server.before_list = lambda: may_list.wait(WATCHDOG_SECONDS)
    house.use(server.url, model="")
    session = house.new_session()
    diary = Diary(session)
    assert session.send("Hello")
    qtbot.waitUntil(lambda: text_of(session) == ["Hello", ""], timeout=WAIT)
    assert diary.kinds() == [ActivityKind.WAITING]
    assert not server.calls
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        may_list.set()
    assert text_of(session) == ["Hello", "Hello there."]
    assert server.calls[0].request.data["model"] == "test-model"
    assert (session.path[-1].model, session.conversation.model) == ("test-model", "test-model")


def test_without_a_list_the_model_that_is_chosen_meanwhile_is_asked(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    may_list = threading.Event()
    server.before_list = lambda: may_list.wait(WATCHDOG_SECONDS)
    endpoint = house.use(server.url, model="")
    session = house.new_session()
    assert session.send("Hello")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        session.set_model(endpoint.endpoint_id, "another-model")
    may_list.set()
    assert server.calls[0].request.data["model"] == "another-model"
    assert session.path[-1].model == "another-model"


def test_a_model_may_be_chosen_while_an_answer_that_has_ended_is_being_stored(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    may_store = threading.Event()
    endpoint = house.use(server.url)
    session = house.new_session()
    diary = Diary(session)
    session.reply_changed.connect(
        lambda _: house.disk.submit(lambda _: may_store.wait(WATCHDOG_SECONDS)),
        Qt.ConnectionType.SingleShotConnection,
    )
    assert session.send("Hello")
    qtbot.waitUntil(lambda: diary.kinds()[-1:] == [ActivityKind.IDLE], timeout=WAIT)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    session.set_model(endpoint.endpoint_id, "another-model")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        may_store.set()
    assert text_of(session) == ["Hello", "Hello there."]


def test_without_a_model_and_with_an_empty_list_one_must_be_chosen(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    server.models = ()
    house.use(server.url, model="")
    session = house.new_session()
    reply = send(qtbot, session, "Hello")
    assert reply.reply is not None
    assert isinstance(reply.reply.error, ModelNotFound)
    assert not server.calls


def test_without_a_model_the_fault_of_the_list_is_told(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    url = server.url
    server.close()
    house.use(url, model="")
    session = house.new_session()
    reply = send(qtbot, session, "Hello")
    assert reply.reply is not None
    assert isinstance(reply.reply.error, NoConnection)


def test_stop_while_the_list_is_waited_for(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    may_list = threading.Event()
    server.before_list = lambda: may_list.wait(WATCHDOG_SECONDS)
    house.use(server.url, model="")
    session = house.new_session()
    assert session.send("Hello")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        session.stop()
    assert session.path[-1].state is ReplyState.STOPPED
    with qtbot.waitSignal(house.connections.models_changed, timeout=WAIT):
        may_list.set()
    assert not session.is_busy
    assert not server.calls


def test_failure_is_kept_and_tried_again(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    server.script = lambda call: call.fail(400, "no such thing")
    house = make_house()
    house.use(server.url)
    session = house.new_session()
    failed = send(qtbot, session, "Hello")
    assert failed.state is ReplyState.FAILED
    assert house.library.shut_down(60.0)

    house = make_house()
    again = house.library.session(session.conversation_id)
    with qtbot.waitSignal(again.loaded, timeout=WAIT):
        pass
    assert again.path[-1].turn_id == failed.turn_id
    assert again.path[-1].state is ReplyState.FAILED
    assert again.path[-1].reply is not None
    assert isinstance(again.path[-1].reply.error, ChatError)
    assert "no such thing" in str(again.path[-1].reply.error)
    server.script = lambda call: call.answer("Yes")
    with qtbot.waitSignal(again.message_changed, timeout=WAIT):
        assert again.try_again(failed.turn_id)
    assert text_of(again) == ["Hello", "Yes"]
    assert len(again.conversation.turns) == 2


def test_another_version(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    answers = iter(["One way", "Another way"])
    server.script = lambda call: call.answer(next(answers))
    session = house.new_session()
    first = send(qtbot, session, "How?")
    diary = Diary(session)
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.try_again(first.turn_id)
    assert diary.words()[:2] == ["reset", "busy"]
    assert text_of(session) == ["How?", "Another way"]
    versions = session.conversation.siblings(session.path[-1].turn_id)
    assert [turn.text for turn in versions] == ["One way", "Another way"]
    assert [message["role"] for message in server.calls[1].request.data["messages"]] == ["user"]


def test_error_after_text_keeps_the_text(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    def break_off(call: Call) -> None:
        call.begin_stream()
        call.text("Half an ans")
        call.break_off()

    server.script = break_off
    session = house.new_session()
    reply = send(qtbot, session, "Hello")
    assert reply.state is ReplyState.INTERRUPTED
    assert reply.text == "Half an ans"
    server.script = lambda call: call.answer("Whole answer")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.try_again(reply.turn_id)
    assert [turn.text for turn in session.conversation.siblings(session.path[-1].turn_id)] == [
        "Half an ans",
        "Whole answer",
    ]


def test_retry_with_a_countdown(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    tries: list[int] = []

    def busy_once(call: Call) -> None:
        tries.append(1)
        if len(tries) == 1:
            call.fail(503, "loading", "Retry-After: 30")
        else:
            call.answer("Here I am")

    server.script = busy_once
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
        qtbot.waitUntil(lambda: session.activity.kind is ActivityKind.RETRYING, timeout=WAIT)
        assert session.activity.retry_at is not None
        assert session.activity.retry_at > session.activity.since
        assert isinstance(session.activity.error, ServerProblem)
        session.retry_now()
    assert text_of(session) == ["Hello", "Here I am"]
    assert [turn.role for turn in session.conversation.turns] == [Role.USER, Role.ASSISTANT]


def test_stop_ends_the_countdown(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    server.script = lambda call: call.fail(503, "loading", "Retry-After: 30")
    session = house.new_session()
    assert session.send("Hello")
    qtbot.waitUntil(lambda: session.activity.kind is ActivityKind.RETRYING, timeout=WAIT)
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        session.stop()
    assert session.path[-1].state is ReplyState.STOPPED
    assert len(server.calls) == 1


def test_back_online(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    url = server.url
    server.close()
    house.use(url)
    session = house.new_session()
    assert session.send("Hello")
    qtbot.waitUntil(lambda: session.activity.kind is ActivityKind.RETRYING, timeout=WAIT)
    house.library.went_online()
    assert session.activity.kind is ActivityKind.WAITING
    with qtbot.waitSignal(session.message_changed, timeout=WAIT * 3):
        pass
    assert session.path[-1].state is ReplyState.FAILED


def failed_offline(qtbot: QtBot, house: House, server: LoopbackServer) -> ChatSession:
    """A chat whose question went nowhere, all tries over. Its server listens only from then on."""
    url = server.url
    server.stop_listening()
    house.use(url)
    session = house.new_session()
    assert session.send("Hello")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT * 3):
        pass
    assert session.path[-1].reply is not None
    assert isinstance(session.path[-1].reply.error, NoConnection)
    server.listen_again()
    return session


def test_back_online_a_question_that_went_nowhere_goes_out(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    session = failed_offline(qtbot, house, server)
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        house.library.went_online()
    assert text_of(session) == ["Hello", "Hello there."]
    house.library.went_online()
    assert not session.is_busy
    assert len(server.calls) == 1


def test_back_online_only_the_last_question_of_this_run_goes_out(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house()
    session = failed_offline(qtbot, house, server)
    server.script = lambda call: call.fail(400, "no such thing")
    send(qtbot, session, "Something else")
    house.library.went_online()
    assert not session.is_busy
    assert len(server.calls) == 1

    server.script = greet
    other = failed_offline(qtbot, house, server)
    assert house.library.shut_down(60.0)
    house = make_house()
    again = house.library.session(other.conversation_id)
    with qtbot.waitSignal(again.loaded, timeout=WAIT):
        pass
    house.library.went_online()
    assert not again.is_busy
    assert len(server.calls) == 1


def test_model_and_endpoint_are_the_chats_own(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    first = house.new_session()
    send(qtbot, first, "Hello")
    first.set_model("here", "other-model")
    second = house.new_session()
    assert second.model == "test-model"
    send(qtbot, first, "Again")
    assert server.calls[-1].request.data["model"] == "other-model"
    send(qtbot, second, "Hello")
    assert server.calls[-1].request.data["model"] == "test-model"
