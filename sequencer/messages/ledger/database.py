"""One SQLite file for any number of threads: one writer at a time, transactions that nest."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sequencer.messages.ledger import schema
from sequencer.sqlite_file import open_file


class Database:
    """The file. Use `Database.open`; any thread may use it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open or create the file. StoreVersionError when another schema version wrote it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = open_file(
            path,
            tables=schema.TABLES,
            version=schema.VERSION,
            remedy="move it away: the chains are read again from their start blocks",
        )
        return cls(connection, path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what is executed inside. Nests: the outermost one commits."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def execute(self, statement: str, *parameters: object) -> int:
        """Run one statement; the number of rows it changed."""
        with self._lock:
            return self._connection.execute(statement, parameters).rowcount

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def row(self, query: str, *parameters: object) -> tuple[Any, ...] | None:
        """The first row of a query, if any."""
        with self._lock:
            found: tuple[Any, ...] | None = self._connection.execute(query, parameters).fetchone()
        return found

    def insert(self, table: str, values: Sequence[object]) -> None:
        """Add a row with a value for every column."""
        marks = ",".join("?" * len(values))
        self.execute(f"INSERT INTO {table} VALUES ({marks})", *values)
