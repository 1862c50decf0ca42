"""Row 20: two proofs of one witness differ in every point, and both verify."""

from __future__ import annotations

from pathlib import Path

import chain_example

from prover.groth16.conversion import key_from_zkey
from prover.groth16.prove import Blinding, prove
from verifier.groth16 import verify


def test_two_proofs_of_one_witness_differ_and_both_verify(tmp_path: Path) -> None:
    key = key_from_zkey(chain_example.zkey(), tmp_path / "key", chain_example.r1cs())
    first, second = (prove(key, chain_example.witness()) for _ in range(2))
    assert first.a != second.a and first.b != second.b and first.c != second.c
    for proof in (first, second):
        assert verify(chain_example.key(), chain_example.public(), proof)


def test_blinding_is_drawn_anew() -> None:
    drawn = {Blinding.random() for _ in range(50)}
    assert len(drawn) == 50
    assert len({b.r for b in drawn} | {b.s for b in drawn}) == 100
