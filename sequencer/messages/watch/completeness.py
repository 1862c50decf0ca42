"""Finds logs that eth_getLogs left out, from what the same blocks say elsewhere.

A node whose log index is damaged or behind answers eth_getLogs with gaps and does not know it. Two
things still tell: the receipt of a transaction holds all of its logs, and the bloom filter in a
header tells of every contract that logged something in the block. (A message left out shows even
without these: the message tree has no gaps.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eth_hash.auto import keccak

from sequencer.messages.watch.header import Header
from sequencer.messages.watch.log import RawLog
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.view import ChainView

_BLOOM_BITS = 2_048


class Completeness:
    """Checks the logs of the watched contracts (each with its topics) on one chain."""

    def __init__(self, view: ChainView, wanted: Mapping[str, frozenset[bytes]]) -> None:
        self._view = view
        self._wanted = wanted

    def check_transactions(self, logs: Sequence[RawLog], tx_hashes: Iterable[bytes]) -> None:
        """That of these transactions every watched log is there. NodeDisagreement otherwise."""
        for tx_hash in tx_hashes:
            found = {_key(log) for log in logs if log.tx_hash == tx_hash}
            self._compare(found, self._view.receipt_logs(tx_hash), f"0x{tx_hash.hex()}")

    def check_blooms(self, logs: Sequence[RawLog], headers: Sequence[Header]) -> None:
        """That no contract is silent in a block that says otherwise.

        A bloom filter also matches by chance: the block's receipts decide, if the node serves them.
        """
        heard = {(log.block_number, log.address) for log in logs}
        for header in headers:
            if header.logs_bloom is None:
                continue
            silent = (c for c in self._wanted if (header.number, c) not in heard)
            if any(self._may_have_logged(header.logs_bloom, contract) for contract in silent):
                self._check_block(logs, header)

    def _check_block(self, logs: Sequence[RawLog], header: Header) -> None:
        try:
            listed = self._view.block_logs(header.hash)
        except NodeRefused:
            return
        found = {_key(log) for log in logs if log.block_number == header.number}
        self._compare(found, listed, f"block {header.number}")

    def _compare(self, found: set[tuple[int, int]], listed: Sequence[RawLog], where: str) -> None:
        missing = [log for log in listed if self._is_wanted(log) and _key(log) not in found]
        if missing:
            first = missing[0]
            raise self._view.disagreement(
                f"log {first.log_index} of block {first.block_number} by {first.address} is missing"
                f" from eth_getLogs, but stands in the receipts of {where}"
            )

    def _is_wanted(self, log: RawLog) -> bool:
        return bool(log.topics) and log.topics[0] in self._wanted.get(log.address, ())

    def _may_have_logged(self, bloom: bytes, contract: str) -> bool:
        if not _is_in(bloom, bytes.fromhex(contract[2:])):
            return False
        return any(_is_in(bloom, topic) for topic in self._wanted[contract])


def _key(log: RawLog) -> tuple[int, int]:
    return log.block_number, log.log_index


def _is_in(bloom: bytes, value: bytes) -> bool:
    """Whether a header's bloom filter may hold the value: three bits of its hash are set."""
    digest = keccak(value)
    bits = (int.from_bytes(digest[i : i + 2], "big") % _BLOOM_BITS for i in (0, 2, 4))
    return all(bloom[-1 - bit // 8] >> bit % 8 & 1 for bit in bits)
