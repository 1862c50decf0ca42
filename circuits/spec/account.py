"""One account: a leaf of the state tree.

    leaf = Poseidon(ax, ay, nonce, collateral_e6, positions, orders)

`positions` and `orders` are commitments; in this version they are those of the empty set.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from native.api import poseidon

PublicKey = tuple[int, int]

NO_KEY: PublicKey = (0, 0)
EMPTY_POSITIONS = 18586133768512220936620570745912940619677854269274689475585506675881198879027
"""Poseidon(1)."""
EMPTY_ORDERS = 8645981980787649023086883978738420856660271013038108762834452721572614684349
"""Poseidon(2)."""


@dataclass(frozen=True)
class Account:
    """Key (affine BabyJubJub), next nonce, collateral in units of 10^-6, two commitments."""

    public_key: PublicKey = NO_KEY
    nonce: int = 0
    collateral_e6: int = 0
    positions: int = EMPTY_POSITIONS
    orders: int = EMPTY_ORDERS

    @property
    def is_empty(self) -> bool:
        """Whether nobody owns this leaf yet. (0, 0) is no point of the curve, so no key is lost."""
        return self.public_key == NO_KEY

    def fields(self) -> tuple[int, int, int, int, int, int]:
        """The preimage of the leaf."""
        return (*self.public_key, self.nonce, self.collateral_e6, self.positions, self.orders)

    def leaf(self) -> int:
        """The hash that stands in the tree."""
        return poseidon(*self.fields())

    def debited(self, total_e6: int) -> Account:
        """After one signed transaction: the nonce advances, `total_e6` leaves."""
        return replace(self, nonce=self.nonce + 1, collateral_e6=self.collateral_e6 - total_e6)

    def credited(self, amount_e6: int) -> Account:
        """After `amount_e6` has arrived."""
        return replace(self, collateral_e6=self.collateral_e6 + amount_e6)


EMPTY_ACCOUNT = Account()
