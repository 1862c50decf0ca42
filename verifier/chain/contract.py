"""One deployed contract over any transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verifier.chain import abi
from verifier.chain.abi import Event
from verifier.chain.transport import ExecutionReverted, TransactionResult, Transport
from verifier.contracts import Artifact


@dataclass(frozen=True)
class Receipt:
    """What a successful transaction did; `events` are those of our contracts, in order."""

    transaction_id: str
    gas_used: int
    block_number: int
    events: tuple[Event, ...]

    def event(self, name: str) -> Event:
        """The first event of that name; KeyError if there is none."""
        for event in self.events:
            if event.name == name:
                return event
        raise KeyError(f"no event {name} among {[event.name for event in self.events]}")


class Contract:
    """Calls by function name; reverts become `ChainRevert` with the contract's own error."""

    def __init__(self, transport: Transport, artifact: Artifact, address: str) -> None:
        self.transport = transport
        self.artifact = artifact
        self.address = address
        self._functions = abi.functions(artifact.abi)

    @classmethod
    def deploy(
        cls, transport: Transport, artifact: Artifact, *arguments: Any, sender: str
    ) -> tuple[Contract, Receipt]:
        """Create the contract; returns it with the receipt."""
        code = artifact.bytecode + abi.encode_constructor(artifact.abi, arguments)
        try:
            result = transport.transact(None, code, sender=sender)
        except ExecutionReverted as reverted:
            raise abi.decode_revert(reverted) from None
        assert result.contract_address is not None
        return cls(transport, artifact, result.contract_address), _receipt(result)

    def transact(
        self,
        function: str,
        *arguments: Any,
        sender: str,
        value: int = 0,
        gas_limit: int | None = None,
    ) -> Receipt:
        """Send a transaction."""
        data = self.encode(function, *arguments)
        try:
            result = self.transport.transact(
                self.address, data, sender=sender, value=value, gas_limit=gas_limit
            )
        except ExecutionReverted as reverted:
            raise abi.decode_revert(reverted) from None
        return _receipt(result)

    def call(self, function: str, *arguments: Any, sender: str | None = None) -> Any:
        """Ask without changing anything."""
        data = self.encode(function, *arguments)
        try:
            result = self.transport.call(self.address, data, sender=sender)
        except ExecutionReverted as reverted:
            raise abi.decode_revert(reverted) from None
        return self._functions[function].decode_result(result)

    def encode(self, function: str, *arguments: Any) -> bytes:
        """Call data."""
        return self._functions[function].encode(arguments)

    def decode_arguments(self, function: str, data: bytes) -> tuple[Any, ...]:
        """The arguments in call data."""
        return self._functions[function].decode_arguments(data)

    def events(self, name: str, *indexed: int | None) -> list[Event]:
        """All events of that name, oldest first, with these first indexed (integer) arguments."""
        topics = [abi.event_topic(self.artifact.abi, name)]
        wanted = [None if value is None else value.to_bytes(32, "big") for value in indexed]
        found = self.transport.logs(self.address, [*topics, *wanted])
        return [event for log in found if (event := abi.decode_event(log)) is not None]


def _receipt(result: TransactionResult) -> Receipt:
    events = tuple(event for log in result.logs if (event := abi.decode_event(log)) is not None)
    return Receipt(result.transaction_id, result.gas_used, result.block_number, events)
