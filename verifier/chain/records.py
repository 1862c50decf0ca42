"""What the contracts and we exchange, as plain records in the contracts' field order."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Protocol

from eth_utils.address import to_checksum_address


@dataclass(frozen=True)
class Batch:
    """What the rollup contract keeps of a committed batch (IRollup.Batch)."""

    number: int
    timestamp_s: int
    message_count: int
    deposit_count: int
    state_root: int
    commitment: int
    challenge: int
    evaluation: int
    leaves_hash: bytes

    @property
    def public_inputs(self) -> list[int]:
        """The proof's public inputs [C, z, y]."""
        return [self.commitment, self.challenge, self.evaluation]

    @classmethod
    def genesis(cls, state_root: int) -> Batch:
        """Batch 0, which the constructor writes."""
        return cls(0, 0, 0, 0, state_root, 0, 0, 0, bytes(32))


@dataclass(frozen=True)
class Deposit:
    """One entry of the deposit queue, and the block that holds it."""

    index: int
    sender: str
    public_key: tuple[int, int]
    amount_e6: int
    block_number: int


class OrmpMessage(Protocol):
    """An ORMP v1 message; addresses are integers below 2^160, `sender` is the field `from`."""

    @property
    def channel(self) -> int:
        """The contract that sent it."""

    @property
    def index(self) -> int:
        """Its number within the channel."""

    @property
    def from_chain_id(self) -> int:
        """The source chain."""

    @property
    def sender(self) -> int:
        """Who sent it."""

    @property
    def to_chain_id(self) -> int:
        """The destination chain."""

    @property
    def to(self) -> int:
        """Whom to call there."""

    @property
    def gas_limit(self) -> int:
        """Gas for that call."""

    @property
    def encoded(self) -> bytes:
        """Data of that call."""


def batch_argument(batch: Batch) -> tuple[object, ...]:
    """A batch as an ABI tuple."""
    return astuple(batch)


def message_argument(message: OrmpMessage) -> tuple[object, ...]:
    """A message as an ABI tuple."""
    return (
        address(message.channel),
        message.index,
        message.from_chain_id,
        address(message.sender),
        message.to_chain_id,
        address(message.to),
        message.gas_limit,
        message.encoded,
    )


def address(number: int) -> str:
    """The checksummed text of an address given as an integer."""
    return to_checksum_address(number.to_bytes(20, "big"))
