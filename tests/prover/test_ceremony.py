"""Phase-2 contributions: snarkjs's are verified, ours verify, dishonest ones are named."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from circuits.system.r1cs import R1CS
from native import api
from native.constants import FP_MODULUS, FR_MODULUS
from prover.groth16.ceremony import (
    apply_beacon,
    contribute,
    verify_ceremony,
    verify_contributions,
)
from prover.groth16.conversion import key_from_zkey
from prover.groth16.generator import Generator, chacha20_block, fp2_sqrt
from prover.groth16.prove import prove
from prover.snarkjs.container import U64
from prover.snarkjs.zkey import Zkey, read_zkey, write_zkey
from verifier.points import fp2_mul, g1_problem, g2_problem


def test_verify__accepts_the_contribution_made_by_snarkjs(
    chain_r1cs: R1CS, chain_zkey: Zkey, vectors: Path
) -> None:
    assert verify_ceremony(chain_r1cs, vectors / "pot9.ptau", chain_zkey)


def test_contribute__further_contributions_verify_and_prove(
    chain_zkey_0: Zkey, chain_zkey: Zkey, chain_witness: U64, tmp_path: Path
) -> None:
    ours = contribute(chain_zkey, "ours", entropy=b"dice")
    write_zkey(tmp_path / "ours.zkey", ours)
    again = read_zkey(tmp_path / "ours.zkey")
    assert [c.parameters.name for c in again.contributions] == ["two", "ours"]
    assert verify_contributions(chain_zkey_0, again)
    prove(key_from_zkey(again, tmp_path / "key"), chain_witness)


def test_contribute__is_never_the_same_twice(chain_zkey: Zkey) -> None:
    first, second = (contribute(chain_zkey, entropy=b"same") for _ in range(2))
    assert first.delta2.tobytes() != second.delta2.tobytes()


def test_beacon__verifies_and_is_reproducible(chain_zkey_0: Zkey, chain_zkey: Zkey) -> None:
    first, second = (apply_beacon(chain_zkey, b"\x01\x02", 10, "end") for _ in range(2))
    assert verify_contributions(chain_zkey_0, first)
    assert first.delta2.tobytes() == second.delta2.tobytes()


def test_beacon__of_other_randomness_is_named(chain_zkey_0: Zkey, chain_zkey: Zkey) -> None:
    final = apply_beacon(chain_zkey, b"\x01\x02", 10)
    last = final.contributions[-1]
    parameters = dataclasses.replace(last.parameters, beacon_hash=b"\x01\x03")
    changed = dataclasses.replace(last, parameters=parameters)
    forged = dataclasses.replace(final, contributions=(*final.contributions[:-1], changed))
    verdict = verify_contributions(chain_zkey_0, forged)
    assert verdict.problem == "contribution 2: the key is not that of the beacon"


def without_contribution(zkey: Zkey) -> Zkey:
    return dataclasses.replace(zkey, contributions=())


def with_contribution(zkey: Zkey, **change: object) -> Zkey:
    last = dataclasses.replace(zkey.contributions[-1], **change)
    return dataclasses.replace(zkey, contributions=(*zkey.contributions[:-1], last))


def doubled(points: U64) -> U64:
    rows = np.array(points).reshape(-1, points.shape[-1])
    return (api.g1_add if rows.shape[1] == 8 else api.g2_add)(rows, rows).reshape(points.shape)


def test_verify__names_every_kind_of_dishonesty(chain_zkey_0: Zkey, chain_zkey: Zkey) -> None:
    good, replace = chain_zkey, dataclasses.replace
    last = good.contributions[-1]
    other_a = np.array(good.a)
    other_a[1] = other_a[2]
    cases = {
        "there is no contribution": without_contribution(good),
        "a differs": replace(good, a=other_a),
        "the circuit hash differs": replace(good, circuit_hash=bytes(64)),
        "the transcript is inconsistent": with_contribution(good, transcript=bytes(64)),
        "proof of knowledge is false": with_contribution(good, g2_spx=doubled(last.g2_spx)),
        "delta was changed by another": with_contribution(
            good, delta_after=doubled(last.delta_after)
        ),
        "delta1 is not that of the last": replace(good, delta1=doubled(good.delta1)),
        "delta2 does not match": replace(good, delta2=doubled(good.delta2)),
        "section C was not divided": replace(good, c=doubled(good.c)),
        "section H was not divided": replace(good, h=np.array(chain_zkey_0.h)),
    }
    for expected, zkey in cases.items():
        verdict = verify_contributions(chain_zkey_0, zkey)
        assert not verdict and expected in str(verdict.problem), (expected, verdict)


def test_verify__key_of_another_circuit_is_false(chain_zkey_0: Zkey, chain_zkey: Zkey) -> None:
    smaller = dataclasses.replace(chain_zkey, n_public=2)
    assert verify_contributions(chain_zkey_0, smaller).problem == "the sizes of the circuit differ"


def test_chacha20__first_block_of_the_zero_key() -> None:
    """RFC 8439 appendix A.1, test vector 1: key, nonce and counter all zero."""
    block = b"".join(word.to_bytes(4, "little") for word in chacha20_block([0] * 8, 0))
    assert block[:16].hex() == "76b8e0ada0f13d90405d6ae55386bd28"


def test_generator__points_are_members_and_depend_on_the_seed() -> None:
    first, second = Generator(bytes(32)), Generator(bytes(31) + b"\1")
    assert first.element(FR_MODULUS) != second.element(FR_MODULUS)
    points = [(g.g1(), g.g2()) for g in (first, second)]
    assert points[0] != points[1]
    assert all(g1_problem(a) is None and g2_problem(b) is None for a, b in points)


@pytest.mark.parametrize("value", [(4, 0), (FP_MODULUS - 4, 0), (3, 4), (5, 12), (0, 2)])
def test_fp2_sqrt__squares_back(value: tuple[int, int]) -> None:
    square = fp2_mul(value, value)
    root = fp2_sqrt(square)
    assert root is not None and fp2_mul(root, root) == square
