"""A circuit around one gadget, for its tests and its pinned cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from circuits.frontend.builder import Builder
from circuits.frontend.compile import CompiledCircuit, compile_circuit
from circuits.frontend.engine import is_satisfied
from circuits.frontend.findings import writers
from circuits.frontend.fragment import HINTS, Op
from circuits.frontend.machine import Machine, Terms, evaluated, term_lists
from circuits.frontend.structure import flatten
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

    def witness(self, inputs: Sequence[int], outputs: Sequence[int] | None = None) -> list[int]:
        """All wires with honest hints; outputs None claims what the gadget computes."""
        machine = Machine(self.compiled)
        if outputs is None:
            outputs = self.outputs(machine.run(self._assigned(inputs, [0] * self.n_outputs)))
        return machine.run(self._assigned(inputs, outputs))

    def honest_outputs(self, inputs: Sequence[int]) -> list[int]:
        """What the gadget computes with honest hints (whether or not its constraints hold)."""
        return self.outputs(self.witness(inputs, [0] * self.n_outputs))

    def accepts(self, inputs: Sequence[int], outputs: Sequence[int] | None = None) -> bool:
        """Whether the constraints hold with honest hints, for the claimed or computed outputs."""
        return is_satisfied(self.compiled, self.witness(inputs, outputs))

    def outputs(self, witness: Sequence[int]) -> list[int]:
        """The returned wires' values: each claim's constraint is 0 · 0 = claim - output."""
        claims = term_lists(self.compiled.c, self.compiled.coefficients)[self.cost :]
        modulus = self.compiled.modulus
        claimed = witness[1 : 1 + self.n_outputs]
        return [
            (claim - evaluated(terms, witness.__getitem__, modulus)) % modulus
            for claim, terms in zip(claimed, claims, strict=True)
        ]

    def all_witnesses(self, inputs: Sequence[int]) -> Iterator[list[int]]:
        """Every witness that satisfies the gadget for these inputs, whatever the hints: for small
        moduli. Hint outputs are tried value by value, and dropped with the first constraint that
        fails; claims are ignored (`outputs` tells what a witness yields)."""
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
        self._machine = Machine(compiled)
        self._modulus = compiled.modulus
        self._n_wires = compiled.n_wires
        self._writer = writers(compiled).tolist()
        matrices = (compiled.a, compiled.b, compiled.c)
        rows = [term_lists(matrix, compiled.coefficients) for matrix in matrices]
        self._constraints_at: dict[int, list[tuple[Terms, Terms, Terms]]] = {}
        for a, b, c in list(zip(*rows, strict=True))[: circuit.cost]:
            last = max((wire for terms in (a, b, c) for wire, _ in terms), default=0)
            self._constraints_at.setdefault(last, []).append((a, b, c))

    def extend(self, wires: list[int], wire: int = 0) -> Iterator[list[int]]:
        """All valid completions of wires[:wire]."""
        if wire == self._n_wires:
            yield list(wires)
            return
        for value in self._candidates(wires, wire):
            wires[wire] = value
            if all(self._holds(constraint, wires) for constraint in self._at(wire)):
                yield from self.extend(wires, wire + 1)

    def _candidates(self, wires: list[int], wire: int) -> Sequence[int]:
        if self._writer[wire] < 0:
            return [wires[wire]]
        op = self._machine.ops[self._writer[wire]]
        if Op(op[0]) in HINTS:
            return range(self._modulus)
        return self._machine.outputs(op, wires.__getitem__)

    def _at(self, wire: int) -> list[tuple[Terms, Terms, Terms]]:
        return self._constraints_at.get(wire, [])

    def _holds(self, constraint: tuple[Terms, Terms, Terms], wires: list[int]) -> bool:
        a, b, c = (evaluated(terms, wires.__getitem__, self._modulus) for terms in constraint)
        return (a * b - c) % self._modulus == 0


__all__ = ["GadgetCircuit", "gadget_circuit"]
