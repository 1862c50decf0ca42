"""Reads a range of blocks of one chain and turns it into facts that were checked all ways we know.

Every disagreement is raised as NodeDisagreement; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_hash.auto import keccak

from sequencer.messages.ledger.ledger import Ledger
from sequencer.messages.tree import EMPTY_ROOT, Frontier
from sequencer.messages.watch.channels import Channels
from sequencer.messages.watch.completeness import Completeness
from sequencer.messages.watch.decode import ACCEPTED, decode_log, topics_by_contract
from sequencer.messages.watch.facts import (
    Fact,
    MessageAccepted,
    OracleAssigned,
    RelayerAssigned,
    RootAggregated,
    RootImported,
)
from sequencer.messages.watch.header import Header
from sequencer.messages.watch.held import held_after
from sequencer.messages.watch.log import RawLog
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.rollups import BATCH_COMMITTED, BATCH_PROVEN, Rollups
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import Watchlist
from verifier.chain.transport import ExecutionReverted


@dataclass(frozen=True)
class BlockRange:
    """What goes into the ledger in one transaction; `headers` end with the range's last block."""

    headers: tuple[Header, ...]
    facts: tuple[Fact, ...]
    frontiers: tuple[tuple[str, int, Frontier], ...]


class RangeReader:
    """Reads ranges for the watchlist of one chain."""

    def __init__(self, view: ChainView, ledger: Ledger, watchlist: Watchlist) -> None:
        self._view = view
        self._ledger = ledger
        self._watchlist = watchlist
        self._wanted = topics_by_contract(watchlist)
        self._completeness = Completeness(view, self._wanted)
        self._topics = sorted(frozenset().union(*self._wanted.values()))

    def read(self, first: int, last: int, previous: Header | None, *, is_final: bool) -> BlockRange:
        """The range, which follows the block `previous`.

        Of a final range, only the headers that are needed are fetched: first, last and those of
        blocks with logs. NodeRefused when the range is too long for the node.
        """
        end = self._header(last)
        logs = self._logs(first, last)
        numbers = {first, last, *(log.block_number for log in logs)}
        headers = [
            self._header(number)
            for number in (sorted(numbers) if is_final else range(first, last + 1))
        ]
        if headers[-1].hash != end.hash:  # or the logs are of one branch, the headers of another
            raise self._view.disagreement(f"block {last} changed while it was read")
        self._check_links(headers, previous)
        by_number = {header.number: header for header in headers}
        self._check_hashes(logs, by_number)
        self._completeness.check_blooms(logs, headers)
        self._completeness.check_transactions(logs, _accepting(logs))
        channels = Channels(self._ledger, self._watchlist.chain_id)
        try:
            facts = self._facts(logs, channels)
        except ValueError as error:
            raise self._view.disagreement(f"blocks {first} … {last}: {error}") from None
        self._check_state(facts, channels, end)
        return BlockRange(tuple(headers), tuple(facts), tuple(channels.snapshots))

    # -- reading --

    def _logs(self, first: int, last: int) -> list[RawLog]:
        if not self._wanted:
            return []
        found = self._view.logs(first, last, sorted(self._wanted), self._topics)
        return [log for log in found if log.topics[0] in self._wanted[log.address]]

    def _header(self, number: int) -> Header:
        found = self._view.header(number)
        if found is None:
            raise self._view.disagreement(f"block {number} is gone while it was read")
        return found

    # -- what must fit together --

    def _check_links(self, headers: Sequence[Header], previous: Header | None) -> None:
        for parent, child in zip([previous, *headers], headers, strict=False):
            if parent is None or parent.number != child.number - 1:
                continue
            if child.parent_hash != parent.hash:
                raise self._view.disagreement(
                    f"block {child.number} does not follow block {parent.number} as it is known"
                )

    def _check_hashes(self, logs: Sequence[RawLog], headers: Mapping[int, Header]) -> None:
        for log in logs:
            if headers[log.block_number].hash != log.block_hash:
                raise self._view.disagreement(
                    f"log {log.log_index} of block {log.block_number} is from another block of that"
                    f" number (0x{log.block_hash.hex()})"
                )

    def _facts(self, logs: Sequence[RawLog], channels: Channels) -> list[Fact]:
        facts: list[Fact] = []
        rollups = Rollups(self._view, self._ledger, self._watchlist)
        accepted: dict[bytes, set[bytes]] = {}
        for log in logs:
            if log.topics[0] == BATCH_COMMITTED:
                facts.append(rollups.committed(log))
                continue
            if log.topics[0] == BATCH_PROVEN:
                facts += rollups.proven(log, channels)
                continue
            fact = decode_log(log, self._watchlist.chain_id)
            match fact:
                case MessageAccepted():
                    channels.accept(log.address, fact)
                    accepted.setdefault(log.tx_hash, set()).add(fact.message_hash)
                case RelayerAssigned() | OracleAssigned():
                    # Paid for outside the message's own transaction: not by the endpoint.
                    if fact.message_hash not in accepted.get(log.tx_hash, ()):
                        continue
            facts.append(fact)
        return facts

    # -- what the contracts themselves say at the end of the range --

    def _check_state(self, facts: Sequence[Fact], channels: Channels, end: Header) -> None:
        if self._watchlist.endpoint is not None:
            self._check_endpoint(self._watchlist.endpoint, channels, end)
        for rollup in self._watchlist.rollups:
            self._check_count(rollup.contract, channels, end)
        newest: dict[tuple[str, int, int | None], tuple[bytes, bytes]] = {}
        for fact in facts:
            if isinstance(fact, RootImported):
                key = (fact.source_chain_id, fact.source_block)
                newest[fact.oracle, *key] = (_MERKLE_ROOT + encode(["uint256"] * 2, key), fact.root)
            elif isinstance(fact, RootAggregated):
                source = fact.source_chain_id
                data = _FEED_ROOT + encode(["uint256"], [source])
                newest[fact.feed, source, None] = (data, fact.root)
        for (contract, source, _), (data, root) in newest.items():
            self._check_root(contract, source, data, root, end)
        self._check_held(facts, end)

    def _check_held(self, facts: Sequence[Fact], end: Header) -> None:
        expected = held_after(facts, self._ledger, self._watchlist.chain_id)
        for (port, *number), ours in expected.items():
            theirs = self._word(port, _HELD_OF + encode(_HELD_NUMBER, number), end)
            if theirs != ours:
                raise self._view.disagreement(
                    f"by its logs the port {port} holds 0x{ours.hex()} as number {number[2]} of"
                    f" {number[1]} on chain {number[0]}, at block {end.number} it holds"
                    f" 0x{theirs.hex()}"
                )

    def _check_endpoint(self, endpoint: str, channels: Channels, end: Header) -> None:
        """Logs left out at the end of the range show here: the endpoint's own root is another."""
        tree = channels.tree(endpoint)
        ours = tree.root()
        theirs = self._word(endpoint, _ROOT, end) or EMPTY_ROOT
        if theirs == ours:
            return
        count = self._count(endpoint, end)
        raise self._view.disagreement(
            f"at block {end.number} the endpoint {endpoint} holds {count} messages with the root"
            f" 0x{theirs.hex()}; the logs up to there give {tree.count} messages with the root"
            f" 0x{ours.hex()}"
        )

    def _check_count(self, rollup: str, channels: Channels, end: Header) -> None:
        tree, count = channels.tree(rollup), self._count(rollup, end)
        if count != tree.count:
            raise self._view.disagreement(
                f"at block {end.number} the rollup {rollup} has proven {count} messages, the logs"
                f" up to there give {tree.count}"
            )

    def _count(self, contract: str, end: Header) -> int:
        return int.from_bytes(self._word(contract, _COUNT, end), "big")

    def _check_root(
        self, contract: str, source: int, data: bytes, root: bytes, end: Header
    ) -> None:
        held = self._word(contract, data, end)
        if held != root:
            raise self._view.disagreement(
                f"{contract} announced the root 0x{root.hex()} of chain {source}, but at block"
                f" {end.number} it holds 0x{held.hex()}"
            )

    def _word(self, contract: str, data: bytes, end: Header) -> bytes:
        """The word that a view function returns at a block; empty where there is no contract."""
        try:
            answer = self._view.call(contract, data, block_hash=end.hash)
        except ExecutionReverted as reverted:
            raise self._view.disagreement(
                f"{contract} reverts at block {end.number} when asked 0x{data[:4].hex()}"
                f" (0x{reverted.data.hex()})"
            ) from None
        except NodeRefused as refused:
            raise self._view.disagreement(
                f"it does not give the state of block {end.number} ({refused.message}); to read"
                " blocks that lie further back than a node keeps states, give the URL of an"
                " archive node"
            ) from None
        return answer[:32]


def _accepting(logs: Sequence[RawLog]) -> list[bytes]:
    """The transactions that sent messages."""
    return list(dict.fromkeys(log.tx_hash for log in logs if log.topics[0] == ACCEPTED))


def _selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


_ROOT = _selector("root()")
_COUNT = _selector("messageCount()")
_MERKLE_ROOT = _selector("merkleRoot(uint256,uint256)")
_FEED_ROOT = _selector("messageRootOf(uint256)")
_HELD_NUMBER = ["uint256", "address", "uint64"]
_HELD_OF = _selector("heldOf(uint256,address,uint64)")
