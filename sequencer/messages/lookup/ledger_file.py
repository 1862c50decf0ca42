"""Opens the ledger of a daemon, running or not, without ever writing to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sequencer.errors import MessageError, StoreVersionError
from sequencer.messages.ledger import Database, Ledger
from sequencer.messages.ledger.schema import VERSION

_WANTED = ("chains", "messages", "dispatches", "roots", "batches")


def open_ledger(path: Path) -> Ledger:
    """The ledger in a file.

    MessageError if the file is none; StoreVersionError when another schema version wrote it.
    """
    try:
        return Ledger(_opened(path))
    except sqlite3.Error as error:
        raise MessageError(str(path), "database", f"cannot be read: {error}") from error


def _opened(path: Path) -> Database:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro",
        uri=True,
        isolation_level=None,
        timeout=10,
        check_same_thread=False,
    )
    try:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables.issuperset(_WANTED):
            raise MessageError(
                str(path),
                "database",
                "holds no messages; name the database of an oracle or relayer daemon",
            )
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise StoreVersionError(
                f"{path} has schema version {version}, this program reads {VERSION}; use the "
                "program that wrote it"
            )
    except BaseException:
        connection.close()
        raise
    return Database(connection, path)
