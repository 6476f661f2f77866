"""What the store promises of conversations, turns, running replies and drafts; on real SQLite files."""

import itertools
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.completion import Completion, ReplyState
from app.core.conversation import Conversation, Role, Turn, new_id
from app.core.errors import ConnectionLost, ErrorDetails
from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    ReferencePart,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    UnknownPart,
)
from app.core.usage import Usage
from app.store.conversations import Conversations
from app.store.database import Database, Durability, StoreError, StoreFault
from tests.store.samples import answer, conversation, filled, opened, question, running, texts

YEAR = 365.25 * 24 * 3600

# Halves of surrogate pairs and NULs too: they come out of JSON, and out of files.
any_text = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("\0\ufeff\u2028" + string.printable),
    )
)
any_part: st.SearchStrategy[Part] = st.one_of(
    st.builds(TextPart, any_text),
    st.builds(ThinkingPart, any_text, st.none() | st.floats(0, 1e6)),
    st.builds(ImagePart, any_text, any_text),
    st.builds(DocumentPart, any_text, any_text),
    st.builds(ReferencePart, st.lists(any_text).map(tuple)),
    st.builds(RefusalPart, any_text),
    st.builds(ToolCallPart, any_text, any_text, any_text),
    st.builds(UnknownPart, any_text),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Conversations]:
    with opened(tmp_path / "history.db") as conversations:
        yield conversations


def test_a_conversation_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    chat = replace(conversation("Wind"), endpoint_id="e1", model="m1", system_prompt="Be short.")
    with opened(tmp_path / "history.db") as store:
        first = store.add_turn(chat, question("What is a sirocco?"))
        second = store.finish_reply(chat.conversation_id, answer("A wind.", first))
    with opened(tmp_path / "history.db") as store:
        found = store.load(chat.conversation_id)
    assert found == replace(chat, turns=(first, second))
    assert (first.sequence, second.sequence) == (1, 2)


def test_what_is_not_there_is_none(store: Conversations) -> None:
    assert store.load("nowhere") is None
    assert store.summaries() == ()
    assert store.draft("") == ""


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_part).map(tuple))
def test_any_parts_come_back_whole(store: Conversations, parts: tuple[Part, ...]) -> None:
    chat = conversation()
    asked = store.add_turn(chat, Turn(new_id(), None, Role.USER, parts, created=1.0))
    reply = store.finish_reply(
        chat.conversation_id,
        replace(answer("", asked), reply=Completion(parts, ReplyState.STOPPED)),
    )
    assert store.load(chat.conversation_id) == replace(chat, updated=1.0, turns=(asked, reply))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_text)
def test_any_title_and_draft_can_be_kept(store: Conversations, text: str) -> None:
    chat = conversation(text)
    store.add_turn(chat, question("?"))
    store.rename(chat.conversation_id, text)
    store.set_draft(chat.conversation_id, text)
    kept = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert store.summaries()[0].title == kept
    assert store.draft(chat.conversation_id) == kept


def test_all_that_is_known_of_a_reply_comes_back(store: Conversations) -> None:
    chat = conversation()
    asked = store.add_turn(chat, question("?"))
    reply = Completion(
        parts=(ThinkingPart("hm", 1.5), TextPart("So far")),
        state=ReplyState.INTERRUPTED,
        finish_reason="length",
        usage=Usage(12, 34, 5, 6, '{"x":1}'),
        served_model="served",
        response_id="r-1",
        error=ConnectionLost(ErrorDetails(host="example.org", reason="reset", charged=True)),
        seconds_to_first=0.25,
        seconds=3.5,
    )
    turn = replace(answer("", asked), reply=reply)
    store.begin_reply(chat.conversation_id, running(asked))
    stored = store.finish_reply(chat.conversation_id, turn)
    loaded = store.load(chat.conversation_id)
    assert loaded is not None
    assert loaded.turns[-1] == stored == replace(turn, sequence=stored.sequence)


