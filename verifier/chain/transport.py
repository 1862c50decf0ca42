"""How a chain is reached: the few operations that contracts need, on bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Log:
    """One event as the chain stores it, and the transaction that emitted it."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    transaction_id: str
    block_number: int


@dataclass(frozen=True)
class TransactionResult:
    """What is left of a transaction that succeeded."""

    transaction_id: str
    gas_used: int
    block_number: int
    logs: tuple[Log, ...]
    contract_address: str | None = None


class ExecutionReverted(Exception):
    """A transaction or call failed; `data` is what the contract returned.

    Internal to the package: `Contract` turns it into a `ChainRevert`.
    """

    def __init__(self, data: bytes, *, out_of_gas: bool = False) -> None:
        super().__init__("0x" + data.hex())
        self.data = data
        self.out_of_gas = out_of_gas


class Transport(Protocol):
    """A chain. Addresses are checksummed hexadecimal strings; `to=None` deploys `data`.

    `transact` returns once the transaction is in a block; it and `call` raise `ExecutionReverted`
    when the execution fails and `ChainUnavailable` when the chain cannot be reached.
    """

    @property
    def chain_id(self) -> int:
        """The chain's id."""

    @property
    def accounts(self) -> Sequence[str]:
        """Addresses that may send transactions through this transport."""

    def transact(
        self,
        to: str | None,
        data: bytes,
        *,
        sender: str,
        value: int = 0,
        gas_limit: int | None = None,
    ) -> TransactionResult:
        """Send a transaction and wait for it."""

    def call(self, to: str, data: bytes, *, sender: str | None = None) -> bytes:
        """Run code without changing the chain."""

    def logs(self, address: str, topics: Sequence[bytes | None]) -> list[Log]:
        """All events of a contract, oldest first, whose topics equal those given (None: any)."""

    def transaction_data(self, transaction_id: str) -> bytes:
        """The input data of a past transaction."""

    def block_number(self) -> int:
        """The number of the newest block."""

    def block_timestamp(self) -> int:
        """The time that the next block's contracts would see at the earliest, seconds."""
