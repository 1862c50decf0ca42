"""The ORMP version 1 message: its fields, its bytes and its hash.

hash = keccak256 of the ABI encoding of one dynamic tuple with its outer offset word, in words:

    0x20 | channel | index | fromChainId | from | toChainId | to | gasLimit | 0x100 | len |
    encoded, zero padded

The hash is the message's id and its leaf in the message tree. Addresses are 20 bytes, left padded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Self

from eth_hash.auto import keccak

from sequencer.errors import MessageError

ADDRESS_BITS = 160
WORD_BITS = 256
_FIELD_BITS = {
    "channel": ADDRESS_BITS,
    "index": WORD_BITS,
    "from_chain_id": WORD_BITS,
    "sender": ADDRESS_BITS,
    "to_chain_id": WORD_BITS,
    "to": ADDRESS_BITS,
    "gas_limit": WORD_BITS,
}
_ACCOUNT_TAG = keccak(b"tallystick.account.v1")


@dataclass(frozen=True)
class Message:
    """A cross-chain message. Addresses are integers below 2^160; `sender` is the field `from`."""

    channel: int
    index: int
    from_chain_id: int
    sender: int
    to_chain_id: int
    to: int
    gas_limit: int
    encoded: bytes

    def __post_init__(self) -> None:
        for name, bits in _FIELD_BITS.items():
            value = getattr(self, name)
            if not 0 <= value < 1 << bits:
                raise MessageError("message", name, f"{value} is outside 0 … 2^{bits} - 1")

    def encode(self) -> bytes:
        """The preimage of the hash."""
        fields = (getattr(self, name) for name in _FIELD_BITS)
        words = (0x20, *fields, 0x100, len(self.encoded))
        head = b"".join(value.to_bytes(32, "big") for value in words)
        return head + self.encoded + bytes(-len(self.encoded) % 32)

    def hash(self) -> bytes:
        """The 32-byte id of the message: its leaf in the message tree."""
        return keccak(self.encode())

    def to_json(self) -> str:
        """A JSON object: numbers as decimal strings, the payload as 0x-hex."""
        fields = {name: str(getattr(self, name)) for name in _FIELD_BITS}
        return json.dumps(fields | {"encoded": "0x" + self.encoded.hex()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`."""
        members = json.loads(text)
        encoded = bytes.fromhex(members.pop("encoded").removeprefix("0x"))
        return cls(**{name: int(value) for name, value in members.items()}, encoded=encoded)


def account_address(rollup: int, account_index: int) -> int:
    """The address that stands for a rollup account in the field `from` of its messages.

    The low 160 bits of keccak256(abi.encode(keccak256("tallystick.account.v1"), rollup,
    account_index)).
    """
    words = _ACCOUNT_TAG + rollup.to_bytes(32, "big") + account_index.to_bytes(32, "big")
    return int.from_bytes(keccak(words)[12:], "big")
