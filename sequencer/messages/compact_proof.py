"""Proofs of many messages under one root, without what everybody knows: for `relayBatch`.

`block number (32 bytes) ‖ entry ‖ entry …`, one entry a message: `index (4) ‖ mask (4) ‖ node (32)
‖ node …`. Bit k of the mask says that the sibling of height k follows, the lowest first; the others
are roots of empty subtrees. Numbers are big-endian. `CompactProofs.sol` expands what this packs.
"""

from __future__ import annotations

from collections.abc import Sequence

from sequencer.errors import MessageError
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import DEPTH, ZERO_HASHES


def encode_compact(proofs: Sequence[MessageProof]) -> bytes:
    """All proofs of a batch, in the order of its messages. MessageError unless of one block."""
    blocks = {proof.block_number for proof in proofs}
    if len(blocks) != 1:
        raise MessageError("compact proofs", "block number", f"{len(blocks)} blocks instead of 1")
    return blocks.pop().to_bytes(32, "big") + b"".join(map(_entry, proofs))


def _entry(proof: MessageProof) -> bytes:
    if proof.message_index >> 32:
        raise MessageError("compact proofs", "message index", f"{proof.message_index} ≥ 2^32")
    pairs = zip(proof.siblings, ZERO_HASHES[:DEPTH], strict=True)
    nodes = {level: node for level, (node, zero) in enumerate(pairs) if node != zero}
    mask = sum(1 << level for level in nodes)
    return (proof.message_index << 32 | mask).to_bytes(8, "big") + b"".join(nodes.values())
