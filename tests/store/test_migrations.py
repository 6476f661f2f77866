"""Every released schema leads to the present one, with a checked copy made first; nothing else does."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from app.core.completion import ReplyState
from app.core.parts import TextPart
from app.store.conversations import Conversations
from app.store.database import Database, OpenOutcome, StoreError
from app.store.schema import MIGRATIONS
from tests.store.samples import conversation, filled, opened, question, report_of_opening, run, texts

# What each released version wrote, as it wrote it: never changed, one more entry for each release that has
# a schema of its own. Schema 1 is the one of the first release.
SCHEMA_1 = """
PRAGMA application_id = 1397314127;
PRAGMA user_version = 1;
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('min_reader', 1);
CREATE TABLE conversation (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, created REAL NOT NULL,
    updated REAL NOT NULL, position INTEGER NOT NULL, deleted REAL, endpoint_id TEXT NOT NULL,
    model TEXT NOT NULL, system_prompt TEXT NOT NULL
) STRICT;
CREATE INDEX conversation_by_position ON conversation (position);
CREATE INDEX conversation_deleted ON conversation (deleted) WHERE deleted IS NOT NULL;
CREATE TABLE turn (
    number INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    parent INTEGER REFERENCES turn, id TEXT NOT NULL UNIQUE, role TEXT NOT NULL, created REAL NOT NULL,
    state TEXT NOT NULL, crc INTEGER NOT NULL, endpoint_id TEXT NOT NULL, model TEXT NOT NULL, reply TEXT,
    parts TEXT NOT NULL
) STRICT;
CREATE INDEX turn_by_conversation ON turn (conversation);
CREATE INDEX turn_by_parent ON turn (parent);
CREATE INDEX turn_running ON turn (state) WHERE state = 'running';
CREATE TABLE delta (
    number INTEGER PRIMARY KEY, turn INTEGER NOT NULL REFERENCES turn ON DELETE CASCADE, parts TEXT NOT NULL
) STRICT;
CREATE INDEX delta_by_turn ON delta (turn);
CREATE TABLE choice (
    conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE, parent_id TEXT NOT NULL,
    child_id TEXT NOT NULL, PRIMARY KEY (conversation, parent_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE draft (conversation_id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO conversation VALUES (1, 'c1', 'Wind', 1700000000.0, 1700000100.0, 1, NULL, 'e', 'm', 'Be short.');
INSERT INTO conversation VALUES (2, 'c2', 'Gone', 1700000000.0, 1700000100.0, 2, 1700000200.0, '', '', '');
INSERT INTO turn VALUES (1, 1, NULL, 'u1', 'user', 1700000000.0, 'done', 3388499180, '', '', NULL,
    '[{"type":"text","text":"What is a sirocco?"}]');
INSERT INTO turn VALUES (2, 1, 1, 'a1', 'assistant', 1700000001.0, 'done', 862100271, 'e', 'm',
    '{"finish_reason":"stop","usage":{"prompt_tokens":3,"completion_tokens":4},"seconds":1.5}',
    '[{"type":"thinking","text":"hm","seconds":0.5},{"type":"text","text":"A wind."}]');
INSERT INTO turn VALUES (3, 1, 1, 'a2', 'assistant', 1700000002.0, 'running', 78595115, 'e', 'm', '{}', '[]');
INSERT INTO delta VALUES (1, 3, '[{"type":"text","text":"A hot "}]');
INSERT INTO delta VALUES (2, 3, '[{"type":"text","text":"wind"}]');
INSERT INTO choice VALUES (1, 'u1', 'a1');
INSERT INTO draft VALUES ('', 'new');
"""
SCHEMA_2 = (
    SCHEMA_1.replace("PRAGMA user_version = 1", "PRAGMA user_version = 2")
    .replace(
        "system_prompt TEXT NOT NULL\n) STRICT",
        "system_prompt TEXT NOT NULL, is_quick INTEGER NOT NULL DEFAULT 0\n) STRICT",
    )
    .replace("'Be short.')", "'Be short.', 1)")
    .replace("'', '', '');", "'', '', '', 0);")
)
RELEASED = {1: SCHEMA_1, 2: SCHEMA_2}

NEXT = "CREATE TABLE label (turn INTEGER NOT NULL REFERENCES turn, name TEXT NOT NULL) STRICT;"
# The way that SQLite's manual gives for changes that ALTER TABLE can't make.
REBUILT = """
CREATE TABLE new_turn (
    number INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    parent INTEGER REFERENCES turn, id TEXT NOT NULL UNIQUE, role TEXT NOT NULL, created REAL NOT NULL,
    state TEXT NOT NULL, crc INTEGER NOT NULL, endpoint_id TEXT NOT NULL, model TEXT NOT NULL, reply TEXT,
    parts TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO new_turn SELECT *, 0 FROM turn;
DROP TABLE turn;
ALTER TABLE new_turn RENAME TO turn;
"""


def released(path: Path, schema: int) -> None:
    """Make the file that a release of this schema left."""
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute(RELEASED[schema])


def test_every_schema_has_its_fixture() -> None:
    assert set(RELEASED) == set(range(1, len(MIGRATIONS) + 1))


@pytest.mark.parametrize("schema", RELEASED)
def test_REL_04_what_a_release_wrote_is_all_there(tmp_path: Path, schema: int) -> None:
    path = tmp_path / "history.db"
    released(path, schema)
    report = report_of_opening(path)
    is_old = schema < len(MIGRATIONS)
    assert report.outcome is (OpenOutcome.MIGRATED if is_old else OpenOutcome.OPENED)
    assert (report.backup is not None) == is_old
    with opened(path) as store:
        assert store.damaged() == ()
        assert store.interrupt_running() == 1
        assert [one.title for one in store.summaries()] == ["Wind"]
        chat = store.load("c1")
        assert chat is not None
        assert (chat.system_prompt, chat.endpoint_id, chat.model) == ("Be short.", "e", "m")
        # There was no small window before schema 2.
        assert chat.is_quick == (schema >= 2)
        assert texts(chat) == ["What is a sirocco?", "A wind."]
        reply = chat.turns[1].reply
        assert reply is not None
        assert reply.usage is not None
        assert (reply.finish_reason, reply.seconds, reply.usage.completion_tokens) == ("stop", 1.5, 4)
        assert (chat.turns[2].state, chat.turns[2].text) == (ReplyState.INTERRUPTED, "A hot wind")
        assert store.draft("") == "new"
        store.restore("c2")
        assert [one.title for one in store.summaries()] == ["Gone", "Wind"]


def test_the_present_schema_is_the_one_of_its_fixture(tmp_path: Path) -> None:
    """A script that was released must not change: a file made today equals the one of the release."""

    def schema(path: Path) -> list[str]:
        with closing(apsw.Connection(str(path))) as connection:
            query = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            tables = [str(name) for (name,) in connection.execute(query)]
            indexes = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY name"
            return [
                repr(connection.execute(f"PRAGMA {pragma}({table})").fetchall())
                for table in tables
                for pragma in ("table_xinfo", "foreign_key_list")
            ] + [repr(connection.execute(indexes).fetchall())]

    released(tmp_path / "released.db", len(MIGRATIONS))
    report_of_opening(tmp_path / "made.db")
    assert schema(tmp_path / "made.db") == schema(tmp_path / "released.db")


@pytest.mark.parametrize("script", [NEXT, REBUILT])
def test_REL_04_a_migration_has_a_checked_backup(tmp_path: Path, script: str) -> None:
    path = tmp_path / "history.db"
    chat = filled(path, turns=40)
    database = Database(path, migrations=(*MIGRATIONS, script))
    report = database.open()
    assert report.outcome is OpenOutcome.MIGRATED
    assert Conversations(database).load(chat.conversation_id) == chat
    assert database.rows("PRAGMA foreign_keys") == [(1,)]
    Conversations(database).add_turn(chat, question("goes on", chat.path()[-1]))
    database.close()
    again = Database(path, migrations=(*MIGRATIONS, script))
    assert again.open().outcome is OpenOutcome.OPENED
    again.close()

    assert report.backup is not None
    assert report.backup.parent == tmp_path / "backups"
    with opened(report.backup) as store:
        assert store.load(chat.conversation_id) == chat
    # For the version before, the migrated file is one that can be read and not written.
    assert report_of_opening(path).outcome is OpenOutcome.NEWER


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);",
        "CREATE TABLE half (x); SYNTAX ERROR;",
        "CREATE TABLE half (x); DELETE FROM conversation;",  # leaves turns that refer to nothing
    ],
)
def test_REL_04_a_migration_that_fails_leaves_all_as_it_was(tmp_path: Path, script: str) -> None:
    path = tmp_path / "history.db"
    chat = filled(path)
    before = path.read_bytes()
    with pytest.raises(StoreError):
        Database(path, migrations=(*MIGRATIONS, NEXT, script)).open()
    assert path.read_bytes() == before
    assert report_of_opening(path).outcome is OpenOutcome.OPENED
    with opened(path) as store:
        assert store.load(chat.conversation_id) == chat


KILLED = f"""
import os, sys, apsw
connection = apsw.Connection(sys.argv[1])
connection.execute("PRAGMA wal_autocheckpoint = 1; BEGIN IMMEDIATE").fetchall()
connection.execute("{NEXT} PRAGMA user_version = {len(MIGRATIONS) + 1}")
os._exit(0)
"""


def test_REL_04_a_migration_that_was_killed_is_done_on_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    chat = filled(path)
    run(KILLED, path)
    database = Database(path, migrations=(*MIGRATIONS, NEXT))
    assert database.open().outcome is OpenOutcome.MIGRATED
    assert Conversations(database).load(chat.conversation_id) == chat
    database.close()


def test_only_the_two_newest_backups_before_migrations_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    filled(path)
    scripts = [*MIGRATIONS]
    backups = []
    for number in range(4):
        scripts.append(f"CREATE TABLE more_{number} (x ANY) STRICT;")
        database = Database(path, migrations=scripts)
        backups.append(database.open().backup)
        database.close()
    left = sorted((tmp_path / "backups").iterdir())
    assert left == sorted(one for one in backups[2:] if one is not None)


def test_a_backup_of_an_older_schema_is_restored_and_migrated(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    chat = filled(path)
    database = Database(path, migrations=(*MIGRATIONS, NEXT))
    backup = database.open().backup
    Conversations(database).add_turn(conversation(), question("lost with the damage"))
    database.close()
    path.write_bytes(b"damaged")
    report = database.open()
    assert (report.outcome, report.backup) == (OpenOutcome.RESTORED, backup)
    assert Conversations(database).load(chat.conversation_id) == chat
    assert database.rows("SELECT count(*) FROM label") == [(0,)]
    assert chat.turns[0].content == (TextPart("question 0"),)
    database.close()
