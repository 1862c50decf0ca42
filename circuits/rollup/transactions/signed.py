"""What the types that account A signs have in common: signature, nonce, expiry, balance.

The statement is switched by `is_signed`. For an unsigned type account A stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from circuits.frontend import Builder, Wire
from circuits.gadgets.eddsa import assert_valid
from circuits.gadgets.poseidon import poseidon
from circuits.gadgets.range_check import assert_in_range
from circuits.rollup.account import AccountWires
from circuits.spec.params import AMOUNT_BITS, EXPIRY_BITS, NONCE_BITS


@dataclass(frozen=True)
class AuthorizationWires:
    """What a signed transaction carries beside its public data."""

    expiry_s: Wire
    r8x: Wire
    r8y: Wire
    s: Wire


def assert_authorized(
    b: Builder,
    is_signed: Wire,
    sender: AccountWires,
    slot_words: list[Wire],
    authorization: AuthorizationWires,
    rollup_id: Wire,
    timestamp_s: Wire,
) -> None:
    """If signed: the key of account A signed these words, its present nonce and the expiry, for
    this rollup, and the batch is not later than the expiry.

    Preconditions: timestamp_s has 64 bits. The nonce in the message is the account's own, so a
    signature over another nonce does not verify.
    """
    assert_in_range(b, sender.nonce, NONCE_BITS)
    assert_in_range(b, authorization.expiry_s, EXPIRY_BITS)
    with b.scope("expiry"):
        # 0 if unsigned; an expiry that has passed wraps to a number far above 64 bits
        time_left_s = is_signed * (authorization.expiry_s - timestamp_s)
        assert_in_range(b, time_left_s, EXPIRY_BITS)
    e0, e1, e2, e3 = slot_words
    terms = sender.nonce + authorization.expiry_s * (1 << NONCE_BITS)
    message = poseidon(b, [rollup_id, e0, terms, e1, e2, e3])
    r8 = (authorization.r8x, authorization.r8y)
    assert_valid(b, (sender.key_x, sender.key_y), message, r8, authorization.s, is_signed)


def sender_after(b: Builder, is_signed: Wire, sender: AccountWires, debit_e6: Wire) -> AccountWires:
    """Account A after the slot: one nonce further if signed, and poorer by `debit_e6`.

    Nonce and balance must stay in their ranges, so the last nonce is never used and an overdraft,
    which would wrap to a huge field element, is unsatisfiable.
    """
    after = replace(
        sender, nonce=sender.nonce + is_signed, collateral_e6=sender.collateral_e6 - debit_e6
    )
    assert_in_range(b, after.nonce, NONCE_BITS)
    assert_in_range(b, after.collateral_e6, AMOUNT_BITS)
    return after
