"""Packs deliveries into transactions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sequencer.messages.relayer import calls, gas
from sequencer.messages.relayer.settings import Terms
from sequencer.messages.relayer.verdict import MAX_CALL_DATA, Ready

HEAD_BYTES = 400
"""What an entry of a batch takes in call data beside payload and siblings, rounded up."""


@dataclass(frozen=True)
class Batch:
    """The messages of one transaction, all proven under one root."""

    messages: tuple[Ready, ...]

    def call_data(self) -> bytes:
        """`relay` for a single message, `relayBatch` for several."""
        deliveries = [ready.delivery for ready in self.messages]
        return calls.relay(deliveries[0]) if len(deliveries) == 1 else calls.relay_batch(deliveries)

    def gas_limit(self, call_data: bytes, terms: Terms) -> int:
        """What the transaction must bring along."""
        messages = [ready.candidate.message for ready in self.messages]
        return gas.transaction_limit(messages, call_data, terms.extra_gas)


def pack(ready: Iterable[Ready], alone: set[bytes], terms: Terms, gas_budget: int) -> list[Batch]:
    """Batches within the budget of gas, bytes and messages. Messages in `alone` share with nobody:
    they failed before, and their next failure should be theirs only.
    """
    batches: list[Batch] = []
    by_root: dict[tuple[int, int], list[Ready]] = defaultdict(list)
    for found in ready:
        if found.candidate.hash in alone:
            batches.append(Batch((found,)))
            continue
        message, proof = found.delivery.message, found.delivery.proof
        by_root[message.from_chain_id, proof.block_number].append(found)
    for group in by_root.values():
        batches += [Batch(tuple(part)) for part in _split(group, terms, gas_budget)]
    return batches


def _split(group: Sequence[Ready], terms: Terms, gas_budget: int) -> Iterable[list[Ready]]:
    part: list[Ready] = []
    gas_sum = size_sum = 0
    for found in group:
        size = HEAD_BYTES + 32 * (32 + len(found.delivery.message.encoded) // 32)
        needed = gas.share(found.candidate.message) + gas.BOOKKEEPING + gas.CALLDATA_BYTE * size
        is_full = (
            len(part) >= terms.batch_messages
            or gas_sum + needed > gas_budget
            or size_sum + size > MAX_CALL_DATA
        )
        if part and is_full:
            yield part
            part, gas_sum, size_sum = [], 0, 0
        part.append(found)
        gas_sum, size_sum = gas_sum + needed, size_sum + size
    if part:
        yield part
