"""The witness machine: every variant and number of threads gives the wires of the definition."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from circuits.system.witness_program import output_counts
from native import api, variants
from native.constants import FR_MODULUS
from native.reference import witness as reference
from native.reference.witness import STATE_OPCODES, Opcode

HALF = FR_MODULUS // 2
EDGES = [0, 1, 2, 3, HALF, HALF + 1, FR_MODULUS - 2, FR_MODULUS - 1, 1 << 64, (1 << 192) - 1]
N_BITS = 254


@pytest.fixture(params=variants.available(), autouse=True)
def variant(request: pytest.FixtureRequest) -> object:
    with variants.forced(request.param):
        yield request.param


def one_op_each(opcode: Opcode, n: int) -> tuple[dict[str, Any], list[list[int]]]:
    """n independent operations over 2n inputs, one segment each, all of one level."""
    imm = 2 if opcode in STATE_OPCODES else N_BITS
    width = int(output_counts(np.array([[opcode, 0, 0, 0, 0, imm]], dtype=np.int32))[0])
    first = 1 + 2 * n
    ops = [[opcode, first + i * width, 2 * i, 2 * i + 1, -1, imm] for i in range(n)]
    program = {
        "segments": np.array([[i, i + 1, 0] for i in range(n)], dtype=np.uint32),
        "lc_indptr": np.arange(2 * n + 1, dtype=np.uint32),
        "lc_wires": np.arange(1, 2 * n + 1, dtype=np.uint32),
        "lc_coefs": np.zeros(2 * n, dtype=np.uint32),
        "n_wires": first + n * width,
    }
    return program, ops


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("opcode", list(Opcode))
def test_every_opcode_on_edges_and_random_values(opcode: Opcode, threads: int) -> None:
    rng = random.Random(opcode)
    values = [rng.choice(EDGES) if i % 2 else rng.randrange(FR_MODULUS) for i in range(120)]
    program, ops = one_op_each(opcode, 60)
    plain = {name: array.tolist() for name, array in program.items() if name != "n_wires"}
    expected = reference.witness_run(
        ops, **plain, table=[1], n_wires=program["n_wires"], inputs=values
    )
    wires = api.witness_run(
        np.array(ops, dtype=np.int32),
        **program,
        table=api.fr_from_ints([1]),
        inputs=api.fr_from_ints(values),
        threads=threads,
    )
    assert api.fr_to_ints(wires) == expected


def linear(coefficient: int, value: int, length: int) -> int:
    """length · coefficient · value as the machine computes it, by one combination."""
    wires = api.witness_run(
        np.array([[Opcode.LINEAR, length + 1, 0, -1, -1, 0]], dtype=np.int32),
        segments=np.array([[0, 1, 0]], dtype=np.uint32),
        lc_indptr=np.array([0, length], dtype=np.uint32),
        lc_wires=np.arange(1, length + 1, dtype=np.uint32),
        lc_coefs=np.zeros(length, dtype=np.uint32),
        table=api.fr_from_ints([coefficient]),
        n_wires=length + 2,
        inputs=api.fr_from_ints([value] * length),
    )
    return api.fr_to_ints(wires)[-1]


# Montgomery words r - 1: no product is larger, so no unreduced sum is
LARGEST = (FR_MODULUS - 1) * pow(1 << 256, -1, FR_MODULUS) % FR_MODULUS


@pytest.mark.parametrize("length", [*range(20), 33, 34, 35, 100])
@pytest.mark.parametrize("value", [LARGEST, FR_MODULUS - 1, 3])
def test_unreduced_sums_of_any_length(length: int, value: int) -> None:
    for coefficient in (LARGEST, FR_MODULUS - 2, FR_MODULUS - 1, 1, 0):
        assert linear(coefficient, value, length) == length * coefficient * value % FR_MODULUS


def test_inversion_of_many_values() -> None:
    rng = random.Random(62)
    powers = [1 << k for k in range(254)]
    values = [*EDGES, *powers, *(FR_MODULUS - p for p in powers)]
    values += [rng.randrange(FR_MODULUS) for _ in range(500)]
    values = [value % FR_MODULUS for value in values]
    n = len(values)
    wires = api.witness_run(
        np.array([[Opcode.INVERSE_OR_ZERO, n + 1 + i, i, -1, -1, 0] for i in range(n)], np.int32),
        segments=np.array([[0, n, 0]], dtype=np.uint32),
        lc_indptr=np.arange(n + 1, dtype=np.uint32),
        lc_wires=np.arange(1, n + 1, dtype=np.uint32),
        lc_coefs=np.zeros(n, dtype=np.uint32),
        table=api.fr_from_ints([1]),
        n_wires=2 * n + 1,
        inputs=api.fr_from_ints(values),
    )
    inverses = api.fr_to_ints(wires)[n + 1 :]
    products = [x * y % FR_MODULUS for x, y in zip(values, inverses, strict=True)]
    assert products == [int(value != 0) for value in values]
