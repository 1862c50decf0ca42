"""The witness machine: every variant and number of threads gives the wires of the definition."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from circuits.frontend.machine import Machine
from circuits.registry import named_circuit
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


# -- segments of one shape, which run in lockstep --


class Twins:
    """Segments that differ in nothing but their wires: each has inputs and wires of its own and
    reads one input that all share."""

    N_OWN = 18

    def __init__(self, seed: int, n_segments: int, n_steps: int = 30) -> None:
        self._rng = random.Random(seed)
        self.n_inputs = 1 + self.N_OWN * n_segments
        self.n_segments = n_segments
        shape = [self._step() for _ in range(n_steps)]
        self.ops: list[list[int]] = []
        self.segments: list[list[int]] = []
        self.indptr, self.wires, self.coefs = [0], [], []
        self.n_wires = 1 + self.n_inputs
        self.table = [1, FR_MODULUS - 1, 2, 0, *(self._rng.randrange(FR_MODULUS) for _ in range(9))]
        for number in range(n_segments):
            self._stamp(shape, number)

    def _step(self) -> tuple[Opcode, int, list[list[tuple[float, int]]]]:
        """Opcode, imm, and for each operand terms (which readable wire, which coefficient)."""
        rng = self._rng
        opcode = rng.choice([*Opcode, *[Opcode.MULADD] * 8, *[Opcode.DIVIDE] * 4])
        imm = rng.choice([2, 3, 5, 6, 17]) if opcode in STATE_OPCODES else 20
        counts = [1] * 6 + [0, 2, 3, 5, 40]
        operands = [
            [(rng.random(), rng.randrange(13)) for _ in range(rng.choice(counts))]
            for _ in range(max(3, imm))
        ]
        return (
            opcode,
            imm,
            [[(at, 0)] if len(t) == 1 else t for t in operands for at in [rng.random()]],
        )

    def _stamp(self, shape: list[Any], number: int) -> None:
        first = 2 + self.N_OWN * number
        readable = [0, 1, *range(first, first + self.N_OWN)]
        for opcode, imm, operands in shape:
            row = len(self.indptr) - 1
            for terms in operands:
                self.wires += [readable[int(at * len(readable))] for at, _ in terms]
                self.coefs += [coef for _, coef in terms]
                self.indptr.append(len(self.wires))
            c = row + 2 if len(operands[2]) % 2 else -1
            self.ops.append([opcode, self.n_wires, row, row + 1, c, imm])
            width = int(output_counts(np.array([self.ops[-1]], dtype=np.int32))[0])
            readable += range(self.n_wires, self.n_wires + width)
            self.n_wires += width
        done = self.segments[-1][1] if self.segments else 0
        self.segments.append([done, len(self.ops), 0])

    def inputs(self) -> list[int]:
        rng = self._rng
        return [
            rng.choice(EDGES) if rng.random() < 0.3 else rng.randrange(FR_MODULUS)
            for _ in range(self.n_inputs)
        ]

    def reference(self, inputs: list[int]) -> list[int]:
        return reference.witness_run(
            *(self.ops, self.segments, self.indptr, self.wires, self.coefs, self.table),
            *(self.n_wires, inputs),
        )

    def machine(self) -> api.WitnessMachine:
        return api.WitnessMachine(
            np.array(self.ops, dtype=np.int32),
            np.array(self.segments, dtype=np.uint32),
            np.array(self.indptr, dtype=np.uint32),
            np.array(self.wires, dtype=np.uint32),
            np.array(self.coefs, dtype=np.uint32),
            api.fr_from_ints(self.table),
            *(self.n_wires, self.n_inputs),
        )


@pytest.mark.parametrize(
    ("seed", "n_segments"), [(1, 2), (2, 3), (3, 7), (4, 8), (5, 9), (6, 10), (7, 16), (8, 35)]
)
def test_segments_of_one_shape(seed: int, n_segments: int) -> None:
    twins = Twins(seed, n_segments)
    machine, inputs = twins.machine(), twins.inputs()
    assert machine.n_alike == n_segments - 1
    expected = twins.reference(inputs)
    for threads in (1, 2, 3, 40):
        wires = api.fr_to_ints(machine.run(api.fr_from_ints(inputs), threads))
        assert wires == expected, f"{threads} threads"


@pytest.mark.parametrize("opcode", [Opcode.DIVIDE, Opcode.INVERSE_OR_ZERO])
@pytest.mark.parametrize("n", [2, 8, 9, 33])
def test_shared_inversions_with_zeros_among_them(opcode: Opcode, n: int) -> None:
    program, ops = one_op_each(opcode, n)
    for zeros in ([], [0], [n - 1], range(n), range(0, n, 2)):
        values = [i + 1 for i in range(2 * n)]
        for i in zeros:
            values[2 * i] = values[2 * i + 1] = 0
        wires = api.witness_run(
            np.array(ops, dtype=np.int32),
            **program,
            table=api.fr_from_ints([1]),
            inputs=api.fr_from_ints(values),
            threads=1,
        )
        got = api.fr_to_ints(wires)[1 + 2 * n :]
        for i in range(n):
            x, y = (values[2 * i], values[2 * i + 1])
            if opcode == Opcode.INVERSE_OR_ZERO:
                x, y = 1, x
            assert got[i] * y % FR_MODULUS == (x if y else 0)
            assert y or got[i] == 0


@pytest.mark.parametrize(
    ("part", "index"),
    [("ops", (-1, 0)), ("ops", (-1, 5)), ("coefs", -1), ("ops", (-1, 4))],
)
def test_a_segment_that_differs_is_no_twin(part: str, index: Any) -> None:
    twins = Twins(11, 3, n_steps=4)
    row = len(twins.indptr) - 1
    for number in range(3):
        place = 4 * number + 3
        twins.ops[place] = [Opcode.LINEAR, twins.ops[place][1], row + number, -1, -1, 0]
        twins.wires += [1, 2]
        twins.coefs += [0, 2]
        twins.indptr.append(len(twins.wires))
    assert twins.machine().n_alike == 2
    changed = {"ops": twins.ops, "coefs": twins.coefs}[part]
    if part == "ops":
        at, column = index
        changed[at][column] = {0: Opcode.SQRT, 5: 1, 4: 0}[column]
    else:
        changed[index] = 1
    assert twins.machine().n_alike == 1


def test_whole_circuits__every_wire_as_the_plain_machine_has_it() -> None:
    circuit = named_circuit("rollup-tiny")
    compiled, inputs = circuit.compile(), circuit.example_inputs()
    expected = Machine(compiled).run(compiled.assign_ints(inputs))
    for threads in (1, 2):
        assert api.fr_to_ints(compiled.witness(compiled.assign(inputs), threads)) == expected
