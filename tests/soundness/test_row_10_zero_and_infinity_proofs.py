"""Row 10: a proof of zeros or of points at infinity is refused."""

from __future__ import annotations

import dataclasses
import json

import chain_example
import pytest

from verifier.errors import MalformedProofError
from verifier.groth16 import verify
from verifier.proof import Proof

ZERO = {"a": (0, 0), "b": ((0, 0), (0, 0)), "c": (0, 0)}


def test_all_zero_proof_is_refused() -> None:
    with pytest.raises(MalformedProofError, match="point at infinity"):
        verify(chain_example.key(), chain_example.public(), Proof(**ZERO))


@pytest.mark.parametrize("name", list(ZERO))
def test_one_point_at_infinity_is_refused(name: str) -> None:
    changed = dataclasses.replace(chain_example.proof(), **{name: ZERO[name]})
    with pytest.raises(MalformedProofError, match=f"pi_{name}: point at infinity"):
        verify(chain_example.key(), chain_example.public(), changed)


@pytest.mark.parametrize(
    ("member", "infinity"),
    [
        ("pi_a", ["0", "1", "0"]),
        ("pi_a", ["0", "0", "1"]),
        ("pi_a", ["0", "0", "0"]),
        ("pi_b", [["0", "0"], ["1", "0"], ["0", "0"]]),
        ("pi_b", [["0", "0"], ["0", "0"], ["1", "0"]]),
        ("pi_c", ["0", "1", "0"]),
        ("pi_c", ["0", "0", "1"]),
    ],
)
def test_infinity_in_json_is_refused(member: str, infinity: object) -> None:
    document = json.loads(chain_example.proof().to_json()) | {member: infinity}
    with pytest.raises(MalformedProofError, match=f"{member}: .*infinity|{member}: third"):
        Proof.from_json(json.dumps(document))
