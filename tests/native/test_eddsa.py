"""EdDSA-Poseidon against circomlibjs: keys, signatures, and what must be refused."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from native import api, variants
from native.binding import Words
from native.constants import FR_MODULUS
from native.reference import babyjubjub as curve
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


KEY = bytes(range(32))
Batch = tuple[Words, Words, Words, Words]


def signed(n: int) -> Batch:
    """Keys, messages, R8 and s of n valid signatures; edge messages lead."""
    messages = [0, 1, FR_MODULUS - 1, *range(2, 2 + n)][:n]
    signatures = [api.eddsa_sign(KEY, message) for message in messages]
    return (
        api.fr_from_ints(api.eddsa_public_key(KEY) * n).reshape(-1, 8),
        api.fr_from_ints(messages),
        api.fr_from_ints([x for *r8, _ in signatures for x in r8]).reshape(-1, 8),
        api.canonical_from_ints([s for *_, s in signatures]),
    )


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 9, 10, 15, 16, 17])
def test_verify_batch__any_number_of_rows(n: int, variant: str) -> None:
    batch = signed(n)
    with variants.forced(variant):
        assert api.eddsa_verify_batch(*batch).tolist() == [True] * n
        for i in range(n):  # a wrong s in each place
            keys, messages, r8s, ss = (array.copy() for array in batch)
            ss[i, 0] ^= np.uint64(1)
            verdicts = api.eddsa_verify_batch(keys, messages, r8s, ss)
            assert verdicts.tolist() == [k != i for k in range(n)]


def unreduced(words: Words) -> Words:
    """The same element with the modulus added."""
    value = int.from_bytes(words.tobytes(), "little") + FR_MODULUS
    return np.frombuffer(value.to_bytes(32, "little"), dtype=np.uint64)


def spoilt(kind: str, batch: Batch, row: int) -> None:
    """Make one row of a batch invalid."""
    keys, messages, r8s, ss = batch
    target = keys if kind.startswith("key") else r8s
    low_order = {"identity": (0, 1), "order two": (0, FR_MODULUS - 1)}
    match kind.split(": ")[1]:
        case "x is not reduced":
            target[row, :4] = unreduced(target[row, :4])
        case "y is not reduced":
            target[row, 4:] = unreduced(target[row, 4:])
        case "all ones":
            target[row] = np.uint64(2**64 - 1)
        case "off the curve":
            target[row, :4] = target[row, 4:]
        case "identity" | "order two" as name:
            target[row] = api.fr_from_ints(low_order[name]).reshape(8)
        case "negated":
            x, y = api.fr_to_ints(target[row].reshape(2, 4))
            target[row] = api.fr_from_ints([-x, y]).reshape(8)
        case "message is not reduced":
            messages[row] = unreduced(messages[row])
        case "another message":
            messages[row] = messages[row - 1]
        case "s is not reduced":
            s = api.canonical_to_ints(ss[row : row + 1])[0] + curve.BABYJUB_SUBORDER
            ss[row] = api.canonical_from_ints([s])[0]
        case "s is zero":
            ss[row] = 0


POINT_FAULTS = (
    "x is not reduced", "y is not reduced", "all ones", "off the curve", "identity", "order two",
    "negated",
)  # fmt: skip
OTHER_FAULTS = ("message is not reduced", "another message", "s is not reduced", "s is zero")
FAULTS = [
    *(f"{whose}: {fault}" for whose in ("key", "R8") for fault in POINT_FAULTS),
    *(f"row: {fault}" for fault in OTHER_FAULTS),
]


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("kind", FAULTS)
def test_verify_batch__a_fault_in_any_place_is_of_its_row_alone(kind: str, variant: str) -> None:
    batch = signed(9)
    with variants.forced(variant):
        for row in range(9):
            keys, messages, r8s, ss = (array.copy() for array in batch)
            spoilt(kind, (keys, messages, r8s, ss), row)
            verdicts = api.eddsa_verify_batch(keys, messages, r8s, ss)
            assert verdicts.tolist() == [k != row for k in range(9)]


def test_verify_batch__low_order_points_that_satisfy_the_equation_are_refused() -> None:
    """With s = 0 and identities for A and R8 the equation holds."""
    identity = np.tile(api.fr_from_ints([0, 1]).reshape(1, 8), (9, 1))
    messages, ss = api.fr_from_ints(range(9)), np.zeros((9, 4), dtype=np.uint64)
    for variant in variants.available():
        with variants.forced(variant):
            assert not api.eddsa_verify_batch(identity, messages, identity, ss).any()
