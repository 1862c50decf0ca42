"""The committed state in LMDB: batches are written whole or not at all, and can be taken back.

Each commit also stores what it overwrote, under b"u" batch:8, so that the state can return to an
earlier batch. Once a batch is settled on chain nothing before it is ever needed, and `prune` drops
those records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import lmdb

from circuits.spec.tree import ARITY
from sequencer.errors import SequencerError
from sequencer.state.head import Head
from sequencer.state.tree import LmdbTree

_MAP_BYTES_PER_ACCOUNT = 1 << 10
_MAP_BYTES_BESIDES = 1 << 28
_HEAD_KEY = b"h"
_PAIR = struct.Struct(">HI")
_ABSENT = (1 << 32) - 1


class StateDatabase:
    """The LMDB environment with one account tree and its head."""

    def __init__(self, path: Path, depth: int, genesis: Head) -> None:
        path.mkdir(parents=True, exist_ok=True)
        # Address space for a full tree, not disk: the file grows only as it fills.
        map_size = _MAP_BYTES_BESIDES + _MAP_BYTES_PER_ACCOUNT * ARITY**depth
        self._environment = lmdb.open(str(path), map_size=map_size)
        self._genesis = genesis
        self._read = self._environment.begin()
        self.tree = LmdbTree(depth, self)

    def get(self, key: bytes) -> bytes | None:
        """The committed value of a key."""
        value: bytes | None = self._read.get(key)
        return value

    def head(self) -> Head:
        """The last committed batch; the genesis head before the first."""
        data = self.get(_HEAD_KEY)
        return self._genesis if data is None else Head.decode(data)

    def commit(self, head: Head) -> None:
        """Write the tree's waiting changes and the new head in one atomic step."""
        current = self.head().batch_number
        if head.batch_number != current + 1:
            raise SequencerError(f"batch {head.batch_number} does not follow batch {current}")
        changes = {**self.tree.changes(), _HEAD_KEY: head.encode()}
        undo = _encode_undo({key: self.get(key) for key in changes})
        with self._environment.begin(write=True) as transaction:
            for key, value in changes.items():
                transaction.put(key, value)
            transaction.put(_undo_key(head.batch_number), undo)
        self._forget()

    def rollback(self, batch_number: int) -> None:
        """Return to the state after `batch_number` in one atomic step; waiting changes are dropped.

        SequencerError when that batch lies ahead, or so far back that its record was pruned.
        """
        current = self.head().batch_number
        if not 0 <= batch_number <= current:
            raise SequencerError(f"cannot roll back to batch {batch_number} from batch {current}")
        with self._environment.begin(write=True) as transaction:
            for number in range(current, batch_number, -1):
                undo = transaction.pop(_undo_key(number))
                if undo is None:
                    raise SequencerError(f"batch {number} is settled: it cannot be taken back")
                for key, value in _decode_undo(undo):
                    if value is None:
                        transaction.delete(key)
                    else:
                        transaction.put(key, value)
        self._forget()

    def prune(self, settled_batch: int) -> None:
        """Drop the records that would allow a return to before `settled_batch`."""
        with self._environment.begin(write=True) as transaction, transaction.cursor() as cursor:
            found = cursor.set_range(_undo_key(0))
            while found and cursor.key() <= _undo_key(settled_batch):
                found = cursor.delete()
        self._renew_reader()

    def undo_records(self) -> int:
        """How many batches can be taken back."""
        with self._environment.begin() as transaction, transaction.cursor() as cursor:
            found = cursor.set_range(_undo_key(0))
            count = 0
            while found and cursor.key()[:1] == b"u":
                count += 1
                found = cursor.next()
        return count

    def clear(self) -> None:
        """Forget everything, back to the empty tree; the journal can give it again."""
        with self._environment.begin(write=True) as transaction:
            transaction.drop(self._environment.open_db(None, txn=transaction), delete=False)
        self._forget()

    def close(self) -> None:
        """Close the environment; waiting changes are dropped."""
        self._read.abort()
        self._environment.close()

    def _forget(self) -> None:
        self.tree.forget_changes()
        self._renew_reader()

    def _renew_reader(self) -> None:
        self._read.abort()
        self._read = self._environment.begin()


def _undo_key(batch_number: int) -> bytes:
    return b"u" + batch_number.to_bytes(8)


def _encode_undo(old: Mapping[bytes, bytes | None]) -> bytes:
    """For each pair: key length:2, value length:4 (all ones when absent), key, value."""
    parts = []
    for key, value in old.items():
        parts.append(_PAIR.pack(len(key), _ABSENT if value is None else len(value)) + key)
        parts.append(value or b"")
    return b"".join(parts)


def _decode_undo(data: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    position = 0
    while position < len(data):
        key_length, value_length = _PAIR.unpack_from(data, position)
        position += _PAIR.size
        key = data[position : position + key_length]
        position += key_length
        if value_length == _ABSENT:
            yield key, None
        else:
            yield key, data[position : position + value_length]
            position += value_length