def test_versions_of_a_turn_stand_beside_each_other(store: Conversations) -> None:
    chat = conversation()
    asked = store.add_turn(chat, question("Which?"))
    old = store.finish_reply(chat.conversation_id, answer("this", asked))
    new = store.finish_reply(chat.conversation_id, answer("that", asked))
    edited = store.add_turn(chat, question("Which one?"))
    found = store.load(chat.conversation_id)
    assert texts(found) == ["Which one?"]
    store.choose(chat.conversation_id, None, asked.turn_id)
    assert texts(store.load(chat.conversation_id)) == ["Which?", "that"]
    store.choose(chat.conversation_id, asked.turn_id, old.turn_id)
    assert texts(store.load(chat.conversation_id)) == ["Which?", "this"]
    store.choose(chat.conversation_id, asked.turn_id, new.turn_id)
    store.choose(chat.conversation_id, "", edited.turn_id)
    found = store.load(chat.conversation_id)
    assert found is not None
    assert found.chosen == {"": edited.turn_id, asked.turn_id: new.turn_id}
    assert found.siblings(old.turn_id) == (old, new)


def test_a_whole_conversation_can_be_added(store: Conversations) -> None:
    first = question("one")
    second = answer("two", first)
    other = answer("deux", first)
    chat = replace(conversation(), turns=(first, second, other), chosen={first.turn_id: second.turn_id})
    stored = store.add(chat)
    assert [turn.sequence for turn in stored.turns] == [1, 2, 3]
    assert store.load(chat.conversation_id) == stored
    assert texts(stored) == ["one", "two"]


def test_a_conversation_cannot_take_over_the_turns_of_another(store: Conversations) -> None:
    asked = question("mine")
    mine = conversation("mine")
    store.add_turn(mine, asked)
    with pytest.raises(StoreError):
        store.add(replace(conversation("other"), turns=(replace(asked, parts=(TextPart("stolen"),)),)))
    assert texts(store.load(mine.conversation_id)) == ["mine"]
    assert [one.title for one in store.summaries()] == ["mine"]


def test_the_chat_that_was_written_to_last_is_first_whatever_the_clock_says(tmp_path: Path) -> None:
    """REL-15."""
    clock = itertools.cycle([100 * YEAR, 80 * YEAR, 90 * YEAR, 10 * YEAR])
    database = Database(tmp_path / "history.db")
    database.open()
    store = Conversations(database, lambda: next(clock))
    chats = [replace(conversation(title), created=0.0, updated=0.0) for title in ("a", "b", "c")]
    for chat, created in zip(chats, (70 * YEAR, 60 * YEAR, 0.0), strict=True):
        store.add_turn(chat, question("?", created=created))
    assert [one.title for one in store.summaries()] == ["c", "b", "a"]
    last = store.add_turn(chats[0], question("?", created=1.0))
    assert [one.title for one in store.summaries()] == ["a", "c", "b"]
    assert store.summaries()[0].updated == 1.0
    found = store.load(chats[0].conversation_id)
    assert found is not None
    assert found.turns[-1] == last
    database.close()


def test_names_and_models_change(store: Conversations) -> None:
    chat = conversation()
    store.add_turn(chat, question("?"))
    store.rename(chat.conversation_id, "Better")
    store.set_model(chat.conversation_id, "e2", "m2")
    (summary,) = store.summaries()
    assert (summary.title, summary.endpoint_id, summary.model) == ("Better", "e2", "m2")
    store.rename("nowhere", "x")
    store.set_model("nowhere", "e", "m")
    assert len(store.summaries()) == 1


def test_a_later_turn_leaves_the_title_that_was_given(store: Conversations) -> None:
    chat = conversation("first words")
    asked = store.add_turn(chat, question("?"))
    store.rename(chat.conversation_id, "Better")
    store.add_turn(chat, question("more", asked))
    assert store.summaries()[0].title == "Better"


def test_a_deleted_chat_is_hidden_and_can_come_back(tmp_path: Path) -> None:
    stored = filled(tmp_path / "history.db")
    with opened(tmp_path / "history.db") as store:
        store.set_draft(stored.conversation_id, "draft")
        store.delete(stored.conversation_id)
        assert store.summaries() == ()
        assert store.purge(3600) == 0
        store.restore(stored.conversation_id)
        assert store.load(stored.conversation_id) == stored
        assert len(store.summaries()) == 1
        assert store.draft(stored.conversation_id) == "draft"


