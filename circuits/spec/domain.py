"""Which rollup a signature or a batch belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from eth_hash.auto import keccak

from circuits.spec.params import ADDRESS_BITS, CHAIN_ID_BITS

_ROLLUP_TAG = keccak(b"tallystick.rollup.v1")


@dataclass(frozen=True)
class RollupDomain:
    """The chain that settles, the rollup contract there, and the rollup's own chain id in messages.

    The contract address is an integer below 2^160.
    """

    l1_chain_id: int
    contract: int
    rollup_chain_id: int

    def __post_init__(self) -> None:
        bounds = (
            ("l1_chain_id", self.l1_chain_id, 256),
            ("contract", self.contract, ADDRESS_BITS),
            ("rollup_chain_id", self.rollup_chain_id, CHAIN_ID_BITS),
        )
        for name, value, bits in bounds:
            if not 0 <= value < 1 << bits:
                raise ValueError(f"{name} = {value} is outside 0 … 2^{bits} - 1")

    def rollup_id(self) -> int:
        """The number that signatures and public data carry (248 bits, so below r).

        keccak256(abi.encode(keccak256("tallystick.rollup.v1"), l1_chain_id, contract,
        rollup_chain_id)) >> 8.
        """
        values = (self.l1_chain_id, self.contract, self.rollup_chain_id)
        words = b"".join(value.to_bytes(32, "big") for value in values)
        return int.from_bytes(keccak(_ROLLUP_TAG + words), "big") >> 8
