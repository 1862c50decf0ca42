"""Whether a message can be delivered now, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.errors import MessageError
from sequencer.messages.ledger import CoveringRoot, Ledger
from sequencer.messages.message import Message
from sequencer.messages.relayer import calls, gas, profit
from sequencer.messages.relayer.calls import Delivery
from sequencer.messages.relayer.prices import PriceRatios
from sequencer.messages.relayer.settings import CourierSettings, Route
from sequencer.messages.relayer.target_chain import TargetChain
from sequencer.messages.relayer.trees import SharedTrees
from sequencer.messages.watch import WatchError
from verifier.chain.errors import ChainRevert

MAX_CALL_DATA = 120_000
"""Bytes; nodes refuse transactions from 128 KiB on."""
NOT_YET = frozenset({"MessageNotProven", "AlreadyDelivered"})
"""Refusals that pass by themselves: the chain has moved since the ledger was written."""


@dataclass(frozen=True)
class Candidate:
    """A message that waits; `fee_wei` is None where nobody pays."""

    message: Message
    fee_wei: int | None

    @property
    def hash(self) -> bytes:
        """The message's id."""
        return self.message.hash()


@dataclass(frozen=True)
class Ready:
    """It can be delivered now."""

    candidate: Candidate
    delivery: Delivery


@dataclass(frozen=True)
class NotNow:
    """It cannot. `is_failure` tells a cause that does not pass by itself, so that the pauses
    between attempts grow.
    """

    reason: str
    is_failure: bool = True


class Judge:
    """Decides message by message for one target chain."""

    def __init__(
        self,
        settings: CourierSettings,
        ledger: Ledger,
        trees: SharedTrees,
        chain: TargetChain,
        ratios: PriceRatios,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._trees = trees
        self._chain = chain
        self._ratios = ratios
        self._covering: dict[tuple[str, Route], CoveringRoot | None] = {}

    def new_round(self) -> None:
        """Look again at what may have changed."""
        self._covering.clear()
        self._chain.new_round()

    def verdict(self, candidate: Candidate, route: Route) -> Ready | NotNow | None:
        """Ready, not now, or None while the message only waits for its root."""
        message = candidate.message
        try:
            oracle, relayer = self._chain.app_config(calls.address_of(message.to))
            if relayer != self._settings.target.relayer:
                return NotNow(f"the application chose the relayer {relayer}")
            if oracle not in self._settings.target.oracles:
                return NotNow(f"the application chose the oracle {oracle}, which is not watched")
            known = self._root(oracle, route)
            if known is None or message.index >= known.count:
                return None
            found = self._proven(message, route, oracle, known)
            if isinstance(found, NotNow):
                return found
            return self._tried(candidate, route, found) or Ready(candidate, found)
        except ChainRevert as revert:
            return NotNow(str(revert), is_failure=revert.name not in NOT_YET)

    def _root(self, oracle: str, route: Route) -> CoveringRoot | None:
        key = (oracle, route)
        if key not in self._covering:
            target = self._settings.target
            self._covering[key] = self._ledger.covering_root(
                target.chain_id,
                target.feeds.get(oracle, oracle),
                route.source_chain_id,
                route.channel,
            )
        return self._covering[key]

    def _proven(
        self, message: Message, route: Route, oracle: str, covering: CoveringRoot
    ) -> Delivery | NotNow:
        """The proof, checked against the root that the chain itself holds now."""
        source, channel = route.source_chain_id, route.channel
        block = covering.known.source_block
        if block is None:  # a feed: the contract does not look at the number
            newest = self._ledger.message_at(source, channel, covering.count - 1)
            block = 0 if newest is None else newest.root_block
        held = self._chain.merkle_root(oracle, source, block)
        if held != covering.known.root:
            return NotNow(
                f"the oracle {oracle} holds the root 0x{held.hex()} under block {block}, its event"
                f" said 0x{covering.known.root.hex()}",
                is_failure=False,
            )
        try:
            proof = self._trees.prove(source, channel, message.index, covering.count, block)
        except MessageError as error:
            return NotNow(str(error), is_failure=False)
        if not proof.leads_to(held, message.hash()):
            return NotNow(f"its stored proof does not lead to the root 0x{held.hex()}")
        return Delivery(message, proof)

    def _tried(self, candidate: Candidate, route: Route, delivery: Delivery) -> NotNow | None:
        """A trial run on the newest state; None if it goes well and pays."""
        terms, relayer = self._settings.terms, self._settings.target.relayer
        data = calls.relay(delivery)
        limit = gas.transaction_limit([candidate.message], data, terms.extra_gas)
        newest = self._chain.newest()
        allowed = min(newest.block_limit, terms.max_transaction_gas or newest.block_limit)
        if limit > allowed:
            return NotNow(f"it needs up to {limit} gas, a transaction may use {allowed}")
        if len(data) > MAX_CALL_DATA:
            return NotNow(f"its call data of {len(data)} bytes exceeds {MAX_CALL_DATA}")
        if candidate.fee_wei is None:
            self._chain.try_out(relayer, data, limit)
            return None
        used = self._chain.estimate(relayer, data) + terms.extra_gas
        if used > limit:
            return NotNow(f"it needs {used} gas, more than the {limit} foreseen")
        try:
            ratio = self._ratios.ratio_e10(route)
        except WatchError as error:
            return NotNow(f"the price ratio is not known: {error}", is_failure=False)
        cost = profit.cost_at_source(used, newest.price, ratio)
        if not profit.is_worth_it(candidate.fee_wei, cost, terms.margin_percent):
            return NotNow(
                f"its fee of {candidate.fee_wei} wei does not cover {cost} wei for {used} gas"
                f" and a margin of {terms.margin_percent} %"
            )
        return None
