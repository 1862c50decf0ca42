"""The directory that a sequencer works in, and the lock that keeps a second process out of it.

    journal           the truth: every acknowledged transaction, hash-chained
    state/            LMDB: the account tree after the last sealed batch
    sequencer.sqlite  batches with their stages, proofs, transactions, messages
    lock              held while a process works here

The state and the database may be removed while no process runs: a start computes what they held
from the journal again, except for proofs, which are then made again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from sequencer.config import Config
from sequencer.errors import LockedError


class DataDirectory:
    """A locked data directory; `close` gives it free."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.journal = path / "journal"
        self.state = path / "state"
        self.database = path / "sequencer.sqlite"
        self._lock = take_lock(path / "lock")

    def close(self) -> None:
        """Let other processes in."""
        os.close(self._lock)


def journal_domain(config: Config) -> bytes:
    """What a journal belongs to: the rollup, its preset and its circuit."""
    identity = (str(config.domain.rollup_id()), config.preset.name, config.circuit_id.hex())
    return hashlib.sha256("|".join(("tallystick.journal.v1", *identity)).encode()).digest()


def take_lock(path: Path) -> int:
    """Hold a file's lock until the descriptor is closed; LockedError if another process does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise LockedError(f"another process works in {path.parent}") from None
    return descriptor
