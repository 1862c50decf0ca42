"""A batch on plain integers: effects, refusals, and a state untouched by a refusal."""

from __future__ import annotations

import json

from circuits.rollup.inputs import BatchInputs
from circuits.spec.batch import BatchBuilder
from circuits.spec.domain import RollupDomain
from circuits.spec.globals import GENESIS, genesis_state_root
from circuits.spec.params import TINY
from circuits.spec.transactions import Deposit, Transfer
from circuits.spec.tree import MemoryTree
from native.reference.eddsa import eddsa_public_key

DOMAIN = RollupDomain(l1_chain_id=31337, contract=0xC0FFEE, rollup_chain_id=77)
ALICE, OPERATOR = b"\1" * 32, b"\2" * 32


def test_a_fee_reaches_the_operator_at_the_end() -> None:
    tree = MemoryTree(TINY.tree_depth)
    first = BatchBuilder(tree, GENESIS, TINY, DOMAIN, bytes(32), 5, 3)
    first.apply(Deposit(1, eddsa_public_key(ALICE), 100))
    first.apply(Deposit(3, eddsa_public_key(OPERATOR), 0))
    one = first.seal()
    second = BatchBuilder(tree, first.globals_after, TINY, DOMAIN, bytes(32), 5, 3)
    transfer = Transfer(
        sender_index=1, fee_e6=2, nonce=0, expiry_s=5, receiver_index=3, amount_e6=30
    )
    second.apply(transfer.signed(ALICE, DOMAIN.rollup_id()))
    two = second.seal()
    assert one.old_root == genesis_state_root(TINY.tree_depth)
    assert two.old_root == one.new_root != two.new_root
    assert (tree.account(1).collateral_e6, tree.account(3).collateral_e6) == (68, 32)
    assert BatchInputs.from_json(json.loads(json.dumps(two.to_json()))) == two
