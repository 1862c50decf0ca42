"""A message that an ordered port holds back, as the port's event carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

ORDERED_MESSAGE = "(bytes32,uint256,address,uint64,address,uint256,bytes)"


@dataclass(frozen=True)
class OrderedMessage:
    """Number `nonce` of the lane of a dapp on a chain. `id` is the hash of the ORMP message that
    brought it; addresses are checksummed.
    """

    id: bytes
    from_chain_id: int
    from_dapp: str
    nonce: int
    to_dapp: str
    gas_limit: int
    payload: bytes

    @classmethod
    def from_fields(cls, fields: tuple[Any, ...]) -> OrderedMessage:
        """The message in an event."""
        msg_id, chain_id, sender, nonce, to, gas_limit, payload = fields
        sender, to = to_checksum_address(sender), to_checksum_address(to)
        return cls(msg_id, chain_id, sender, nonce, to, gas_limit, payload)

    def fields(self) -> tuple[object, ...]:
        """As the port's functions take it."""
        lane = self.from_chain_id, self.from_dapp, self.nonce
        return (self.id, *lane, self.to_dapp, self.gas_limit, self.payload)

    def hash(self) -> bytes:
        """What the port keeps of it."""
        return keccak(encode([ORDERED_MESSAGE], [self.fields()]))
