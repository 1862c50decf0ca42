"""What a message out of the rollup costs, in collateral: a relayer's price table, converted.

    relayer's fee, wei = ⌊gasPrice (baseGas + gasLimit) ratio / 10^10⌋
                       + ⌊gasPerByte bytes gasPrice ratio / 10^10⌋          as `Relayer.fee`
    fee_e6             = ⌈(relayer's fee + proof share) e6_per_ether / 10^18⌉

Prices change between a quote and the transaction that follows it, so a quote is honoured for a
while: the least fee accepted is the lowest among the present one and those quoted shortly before.
Quotes do not survive a restart.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from circuits.spec.refusal import RefusalCode, Refused
from sequencer.config import FeeTerms
from verifier.chain import ChainError

RATIO_ONE = 10**10
WEI_PER_ETHER = 10**18
MAX_UNSERVED = 64
"""Chains without a price that are remembered, so that they are not looked up again at once."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChainPrice:
    """A destination's row in a relayer's price table."""

    ratio_e10: int
    gas_price_wei: int
    base_gas: int
    gas_per_byte: int

    @property
    def is_set(self) -> bool:
        """Whether the relayer serves the chain: a row with a zero in it was never filled in."""
        return 0 not in (self.ratio_e10, self.gas_price_wei, self.base_gas)

    def fee_wei(self, gas_limit: int, payload_bytes: int) -> int:
        """What the relayer asks for a delivery."""
        execution = self.gas_price_wei * (self.base_gas + gas_limit) * self.ratio_e10 // RATIO_ONE
        payload = self.gas_per_byte * payload_bytes * self.gas_price_wei * self.ratio_e10
        return execution + payload // RATIO_ONE


class PriceTable(Protocol):
    """Where prices come from."""

    def price(self, chain_id: int) -> ChainPrice:
        """The row of a destination, zeros if there is none. ChainError if it cannot be read."""


@dataclass(frozen=True)
class Delivery:
    """What the fee depends on."""

    chain_id: int
    gas_limit: int
    payload_bytes: int


@dataclass(frozen=True)
class Quote:
    """A fee that is enough until `valid_until_s`."""

    fee_e6: int
    valid_until_s: int


@dataclass
class _Reading:
    """A price as it was read, and when it was last told to somebody."""

    price: ChainPrice
    quoted_s: int | None = None


@dataclass
class _Row:
    """What is known of one destination; the last reading is the present one."""

    read_s: int
    tried_s: int
    readings: list[_Reading] = field(default_factory=list)

    @property
    def is_served(self) -> bool:
        """Whether the destination ever had a price, as far as is remembered."""
        return any(reading.price.is_set for reading in self.readings)


class FeeQuoter:
    """Quotes fees and remembers what it quoted. Calls may come from several threads."""

    def __init__(self, terms: FeeTerms, table: PriceTable, clock: Callable[[], int]) -> None:
        self._terms = terms
        self._table = table
        self._clock = clock
        self._rows: dict[int, _Row] = {}
        self._lock = threading.Lock()

    def quote(self, delivery: Delivery) -> Quote:
        """The fee by the present prices. Refused (NO_PRICE) if there are none."""
        with self._lock:
            now_s = self._clock()
            reading = self._present(delivery.chain_id, now_s)[-1]
            reading.quoted_s = now_s
            return Quote(self._fee_e6(reading.price, delivery), now_s + self._terms.valid_s)

    def least_e6(self, delivery: Delivery) -> int:
        """The least fee that is enough now: by the present prices, or by a quote still valid."""
        with self._lock:
            now_s = self._clock()
            readings = self._present(delivery.chain_id, now_s)
            return min(self._fee_e6(reading.price, delivery) for reading in readings)

    def _fee_e6(self, price: ChainPrice, delivery: Delivery) -> int:
        wei = price.fee_wei(delivery.gas_limit, delivery.payload_bytes) + self._terms.proof_wei
        return -(-wei * self._terms.e6_per_ether // WEI_PER_ETHER)

    def _present(self, chain_id: int, now_s: int) -> list[_Reading]:
        """The present reading, after those before it with a quote still valid."""
        row = self._refreshed(chain_id, now_s)
        if row is None or not row.readings or now_s - row.read_s > self._terms.max_age_s:
            raise Refused(
                RefusalCode.NO_PRICE,
                f"the price of chain {chain_id} cannot be read at present; try again later",
            )
        *before, last = row.readings
        row.readings = [*filter(lambda reading: self._is_honoured(reading, now_s), before), last]
        if not last.price.is_set:
            raise Refused(
                RefusalCode.NO_PRICE,
                f"the relayer {self._terms.relayer} has no price for chain {chain_id}",
            )
        return row.readings

    def _is_honoured(self, reading: _Reading, now_s: int) -> bool:
        is_quoted = reading.quoted_s is not None and reading.price.is_set
        return is_quoted and now_s <= (reading.quoted_s or 0) + self._terms.valid_s

    def _refreshed(self, chain_id: int, now_s: int) -> _Row | None:
        """The chain's row, read again if it is due; None if it could never be read."""
        row = self._rows.get(chain_id)
        if row is not None and now_s - row.tried_s < self._terms.refresh_s:
            return row
        if row is None and not self._has_room(now_s):
            return None
        row = self._rows.setdefault(chain_id, _Row(now_s, now_s))
        row.tried_s = now_s
        try:
            price = self._table.price(chain_id)
        except ChainError as error:
            _log.warning("the price of chain %d cannot be read: %s", chain_id, error)
            return row
        row.read_s = now_s
        if not row.readings or row.readings[-1].price != price:
            row.readings.append(_Reading(price))
        return row

    def _has_room(self, now_s: int) -> bool:
        """Whether one more unknown chain may be looked up now. Ids are free to invent: whoever does
        must neither fill the memory nor have the table's chain asked without end.
        """
        recent = 0
        for chain, row in list(self._rows.items()):
            if row.is_served:
                continue
            if now_s - row.tried_s < self._terms.refresh_s:
                recent += 1
            else:
                del self._rows[chain]
        return recent < MAX_UNSERVED
