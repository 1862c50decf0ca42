"""Withdrawals in posted data, and their proofs for claims: each is a message of the rollup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

HEADER_WORDS = 5
SLOT_WORDS = 4
TREE_DEPTH = 32
_WITHDRAW = 3
_MESSAGE = 4
_U32 = 2**32 - 1
_U64 = 2**64 - 1
_U160 = 2**160 - 1


@dataclass(frozen=True)
class Withdrawal:
    """Money that left in `slot` of batch `number` as message `index`, to be paid on chain."""

    number: int
    slot: int
    index: int
    recipient: str
    amount_e6: int


def withdrawals_of(public_data: Sequence[int]) -> list[Withdrawal]:
    """The withdrawals in a batch's public data, in slot order."""
    number, index = public_data[3] & _U64, public_data[4] & _U32
    found = []
    for slot, start in enumerate(range(HEADER_WORDS, len(public_data), SLOT_WORDS)):
        e0, e1 = public_data[start : start + 2]
        if e0 & 0xFF == _WITHDRAW:
            found.append(Withdrawal(number, slot, index, _address(e1), e0 >> 72 & _U64))
        index += e0 & 0xFF in (_WITHDRAW, _MESSAGE)
    return found


def message_proof(number: int, leaves: Sequence[bytes], index: int) -> bytes:
    """ORMP's proof that leaf `index` stands in the tree that has these leaves after batch `number`.

    It hashes the whole tree: whoever proves often keeps the tree instead.
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"the tree of {len(leaves)} leaves holds no leaf {index}")
    level, empty, position = list(leaves), bytes(32), index
    siblings: list[bytes] = []
    for _ in range(TREE_DEPTH):
        level += [empty] * (len(level) & 1)
        siblings.append(level[index ^ 1] if index ^ 1 < len(level) else empty)
        level = [keccak(level[i] + level[i + 1]) for i in range(0, len(level), 2)]
        empty, index = keccak(empty + empty), index >> 1
    return number.to_bytes(32, "big") + position.to_bytes(32, "big") + b"".join(siblings)


def _address(word: int) -> str:
    return to_checksum_address((word & _U160).to_bytes(20, "big"))
