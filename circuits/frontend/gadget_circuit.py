"""A circuit around one gadget, for its tests and its pinned cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from circuits.frontend.builder import Builder
from circuits.frontend.compile import CompiledCircuit, compile_circuit
from circuits.frontend.engine import is_satisfied
from circuits.frontend.fragment import Op
from circuits.frontend.machine import Machine, TermRows, Terms, evaluated
from circuits.frontend.structure import flatten
from circuits.system.witness_program import output_counts
from native.constants import FR_MODULUS


@dataclass(frozen=True)
class GadgetCircuit:
    """A gadget over private inputs `x`; the wires it returns are claimed as public inputs `out`,
    by one last constraint each, so that a test can claim an output and see it refused."""

    compiled: CompiledCircuit
    n_outputs: int

    @property
    def cost(self) -> int:
        """Constraints of the gadget itself."""
        return self.compiled.n_constraints - self.n_outputs

    def witness(
        self,
        inputs: Sequence[int],
        outputs: Sequence[int] | None = None,
        *,
        lies: Mapping[int, int] | None = None,
    ) -> list[int]:
        """All wires; the operations are honest but for `lies` (wire -> value). Outputs None claims
        whatever then comes out."""
        machine = Machine(self.compiled)
        if outputs is None:
            outputs = self.outputs(machine.run(self._assigned(inputs, [0] * self.n_outputs), lies))
        return machine.run(self._assigned(inputs, outputs), lies)

    def honest_outputs(self, inputs: Sequence[int]) -> list[int]:
        """What the gadget computes with honest hints (whether or not its constraints hold)."""
        return self.outputs(self.witness(inputs, [0] * self.n_outputs))

    def accepts(
        self,
        inputs: Sequence[int],
        outputs: Sequence[int] | None = None,
        *,
        lies: Mapping[int, int] | None = None,
    ) -> bool:
        """Whether the constraints hold for that `witness`."""
        return is_satisfied(self.compiled, self.witness(inputs, outputs, lies=lies))

    def hints(self, op: Op) -> list[range]:
        """The output wires of every hint of one kind, in order."""
        counts = output_counts(self.compiled.ops).tolist()
        return [
            range(row[1], row[1] + count)
            for row, count in zip(self.compiled.ops.tolist(), counts, strict=True)
            if row[0] == op
        ]

    def outputs(self, witness: Sequence[int]) -> list[int]:
        """The returned wires' values: each claim's constraint is 0 · 0 = claim - output."""
        rows = TermRows(self.compiled.c, self.compiled.coefficients)
        claims = [rows[index] for index in range(self.cost, len(rows))]
        modulus = self.compiled.modulus
        claimed = witness[1 : 1 + self.n_outputs]
        return [
            (claim - evaluated(terms, witness.__getitem__, modulus)) % modulus
            for claim, terms in zip(claimed, claims, strict=True)
        ]

    def all_witnesses(self, inputs: Sequence[int]) -> Iterator[list[int]]:
        """Every witness that satisfies the gadget for these inputs, whatever its operations say:
        for small moduli. Each wire is tried value by value and dropped with the first constraint
        that fails; claims are ignored (`outputs` tells what a witness yields)."""
        search = _Search(self)
        start = self._assigned(inputs, [0] * self.n_outputs)
        yield from search.extend([1, *start] + [0] * (self.compiled.n_wires - 1 - len(start)))

    def _assigned(self, inputs: Sequence[int], outputs: Sequence[int]) -> list[int]:
        claims = {"out": outputs} if self.n_outputs else {}
        return self.compiled.assign_ints({"x": inputs, **claims})


def gadget_circuit(
    gadget: Callable[..., Any], n_inputs: int, *, modulus: int = FR_MODULUS, **statics: Any
) -> GadgetCircuit:
    """The circuit of `gadget(b, *inputs, **statics)`."""
    n_outputs = 0

    def define(b: Builder) -> None:
        nonlocal n_outputs
        inputs = b.private_inputs("x", n_inputs)
        returned, _ = flatten(gadget(b, *inputs, **statics))
        n_outputs = len(returned)
        claims = b.public_inputs("out", n_outputs) if returned else []
        for claim, output in zip(claims, returned, strict=True):
            b.assert_equal(claim, output)

    compiled = compile_circuit(define, gadget.__name__, modulus=modulus)
    return GadgetCircuit(compiled, n_outputs)


class _Search:
    """Depth-first search over the wires in order, every constraint asked at its last wire."""

    def __init__(self, circuit: GadgetCircuit) -> None:
        compiled = circuit.compiled
        self._modulus = compiled.modulus
        self._n_wires = compiled.n_wires
        self._first_internal = 1 + compiled.n_inputs
        matrices = (compiled.a, compiled.b, compiled.c)
        rows = [TermRows(matrix, compiled.coefficients) for matrix in matrices]
        self._constraints_at: dict[int, list[tuple[Terms, Terms, Terms]]] = {}
        for a, b, c in list(zip(*rows, strict=True))[: circuit.cost]:
            last = max((wire for terms in (a, b, c) for wire, _ in terms), default=0)
            self._constraints_at.setdefault(last, []).append((a, b, c))

    def extend(self, wires: list[int], wire: int = 0) -> Iterator[list[int]]:
        """All valid completions of wires[:wire]."""
        if wire == self._n_wires:
            yield list(wires)
            return
        is_free = wire >= self._first_internal
        constraints = self._constraints_at.get(wire, [])
        for value in range(self._modulus) if is_free else [wires[wire]]:
            wires[wire] = value
            if all(self._holds(constraint, wires) for constraint in constraints):
                yield from self.extend(wires, wire + 1)

    def _holds(self, constraint: tuple[Terms, Terms, Terms], wires: list[int]) -> bool:
        a, b, c = (evaluated(terms, wires.__getitem__, self._modulus) for terms in constraint)
        return (a * b - c) % self._modulus == 0


__all__ = ["GadgetCircuit", "gadget_circuit"]
