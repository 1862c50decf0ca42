"""The witness machine: every opcode at its edges, order and threads, and malformed programs."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS
from native.errors import MalformedError
from native.reference import witness as reference
from native.reference.poseidon import parameters, poseidon_permute
from native.reference.poseidon_wires import n_wires
from native.reference.witness import STATE_OPCODES, Opcode

HALF = FR_MODULUS // 2
Combination = Sequence[tuple[int, int]]  # (wire, coefficient)


@dataclasses.dataclass
class Program:
    """A witness program on plain ints, built row by row."""

    n_inputs: int
    ops: list[list[int]] = dataclasses.field(default_factory=list)
    segments: list[list[int]] = dataclasses.field(default_factory=list)
    combinations: list[Combination] = dataclasses.field(default_factory=list)
    n_wires: int = 0

    def __post_init__(self) -> None:
        self.n_wires = 1 + self.n_inputs

    def combine(self, *terms: tuple[int, int]) -> int:
        self.combinations.append(terms)
        return len(self.combinations) - 1

    def emit(
        self, opcode: Opcode, a: int, b: int = -1, c: int = -1, imm: int = 0, width: int = 1
    ) -> int:
        dst = self.n_wires
        self.ops.append([opcode, dst, a, b, c, imm])
        self.n_wires += width
        return dst

    def end_segment(self, level: int) -> None:
        first = self.segments[-1][1] if self.segments else 0
        self.segments.append([first, len(self.ops), level])

    def plain(self) -> tuple[Any, ...]:
        indptr = [0]
        for terms in self.combinations:
            indptr.append(indptr[-1] + len(terms))
        flat = [term for terms in self.combinations for term in terms]
        coefficients = sorted({coefficient % FR_MODULUS for _, coefficient in flat})
        index = {coefficient: i for i, coefficient in enumerate(coefficients)}
        wires = [wire for wire, _ in flat]
        coefs = [index[coefficient % FR_MODULUS] for _, coefficient in flat]
        return self.ops, self.segments, indptr, wires, coefs, coefficients

    def arrays(self) -> dict[str, Any]:
        ops, segments, indptr, wires, coefs, table = self.plain()
        return {
            "ops": np.array(ops, dtype=np.int32).reshape(-1, 6),
            "segments": np.array(segments, dtype=np.uint32).reshape(-1, 3),
            "lc_indptr": np.array(indptr, dtype=np.uint32),
            "lc_wires": np.array(wires, dtype=np.uint32),
            "lc_coefs": np.array(coefs, dtype=np.uint32),
            "table": api.fr_from_ints(table),
            "n_wires": self.n_wires,
        }

    def run_reference(self, inputs: list[int]) -> list[int]:
        return reference.witness_run(*self.plain(), self.n_wires, inputs)

    def run_native(self, inputs: list[int], threads: int = 0) -> list[int]:
        wires = api.witness_run(**self.arrays(), inputs=api.fr_from_ints(inputs), threads=threads)
        return api.fr_to_ints(wires)


def outputs_of(opcode: Opcode, imm: int) -> int:
    """How many wires an operation writes."""
    if opcode in STATE_OPCODES:
        return n_wires(imm)
    return {Opcode.BITS: imm, Opcode.DIVMOD: 2, Opcode.FIFTH_POWER: 3}.get(opcode, 1)


def run(program: Program, inputs: list[int]) -> list[int]:
    """The wires, after checking that both machines agree on them."""
    expected = program.run_reference(inputs)
    assert program.run_native(inputs) == expected
    return expected


def unary(opcode: Opcode, x: int, *, imm: int = 0, width: int = 1) -> list[int]:
    program = Program(1)
    program.emit(opcode, program.combine((1, 1)), imm=imm, width=width)
    program.end_segment(0)
    return run(program, [x])[2:]


def binary(opcode: Opcode, x: int, y: int, width: int = 1) -> list[int]:
    program = Program(2)
    program.emit(opcode, program.combine((1, 1)), program.combine((2, 1)), width=width)
    program.end_segment(0)
    return run(program, [x, y])[3:]


def test_linear__sums_every_kind_of_term() -> None:
    program = Program(2)
    for terms in ([], [(1, 1)], [(2, -1)], [(0, 5)], [(1, 7)], [(1, 1), (2, -1), (0, 3), (1, 9)]):
        program.emit(Opcode.LINEAR, program.combine(*terms))
    program.end_segment(0)
    assert run(program, [10, 4])[3:] == [0, 10, FR_MODULUS - 4, 5, 70, 10 - 4 + 3 + 90]


def test_muladd__with_and_without_the_addend() -> None:
    program = Program(3)
    a, b, c = (program.combine((wire, 1)) for wire in (1, 2, 3))
    program.emit(Opcode.MULADD, a, b)
    program.emit(Opcode.MULADD, a, b, c)
    program.end_segment(0)
    assert run(program, [6, 7, FR_MODULUS - 1])[4:] == [42, 41]


@pytest.mark.parametrize("x", [0, 1, 2, HALF, HALF + 1, FR_MODULUS - 1])
def test_inverse_or_zero(x: int) -> None:
    (inverse,) = unary(Opcode.INVERSE_OR_ZERO, x)
    assert inverse * x % FR_MODULUS == (1 if x else 0)


@pytest.mark.parametrize(("x", "expected"), [(0, 1), (1, 0), (FR_MODULUS - 1, 0)])
def test_is_zero(x: int, expected: int) -> None:
    assert unary(Opcode.IS_ZERO, x) == [expected]


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 253, 254])
@pytest.mark.parametrize("x", [0, 1, (1 << 128) - 1, FR_MODULUS - 1])
def test_bits__are_those_of_the_canonical_value(x: int, count: int) -> None:
    expected = [x >> i & 1 for i in range(count)]
    assert unary(Opcode.BITS, x, imm=count, width=count) == expected


@pytest.mark.parametrize(("x", "y"), [(1, 0), (0, 0), (0, 5), (6, 3), (1, FR_MODULUS - 1)])
def test_divide(x: int, y: int) -> None:
    (quotient,) = binary(Opcode.DIVIDE, x, y)
    assert quotient == (x * pow(y, -1, FR_MODULUS) % FR_MODULUS if y else 0)


@pytest.mark.parametrize("x", [0, 1, HALF, FR_MODULUS - 1])
@pytest.mark.parametrize("y", [0, 1, HALF, FR_MODULUS - 1])
def test_less_than__compares_canonical_values(x: int, y: int) -> None:
    assert binary(Opcode.LESS_THAN, x, y) == [int(x < y)]


DIVISORS = [0, 1, 2, 3, (1 << 64) - 1, 1 << 64, (1 << 128) + 1, (1 << 192) - 1, FR_MODULUS - 1]


@pytest.mark.parametrize("x", [0, 1, (1 << 64) - 1, (1 << 200) + 12345, FR_MODULUS - 1])
@pytest.mark.parametrize("y", DIVISORS)
def test_divmod(x: int, y: int) -> None:
    assert binary(Opcode.DIVMOD, x, y, width=2) == (list(divmod(x, y)) if y else [0, 0])


@pytest.mark.parametrize("x", [0, 1, 2, HALF, FR_MODULUS - 1])
def test_fifth_power(x: int) -> None:
    expected = [pow(x, k, FR_MODULUS) for k in (2, 4, 5)]
    assert unary(Opcode.FIFTH_POWER, x, width=3) == expected


@pytest.mark.parametrize("t", range(2, 18))
@pytest.mark.parametrize("value", [0, 1, FR_MODULUS - 1, None])
def test_poseidon__ends_in_the_permuted_state(t: int, value: int | None) -> None:
    rng = random.Random(t)
    state = [rng.randrange(FR_MODULUS) if value is None else value for _ in range(t)]
    p = parameters(t)
    boxed = [pow(x + c, 5, FR_MODULUS) for x, c in zip(state, p.C, strict=False)]
    (permuted,) = poseidon_permute([state])
    for opcode in STATE_OPCODES:
        program = Program(t)
        row = [program.combine((i, 1)) for i in range(1, t + 1)]
        program.emit(opcode, row[0], imm=t, width=n_wires(t))
        program.end_segment(0)
        wires = run(program, boxed)
        if opcode == Opcode.POSEIDON_WORD:
            assert wires[-1] == permuted[0]
        else:
            last = wires[-3 * t :][2::3]
            mixed = [sum(m * x for m, x in zip(row, last, strict=True)) for row in p.M]
            assert [x % FR_MODULUS for x in mixed] == permuted


@pytest.mark.parametrize("root", [0, 1, 2, HALF, 1 << 200])
def test_sqrt__is_the_smaller_root(root: int) -> None:
    assert unary(Opcode.SQRT, root * root % FR_MODULUS) == [min(root, FR_MODULUS - root)]


def test_sqrt__of_roots_of_unity_and_of_non_squares() -> None:
    root_of_unity = pow(5, (FR_MODULUS - 1) >> 28, FR_MODULUS)
    for k in range(1, 29):
        element = pow(root_of_unity, 1 << k, FR_MODULUS)
        (found,) = unary(Opcode.SQRT, element)
        assert found * found % FR_MODULUS == element and found <= HALF
    assert unary(Opcode.SQRT, 5) == [0]
    assert unary(Opcode.SQRT, root_of_unity) == [0]


STATE_WIDTHS = (2, 3, 4, 5, 6, 17)


def random_program(seed: int, n_levels: int, segments_a_level: int, ops_a_segment: int) -> Program:
    """Operations of every kind; a segment reads lower levels and its own earlier wires."""
    rng = random.Random(seed)
    program = Program(8)
    known = list(range(9))
    opcodes = [Opcode.LINEAR, Opcode.MULADD] * 4 + list(Opcode)
    for level in range(n_levels):
        fresh: list[int] = []
        for _ in range(segments_a_level):
            own: list[int] = []
            for _ in range(ops_a_segment):
                opcode = rng.choice(opcodes)
                imm = rng.choice(STATE_WIDTHS) if opcode in STATE_OPCODES else 20
                readable = known + own
                combinations = [
                    program.combine(
                        *(
                            (rng.choice(readable), rng.choice([1, -1, 2, rng.getrandbits(253)]))
                            for _ in range(rng.choice([1, 1, 1, 2, 5]))
                        )
                    )
                    for _ in range(max(3, imm))
                ]
                c = combinations[2] if rng.random() < 0.5 else -1
                width = outputs_of(opcode, imm)
                dst = program.emit(opcode, *combinations[:2], c, imm=imm, width=width)
                own.extend(range(dst, dst + width))
            program.end_segment(level)
            fresh.extend(own)
        known.extend(fresh)
    return program


@pytest.mark.parametrize("seed", range(4))
def test_random_programs__agree_with_the_definition_for_any_number_of_threads(seed: int) -> None:
    program = random_program(seed, n_levels=5, segments_a_level=7, ops_a_segment=12)
    inputs = [random.Random(seed).randrange(FR_MODULUS) for _ in range(8)]
    expected = program.run_reference(inputs)
    for threads in (0, 1, 2, 3, 8):
        assert program.run_native(inputs, threads) == expected, f"seed {seed}, {threads} threads"


def test_program_without_operations__gives_the_inputs_back() -> None:
    program = Program(3)
    assert run(program, [5, 6, 7]) == [1, 5, 6, 7]


def small_program() -> Program:
    program = Program(2)
    a, b = program.combine((1, 1)), program.combine((2, 3), (0, 1))
    program.emit(Opcode.MULADD, a, b, a)
    program.emit(Opcode.BITS, a, imm=10, width=10)
    program.end_segment(0)
    program.emit(Opcode.DIVMOD, a, b, width=2)
    program.end_segment(1)
    return program


# array, index, value, what the message names
MALFORMATIONS: list[tuple[str, Any, int, str]] = [
    ("ops", (0, 0), len(Opcode), "opcode"),
    ("ops", (0, 0), -1, "opcode"),
    ("ops", (0, 1), 10**6, "destination"),
    ("ops", (0, 1), -1, "destination"),
    ("ops", (0, 1), 0, "destination"),
    ("ops", (0, 1), 2, "destination"),
    ("ops", (1, 1), 7, "destination"),  # the ten bits run over the end
    ("ops", (2, 1), 15, "destination"),  # the remainder would be one past the end
    ("ops", (0, 2), 2, "combination"),
    ("ops", (0, 2), -1, "combination"),
    ("ops", (0, 3), -1, "combination"),
    ("ops", (0, 4), -2, "combination"),
    ("ops", (0, 4), 2, "combination"),
    ("ops", (2, 3), -1, "combination"),
    ("ops", (1, 5), 255, "bits"),
    ("ops", (1, 5), -1, "bits"),
    ("segments", (0, 1), 1, "segment"),
    ("segments", (1, 1), 4, "segment"),
    ("segments", (1, 0), 1, "segment"),
    ("segments", (0, 0), 1, "segment"),
    ("segments", (0, 2), 2, "level"),
    ("lc_indptr", 0, 1, "lc_indptr"),
    ("lc_indptr", 1, 4, "lc_indptr"),
    ("lc_indptr", 2, 4, "lc_indptr"),
    ("lc_wires", 0, 16, "wire"),
    ("lc_coefs", 1, 2, "coefficient"),
]


@pytest.mark.parametrize(("name", "index", "value", "word"), MALFORMATIONS)
def test_malformed_program__is_refused_by_name(
    name: str, index: Any, value: int, word: str
) -> None:
    arrays = small_program().arrays()
    arrays[name] = arrays[name].copy()
    arrays[name][index] = value
    with pytest.raises(MalformedError, match=word):
        api.witness_run(**arrays, inputs=api.fr_from_ints([1, 2]))


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        *[(5, imm, "width") for imm in (-1, 0, 1, 18, 2**31 - 1)],
        (2, 1, "combination"),
        (2, -1, "combination"),
        (1, 2, "destination"),
        (1, 5, "destination"),
    ],
)
def test_malformed_permutation__is_refused_by_name(column: int, value: int, word: str) -> None:
    program = Program(3)
    rows = [program.combine((i, 1)) for i in (1, 2, 3)]
    program.emit(Opcode.POSEIDON, rows[0], imm=3, width=n_wires(3))
    program.end_segment(0)
    arrays = program.arrays()
    api.witness_run(**arrays, inputs=api.fr_from_ints([1, 2, 3]))
    arrays["ops"][0, column] = value
    with pytest.raises(MalformedError, match=word):
        api.witness_run(**arrays, inputs=api.fr_from_ints([1, 2, 3]))


def test_malformed_program__the_unchanged_one_runs() -> None:
    assert len(run(small_program(), [1, 2])) == 16


def test_malformed_program__arrays_that_disagree_in_length() -> None:
    arrays = small_program().arrays()
    with pytest.raises(MalformedError, match="lc_coefs"):
        api.witness_run(
            **{**arrays, "lc_coefs": arrays["lc_coefs"][:-1]}, inputs=api.fr_from_ints([1, 2])
        )
    with pytest.raises(MalformedError, match="n_wires"):
        api.witness_run(**{**arrays, "n_wires": 2}, inputs=api.fr_from_ints([1, 2]))
    with pytest.raises(MalformedError, match="n_wires"):
        api.witness_run(**{**arrays, "n_wires": -1}, inputs=api.fr_from_ints([1, 2]))
    with pytest.raises(ValueError, match="ops"):
        api.witness_run(
            **{**arrays, "ops": arrays["ops"].astype(np.int64)}, inputs=api.fr_from_ints([1, 2])
        )
    with pytest.raises(ValueError, match="inputs"):
        api.witness_run(**arrays, inputs=np.zeros((2, 3), dtype=np.uint64))


@pytest.mark.parametrize("seed", range(6))
def test_mutated_programs__are_refused_or_run_but_never_reach_outside(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs = api.fr_from_ints(range(8))
    sound = random_program(seed, n_levels=2, segments_a_level=3, ops_a_segment=6).arrays()
    extremes = [0, 1, 2, 7, 254, 255, 2**31 - 1, 2**31, 2**32 - 1]
    outcomes = set()
    for _ in range(100):
        arrays = {name: np.copy(array) for name, array in sound.items() if name != "n_wires"}
        name = str(rng.choice(["ops", "segments", "lc_indptr", "lc_wires", "lc_coefs"]))
        flat = arrays[name].reshape(-1)
        value = np.array(rng.choice([*extremes, int(rng.integers(0, 200))])).astype(np.uint32)
        flat[rng.integers(0, len(flat))] = value.astype(flat.dtype)
        try:
            wires = api.witness_run(**arrays, n_wires=sound["n_wires"], inputs=inputs, threads=2)
        except MalformedError:
            outcomes.add("refused")
            continue
        assert api.fr_first_noncanonical(wires) == -1
        outcomes.add("run")
    assert outcomes == {"refused", "run"}, f"seed {seed}"
