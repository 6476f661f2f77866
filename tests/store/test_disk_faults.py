"""Every write, sync and creation of a file fails in turn; what was stored stays, and the reason is told."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from app.core.completion import Completion, ReplyState
from app.core.conversation import Conversation, Turn
from app.core.parts import TextPart
from app.store.conversations import Conversations
from app.store.database import Database, OpenOutcome, StoreError, StoreFault
from app.store.schema import MIGRATIONS
from tests.store.fault_files import NAME, Faults, fault_files
from tests.store.samples import conversation, filled, opened, question, report_of_opening, running, texts

ERRORS = {
    apsw.FullError: StoreFault.DISK_FULL,
    apsw.IOError: StoreFault.DISK,
    apsw.ReadOnlyError: StoreFault.READ_ONLY,
}


@pytest.fixture
def faults() -> Iterator[Faults]:
    with fault_files() as found:
        yield found


class Talk:
    """A user's way through the store, in which each step may fail; what was acknowledged is written down."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.chat: Conversation = conversation("talk")
        self.asked: Turn | None = None
        self.finished: Turn | None = None
        self.draft: str | None = None
        self.errors: list[StoreError] = []

    def go(self) -> None:
        database = Database(self._path, vfs=NAME)
        try:
            database.open()
        except StoreError as error:
            self.errors.append(error)
            return
        store = Conversations(database)
        try:
            self._steps(store)
        finally:
            with suppress(StoreError):
                database.close()

    def _steps(self, store: Conversations) -> None:
        for step in (self._ask, self._answer, self._write_draft, self._delete_another):
            try:
                step(store)
            except StoreError as error:
                self.errors.append(error)

    def _ask(self, store: Conversations) -> None:
        # More than a page, so that a failure can come in the middle of it.
        self.asked = store.add_turn(self.chat, question("asked " * 2000))

    def _answer(self, store: Conversations) -> None:
        if self.asked is None:
            return
        turn = running(self.asked)
        # An answer that could not be saved piece by piece is in memory, and is tried again at its end.
        try:
            store.begin_reply(self.chat.conversation_id, turn)
            for _ in range(3):
                store.append_reply(turn.turn_id, (TextPart("piece "),))
        except StoreError as error:
            self.errors.append(error)
        whole = replace(turn, reply=Completion((TextPart("whole " * 2000),), ReplyState.DONE))
        self.finished = store.finish_reply(self.chat.conversation_id, whole)

    def _write_draft(self, store: Conversations) -> None:
        store.set_draft("", "typed")
        self.draft = "typed"

    def _delete_another(self, store: Conversations) -> None:
        gone = conversation("gone")
        store.add_turn(gone, question("gone"))
        store.delete(gone.conversation_id)
        store.purge(0.0)

    def check(self, path: Path, earlier: Conversation) -> None:
        """All that was acknowledged is there, and what was there before."""
        with opened(path) as store:
            assert store.damaged() == ()
            assert store.load(earlier.conversation_id) == earlier
            if self.draft is not None:
                assert store.draft("") == self.draft
            found = store.load(self.chat.conversation_id)
            if self.asked is not None:
                assert found is not None
                assert found.turns[0] == self.asked
            if self.finished is not None:
                assert found is not None
                assert found.turns[1] == self.finished


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
def test_REL_07_each_operation_on_the_disk_fails_in_turn(
    tmp_path: Path, faults: Faults, error: type[apsw.Error], lasting: bool
) -> None:
    original = tmp_path / "original.db"
    earlier = filled(original, turns=8)
    content = original.read_bytes()

    def once(at: int) -> Talk:
        folder = tmp_path / f"{at}"
        folder.mkdir()
        path = folder / "history.db"
        path.write_bytes(content)
        faults.at, faults.error, faults.lasting, faults.count = at, error, lasting, 0
        talk = Talk(path)
        talk.go()
        faults.mend()
        assert report_of_opening(path).outcome is OpenOutcome.OPENED
        talk.check(path, earlier)
        return talk

    assert once(0).errors == []
    operations = faults.count
    assert {"write", "sync", "create"} <= set(faults.seen)
    failed = [once(at) for at in range(1, operations + 1)]
    reasons = {one.fault for talk in failed for one in talk.errors}
    # A checkpoint that fails is no loss: the WAL still holds all.
    assert reasons <= {ERRORS[error], StoreFault.DISK, StoreFault.GONE}
    assert ERRORS[error] in reasons
    if lasting:
        assert failed[0].errors


def test_REL_07_after_a_full_disk_the_same_connection_goes_on(tmp_path: Path, faults: Faults) -> None:
    path = tmp_path / "history.db"
    earlier = filled(path)
    database = Database(path, vfs=NAME)
    database.open()
    store = Conversations(database)
    asked = question("asked " * 2000)
    faults.at, faults.lasting, faults.count = 1, True, 0
    for _ in range(3):
        with pytest.raises(StoreError) as caught:
            store.add_turn(earlier, asked)
        assert str(caught.value) == "the disk is full"
    assert store.load(earlier.conversation_id) == earlier
    faults.mend()
    store.add_turn(earlier, asked)
    database.close()
    with opened(path) as after:
        assert texts(after.load(earlier.conversation_id)) == ["asked " * 2000]


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
def test_REL_04_a_migration_on_a_failing_disk_changes_nothing_or_all(
    tmp_path: Path, faults: Faults, lasting: bool
) -> None:
    original = tmp_path / "original.db"
    earlier = filled(original, turns=8)
    content = original.read_bytes()
    scripts = (*MIGRATIONS, "ALTER TABLE turn ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0")
    at = operations = 0
    faulted: list[StoreError] = []
    while at == 0 or at <= operations:
        folder = tmp_path / f"{at}"
        folder.mkdir()
        path = folder / "history.db"
        path.write_bytes(content)
        faults.at, faults.lasting, faults.count = at, lasting, 0
        database = Database(path, migrations=scripts, vfs=NAME)
        try:
            report = database.open()
            assert report.outcome is OpenOutcome.MIGRATED
            assert report.backup is not None
        except StoreError as error:
            faulted.append(error)
        with suppress(StoreError):
            database.close()
        operations = operations or faults.count
        faults.mend()
        assert [one.name for one in folder.rglob("*.tmp")] == []
        again = Database(path, migrations=scripts)
        assert again.open().outcome in {OpenOutcome.OPENED, OpenOutcome.MIGRATED}
        assert Conversations(again).load(earlier.conversation_id) == earlier
        again.close()
        assert at > 0 or not faulted
        at += 1
    assert operations > 5
    assert {error.fault for error in faulted} == {StoreFault.DISK_FULL}
