"""Proving straight from a .zkey: the same proofs as from the key that is made of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from prover.errors import MalformedFileError, SelfVerificationError
from prover.files import open_key
from prover.groth16.conversion import key_from_zkey, zkey_from_key
from prover.groth16.keys import ProvingKey
from prover.groth16.prove import Blinding, prove
from prover.groth16.zkey_key import ZkeyProvingKey
from prover.snarkjs.container import U64
from prover.snarkjs.zkey import Zkey, write_zkey
from verifier.errors import MalformedKeyError

BLINDING = Blinding(r=123456789, s=2**250 + 1)


@pytest.fixture(scope="module")
def in_place(vectors: Path) -> ZkeyProvingKey:
    return ZkeyProvingKey(vectors / "chain.zkey")


def test_zkey__gives_the_proof_of_the_converted_key(
    in_place: ZkeyProvingKey, chain_zkey: Zkey, chain_witness: U64, tmp_path: Path
) -> None:
    converted = key_from_zkey(chain_zkey, tmp_path / "key")
    expected = prove(converted, chain_witness, blinding=BLINDING)
    assert prove(in_place, chain_witness, blinding=BLINDING).to_json() == expected.to_json()
    assert in_place.sizes == converted.sizes
    assert in_place.verifying_key == converted.verifying_key


def test_zkey__terms_in_another_order_give_the_same_proof(
    in_place: ZkeyProvingKey, chain_zkey: Zkey, chain_witness: U64, tmp_path: Path
) -> None:
    backwards = dataclasses.replace(chain_zkey, coefficients=chain_zkey.coefficients[::-1].copy())
    write_zkey(tmp_path / "backwards.zkey", backwards)
    proofs = [
        prove(key, chain_witness, blinding=BLINDING)
        for key in (in_place, ZkeyProvingKey(tmp_path / "backwards.zkey"))
    ]
    assert proofs[0] == proofs[1]


def test_zkey__has_the_sections_of_a_key_of_ours(
    dev_key: ProvingKey, chain_witness: U64, tmp_path: Path
) -> None:
    """A development key leaves out wires that no matrix mentions, and so does its .zkey."""
    write_zkey(tmp_path / "dev.zkey", zkey_from_key(dev_key))
    key = ZkeyProvingKey(tmp_path / "dev.zkey")
    assert key.development and not key.has_c()
    for name in ("ic", "a_wires", "b_wires", "a", "b1", "b2", "h", "A.indptr", "B.wires"):
        assert np.array_equal(key.array(name), dev_key.array(name)), name
    points = key.span("c", "h")
    total, starts = key.span_rows("c", "h")
    assert total == len(points)
    for name, start in starts.items():
        section = key.points(name)
        assert np.array_equal(points[start : start + len(section)], section), name
    assert starts == {"c": 0, "b1": len(key.points("c")), "h": len(points) - len(key.points("h"))}


def test_zkey__is_opened_in_place_unless_the_circuit_is_given(
    vectors: Path, tmp_path: Path
) -> None:
    key = open_key(vectors / "chain.zkey", tmp_path / "key")
    assert isinstance(key, ZkeyProvingKey) and not (tmp_path / "key").exists()
    checked = open_key(vectors / "chain.zkey", tmp_path / "key", vectors / "chain.r1cs")
    assert checked.has_c() and (tmp_path / "key").exists()


@pytest.mark.parametrize("section", ["a", "b1", "b2", "c", "h"])
def test_zkey__a_wrong_point_gives_no_proof(
    section: str, chain_zkey: Zkey, chain_witness: U64, tmp_path: Path
) -> None:
    points = getattr(chain_zkey, section).copy()
    first = int(np.flatnonzero(points.any(axis=1))[5])
    points[first : first + 2] = points[first : first + 2][::-1].copy()
    write_zkey(tmp_path / "bad", dataclasses.replace(chain_zkey, **{section: points}))
    with pytest.raises(SelfVerificationError):
        prove(ZkeyProvingKey(tmp_path / "bad"), chain_witness)


def test_zkey__points_are_checked_on_request(
    in_place: ZkeyProvingKey, chain_zkey: Zkey, tmp_path: Path
) -> None:
    in_place.verify_sections()
    points = chain_zkey.h.copy()
    points[3, 0] ^= np.uint64(1)
    write_zkey(tmp_path / "bad", dataclasses.replace(chain_zkey, h=points))
    with pytest.raises(MalformedFileError, match="H: point 3 is not on the curve"):
        ZkeyProvingKey(tmp_path / "bad").verify_sections()


@pytest.mark.parametrize("name", ["alpha1", "beta1", "delta1", "beta2"])
def test_zkey__header_points_are_checked_at_once(
    name: str, chain_zkey: Zkey, tmp_path: Path
) -> None:
    point = getattr(chain_zkey, name).copy()
    point[0] ^= np.uint64(1)
    write_zkey(tmp_path / "bad", dataclasses.replace(chain_zkey, **{name: point}))
    with pytest.raises(MalformedFileError, match=f"header, {name}"):
        ZkeyProvingKey(tmp_path / "bad")


def test_zkey__without_contribution_is_refused(vectors: Path) -> None:
    with pytest.raises(MalformedKeyError, match="equals vk_gamma_2"):
        ZkeyProvingKey(vectors / "chain_0.zkey")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [("row", 256, "record 5 names"), ("wire", 221, "record 5 names"), ("matrix", 2, "record 5")],
)
def test_zkey__records_out_of_bounds_are_named(
    field: str, value: int, message: str, chain_zkey: Zkey, tmp_path: Path
) -> None:
    records = chain_zkey.coefficients.copy()
    records[field][5] = value
    write_zkey(tmp_path / "bad", dataclasses.replace(chain_zkey, coefficients=records))
    with pytest.raises(MalformedFileError, match=message):
        ZkeyProvingKey(tmp_path / "bad")


def test_zkey__coefficients_that_are_not_reduced_are_refused(
    chain_zkey: Zkey, tmp_path: Path
) -> None:
    records = chain_zkey.coefficients.copy()
    records["value"][7] = 2**64 - 1
    write_zkey(tmp_path / "bad", dataclasses.replace(chain_zkey, coefficients=records))
    with pytest.raises(MalformedFileError, match=r"coefficients, distinct: .* not below"):
        ZkeyProvingKey(tmp_path / "bad")
