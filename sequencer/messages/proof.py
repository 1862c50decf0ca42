"""The proof argument of ORMP `recv`: the ABI encoding of (blockNumber, messageIndex, bytes32[32]),
1088 bytes.

For this rollup's oracle the block number is the batch number under which the message root was
proven.
"""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.errors import MessageError
from sequencer.messages.tree import DEPTH, branch_root

PROOF_SIZE = 32 * (DEPTH + 2)


@dataclass(frozen=True)
class MessageProof:
    """That a leaf stands at `message_index` in the tree with the root of `block_number`."""

    block_number: int
    message_index: int
    siblings: tuple[bytes, ...]

    def encode(self) -> bytes:
        """The 1088 bytes for the contract."""
        numbers = (self.block_number, self.message_index)
        for name, value in zip(("block number", "message index"), numbers, strict=True):
            if not 0 <= value < 1 << 256:
                raise MessageError("message proof", name, f"{value} is outside 0 … 2^256 - 1")
        if len(self.siblings) != DEPTH or any(len(node) != 32 for node in self.siblings):
            raise MessageError("message proof", "siblings", f"not {DEPTH} nodes of 32 bytes")
        return b"".join(value.to_bytes(32, "big") for value in numbers) + b"".join(self.siblings)

    @classmethod
    def decode(cls, data: bytes) -> MessageProof:
        """Read exactly 1088 bytes.

        The deployed contracts ignore bytes that follow; here they are refused, so that one proof
        has one encoding.
        """
        if len(data) != PROOF_SIZE:
            raise MessageError(
                "message proof", "length", f"{len(data)} bytes instead of {PROOF_SIZE}"
            )
        words = [data[i : i + 32] for i in range(0, PROOF_SIZE, 32)]
        block_number, index = (int.from_bytes(word, "big") for word in words[:2])
        return cls(block_number, index, tuple(words[2:]))

    def leads_to(self, root: bytes, leaf: bytes) -> bool:
        """Whether the proof connects leaf and root. The zero root is no root: always False."""
        return any(root) and branch_root(leaf, self.siblings, self.message_index) == root
