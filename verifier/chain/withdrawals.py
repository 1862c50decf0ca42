"""The withdrawal tree of a batch, as WithdrawalTree.sol builds it, for the paths of claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

HEADER_WORDS = 5
SLOT_WORDS = 4
_WITHDRAW = 3
_U64 = 2**64 - 1
_U160 = 2**160 - 1


@dataclass(frozen=True)
class Withdrawal:
    """Money that left in `slot` of batch `number`, to be claimed on chain."""

    number: int
    slot: int
    recipient: str
    amount_e6: int

    def leaf(self) -> bytes:
        """Its leaf in the batch's tree."""
        types = ["uint64", "uint256", "address", "uint64"]
        return keccak(encode(types, [self.number, self.slot, self.recipient, self.amount_e6]))


def withdrawals_of(public_data: Sequence[int]) -> list[Withdrawal]:
    """The withdrawals in a batch's public data, in slot order."""
    number = public_data[3] & _U64
    slots = range((len(public_data) - HEADER_WORDS) // SLOT_WORDS)
    words = [public_data[HEADER_WORDS + SLOT_WORDS * i :][:2] for i in slots]
    return [
        Withdrawal(number, slot, _address(e1), e0 >> 72 & _U64)
        for slot, (e0, e1) in enumerate(words)
        if e0 & 0xFF == _WITHDRAW
    ]


def claim_path(public_data: Sequence[int], slot: int) -> list[bytes]:
    """Siblings from the leaf of `slot` up to the withdrawal root."""
    slots = (len(public_data) - HEADER_WORDS) // SLOT_WORDS
    leaves = {withdrawal.slot: withdrawal.leaf() for withdrawal in withdrawals_of(public_data)}
    level = [leaves.get(i, bytes(32)) for i in range(1 << (slots - 1).bit_length())]
    path = []
    while len(level) > 1:
        path.append(level[slot ^ 1])
        level = [keccak(level[i] + level[i + 1]) for i in range(0, len(level), 2)]
        slot >>= 1
    return path


def _address(word: int) -> str:
    return to_checksum_address((word & _U160).to_bytes(20, "big"))