def test_what_is_purged_is_nowhere_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with opened(path) as store:
        kept = conversation("kept")
        store.add_turn(kept, question("KEPT-TEXT"))
        chats = [conversation(f"gone {number}") for number in range(45)]
        for chat in chats:
            asked = store.add_turn(chat, question("GONE-TEXT " * 500))
            reply = store.begin_reply(chat.conversation_id, running(asked))
            store.append_reply(reply.turn_id, (TextPart("GONE-TEXT"),))
            store.choose(chat.conversation_id, None, asked.turn_id)
            store.set_draft(chat.conversation_id, "GONE-TEXT")
            store.delete(chat.conversation_id)
        assert store.purge(0.0) == 45
        assert store.purge(0.0) == 0
        assert texts(store.load(kept.conversation_id)) == ["KEPT-TEXT"]
        assert store.draft(chats[0].conversation_id) == ""
        assert (tmp_path / "history.db-wal").stat().st_size == 0
    content = path.read_bytes()
    assert b"KEPT-TEXT" in content
    assert b"GONE-TEXT" not in content


def test_a_running_reply_has_what_was_saved_of_it(store: Conversations) -> None:
    chat = conversation()
    asked = store.add_turn(chat, question("?"))
    reply = store.begin_reply(chat.conversation_id, running(asked, "Once "))
    store.append_reply(reply.turn_id, (ThinkingPart("hm"),))
    store.append_reply(reply.turn_id, (ThinkingPart(" hm", 2.0), TextPart("upon ")))
    store.append_reply(reply.turn_id, (TextPart("a time"),))
    found = store.load(chat.conversation_id)
    assert found is not None
    assert found.turns[-1].state is ReplyState.RUNNING
    assert found.turns[-1].content == (
        TextPart("Once "),
        ThinkingPart("hm hm", 2.0),
        TextPart("upon a time"),
    )


def test_a_tool_call_takes_the_place_of_its_earlier_self(store: Conversations) -> None:
    chat = conversation()
    asked = store.add_turn(chat, question("?"))
    reply = store.begin_reply(chat.conversation_id, running(asked))
    store.append_reply(reply.turn_id, (TextPart("Let me "), ToolCallPart("1", "look", "{")))
    store.append_reply(reply.turn_id, (TextPart("see"), ToolCallPart("1", "look", "{}")))
    found = store.load(chat.conversation_id)
    assert found is not None
    assert found.turns[-1].text == "Let me see"
    calls = [part for part in found.turns[-1].content if isinstance(part, ToolCallPart)]
    assert calls == [ToolCallPart("1", "look", "{}")]


def test_running_replies_become_interrupted_on_the_next_start(tmp_path: Path) -> None:
    """REL-02."""
    path = tmp_path / "history.db"
    chats = [conversation("one"), conversation("two")]
    with opened(path) as store:
        for chat in chats:
            asked = store.add_turn(chat, question("?"))
            reply = store.begin_reply(chat.conversation_id, running(asked))
            store.append_reply(reply.turn_id, (TextPart(f"{chat.title} so"),))
            store.append_reply(reply.turn_id, (TextPart(" far"),))
    with opened(path) as store:
        assert store.interrupt_running() == 2
        assert store.interrupt_running() == 0
        for chat in chats:
            found = store.load(chat.conversation_id)
            assert found is not None
            assert found.turns[-1].state is ReplyState.INTERRUPTED
            assert found.turns[-1].text == f"{chat.title} so far"
            assert found.turns[-1].model == "m"
        assert store.damaged() == ()


def test_a_reply_that_ended_is_whole_and_its_pieces_are_gone(tmp_path: Path) -> None:
    database = Database(tmp_path / "history.db")
    database.open()
    store = Conversations(database)
    chat = conversation()
    asked = store.add_turn(chat, question("?"))
    reply = store.begin_reply(chat.conversation_id, running(asked))
    store.append_reply(reply.turn_id, (TextPart("par"),))
    done = replace(reply, reply=Completion((TextPart("whole"),), ReplyState.DONE))
    assert store.finish_reply(chat.conversation_id, done).sequence == reply.sequence
    assert database.rows("SELECT * FROM delta") == []
    assert store.interrupt_running() == 0
    assert texts(store.load(chat.conversation_id)) == ["?", "whole"]
    database.close()


def test_a_reply_whose_beginning_failed_can_still_be_finished(store: Conversations) -> None:
    chat = conversation()
    asked = store.add_turn(chat, question("?"))
    reply = answer("late", asked)
    with pytest.raises(StoreError) as caught:
        store.append_reply(reply.turn_id, (TextPart("l"),))
    assert caught.value.fault is StoreFault.GONE
    store.finish_reply(chat.conversation_id, reply)
    assert texts(store.load(chat.conversation_id)) == ["?", "late"]


