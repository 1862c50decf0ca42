"""Row 22: a signature made for one rollup counts in another.

The rollup id, a hash of settlement chain, contract and the rollup's own chain id, is in every
signed message and in the public data.
"""

from __future__ import annotations

import pytest

from circuits.spec.domain import RollupDomain
from circuits.spec.refusal import RefusalCode, Refused
from tests.circuits.rollup.forgery import forced
from tests.circuits.rollup.world import ALICE, DOMAIN, KEYS, World, transfer

SIGNATURE_SCOPE = "slot[0]/authorization/assert_valid"
ROLLUP_ID = 371908557854429962226636551497718116411599518335962123709580134975638025393


@pytest.mark.parametrize(
    "elsewhere",
    [
        RollupDomain(l1_chain_id=1, contract=0xC0FFEE, rollup_chain_id=77),
        RollupDomain(l1_chain_id=31337, contract=0xC0FFEF, rollup_chain_id=77),
        RollupDomain(l1_chain_id=31337, contract=0xC0FFEE, rollup_chain_id=78),
    ],
    ids=["chain", "contract", "rollup chain id"],
)
def test_a_signature_for_another_rollup_is_refused(elsewhere: RollupDomain) -> None:
    foreign = transfer().signed(KEYS[ALICE], elsewhere.rollup_id())
    with pytest.raises(Refused) as refused:
        World().builder().apply(foreign)
    assert refused.value.code is RefusalCode.BAD_SIGNATURE
    assert forced(World(), foreign).startswith(SIGNATURE_SCOPE)


def test_a_batch_carries_the_rollup_id() -> None:
    assert World().batch().public_data[0] == DOMAIN.rollup_id() < 1 << 248


def test_the_rollup_id_is_pinned() -> None:
    """Made with eth-abi: contracts and wallets compute it too."""
    assert DOMAIN.rollup_id() == ROLLUP_ID
