"""EdDSA signatures on Baby Jubjub with Poseidon as the hash, as iden3 wallets make them.

Statement: S Base8 = R8 + h (8 A) with h = Poseidon(R8.x, R8.y, A.x, A.y, message), and strictly:
S < l (the subgroup order), A on the curve and not of low order, R8 on the curve and not the
identity. Accepts what `native.reference.eddsa.eddsa_verify` accepts.

How it is checked. With Q = 4 A the incomplete law computes (2 h + 1) Q = h (8 A) + 4 A, and

    S Base8 + 4 A - (2 h + 1) Q = R8

compares both coordinates. The left side is computed on the curve, so R8 is on the curve; it is
S Base8 - h (8 A), in the subgroup of prime order, so the only R8 of low order left is the identity.

What a cheating prover could try:
* S + l, or S + r: the bits of S are those of one integer below l.
* another h: its bits are those of one integer below r, the canonical value of the hash.
* A off the curve: refused. A of low order: 8 A is the identity exactly if 4 A has x = 0: refused.
  A of mixed order is accepted, as it is natively; nobody signs for it without the discrete
  logarithm of 8 A.
* exceptional points of the incomplete law: `fixed_base` has none for any bits, `variable_base`
  none outside a set of fewer than 128 values of h: a Poseidon preimage would be needed.
* R8 = identity: the x of the computed commitment, which is that of R8, has to have an inverse.
"""

from __future__ import annotations

from typing import NamedTuple

from circuits.frontend import Builder, Wire, template
from circuits.gadgets import edwards
from circuits.gadgets.below_constant import to_bits_below
from circuits.gadgets.edwards import EdwardsPoint
from circuits.gadgets.fixed_base import multiply_base8
from circuits.gadgets.montgomery import from_montgomery, to_montgomery
from circuits.gadgets.poseidon import poseidon
from circuits.gadgets.select import select
from circuits.gadgets.variable_base import multiply_by_double_plus_one
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8, BABYJUB_SUBORDER


class SignatureWires(NamedTuple):
    """The commitment R8 and the response S."""

    r8: EdwardsPoint
    s: Wire


def assert_valid(
    b: Builder,
    public_key: tuple[Wire, Wire],
    message: Wire,
    r8: tuple[Wire, Wire],
    s: Wire,
    enabled: Wire,
) -> None:
    """If enabled: (r8, s) is a valid signature of `message` under `public_key`.

    Preconditions: enabled is boolean. Any other field elements may come in.
    When enabled = 0 nothing is stated about key, message and r8: the key is replaced by Base8, on
    which every constraint holds, and the comparison is switched off. Only s must still be below l;
    give 0.
    Cost: 3019 constraints.
    """
    signature = SignatureWires(EdwardsPoint(*r8), s)
    _assert_valid(b, EdwardsPoint(*public_key), message, signature, enabled)


@template
def _assert_valid(
    b: Builder, public_key: EdwardsPoint, message: Wire, signature: SignatureWires, enabled: Wire
) -> None:
    r8 = signature.r8
    with b.scope("challenge"):
        challenge = poseidon(b, [*r8, *public_key, message])
        challenge_bits = to_bits_below(b, challenge, bound=FR_MODULUS)
    with b.scope("key"):
        base8 = edwards.constant_point(b, BABYJUB_BASE8)
        key = EdwardsPoint(
            select(b, enabled, public_key.x, base8.x), select(b, enabled, public_key.y, base8.y)
        )
        edwards.assert_on_curve(b, key)
        quadruple = edwards.double(b, edwards.double(b, key))
        q = to_montgomery(b, quadruple)  # refuses x = 0
    with b.scope("response"):
        response = multiply_base8(b, to_bits_below(b, signature.s, bound=BABYJUB_SUBORDER))
    with b.scope("equation"):
        product = from_montgomery(b, multiply_by_double_plus_one(b, q, challenge_bits))
        commitment = edwards.add(b, edwards.add(b, response, quadruple), edwards.negate(product))
        b.assert_product(enabled, commitment.x - r8.x, b.constant(0))
        b.assert_product(enabled, commitment.y - r8.y, b.constant(0))
        # R8.x is not 0. Asked of the computed point, whose inverse is fixed when not enabled too.
        b.assert_product(commitment.x, b.divide_hint(enabled, commitment.x), enabled)
