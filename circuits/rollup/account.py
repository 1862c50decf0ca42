"""Accounts as wires: the leaf, and an update of one leaf between two roots."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.frontend import Builder, Wire
from circuits.gadgets.is_zero import is_zero
from circuits.gadgets.merkle import update
from circuits.gadgets.poseidon import poseidon
from circuits.spec.params import ARITY_BITS, SIBLINGS

ACCOUNT_FIELDS = 6


@dataclass(frozen=True)
class AccountWires:
    """The preimage of a leaf, field for field as `circuits.spec.account.Account.fields`."""

    key_x: Wire
    key_y: Wire
    nonce: Wire
    collateral_e6: Wire
    positions: Wire
    orders: Wire

    def fields(self) -> list[Wire]:
        """The preimage of the leaf."""
        return [
            self.key_x,
            self.key_y,
            self.nonce,
            self.collateral_e6,
            self.positions,
            self.orders,
        ]


@dataclass(frozen=True)
class OpeningWires:
    """An account before an update, its index (bits, least significant first) and its path."""

    index_bits: list[Wire]
    account: AccountWires
    siblings: list[list[Wire]]


def private_opening(b: Builder, name: str, tree_depth: int) -> OpeningWires:
    """Declare an opening as private inputs."""
    index_bits = b.private_inputs(f"{name}.index_bits", ARITY_BITS * tree_depth)
    account = AccountWires(*b.private_inputs(f"{name}.account", ACCOUNT_FIELDS))
    flat = b.private_inputs(f"{name}.siblings", SIBLINGS * tree_depth)
    siblings = [flat[i : i + SIBLINGS] for i in range(0, len(flat), SIBLINGS)]
    return OpeningWires(index_bits, account, siblings)


def exists(b: Builder, account: AccountWires) -> Wire:
    """1 if somebody owns the account, 0 if its key is (0, 0). Five constraints."""
    return 1 - is_zero(b, account.key_x) * is_zero(b, account.key_y)


def assert_update(
    b: Builder, opening: OpeningWires, after: AccountWires, root_before: Wire, root_after: Wire
) -> None:
    """The trees under the two roots differ in nothing but this account.

    The account before is what `root_before` holds at the index, so neither can be chosen freely.
    The index bits are constrained here. Both roots come from outside: computing neither from the
    other keeps slots independent of each other.
    """
    for bit in opening.index_bits:
        b.assert_boolean(bit)
    old_leaf = poseidon(b, opening.account.fields())
    new_leaf = poseidon(b, after.fields())
    roots = update(b, old_leaf, new_leaf, opening.index_bits, opening.siblings)
    b.assert_equal(roots.old, root_before)
    b.assert_equal(roots.new, root_after)
