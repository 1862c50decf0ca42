"""The Python boundary of the native library: every public operation under one name."""

from __future__ import annotations

from native.api_hash import (
    BABYJUB_BASE8,
    BABYJUB_SUBORDER,
    babyjub_add,
    babyjub_in_subgroup,
    babyjub_is_on_curve,
    babyjub_mul,
    babyjub_pack,
    babyjub_unpack,
    blake512,
    eddsa_public_key,
    eddsa_sign,
    eddsa_verify,
    eddsa_verify_batch,
    poseidon,
    poseidon_hash,
    poseidon_permute,
)
from native.api_witness import witness_run

__all__ = [
    "BABYJUB_BASE8",
    "BABYJUB_SUBORDER",
    "babyjub_add",
    "babyjub_in_subgroup",
    "babyjub_is_on_curve",
    "babyjub_mul",
    "babyjub_pack",
    "babyjub_unpack",
    "blake512",
    "eddsa_public_key",
    "eddsa_sign",
    "eddsa_verify",
    "eddsa_verify_batch",
    "poseidon",
    "poseidon_hash",
    "poseidon_permute",
    "witness_run",
]
