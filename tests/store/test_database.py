"""Opening the history in every state that it can be in, and what the one connection is set to."""

import os
import random
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from app.core.conversation import Conversation
from app.store.backups import Backups
from app.store.conversations import Conversations
from app.store.database import Database, Durability, OpenOutcome, StoreError, StoreFault
from app.store.schema import APPLICATION_ID, MIGRATIONS
from tests.store.samples import conversation, filled, opened, question, report_of_opening, run, running, texts

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in the folder, whole."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def backed_up(path: Path) -> Path:
    """Make a backup of the history at `path`."""
    with closing(apsw.Connection(str(path))) as connection:
        return Backups(path).make_before_migration(connection, 1)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def test_the_connection_is_set_as_the_design_says(path: Path) -> None:
    """REL-01, REL-03."""
    assert tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) >= (3, 51, 3)
    database = Database(path)
    database.open()
    expected = {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "temp_store": 2,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
        "secure_delete": 1,
        "busy_timeout": 2000,
        "application_id": APPLICATION_ID,
        "user_version": len(MIGRATIONS),
    }
    assert {name: database.rows(f"PRAGMA {name}")[0][0] for name in expected} == expected
    assert database.rows("PRAGMA mmap_size") in ([], [(0,)])
    for durability, number in ((Durability.FULL, 2), (Durability.NORMAL, 1), (Durability.FULL, 2)):
        with database.transaction(durability) as connection:
            assert connection.pragma("synchronous") == number
    database.close()


def test_a_first_start_makes_it_and_a_second_finds_it(path: Path) -> None:
    assert report_of_opening(path).outcome is OpenOutcome.CREATED
    assert report_of_opening(path).outcome is OpenOutcome.OPENED
    assert list(contents(path.parent)) == ["history.db"]


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    database = Database(path)
    database.open()

    def write(then: Callable[[apsw.Connection], object]) -> None:
        with database.transaction(Durability.FULL) as connection:
            connection.execute("INSERT INTO draft VALUES ('a', 'b')")
            then(connection)

    with pytest.raises(ZeroDivisionError):
        write(lambda _: 1 / 0)
    with pytest.raises(StoreError) as caught:
        write(lambda connection: connection.execute("INSERT INTO nowhere VALUES (1)"))
    assert caught.value.fault is StoreFault.UNEXPECTED
    assert database.rows("SELECT * FROM draft") == []
    database.close()


def test_a_history_that_is_not_open_says_so(path: Path) -> None:
    database = Database(path)
    store = Conversations(database)
    with pytest.raises(StoreError) as caught:
        store.summaries()
    assert caught.value.fault is StoreFault.CLOSED
    database.open()
    database.close()
    database.close()
    with pytest.raises(StoreError) as caught:
        store.add_turn(conversation(), question("?"))
    assert caught.value.fault is StoreFault.CLOSED
    assert str(caught.value) == caught.value.reason == "the history is not open"


# -- SEC-10: for the owner alone --------------------------------------------------------------------------


@posix_only
def test_SEC_10_folders_and_files_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "made" / "sirocco" / "history.db"
    with umask(0):
        database = Database(path)
        database.open()
        Conversations(database).add_turn(conversation(), question("?"))
        kinds = {one.name for one in path.parent.iterdir()}
        assert kinds == {"history.db", "history.db-wal", "history.db-shm"}
        backup = backed_up(path)
        modes = {one: stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "made").rglob("*")}
        database.close()
    assert backup in modes
    for one, mode in modes.items():
        assert mode == (0o700 if one.is_dir() else 0o600), one
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700


@posix_only
def test_SEC_10_files_that_were_open_to_others_are_closed(path: Path) -> None:
    filled(path)
    path.chmod(0o644)
    with opened(path) as store:
        store.add_turn(conversation(), question("?"))
        for one in path.parent.iterdir():
            assert stat.S_IMODE(one.stat().st_mode) == 0o600


# -- damage -----------------------------------------------------------------------------------------------


def zero_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(100))


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(50_000))


def text_file(path: Path) -> None:
    path.write_text("This is not a database.\n" * 40, encoding="utf-8")


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_inside_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1000)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def random_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(random.Random(2).randbytes(4096))


def zero_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(bytes(4096))


def foreign_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (name)")
        connection.commit()


