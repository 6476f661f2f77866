"""The form of the history file, as the scripts that lead from each released version to the next."""

from __future__ import annotations

APPLICATION_ID = 0x5349524F  # "SIRO": says to `file` and to us whose SQLite file this is

# A script is never changed once it was released: a change of the schema is one more script here, and one
# more row in tests/store/test_migrations.py. `user_version` counts the scripts that were run.
#
# `meta.min_reader` is the oldest schema version whose programs can read the file (REL-04). A script that
# only adds leaves it; one after which older programs would misread raises it.
#
# `turn.number` is Turn.sequence: it orders turns, never changes, survives VACUUM, and is what a full-text
# index can name as its rowid. Ids are made by the app; `parent` and `conversation` are numbers, so that the
# indexes stay small. `parts` and `reply` are JSON, the parts whole (app.core.parts). While a reply is
# running its text is `parts` and then its `delta` rows; they are dropped when it ends.
_VERSION_1 = """
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('min_reader', 1);

CREATE TABLE conversation (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL,
    created       REAL NOT NULL,
    updated       REAL NOT NULL,
    position      INTEGER NOT NULL, -- counts up with every message: order that no clock can change (REL-15)
    deleted       REAL,             -- when it was deleted; it can be restored until it is purged
    endpoint_id   TEXT NOT NULL,
    model         TEXT NOT NULL,
    system_prompt TEXT NOT NULL
) STRICT;
CREATE INDEX conversation_by_position ON conversation (position);
CREATE INDEX conversation_deleted ON conversation (deleted) WHERE deleted IS NOT NULL;

CREATE TABLE turn (
    number       INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    parent       INTEGER REFERENCES turn,
    id           TEXT NOT NULL UNIQUE,
    role         TEXT NOT NULL,
    created      REAL NOT NULL,
    state        TEXT NOT NULL,
    crc          INTEGER NOT NULL, -- CRC-32, see app.store.rows
    endpoint_id  TEXT NOT NULL,
    model        TEXT NOT NULL,
    reply        TEXT,             -- NULL for a turn of the user
    parts        TEXT NOT NULL
) STRICT;
CREATE INDEX turn_by_conversation ON turn (conversation);
CREATE INDEX turn_by_parent ON turn (parent);
CREATE INDEX turn_running ON turn (state) WHERE state = 'running';

CREATE TABLE delta (
    number INTEGER PRIMARY KEY,
    turn   INTEGER NOT NULL REFERENCES turn ON DELETE CASCADE,
    parts  TEXT NOT NULL
) STRICT;
CREATE INDEX delta_by_turn ON delta (turn);

CREATE TABLE choice (
    conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    parent_id    TEXT NOT NULL, -- '' for the root
    child_id     TEXT NOT NULL,
    PRIMARY KEY (conversation, parent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    conversation_id TEXT PRIMARY KEY, -- '' for the chat that isn't there yet
    text            TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

# What began in the small window has a filter of its own.
_VERSION_2 = """
ALTER TABLE conversation ADD COLUMN is_quick INTEGER NOT NULL DEFAULT 0;
"""

MIGRATIONS: tuple[str, ...] = (_VERSION_1, _VERSION_2)
