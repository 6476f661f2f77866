"""Which SQLite this is, and what it can do."""

from __future__ import annotations

from contextlib import closing

import apsw


def sqlite_version() -> str:
    """The version of the SQLite that chats are kept by, such as "3.54.1"."""
    return apsw.sqlite_lib_version()


def finds_words() -> bool:
    """Whether it has FTS5, by which chats are searched; tried, not asked."""
    with closing(apsw.Connection(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
            connection.execute("INSERT INTO words VALUES ('a warm wind')")
            return list(connection.execute("SELECT count(*) FROM words('wind')")) == [(1,)]
        except apsw.SQLError:
            return False
