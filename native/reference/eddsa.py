"""EdDSA on Baby Jubjub with Poseidon as the challenge hash and BLAKE-512 for the key schedule, as
iden3 wallets sign. Verification is strict: a message and a key have no second encoding of a
signature, and keys or commitments of low order are refused.

    s = prune(h[0:32]), h = BLAKE-512(private key)      A = (s/8) B8
    k = BLAKE-512(h[32:64] ‖ message) mod l             R8 = k B8
    S = k + Poseidon(R8, A, message) s mod l            check: S B8 = R8 + Poseidon(…) (8 A)
"""

from __future__ import annotations

from collections.abc import Sequence

from native.constants import FR_MODULUS
from native.reference.babyjubjub import (
    BABYJUB_BASE8,
    BABYJUB_COFACTOR,
    BABYJUB_SUBORDER,
    Point,
    babyjub_add,
    babyjub_has_low_order,
    babyjub_is_on_curve,
    babyjub_mul,
)
from native.reference.blake512 import blake512
from native.reference.poseidon import poseidon

Signature = tuple[int, int, int]  # R8.x, R8.y, S

PRIVATE_KEY_BYTES = 32


def _expand(private_key: bytes) -> tuple[int, bytes]:
    """The pruned secret scalar and the seed of the nonces."""
    if len(private_key) != PRIVATE_KEY_BYTES:
        raise ValueError(f"a private key has {PRIVATE_KEY_BYTES} bytes, not {len(private_key)}")
    digest = blake512(private_key)
    scalar = int.from_bytes(digest[:32], "little")
    scalar &= ~0b111  # a multiple of the cofactor
    scalar = scalar & ((1 << 254) - 1) | 1 << 254  # the length is fixed
    return scalar, digest[32:]


def eddsa_public_key(private_key: bytes) -> Point:
    """The public key of 32 secret bytes."""
    scalar, _ = _expand(private_key)
    return babyjub_mul(BABYJUB_BASE8, scalar // BABYJUB_COFACTOR)


def eddsa_sign(private_key: bytes, message: int) -> Signature:
    """The deterministic signature of one field element."""
    if not 0 <= message < FR_MODULUS:
        raise ValueError(f"the message {message} is not a canonical field element")
    scalar, nonce_seed = _expand(private_key)
    public_key = babyjub_mul(BABYJUB_BASE8, scalar // BABYJUB_COFACTOR)
    nonce_bytes = blake512(nonce_seed + message.to_bytes(32, "little"))
    nonce = int.from_bytes(nonce_bytes, "little") % BABYJUB_SUBORDER
    r8 = babyjub_mul(BABYJUB_BASE8, nonce)
    challenge = poseidon(*r8, *public_key, message)
    return *r8, (nonce + challenge * scalar) % BABYJUB_SUBORDER


def eddsa_verify(public_key: Point, message: int, signature: Signature) -> bool:
    """Whether the signature holds; False too for anything non-canonical or of low order."""
    r8, s = signature[:2], signature[2]
    if not (0 <= message < FR_MODULUS and 0 <= s < BABYJUB_SUBORDER):
        return False
    if not (babyjub_is_on_curve(public_key) and babyjub_is_on_curve(r8)):
        return False
    if babyjub_has_low_order(public_key) or babyjub_has_low_order(r8):
        return False
    challenge = poseidon(*r8, *public_key, message)
    cleared_key = babyjub_mul(public_key, BABYJUB_COFACTOR)
    right = babyjub_add(r8, babyjub_mul(cleared_key, challenge))
    return babyjub_mul(BABYJUB_BASE8, s) == right


def eddsa_verify_batch(
    public_keys: Sequence[Point],
    messages: Sequence[int],
    r8s: Sequence[Point],
    ss: Sequence[int],
) -> list[bool]:
    """`eddsa_verify` for each row."""
    rows = zip(public_keys, messages, r8s, ss, strict=True)
    return [eddsa_verify(key, message, (*r8, s)) for key, message, r8, s in rows]
