"""The append-only journal: what it acknowledges is on disk, in order, and cannot be changed
unnoticed.

`append` only buffers; `sync` writes and fsyncs everything appended so far in one go. A record may
be acknowledged to anybody only after a `sync` that covers it has returned. Several threads may
call `sync` at once: the first does the work for all that wait behind it (group commit).

After a failed write or fsync the page cache can no longer be trusted to hold what we think it
holds, so the journal refuses further work until it is opened, and thereby verified, again.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from sequencer.errors import SequencerError
from sequencer.journal import frame
from sequencer.journal.frame import Record
from sequencer.journal.scan import Scanner

_log = logging.getLogger(__name__)


class Journal:
    """A journal file opened for appending. Use `Journal.open`."""

    def __init__(self, path: Path, descriptor: int, scanner: Scanner, domain: bytes) -> None:
        self._path = path
        self._descriptor = descriptor
        self._domain = domain
        self._pending = bytearray()
        self._failed = False
        self._append_lock = threading.Lock()
        self._sync_lock = threading.Lock()
        self.next_sequence = scanner.next_sequence
        self.durable_sequence = scanner.next_sequence
        self.chain_hash = scanner.chain_hash
        self._end_offset = scanner.good_end

    @classmethod
    def open(
        cls, path: Path, domain: bytes, on_record: Callable[[Record], None] | None = None
    ) -> Journal:
        """Open or create, verify all of it, hand each record to `on_record`, drop a torn tail.

        Raises JournalCorruptError for damage before the tail; the file is then left as it is.
        """
        if not path.exists():
            _create(path, frame.file_header(domain))
        scanner = Scanner(path, domain)
        for record in scanner.records():
            if on_record is not None:
                on_record(record)
        if scanner.torn_reason is not None:
            _repair(path, scanner, frame.file_header(domain))
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        return cls(path, descriptor, scanner, domain)

    def append(self, kind: int, payload: bytes) -> Record:
        """Chain a record to the end and buffer it. It is durable only after `sync`."""
        with self._append_lock:
            self._check_usable()
            sequence = self.next_sequence
            data, self.chain_hash = frame.encode_frame(sequence, kind, payload, self.chain_hash)
            self._pending += data
            self.next_sequence += 1
            self._end_offset += len(data)
            return Record(sequence, kind, payload, self.chain_hash, self._end_offset)

    def sync(self) -> None:
        """Return once everything appended before the call is on disk."""
        wanted = self.next_sequence
        with self._sync_lock:
            if self.durable_sequence >= wanted:
                return
            with self._append_lock:
                self._check_usable()
                data, self._pending = self._pending, bytearray()
                reached = self.next_sequence
            try:
                _write_all(self._descriptor, data)
                os.fdatasync(self._descriptor)
            except OSError:
                self._failed = True
                raise
            self.durable_sequence = reached

    def records(self) -> Iterator[Record]:
        """The durable records, verified again from the file."""
        return Scanner(self._path, self._domain).records()

    def close(self) -> None:
        """Sync what is pending, unless an earlier failure forbids it, and close the file."""
        if self._descriptor < 0:
            return
        try:
            if not self._failed:
                self.sync()
        finally:
            os.close(self._descriptor)
            self._descriptor = -1

    def _check_usable(self) -> None:
        if self._failed or self._descriptor < 0:
            state = "is closed" if self._descriptor < 0 else "had a write error; open it again"
            raise SequencerError(f"the journal {self._path} {state}")

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _create(path: Path, header: bytes) -> None:
    """Write the header beside the final name and move it there: no half header is ever seen."""
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _write_all(descriptor, header)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(temporary, path)
    _sync_directory(path.parent)


def _repair(path: Path, scanner: Scanner, header: bytes) -> None:
    size = path.stat().st_size
    _log.warning(
        "journal %s: %s; dropped %d unacknowledged bytes from offset %d on, %d records kept",
        path,
        scanner.torn_reason,
        size - scanner.good_end,
        scanner.good_end,
        scanner.next_sequence,
    )
    if scanner.good_end == 0:
        _create(path, header)
        scanner.good_end = frame.FILE_HEADER_SIZE
        return
    with path.open("r+b") as file:
        file.truncate(scanner.good_end)
        os.fsync(file.fileno())


def _write_all(descriptor: int, data: bytes | bytearray) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
