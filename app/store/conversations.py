"""Conversations in the history file: their turns, what a running reply has so far, and drafts."""

from __future__ import annotations

# Statements are put together from constants of this package alone.
# ruff: noqa: S608
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import apsw

from app.core.completion import Completion, ReplyState
from app.core.conversation import Conversation, ConversationSummary, Turn
from app.core.parts import Part, answer_text
from app.store.database import Database, Durability
from app.store.faults import StoreError, StoreFault
from app.store.rows import (
    COLUMNS,
    checksum,
    clean,
    continued,
    parts_from_text,
    parts_text,
    row_of,
    turn_from_row,
)

PURGE_BATCH = 20  # conversations: on a full disk a large deletion finds no room for its log (REL-07)

_TURN = f"number, parent, {COLUMNS}"
_PLACES = ", ".join("?" for _ in COLUMNS.split(", "))
_WRITE = (
    f"INSERT INTO turn ({COLUMNS}, crc, conversation, parent) VALUES ({_PLACES}, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS.split(", "), "crc", "parent"))
    + " WHERE conversation = excluded.conversation RETURNING number"
)
_REWRITE = f"UPDATE turn SET ({COLUMNS}, crc) = ({_PLACES}, ?) WHERE number = ?"


class Conversations:
    """All conversations. Every method may raise StoreError, and then has changed nothing.

    Nothing that a person wrote is removed but by `purge`, and by `remove_turn` and `set_draft`, which say so.
    Writing a turn that is there already writes it anew, so that what failed can be tried again.
    `now` gives Unix seconds, for labels; no order depends on it.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def summaries(self) -> tuple[ConversationSummary, ...]:
        """All that aren't deleted, the one that was written to last first."""
        rows = self._database.rows(
            "SELECT id, title, created, updated, endpoint_id, model, is_quick FROM conversation"
            " WHERE deleted IS NULL ORDER BY position DESC"
        )
        return tuple(
            ConversationSummary(own, title, created, updated, endpoint_id, model, bool(is_quick))
            for own, title, created, updated, endpoint_id, model, is_quick in rows
        )

    def recent_questions(self, count: int) -> tuple[str, ...]:
        """What was asked last in the small window, newest first; of deleted chats nothing."""
        rows = self._database.rows(
            "SELECT turn.parts FROM turn JOIN conversation ON conversation.number = turn.conversation"
            " WHERE conversation.is_quick AND conversation.deleted IS NULL AND turn.role = 'user'"
            " ORDER BY turn.number DESC LIMIT ?",
            (count,),
        )
        return tuple(text for (parts,) in rows if (text := answer_text(parts_from_text(parts))))

    def load(self, conversation_id: str) -> Conversation | None:
        """One conversation with all its turns, deleted or not; a running reply with what is saved of it."""
        found = self._database.rows(
            "SELECT number, title, created, updated, endpoint_id, model, system_prompt, is_quick"
            " FROM conversation WHERE id = ?",
            (conversation_id,),
        )
        if not found:
            return None
        number, title, created, updated, endpoint_id, model, system_prompt, is_quick = found[0]
        choices = self._database.rows(
            "SELECT parent_id, child_id FROM choice WHERE conversation = ?", (number,)
        )
        return Conversation(
            conversation_id=conversation_id,
            title=title,
            created=created,
            updated=updated,
            endpoint_id=endpoint_id,
            model=model,
            system_prompt=system_prompt,
            turns=self._turns(number),
            chosen=dict(choices),
            is_quick=bool(is_quick),
        )

    def add(self, conversation: Conversation) -> Conversation:
        """Store a whole conversation, such as an imported one; returns it with its turns' sequences."""
        with self._database.transaction(Durability.FULL) as connection:
            number = self._create(connection, conversation)
            turns = tuple(_write(connection, number, turn) for turn in conversation.turns)
            for parent_id, child_id in conversation.chosen.items():
                _choose(connection, number, parent_id, child_id)
        return replace(conversation, turns=turns)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give it another title; nothing happens where it isn't stored, here and in what follows."""
        self._change("UPDATE conversation SET title = ? WHERE id = ?", clean(title), conversation_id)

    def set_model(self, conversation_id: str, endpoint_id: str, model: str) -> None:
        """Set what the next message goes to."""
        self._change(
            "UPDATE conversation SET endpoint_id = ?, model = ? WHERE id = ?",
            clean(endpoint_id),
            clean(model),
            conversation_id,
        )

    def choose(self, conversation_id: str, parent_id: str | None, child_id: str) -> None:
        """Show this child of `parent_id` from now on; None or "" is the root. It must be stored."""
        with self._database.transaction(Durability.NORMAL) as connection:
            number = _number_of(connection, conversation_id)
            _choose(connection, number, parent_id or "", child_id)

    def delete(self, conversation_id: str) -> None:
        """Hide it at once; `restore` brings it back until it is purged."""
        self._change("UPDATE conversation SET deleted = ? WHERE id = ?", self._now(), conversation_id)

    def restore(self, conversation_id: str) -> None:
        """Take a deletion back."""
        self._change("UPDATE conversation SET deleted = NULL WHERE id = ?", conversation_id)

    def purge(self, older_than_seconds: float) -> int:
        """Remove for ever what was deleted at least so long ago, with its draft; returns how many it were."""
        if not self._database.is_writable:
            return 0
        purged = 0
        while batch := self._database.rows(
            "SELECT number, id FROM conversation WHERE deleted <= ? LIMIT ?",
            (self._now() - older_than_seconds, PURGE_BATCH),
        ):
            with self._database.transaction(Durability.NORMAL) as connection:
                for number, conversation_id in batch:
                    connection.execute("DELETE FROM conversation WHERE number = ?", (number,))
                    connection.execute("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))
            self._database.shrink_log()
            purged += len(batch)
        return purged

    def add_turn(self, conversation: Conversation, turn: Turn) -> Turn:
        """Store a turn so that it outlives a loss of power (REL-01); returns it with its sequence.

        The conversation is created where it isn't there yet, and moves to the top.
        """
        with self._database.transaction(Durability.FULL) as connection:
            number = self._create(connection, conversation)
            stored = _write(connection, number, turn)
            connection.execute(
                "UPDATE conversation SET updated = ?,"
                " position = (SELECT max(position) + 1 FROM conversation) WHERE number = ?",
                (turn.created or self._now(), number),
            )
        return stored

    def begin_reply(self, conversation_id: str, turn: Turn) -> Turn:
        """Store a reply that is running, with what it has so far; returns it with its sequence."""
        with self._database.transaction(Durability.NORMAL) as connection:
            number = _number_of(connection, conversation_id)
            stored = _write(connection, number, turn)
            connection.execute("DELETE FROM delta WHERE turn = ?", (stored.sequence,))
        return stored

    def append_reply(self, turn_id: str, parts: tuple[Part, ...]) -> None:
        """Store what a running reply has got since the last call; costs the same at any length (REL-02)."""
        with self._database.transaction(Durability.NORMAL) as connection:
            connection.execute(
                "INSERT INTO delta (turn, parts) SELECT number, ? FROM turn WHERE id = ?",
                (parts_text(parts), turn_id),
            )
            if connection.changes() == 0:
                raise StoreError(StoreFault.GONE)

    def finish_reply(self, conversation_id: str, turn: Turn) -> Turn:
        """Store a reply that has ended, whole, so that it outlives a loss of power (REL-01).

        It need not have begun: where `begin_reply` failed, this is the second chance.
        """
        with self._database.transaction(Durability.FULL) as connection:
            number = _number_of(connection, conversation_id)
            stored = _write(connection, number, turn)
            connection.execute("DELETE FROM delta WHERE turn = ?", (stored.sequence,))
        return stored

    def remove_turn(self, turn_id: str) -> None:
        """Remove a turn for ever, such as a failed reply that is tried again. One that others follow stays,
        and StoreError says so.
        """
        with self._database.transaction(Durability.NORMAL) as connection:
            below = "SELECT 1 FROM turn WHERE parent = (SELECT number FROM turn WHERE id = ?) LIMIT 1"
            if connection.execute(below, (turn_id,)).fetchall():
                raise StoreError(StoreFault.FOLLOWED)
            connection.execute("DELETE FROM turn WHERE id = ?", (turn_id,))

    def draft(self, conversation_id: str) -> str:
        """What was typed and not sent; "" names the chat that isn't there yet."""
        rows = self._database.rows("SELECT text FROM draft WHERE conversation_id = ?", (conversation_id,))
        return str(rows[0][0]) if rows else ""

    def set_draft(self, conversation_id: str, text: str) -> None:
        """Keep a draft in the place of the one before; an empty one is none."""
        if text:
            self._change(
                "INSERT INTO draft VALUES (?, ?)"
                " ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text",
                conversation_id,
                clean(text),
            )
        else:
            self._change("DELETE FROM draft WHERE conversation_id = ?", conversation_id)

    def interrupt_running(self) -> int:
        """Mark every running reply as interrupted, with the text that was saved of it; returns how many.

        To be called on opening, when none can be running.
        """
        if not self._database.is_writable:
            return 0
        running = self._database.rows(f"SELECT {_TURN} FROM turn WHERE state = 'running'")
        if not running:
            return 0
        fragments = self._fragments()
        with self._database.transaction(Durability.FULL) as connection:
            for number, _parent, *row in running:
                turn = _with_fragments(turn_from_row(row, number, None), fragments, ReplyState.INTERRUPTED)
                columns = row_of(turn)
                connection.execute(_REWRITE, (*columns, checksum(columns), number))
                connection.execute("DELETE FROM delta WHERE turn = ?", (number,))
        return len(running)

    def damaged(self) -> tuple[tuple[str, str], ...]:
        """The (conversation, turn) ids of all rows that no longer are what was written. Reads everything."""
        rows = self._database.each_row(
            f"SELECT (SELECT id FROM conversation WHERE number = turn.conversation), crc, {COLUMNS}"
            " FROM turn ORDER BY number"
        )
        return tuple((row[0], row[2]) for row in rows if checksum(row[2:]) != row[1])

    def _turns(self, conversation: int) -> tuple[Turn, ...]:
        rows = self._database.rows(
            f"SELECT {_TURN} FROM turn WHERE conversation = ? ORDER BY number", (conversation,)
        )
        ids = {row[0]: row[2] for row in rows}
        turns = tuple(
            turn_from_row(row, number, None if parent is None else ids.get(parent))
            for number, parent, *row in rows
        )
        if all(turn.state is not ReplyState.RUNNING for turn in turns):
            return turns
        fragments = self._fragments()
        # Where the history can't be written, nothing of ours is running: it was cut off, and stays so.
        state = ReplyState.RUNNING if self._database.is_writable else ReplyState.INTERRUPTED
        return tuple(
            _with_fragments(turn, fragments, state) if turn.state is ReplyState.RUNNING else turn
            for turn in turns
        )

    def _fragments(self) -> dict[int, list[tuple[Part, ...]]]:
        """What the delta rows hold, by the number of the turn; there are few at any time."""
        fragments: dict[int, list[tuple[Part, ...]]] = {}
        for turn, parts in self._database.rows("SELECT turn, parts FROM delta ORDER BY number"):
            fragments.setdefault(turn, []).append(parts_from_text(parts))
        return fragments

    def _create(self, connection: apsw.Connection, conversation: Conversation) -> int:
        created = conversation.created or self._now()
        connection.execute(
            "INSERT INTO conversation"
            " (id, title, created, updated, position, endpoint_id, model, system_prompt, is_quick)"
            " VALUES (?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM conversation), ?, ?, ?, ?)"
            " ON CONFLICT (id) DO NOTHING",
            (
                conversation.conversation_id,
                clean(conversation.title),
                created,
                conversation.updated or created,
                clean(conversation.endpoint_id),
                clean(conversation.model),
                clean(conversation.system_prompt),
                int(conversation.is_quick),
            ),
        )
        return _number_of(connection, conversation.conversation_id)

    def _change(self, statement: str, *bindings: str | float) -> None:
        with self._database.transaction(Durability.NORMAL) as connection:
            connection.execute(statement, bindings)


def _number_of(connection: apsw.Connection, conversation_id: str) -> int:
    for (number,) in connection.execute("SELECT number FROM conversation WHERE id = ?", (conversation_id,)):
        return int(number)
    raise StoreError(StoreFault.GONE)


def _choose(connection: apsw.Connection, conversation: int, parent_id: str, child_id: str) -> None:
    connection.execute(
        "INSERT INTO choice VALUES (?, ?, ?)"
        " ON CONFLICT (conversation, parent_id) DO UPDATE SET child_id = excluded.child_id",
        (conversation, parent_id, child_id),
    )


def _write(connection: apsw.Connection, conversation: int, turn: Turn) -> Turn:
    """Write a turn with all that is in it; one of the same id is written anew and keeps its sequence."""
    parent: Any = None
    if turn.parent_id is not None:
        found = connection.execute(
            "SELECT number FROM turn WHERE id = ? AND conversation = ?", (turn.parent_id, conversation)
        ).fetchall()
        if not found:
            raise StoreError(StoreFault.GONE, "the parent of the turn is missing")
        parent = found[0][0]
    columns = row_of(turn)
    written = connection.execute(_WRITE, (*columns, checksum(columns), conversation, parent)).fetchall()
    if not written:
        raise StoreError(StoreFault.UNEXPECTED, "the turn belongs to another conversation")
    return replace(turn, sequence=cast(int, written[0][0]))


def _with_fragments(turn: Turn, fragments: Mapping[int, list[tuple[Part, ...]]], state: ReplyState) -> Turn:
    reply = continued(turn.reply or Completion(), fragments.get(turn.sequence, ()))
    return replace(turn, parts=(), reply=replace(reply, state=state))
