"""Constraint systems and their digest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circuits.frontend import Builder, compile_circuit
from circuits.system import R1CS, SparseMatrix
from native import api


def define(b: Builder) -> None:
    x, y = b.private_inputs("x", 2)
    b.assert_product(3 * x + y, x - 1, b.public_input("out"))
    b.assert_boolean(y)


@pytest.fixture
def r1cs() -> R1CS:
    return compile_circuit(define).r1cs


def test_first_violated_constraint_is_found(r1cs: R1CS) -> None:
    for values, violated in (([1, 20, 3, 1], None), ([1, 21, 3, 1], 0), ([1, 24, 3, 3], 1)):
        assert r1cs.check(api.fr_from_ints(values)) == violated


def test_witness_of_another_size_is_refused(r1cs: R1CS) -> None:
    with pytest.raises(ValueError, match=r"want \(4, 4\)"):
        r1cs.check(api.fr_from_ints([1, 2, 3]))


def _changed(matrix: SparseMatrix, part: str) -> SparseMatrix:
    values = getattr(matrix, part).copy()
    values[-1] += 1
    return replace(matrix, **{part: values})


@pytest.mark.parametrize("matrix", ["a", "b", "c"])
@pytest.mark.parametrize("part", ["indptr", "wires", "coefs"])
def test_digest_covers_every_matrix(r1cs: R1CS, matrix: str, part: str) -> None:
    other = replace(r1cs, **{matrix: _changed(getattr(r1cs, matrix), part)})
    assert other.digest() != r1cs.digest()


@pytest.mark.parametrize("size", ["n_wires", "n_public", "n_private_inputs", "n_public_outputs"])
def test_digest_covers_every_size(r1cs: R1CS, size: str) -> None:
    assert replace(r1cs, **{size: getattr(r1cs, size) + 1}).digest() != r1cs.digest()


def test_digest_covers_the_coefficients(r1cs: R1CS) -> None:
    coefficients = r1cs.coefficients.copy()
    coefficients[-1] = api.fr_from_ints([77])[0]
    assert replace(r1cs, coefficients=coefficients).digest() != r1cs.digest()


def test_coefficients_are_not_repeated(r1cs: R1CS) -> None:
    assert len(np.unique(r1cs.coefficients, axis=0)) == len(r1cs.coefficients)


def test_compiling_twice_gives_the_same_digest(r1cs: R1CS) -> None:
    assert compile_circuit(define).r1cs.digest() == r1cs.digest()
