"""EdDSA-Poseidon against circomlibjs: keys, signatures, and what must be refused."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS
from native.reference import eddsa as reference

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "iden3.json").read_text())
VALID: list[dict[str, Any]] = VECTORS["eddsa_poseidon"]
INVALID: list[dict[str, Any]] = VECTORS["eddsa_poseidon_negative"]

both = pytest.mark.parametrize("eddsa", [reference, api], ids=["reference", "native"])


def point(strings: list[str]) -> tuple[int, int]:
    x, y = strings
    return int(x), int(y)


def verify(eddsa: ModuleType, row: dict[str, Any]) -> bool:
    signature = (*point(row["R8"]), int(row["S"]))
    verdict: bool = eddsa.eddsa_verify(point(row["pub"]), int(row["msg"]), signature)
    return verdict


@both
def test_public_key__equals_every_published_row(eddsa: ModuleType) -> None:
    for row in VALID:
        assert eddsa.eddsa_public_key(bytes.fromhex(row["prv_hex"])) == point(row["pub"]), row


@both
def test_sign__equals_every_published_row(eddsa: ModuleType) -> None:
    for row in VALID:
        signature = eddsa.eddsa_sign(bytes.fromhex(row["prv_hex"]), int(row["msg"]))
        assert signature == (*point(row["R8"]), int(row["S"])), row


@both
def test_verify__accepts_every_published_signature(eddsa: ModuleType) -> None:
    assert [row for row in VALID if not verify(eddsa, row)] == []


@both
def test_verify__refuses_every_published_forgery(eddsa: ModuleType) -> None:
    assert [row["why"] for row in INVALID if verify(eddsa, row)] == []


def test_verify_batch__gives_each_row_its_own_verdict() -> None:
    rows = [row for pair in zip(VALID, INVALID, strict=False) for row in pair]
    verdicts = api.eddsa_verify_batch(
        api.fr_from_ints([c for row in rows for c in point(row["pub"])]).reshape(-1, 8),
        api.fr_from_ints([int(row["msg"]) for row in rows]),
        api.fr_from_ints([c for row in rows for c in point(row["R8"])]).reshape(-1, 8),
        api.canonical_from_ints([int(row["S"]) for row in rows]),
    )
    assert verdicts.dtype == np.bool_
    assert verdicts.tolist() == [True, False] * len(INVALID)


@both
@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys__refuse_secrets_of_another_length(eddsa: ModuleType, length: int) -> None:
    with pytest.raises(ValueError, match=f"not {length}"):
        eddsa.eddsa_public_key(bytes(length))
    with pytest.raises(ValueError, match=f"not {length}"):
        eddsa.eddsa_sign(bytes(length), 1)


@both
@pytest.mark.parametrize("message", [-1, FR_MODULUS, 1 << 256])
def test_sign__refuses_messages_outside_the_field(eddsa: ModuleType, message: int) -> None:
    with pytest.raises(ValueError, match="canonical"):
        eddsa.eddsa_sign(bytes(32), message)