def test_the_same_turn_twice_is_one_turn(store: Conversations) -> None:
    chat = conversation()
    asked = question("?")
    first = store.add_turn(chat, asked)
    store.finish_reply(chat.conversation_id, answer("!", first))
    again = store.add_turn(chat, replace(asked, parts=(TextPart("??"),)))
    assert again.sequence == first.sequence
    assert texts(store.load(chat.conversation_id)) == ["??", "!"]


def test_a_turn_without_its_parent_or_chat_is_refused(store: Conversations) -> None:
    chat = conversation()
    asked = question("never stored")
    with pytest.raises(StoreError) as caught:
        store.add_turn(chat, question("follows", asked))
    assert caught.value.fault is StoreFault.GONE
    assert store.summaries() == ()
    with pytest.raises(StoreError):
        store.begin_reply(chat.conversation_id, running(asked))
    with pytest.raises(StoreError):
        store.finish_reply(chat.conversation_id, answer("x", asked))
    with pytest.raises(StoreError):
        store.choose(chat.conversation_id, None, asked.turn_id)


def test_only_a_turn_that_none_follow_can_be_removed(store: Conversations) -> None:
    chat = conversation()
    asked = store.add_turn(chat, question("?"))
    reply = store.begin_reply(chat.conversation_id, running(asked))
    store.append_reply(reply.turn_id, (TextPart("x"),))
    with pytest.raises(StoreError) as caught:
        store.remove_turn(asked.turn_id)
    assert caught.value.fault is StoreFault.FOLLOWED
    store.remove_turn(reply.turn_id)
    assert texts(store.load(chat.conversation_id)) == ["?"]
    store.remove_turn("nowhere")


def test_drafts_are_kept_per_chat(store: Conversations) -> None:
    store.set_draft("", "new")
    store.set_draft("a", "of a")
    store.set_draft("a", "of a, longer")
    assert (store.draft(""), store.draft("a")) == ("new", "of a, longer")
    store.set_draft("a", "")
    assert (store.draft(""), store.draft("a")) == ("new", "")


@pytest.mark.parametrize(
    "change",
    [
        """UPDATE turn SET parts = replace(parts, 'answer 3', 'answer 7') WHERE number = 4""",
        """UPDATE turn SET parts = '[{"type":' WHERE number = 4""",
        """UPDATE turn SET parts = '{}' WHERE number = 4""",
        """UPDATE turn SET reply = 'null' WHERE number = 4""",
        """UPDATE turn SET state = 'undone' WHERE number = 4""",
        """UPDATE turn SET role = 'assistent' WHERE number = 4""",
        """UPDATE turn SET model = 'n' WHERE number = 4""",
    ],
)
def test_a_changed_row_is_noticed_and_still_shown(tmp_path: Path, change: str) -> None:
    """REL-06: SQLite itself notices none of these."""
    path = tmp_path / "history.db"
    stored = filled(path)
    with opened(path) as store:
        assert store.damaged() == ()
    database = Database(path)
    database.open()
    with database.transaction(Durability.FULL) as connection:
        connection.execute(change)
    store = Conversations(database)
    assert database.check() == ()
    assert store.damaged() == ((stored.conversation_id, stored.turns[3].turn_id),)
    found = store.load(stored.conversation_id)
    assert found is not None
    assert len(found.path()) == len(stored.turns)
    database.close()


def test_damaged_text_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    stored = filled(path)
    database = Database(path)
    database.open()
    with database.transaction(Durability.FULL) as connection:
        connection.execute("UPDATE turn SET parts = ? WHERE number = 4", ('[{"type":"text","text":"answ',))
    found = Conversations(database).load(stored.conversation_id)
    assert found is not None
    assert found.turns[3].content == (UnknownPart('[{"type":"text","text":"answ'),)
    database.close()


def test_a_conversation_of_ten_thousand_turns(store: Conversations) -> None:
    """It opens without a look at any other conversation's turns; how fast, `dev.py bench` says."""
    turns: list[Turn] = []
    for number in range(10_000):
        parent = turns[-1] if turns else None
        turns.append(question(f"q{number}", parent) if number % 2 == 0 else answer(f"a{number}", turns[-1]))
    chat: Conversation = store.add(replace(conversation(), turns=tuple(turns)))
    assert store.load(chat.conversation_id) == chat
    assert store.damaged() == ()
