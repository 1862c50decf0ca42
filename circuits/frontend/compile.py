"""From a Python function to a constraint system and its witness program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from circuits.frontend.builder import Builder
from circuits.frontend.context import CompileContext, Location
from circuits.frontend.errors import CircuitError
from circuits.frontend.fragment import Fragment
from circuits.frontend.rows import I32, U32, Rows
from circuits.frontend.scopes import ScopeTree
from circuits.frontend.wire import Wire
from circuits.system.r1cs import R1CS, Fr, SparseMatrix
from circuits.system.witness_program import WitnessProgram
from native import api
from native.constants import FR_MODULUS


@dataclass(frozen=True)
class InputSymbol:
    """A declared input: `count` wires from `first` on (count None: one wire, a bare value)."""

    name: str
    first: int
    count: int | None
    public: bool

    @property
    def wires(self) -> range:
        """The wires it fills."""
        return range(self.first, self.first + (1 if self.count is None else self.count))


InputValues = Mapping[str, int | Sequence[int]]


@dataclass(frozen=True, eq=False)
class CompiledCircuit:
    """A compiled circuit, still knowing where everything came from.

    a, b, c and pool hold coefficient ids into `coefficients`; `r1cs` and `program` are what
    leaves the frontend (for the BN254 scalar field only).
    """

    name: str
    modulus: int
    n_wires: int
    symbols: tuple[InputSymbol, ...]
    a: Rows
    b: Rows
    c: Rows
    pool: Rows
    ops: I32
    segments: U32
    coefficients: tuple[int, ...]
    scopes: ScopeTree
    constraint_marks: U32
    op_marks: U32
    locations: tuple[Location, ...]

    @property
    def n_constraints(self) -> int:
        """Number of constraints."""
        return len(self.a)

    @property
    def n_public(self) -> int:
        """Number of public inputs."""
        return sum(len(symbol.wires) for symbol in self.symbols if symbol.public)

    @property
    def n_inputs(self) -> int:
        """Number of inputs, public and private."""
        return sum(len(symbol.wires) for symbol in self.symbols)

    @cached_property
    def r1cs(self) -> R1CS:
        """The constraint system."""
        used = self._used_coefficients(self.a, self.b, self.c)
        a, b, c = (_matrix(rows, used) for rows in (self.a, self.b, self.c))
        return R1CS(
            n_wires=self.n_wires,
            n_public=self.n_public,
            n_private_inputs=self.n_inputs - self.n_public,
            n_constraints=self.n_constraints,
            a=a,
            b=b,
            c=c,
            coefficients=self._field_elements(used),
        )

    @cached_property
    def program(self) -> WitnessProgram:
        """The witness program."""
        used = self._used_coefficients(self.pool)
        pool = _matrix(self.pool, used)
        ends = np.cumsum(self.segments[:, 0], dtype=np.uint32)
        starts = ends - self.segments[:, 0]
        return WitnessProgram(
            n_wires=self.n_wires,
            input_names=tuple((symbol.name, len(symbol.wires)) for symbol in self.symbols),
            ops=self.ops,
            segments=np.column_stack([starts, ends, self.segments[:, 1]]).astype(np.uint32),
            lc_indptr=pool.indptr,
            lc_wires=pool.wires,
            lc_coefs=pool.coefs,
            table=self._field_elements(used),
        )

    def assign(self, values: InputValues) -> Fr:
        """The inputs as a Montgomery vector; CircuitError if they do not fit the declaration."""
        return api.fr_from_ints(self.assign_ints(values))

    def assign_ints(self, values: InputValues) -> list[int]:
        """The values of wires 1 … n_inputs; CircuitError if they do not fit the declaration."""
        unknown = set(values) - {symbol.name for symbol in self.symbols}
        if unknown:
            raise CircuitError(f"{self.name} has no input named {sorted(unknown)}")
        assigned: list[int] = []
        for symbol in self.symbols:
            assigned += self._input_values(symbol, values)
        return assigned

    def witness(self, inputs: Fr, threads: int = 0) -> Fr:
        """All wires, from the inputs that `assign` made."""
        return self.program.run(inputs, threads)

    def constraint_place(self, index: int) -> tuple[str, str]:
        """Scope path and source line of a constraint."""
        scope, location = self.constraint_marks[index].tolist()
        return self.scopes.path(scope), str(self.locations[location])

    def op_place(self, index: int) -> tuple[str, str]:
        """Scope path and source line of a witness operation."""
        scope, location = self.op_marks[index].tolist()
        return self.scopes.path(scope), str(self.locations[location])

    def _input_values(self, symbol: InputSymbol, values: InputValues) -> list[int]:
        if symbol.name not in values:
            raise CircuitError(f"{self.name}: input {symbol.name!r} is missing")
        given = values[symbol.name]
        numbers = [given] if isinstance(given, int) else list(given)
        if len(numbers) != len(symbol.wires):
            raise CircuitError(
                f"{self.name}: input {symbol.name!r} has {len(numbers)} values, "
                f"want {len(symbol.wires)}"
            )
        for number in numbers:
            if not 0 <= number < self.modulus:
                raise CircuitError(
                    f"{self.name}: input {symbol.name!r} = {number} is not in [0, {self.modulus})"
                )
        return numbers

    def _used_coefficients(self, *parts: Rows) -> U32:
        """The ids that occur in the rows, rising."""
        occurs = np.zeros(len(self.coefficients), dtype=bool)
        for rows in parts:
            occurs[rows.coefs] = True
        return np.flatnonzero(occurs).astype(np.uint32)

    def _field_elements(self, ids: U32) -> Fr:
        if self.modulus != FR_MODULUS:
            raise CircuitError(f"{self.name} is over modulus {self.modulus}: for tests only")
        return api.fr_from_ints([self.coefficients[i] for i in ids.tolist()])


class CircuitBuilder(Builder):
    """The builder of a whole circuit: the one that may declare inputs."""

    def __init__(self, context: CompileContext, *, name: str) -> None:
        super().__init__(context, name=name)
        self.symbols: list[InputSymbol] = []

    def _declare(self, name: str, count: int | None, *, public: bool) -> list[Wire]:
        if any(symbol.name == name for symbol in self.symbols):
            raise CircuitError(f"input {name!r} is declared twice")
        symbol = InputSymbol(name, self.n_wires, count, public)
        self.symbols.append(symbol)
        self.n_wires += len(symbol.wires)
        return [Wire(self, {wire: 1}) for wire in symbol.wires]


def compile_circuit(
    define: Callable[[Builder], None], name: str = "circuit", *, modulus: int = FR_MODULUS
) -> CompiledCircuit:
    """Run `define` on a fresh builder and compile what it recorded.

    Another `modulus` gives a circuit for the test engine only (small primes allow exhaustive
    tests). CircuitError if a public input is touched by no constraint: its value would then be
    no part of what is proved.
    """
    context = CompileContext(modulus)
    builder = CircuitBuilder(context, name=name)
    define(builder)
    fragment = builder.finish()
    symbols, renumber = _wire_order(builder.symbols, fragment.n_wires)
    body = fragment.body
    compiled = CompiledCircuit(
        name=name,
        modulus=modulus,
        n_wires=fragment.n_wires,
        symbols=symbols,
        a=_renumbered(body.a, renumber),
        b=_renumbered(body.b, renumber),
        c=_renumbered(body.c, renumber),
        pool=_renumbered(body.pool, renumber),
        ops=_renumbered_ops(fragment, renumber),
        segments=body.segments,
        coefficients=tuple(context.coefficients.values),
        scopes=ScopeTree(fragment.scopes, tuple(context.names.values)),
        constraint_marks=body.constraint_marks,
        op_marks=body.op_marks,
        locations=tuple(context.locations.values),
    )
    _refuse_untouched_public_inputs(compiled)
    return compiled


def _wire_order(
    declared: Sequence[InputSymbol], n_wires: int
) -> tuple[tuple[InputSymbol, ...], U32 | None]:
    """Public inputs first, then private, then internal wires: the symbols so placed, and the new
    number of every wire (None if all wires keep theirs)."""
    ordered = sorted(declared, key=lambda symbol: not symbol.public)
    order = [0, *(wire for symbol in ordered for wire in symbol.wires)]
    placed, first = [], 1
    for symbol in ordered:
        placed.append(replace(symbol, first=first))
        first += len(symbol.wires)
    if order == list(range(len(order))):
        return tuple(placed), None
    internal = np.setdiff1d(np.arange(n_wires), order)
    renumber = np.empty(n_wires, dtype=np.uint32)
    renumber[np.concatenate([order, internal])] = np.arange(n_wires)
    return tuple(placed), renumber


def _renumbered(rows: Rows, renumber: U32 | None) -> Rows:
    return rows if renumber is None else replace(rows, wires=renumber[rows.wires])


def _renumbered_ops(fragment: Fragment, renumber: U32 | None) -> I32:
    ops = fragment.body.ops.copy()
    if renumber is not None:
        ops[:, 1] = renumber[ops[:, 1]]
    return ops


def _matrix(rows: Rows, used: U32) -> SparseMatrix:
    """Rows with coefficient ids renumbered to positions in `used` (sorted)."""
    position = np.zeros(int(used[-1]) + 1 if len(used) else 1, dtype=np.uint32)
    position[used] = np.arange(len(used), dtype=np.uint32)
    return SparseMatrix(rows.indptr(), rows.wires, position[rows.coefs])


def _refuse_untouched_public_inputs(compiled: CompiledCircuit) -> None:
    touched = np.zeros(compiled.n_wires, dtype=bool)
    for rows in (compiled.a, compiled.b, compiled.c):
        touched[rows.wires] = True
    for symbol in compiled.symbols:
        if symbol.public and not touched[symbol.first : symbol.wires.stop].all():
            raise CircuitError(
                f"{compiled.name}: no constraint touches public input {symbol.name!r}; "
                "constrain it or drop it"
            )
