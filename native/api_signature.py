"""Baby Jubjub and EdDSA-Poseidon (plain Python for now)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from native.api_field import canonical_to_ints, fr_to_ints
from native.binding import Words
from native.reference import eddsa as reference_eddsa
from native.reference.babyjubjub import (
    BABYJUB_BASE8,
    BABYJUB_SUBORDER,
    babyjub_add,
    babyjub_in_subgroup,
    babyjub_is_on_curve,
    babyjub_mul,
    babyjub_pack,
    babyjub_unpack,
)
from native.reference.eddsa import eddsa_public_key, eddsa_sign, eddsa_verify

__all__ = [
    "BABYJUB_BASE8",
    "BABYJUB_SUBORDER",
    "babyjub_add",
    "babyjub_in_subgroup",
    "babyjub_is_on_curve",
    "babyjub_mul",
    "babyjub_pack",
    "babyjub_unpack",
    "eddsa_public_key",
    "eddsa_sign",
    "eddsa_verify",
    "eddsa_verify_batch",
]


def eddsa_verify_batch(
    public_keys: Words, messages: Words, r8s: Words, ss: Words
) -> NDArray[np.bool_]:
    """Strict verification of n rows: keys and R8 (n, 8), messages and canonical s (n, 4)."""
    keys, commitments = fr_to_ints(public_keys.reshape(-1, 4)), fr_to_ints(r8s.reshape(-1, 4))
    verdicts = reference_eddsa.eddsa_verify_batch(
        list(zip(keys[0::2], keys[1::2], strict=True)),
        fr_to_ints(messages),
        list(zip(commitments[0::2], commitments[1::2], strict=True)),
        canonical_to_ints(ss),
    )
    return np.array(verdicts, dtype=np.bool_)
