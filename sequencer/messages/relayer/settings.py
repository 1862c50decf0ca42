"""What a relayer serves and on what terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RATIO_ONE = 10**10
"""A token price ratio of one, as in the Relayer contract's price table."""


@dataclass(frozen=True)
class Route:
    """A channel whose messages are brought to one target chain.

    `relayers` are the relayer contracts on the source chain whose assignments are ours. Without
    any, every message of the channel is delivered at our cost, as the operator of a rollup does
    for a channel whose fees are taken in the rollup's collateral. `price_ratio_e10` (target token
    over source token, times 10^10) replaces the one in the source relayer's price table.
    """

    source_chain_id: int
    channel: str
    target_chain_id: int
    relayers: tuple[str, ...] = ()
    price_ratio_e10: int | None = None

    @property
    def is_subsidised(self) -> bool:
        """Whether no fee is asked for."""
        return not self.relayers

    def __str__(self) -> str:
        return f"{self.source_chain_id}->{self.target_chain_id}"


@dataclass(frozen=True)
class Target:
    """Our contracts on a chain that messages are delivered to.

    `oracles` are those whose roots the ledger learns: a message to an application that trusts
    another one can never be proven here. `feeds` tells for an oracle that stores no roots itself
    which contract announces them. What `ordered_ports` hold back is released, at our cost.
    """

    chain_id: int
    endpoint: str
    relayer: str
    oracles: frozenset[str]
    feeds: Mapping[str, str] = field(default_factory=dict)
    ordered_ports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """When a delivery is worth it, and how much goes into one transaction.

    A message is delivered if its fee is at least its cost and `margin_percent` of it; a negative
    margin subsidises. `extra_gas` is added to every transaction's limit, for chains that charge gas
    for more than execution.
    """

    margin_percent: int = 0
    batch_messages: int = 16
    batch_gas: int = 12_000_000
    max_transaction_gas: int | None = None
    extra_gas: int = 0


@dataclass(frozen=True)
class Patience:
    """How long a message that cannot be delivered now is left alone.

    The pause doubles with each failure from `first_pause_s` to `longest_pause_s`. With
    `retry_failed`, a message whose application failed is tried again through the endpoint, at most
    `max_retries` times.
    """

    first_pause_s: float = 15.0
    longest_pause_s: float = 3_600.0
    retry_failed: bool = False
    max_retries: int = 5

    def pause_s(self, failures: int) -> float:
        """After that many failures in a row."""
        doublings = min(max(failures - 1, 0), 40)
        return min(self.first_pause_s * 2.0**doublings, self.longest_pause_s)


@dataclass(frozen=True)
class CourierSettings:
    """All that a courier needs to know."""

    target: Target
    routes: tuple[Route, ...]
    terms: Terms = field(default_factory=Terms)
    patience: Patience = field(default_factory=Patience)
