"""The account tree over LMDB: a 4-ary Poseidon tree whose changes wait in memory until a commit.

Keys and values in the database (integers big-endian):

    b"n" level:1 index:8          → node hash, 32 bytes     (absent: root of an empty subtree)
    b"a" index:8                  → account, see `encode_account`
    b"k" ax:32 ay:32              → account index, 8 bytes
    b"c"                          → number of accounts in use, 8 bytes
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from circuits.spec.account import EMPTY_ACCOUNT, Account, PublicKey
from circuits.spec.tree import ARITY, Path
from native.api import poseidon


class Reader(Protocol):
    """What the tree reads committed values from."""

    def get(self, key: bytes) -> bytes | None:
        """The committed value of a key."""


class LmdbTree:
    """An `AccountTree` that reads through its own uncommitted changes to the database.

    `changes()` are the key-value pairs to commit; `forget_changes` drops them, after a commit or
    to go back to the committed state.
    """

    def __init__(self, depth: int, reader: Reader) -> None:
        self.depth = depth
        self._reader = reader
        self._changes: dict[bytes, bytes] = {}
        self._empty = empty_subtrees(depth)

    @property
    def root(self) -> int:
        """The root over the committed and the waiting accounts."""
        return self._node(self.depth, 0)

    @property
    def account_count(self) -> int:
        """How many accounts are in use; also the index that the next new account gets."""
        return int.from_bytes(self._get(b"c") or b"")

    def account(self, index: int) -> Account:
        """The account at an index; the empty one where none was set."""
        self._check(index)
        data = self._get(_account_key(index))
        return EMPTY_ACCOUNT if data is None else decode_account(data)

    def index_of(self, public_key: PublicKey) -> int | None:
        """The account with that key."""
        data = self._get(_owner_key(public_key))
        return None if data is None else int.from_bytes(data)

    def path(self, index: int) -> Path:
        """The three siblings at each level, the leaves' level first, in position order."""
        self._check(index)
        siblings = (self._siblings(level, index >> 2 * level) for level in range(self.depth))
        return tuple((first, second, third) for first, second, third in siblings)

    def set_account(self, index: int, account: Account) -> None:
        """Put an account in its place; the change waits for the batch to commit."""
        self._check(index)
        old = self.account(index)
        self._changes[_account_key(index)] = encode_account(account)
        if account.public_key != old.public_key:
            self._changes[_owner_key(account.public_key)] = index.to_bytes(8)
            self._changes[b"c"] = max(self.account_count, index + 1).to_bytes(8)
        node = account.leaf()
        for level in range(self.depth):
            position = index >> 2 * level
            self._changes[_node_key(level, position)] = node.to_bytes(32)
            children = self._siblings(level, position)
            children.insert(position % ARITY, node)
            node = poseidon(*children)
        self._changes[_node_key(self.depth, 0)] = node.to_bytes(32)

    def changes(self) -> Mapping[bytes, bytes]:
        """What a commit has to write."""
        return self._changes

    def forget_changes(self) -> None:
        """Drop what waits."""
        self._changes = {}

    def _siblings(self, level: int, position: int) -> list[int]:
        first = position - position % ARITY
        return [self._node(level, p) for p in range(first, first + ARITY) if p != position]

    def _node(self, level: int, position: int) -> int:
        data = self._get(_node_key(level, position))
        return self._empty[level] if data is None else int.from_bytes(data)

    def _get(self, key: bytes) -> bytes | None:
        waiting = self._changes.get(key)
        return self._reader.get(key) if waiting is None else waiting

    def _check(self, index: int) -> None:
        if not 0 <= index < ARITY**self.depth:
            raise ValueError(f"account {index} is outside 0 … {ARITY**self.depth - 1}")


def empty_subtrees(depth: int) -> tuple[int, ...]:
    """The root of a subtree of empty accounts, for each height 0 … depth."""
    roots = [EMPTY_ACCOUNT.leaf()]
    for _ in range(depth):
        roots.append(poseidon(*[roots[-1]] * ARITY))
    return tuple(roots)


def encode_account(account: Account) -> bytes:
    """ax:32 ay:32 nonce:4 collateral:8 positions:32 orders:32, 140 bytes."""
    words = (*account.public_key, account.positions, account.orders)
    ax, ay, positions, orders = (word.to_bytes(32) for word in words)
    numbers = account.nonce.to_bytes(4) + account.collateral_e6.to_bytes(8, signed=True)
    return ax + ay + numbers + positions + orders


def decode_account(data: bytes) -> Account:
    """The inverse of `encode_account`."""
    ax, ay = int.from_bytes(data[:32]), int.from_bytes(data[32:64])
    nonce = int.from_bytes(data[64:68])
    collateral_e6 = int.from_bytes(data[68:76], signed=True)
    positions, orders = int.from_bytes(data[76:108]), int.from_bytes(data[108:140])
    return Account((ax, ay), nonce, collateral_e6, positions, orders)


def _account_key(index: int) -> bytes:
    return b"a" + index.to_bytes(8)


def _owner_key(public_key: PublicKey) -> bytes:
    return b"k" + public_key[0].to_bytes(32) + public_key[1].to_bytes(32)


def _node_key(level: int, position: int) -> bytes:
    return b"n" + level.to_bytes(1) + position.to_bytes(8)
