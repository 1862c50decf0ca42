"""Row 14, signature malleability: only the one canonical encoding of a signature is accepted, and
no key or commitment of low order. The definition and every native variant must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from native import api, variants
from native.constants import FR_MODULUS
from native.reference import babyjubjub as curve
from native.reference import eddsa as reference
from native.reference.square_root import square_root

MESSAGE = 0xC0FFEE
KEY = bytes(range(32))
PUBLIC = reference.eddsa_public_key(KEY)
R8X, R8Y, S = reference.eddsa_sign(KEY, MESSAGE)
L = curve.BABYJUB_SUBORDER

Verify = Callable[[curve.Point, int, reference.Signature], bool]


def small_subgroup() -> list[curve.Point]:
    """The eight points of order 1, 2, 4 and 8."""
    y = 2
    while True:
        y += 1
        x = square_root((1 - y * y) * pow(curve.A - curve.D * y * y, -1, FR_MODULUS))
        if x is None:
            continue
        torsion = curve.babyjub_mul((x, y), L)
        points = [curve.babyjub_mul(torsion, k) for k in range(8)]
        if len(set(points)) == 8:
            return points


TORSION = small_subgroup()


@pytest.fixture(params=["reference", *variants.available()])
def verify(request: pytest.FixtureRequest) -> Iterator[Verify]:
    if request.param == "reference":
        yield reference.eddsa_verify
        return
    with variants.forced(request.param):
        yield api.eddsa_verify


def test_the_signature_itself_is_accepted(verify: Verify) -> None:
    assert verify(PUBLIC, MESSAGE, (R8X, R8Y, S))


@pytest.mark.parametrize("multiple", [-1, 1, 2, 3, 1 << 4])
def test_s_plus_a_multiple_of_the_group_order_is_refused(verify: Verify, multiple: int) -> None:
    assert not verify(PUBLIC, MESSAGE, (R8X, R8Y, S + multiple * L))


def test_negated_signatures_are_refused(verify: Verify) -> None:
    assert not verify(PUBLIC, MESSAGE, (FR_MODULUS - R8X, R8Y, L - S))
    assert not verify((FR_MODULUS - PUBLIC[0], PUBLIC[1]), MESSAGE, (R8X, R8Y, S))
    assert not verify(PUBLIC, MESSAGE, (R8X, R8Y, L - S))


@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize("shift", [FR_MODULUS, -FR_MODULUS])
def test_unreduced_coordinates_are_refused(verify: Verify, position: int, shift: int) -> None:
    coordinates = [*PUBLIC, R8X, R8Y]
    coordinates[position] += shift
    ax, ay, rx, ry = coordinates
    assert not verify((ax, ay), MESSAGE, (rx, ry, S))


@pytest.mark.parametrize("shift", [FR_MODULUS, -FR_MODULUS])
def test_unreduced_messages_are_refused(verify: Verify, shift: int) -> None:
    assert not verify(PUBLIC, MESSAGE + shift, (R8X, R8Y, S))


@pytest.mark.parametrize("order", range(1, 8))
def test_r8_moved_by_a_point_of_low_order_is_refused(verify: Verify, order: int) -> None:
    moved = curve.babyjub_add((R8X, R8Y), TORSION[order])
    assert not verify(PUBLIC, MESSAGE, (*moved, S))


@pytest.mark.parametrize("k", range(8))
def test_keys_of_low_order_are_refused(verify: Verify, k: int) -> None:
    # 8 A is the identity, so S BASE8 = R8 holds for every message: a key that signs anything.
    nonce = 12345
    r8 = curve.babyjub_mul(curve.BABYJUB_BASE8, nonce)
    assert not verify(TORSION[k], MESSAGE, (*r8, nonce))


def forged_with_identity_commitment() -> reference.Signature:
    """S = h s satisfies the equation with R8 = identity; it gives away the secret scalar."""
    scalar, _ = reference._expand(KEY)
    challenge = reference.poseidon(*curve.IDENTITY, *PUBLIC, MESSAGE)
    return *curve.IDENTITY, challenge * scalar % L


def test_the_identity_as_commitment_is_refused_though_the_equation_holds(verify: Verify) -> None:
    x, y, s = forged_with_identity_commitment()
    challenge = reference.poseidon(x, y, *PUBLIC, MESSAGE)
    right = curve.babyjub_mul(curve.babyjub_mul(PUBLIC, 8), challenge)
    assert curve.babyjub_mul(curve.BABYJUB_BASE8, s) == right  # only the order check refuses it
    assert not verify(PUBLIC, MESSAGE, (x, y, s))


@pytest.mark.parametrize("k", range(8))
def test_commitments_of_low_order_are_refused(verify: Verify, k: int) -> None:
    assert not verify(PUBLIC, MESSAGE, (*TORSION[k], S))
    assert not verify(PUBLIC, MESSAGE, (*TORSION[k], 0))


def test_points_off_the_curve_are_refused(verify: Verify) -> None:
    assert not verify(PUBLIC, MESSAGE, (R8X, (R8Y + 1) % FR_MODULUS, S))
    assert not verify((PUBLIC[0], (PUBLIC[1] + 1) % FR_MODULUS), MESSAGE, (R8X, R8Y, S))
    assert not verify((0, 0), MESSAGE, (R8X, R8Y, S))


def degenerate_keys() -> list[curve.Point]:
    """Points (0, y) off the curve: eight times one, doubled, has z = 0 by the formulas.

    There (0, y) doubles to (0, y²/(2 - y²)); a target y² = 2 makes the denominator vanish, and from
    then on every sum is (0 : 0 : 0), which projectively equals any R8.
    """
    root_of_two = square_root(2)
    assert root_of_two is not None
    ys = {root_of_two, FR_MODULUS - root_of_two}
    for _ in range(3):
        halves = [square_root(2 * y * pow(1 + y, -1, FR_MODULUS)) for y in ys]
        ys = {y for half in halves if half for y in (half, FR_MODULUS - half)}
    return [(0, y) for y in sorted(ys)]


def test_keys_off_the_curve_that_verify_anything_are_refused(verify: Verify) -> None:
    keys = degenerate_keys()
    assert len(keys) == 16
    assert not any(verify(key, MESSAGE, (R8X, R8Y, S)) for key in keys)


@pytest.mark.parametrize("variant", variants.available())
def test_batches_refuse_unreduced_limbs(variant: str) -> None:
    key = api.fr_from_ints(PUBLIC).reshape(1, 8)
    message = api.fr_from_ints([MESSAGE])
    r8 = api.fr_from_ints([R8X, R8Y]).reshape(1, 8)
    s = api.canonical_from_ints([S])
    with variants.forced(variant):
        assert api.eddsa_verify_batch(key, message, r8, s).tolist() == [True]
        for array, first in ((key, 0), (key, 4), (message, 0), (r8, 0), (r8, 4)):
            before = array.copy()
            words = api.canonical_to_ints(array[:, first : first + 4])[0] + FR_MODULUS
            array[0, first : first + 4] = api.canonical_from_ints([words])[0]
            assert api.eddsa_verify_batch(key, message, r8, s).tolist() == [False]
            array[:] = before
        large = api.canonical_from_ints([S + L])
        assert api.eddsa_verify_batch(key, message, r8, large).tolist() == [False]
