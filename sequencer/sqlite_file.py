"""How our SQLite files are opened: WAL, every commit on disk, the schema version checked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sequencer.errors import StoreVersionError


def open_file(path: Path, *, tables: str, version: int, remedy: str) -> sqlite3.Connection:
    """Open the file, or create it with these tables.

    Transactions are begun and ended by the caller; any thread may use the connection.
    StoreVersionError, with what to do about it, when another schema version wrote the file.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    try:
        _create(connection, tables, version)
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found != version:
            raise StoreVersionError(
                f"{path} has schema version {found}, this program writes {version}; {remedy}"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection, tables: str, version: int) -> None:
    """The tables, all or none, unless the file has some; `user_version` is 0 in a new file."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        for statement in filter(str.strip, tables.split(";") if found == 0 else ()):
            connection.execute(statement)
        if found == 0:
            connection.execute(f"PRAGMA user_version = {version}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
