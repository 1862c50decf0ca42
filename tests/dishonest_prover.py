"""A prover that lies about chosen wires and computes everything after them as the circuit does.

Changing one wire of a finished witness almost always breaks a neighbour. The stronger attack
replaces a hint and lets all later wires follow from it; that is what these functions do.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from circuits.frontend.compile import CompiledCircuit, InputValues
from circuits.frontend.fragment import Op
from circuits.frontend.machine import Machine
from circuits.system.r1cs import Fr
from native import api

# A constraint comes with every one of their outputs; all other operations are hints.
_DEFINED = (Op.LINEAR, Op.MULADD, Op.FIFTH_POWER, Op.POSEIDON, Op.POSEIDON_WORD)


def run_dishonestly(
    compiled: CompiledCircuit, values: InputValues, lies: Mapping[int, int]
) -> list[int]:
    """All wires; those in `lies` (wire: value) take that value as soon as they are computed."""
    machine = Machine(compiled)
    inputs = compiled.assign_ints(values)
    wires = [1, *inputs] + [0] * (compiled.n_wires - 1 - len(inputs))
    for op in machine.ops:
        for wire, output in enumerate(machine.outputs(op, wires.__getitem__), start=op[1]):
            wires[wire] = lies.get(wire, output)
    return wires


def hint_wires(compiled: CompiledCircuit) -> list[tuple[int, str]]:
    """Every wire written by a hint, with its scope."""
    found = []
    for number, (code, first, *_, imm) in enumerate(compiled.ops.tolist()):
        if code not in _DEFINED:
            scope = compiled.op_place(number)[0]
            count = imm if code == Op.BITS else 2 if code == Op.DIVMOD else 1
            found += [(first + i, scope) for i in range(count)]
    return found


def hints_in(compiled: CompiledCircuit, scope: str) -> list[int]:
    """The wires written by hints in scopes that contain `scope`."""
    return [wire for wire, place in hint_wires(compiled) if scope in place]


def violations(compiled: CompiledCircuit, witness: list[int] | Fr) -> list[str]:
    """The scope of every constraint that the witness breaks."""
    values = api.fr_from_ints(witness) if isinstance(witness, list) else witness
    a, b, c = compiled.r1cs.products(values)
    broken = np.flatnonzero((api.fr_mul(a, b) != c).any(axis=1))
    return [compiled.constraint_place(index)[0] for index in broken.tolist()]