DAMAGES = (
    zero_header,
    garbage,
    text_file,
    truncate,
    cut_inside_a_page,
    random_page,
    zero_page,
    foreign_database,
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_REL_05_a_damaged_history_is_set_aside_and_the_start_goes_on(
    path: Path, damage: Callable[[Path], None]
) -> None:
    filled(path, turns=100)
    damage(path)
    damaged = path.read_bytes()
    report = report_of_opening(path)
    assert report.outcome is OpenOutcome.REPLACED
    assert report.kept is not None
    assert report.kept.read_bytes() == damaged
    with opened(path) as store:
        assert store.summaries() == ()
        store.add_turn(conversation(), question("works"))
    assert report_of_opening(path).outcome is OpenOutcome.OPENED


@pytest.mark.parametrize("damage", [*DAMAGES, empty])
def test_REL_05_the_newest_good_backup_takes_its_place(path: Path, damage: Callable[[Path], None]) -> None:
    chat = filled(path, turns=100)
    good = backed_up(path)
    newer_but_bad = backed_up(path)
    newer_but_bad.write_bytes(newer_but_bad.read_bytes()[:-5000])
    os.utime(good, (1, 1))
    damage(path)
    report = report_of_opening(path)
    assert (report.outcome, report.backup) == (OpenOutcome.RESTORED, good)
    assert report.kept is not None
    assert report.kept.exists()
    assert good.exists()
    with opened(path) as store:
        assert store.load(chat.conversation_id) == chat
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name != "posix"


def test_REL_05_a_second_damage_in_the_same_second_keeps_both(path: Path) -> None:
    kept = []
    for number in range(3):
        path.write_bytes(b"not a database " * (100 + number))
        report = report_of_opening(path)
        assert report.kept is not None
        kept.append(report.kept)
    assert len({one.read_bytes() for one in kept}) == 3


CRASHING = """
import os, sys
from pathlib import Path
from tests.store.samples import conversation, question
from app.store.conversations import Conversations
from app.store.database import Database
database = Database(Path(sys.argv[1]))
database.open()
store = Conversations(database)
for number in range(30):
    store.add_turn(conversation(f"after {number}"), question("x" * 3000))
os._exit(0)
"""


def crashed(path: Path) -> None:
    """Leave a history as a killed process does: with a WAL that holds what isn't in the file yet."""
    run(CRASHING, path)
    assert path.with_name("history.db-wal").stat().st_size > 0


def test_a_wal_left_behind_is_taken_in(path: Path) -> None:
    crashed(path)
    assert report_of_opening(path).outcome is OpenOutcome.OPENED
    with opened(path) as store:
        assert len(store.summaries()) == 30


def test_a_torn_wal_loses_its_end_only(path: Path) -> None:
    crashed(path)
    wal = path.with_name("history.db-wal")
    os.truncate(wal, wal.stat().st_size * 2 // 3)
    assert report_of_opening(path).outcome is OpenOutcome.OPENED
    with opened(path) as store:
        assert 0 < len(store.summaries()) < 30
        assert all(store.load(one.conversation_id) for one in store.summaries())


def test_garbage_in_the_shared_memory_file_changes_nothing(path: Path) -> None:
    crashed(path)
    shm = path.with_name("history.db-shm")
    shm.write_bytes(random.Random(3).randbytes(shm.stat().st_size))
    with opened(path) as store:
        assert len(store.summaries()) == 30


def test_the_wal_goes_aside_with_the_file_it_belongs_to(path: Path) -> None:
    crashed(path)
    parts = contents(path.parent)
    os.truncate(path, 0)
    report = report_of_opening(path)
    assert report.outcome is OpenOutcome.REPLACED
    assert report.kept is not None
    assert report.kept.with_name(f"{report.kept.name}-wal").read_bytes() == parts["history.db-wal"]
    with opened(path) as store:
        assert store.summaries() == ()


def test_the_wal_of_another_database_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    path, other = tmp_path / "history.db", tmp_path / "other" / "history.db"
    chat = filled(path, turns=10)
    backup = backed_up(path)
    filled(other, turns=60)
    crashed(other)
    path.with_name("history.db-wal").write_bytes(other.with_name("history.db-wal").read_bytes())
    before = contents(tmp_path)
    # SQLite takes any WAL that is valid in itself; the check after an unclean end finds the mixture.
    report = report_of_opening(path)
    assert (report.outcome, report.backup) == (OpenOutcome.RESTORED, backup)
    assert report.kept is not None
    assert report.kept.read_bytes() == before["history.db"]
    assert report.kept.with_name(f"{report.kept.name}-wal").read_bytes() == before["history.db-wal"]
    with opened(path) as store:
        assert store.load(chat.conversation_id) == chat


def test_damage_that_shows_up_later_is_an_error_with_a_reason(path: Path) -> None:
    with opened(path) as store:
        turns = tuple(
            question(f"{number} " * 4000) for number in range(500)
        )  # more than SQLite's cache holds
        chat = store.add(replace(conversation(), turns=turns))
    database = Database(path)
    database.open()
    for page in range(2, path.stat().st_size // 4096):
        with path.open("r+b") as file:
            file.seek(4096 * page)
            file.write(bytes(4096))
    with pytest.raises(StoreError) as caught:
        Conversations(database).load(chat.conversation_id)
    assert caught.value.fault is StoreFault.DAMAGED
    database.close()


# -- what can be read and not written ---------------------------------------------------------------------


def of_the_future(path: Path, min_reader: int) -> None:
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        connection.execute("UPDATE meta SET value = ? WHERE name = 'min_reader'", (min_reader,))
        connection.execute("CREATE TABLE novelty (x)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def test_REL_04_a_newer_history_is_read_and_not_touched(path: Path) -> None:
    chat = filled(path)
    of_the_future(path, min_reader=1)
    before = contents(path.parent)
    database = Database(path)
    assert database.open().outcome is OpenOutcome.NEWER
    assert not database.is_writable
    store = Conversations(database)
    assert store.interrupt_running() == 0
    assert store.purge(0.0) == 0
    assert texts(store.load(chat.conversation_id)) == [turn.text for turn in chat.path()]
    with pytest.raises(StoreError) as caught:
        store.add_turn(chat, question("?"))
    assert caught.value.fault is StoreFault.NEWER
    assert "newer version of Sirocco" in str(caught.value)
    for write in (store.delete, store.restore, store.remove_turn):
        with pytest.raises(StoreError):
            write(chat.conversation_id)
    database.close()
    assert contents(path.parent) == before


def test_REL_04_a_newer_history_that_cannot_be_read_is_refused_untouched(path: Path) -> None:
    filled(path)
    of_the_future(path, min_reader=len(MIGRATIONS) + 1)
    before = contents(path.parent)
    with pytest.raises(StoreError) as caught:
        Database(path).open()
    assert caught.value.fault is StoreFault.NEWER
    assert contents(path.parent) == before


UPDATING = f"""
import os, sys, apsw
connection = apsw.Connection(sys.argv[1])
connection.execute("PRAGMA user_version = {len(MIGRATIONS) + 1}")
os._exit(0)
"""


def test_REL_04_a_newer_history_with_a_wal_stays_byte_identical(path: Path) -> None:
    crashed(path)
    run(UPDATING, path)
    before = contents(path.parent)
    database = Database(path)
    assert database.open().outcome is OpenOutcome.NEWER
    assert len(Conversations(database).summaries()) == 30
    database.close()
    after = contents(path.parent)
    assert (after["history.db"], after["history.db-wal"]) == (before["history.db"], before["history.db-wal"])


class ReadOnlyFiles(apsw.VFS):
    """A disk that is mounted read-only; as root, modes would not make one."""

    def __init__(self) -> None:
        super().__init__("read-only-files", "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        if flags[0] & apsw.SQLITE_OPEN_MAIN_DB and flags[0] & apsw.SQLITE_OPEN_READWRITE:
            # What SQLite's own layer does where the system refuses to open a file for writing.
            flags[0] = apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READONLY
        return super().xOpen(name, flags)


def test_a_read_only_history_can_be_read(path: Path) -> None:
    chat = filled(path)
    with opened(path) as store:
        asked = store.load(chat.conversation_id)
        assert asked is not None
        store.begin_reply(chat.conversation_id, running(asked.path()[-1], "so far"))
    vfs = ReadOnlyFiles()
    database = Database(path, vfs="read-only-files")
    assert database.open().outcome is OpenOutcome.READ_ONLY
    store = Conversations(database)
    assert texts(store.load(chat.conversation_id))[-1] == "so far"
    found = store.load(chat.conversation_id)
    assert found is not None
    assert found.turns[-1].state.value == "interrupted"
    with pytest.raises(StoreError) as caught:
        store.rename(chat.conversation_id, "x")
    assert caught.value.fault is StoreFault.READ_ONLY
    database.close()
    vfs.unregister()


def test_a_place_that_cannot_be_a_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "file" / "history.db").open()
    assert caught.value.fault is StoreFault.READ_ONLY
    (tmp_path / "history.db").mkdir()
    with pytest.raises(StoreError):
        Database(tmp_path / "history.db").open()


HOLDER = """
import sys, apsw
connection = apsw.Connection(sys.argv[1])
connection.execute(sys.argv[2])
connection.execute("INSERT INTO draft VALUES ('held', 'x')")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
connection.close()
"""


@contextmanager
def held(path: Path, begin: str) -> Iterator[Callable[[], None]]:
    """Another program holds the history; the value lets it go."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), begin], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        def release() -> None:
            assert holder.stdin is not None
            holder.stdin.close()
            holder.wait()

        try:
            yield release
        finally:
            release()


def test_a_history_held_by_another_program_is_waited_for_and_then_reported(path: Path) -> None:
    chat: Conversation = filled(path)
    with opened(path) as store:
        with held(path, "BEGIN IMMEDIATE") as release:
            assert texts(store.load(chat.conversation_id)) == [turn.text for turn in chat.path()]
            with pytest.raises(StoreError) as caught:
                store.rename(chat.conversation_id, "x")
            assert caught.value.fault is StoreFault.IN_USE
            assert str(caught.value) == "the history is in use by another program"
            release()
        store.rename(chat.conversation_id, "y")
        assert store.summaries()[0].title == "y"


def test_a_history_locked_for_good_by_another_program_is_not_taken_for_damaged(path: Path) -> None:
    filled(path)
    with held(path, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"):
        with pytest.raises(StoreError) as caught:
            Database(path).open()
        assert caught.value.fault is StoreFault.IN_USE
    assert report_of_opening(path).outcome is OpenOutcome.OPENED
