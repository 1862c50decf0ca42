"""The witness virtual machine on plain integers: runs a witness program, wire by wire.

Operations are rows [opcode, dst, a, b, c, imm]; a, b and c name linear combinations (CSR pool),
-1 means none. Operations on a Poseidon state read the imm combinations a, a + 1, … Wire 0 is the
constant 1, wires 1..n_in are the inputs. Segments only say what may run in parallel; here
everything runs in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from native.constants import FR_MODULUS
from native.reference.poseidon_wires import poseidon_wires, powers
from native.reference.square_root import square_root

MAX_BITS = 254


class Opcode(IntEnum):
    """What an operation computes; x, y, z are the values of its combinations a, b, c."""

    LINEAR = 0  # x
    MULADD = 1  # x y + z, or x y when c = -1
    INVERSE_OR_ZERO = 2  # 1/x, or 0
    IS_ZERO = 3  # 1 when x = 0, else 0
    BITS = 4  # imm wires: the low bits of canonical x, least significant first
    DIVIDE = 5  # x/y, or 0 when y = 0
    LESS_THAN = 6  # 1 when x < y as canonical integers, else 0
    DIVMOD = 7  # two wires: quotient and remainder of canonical integers; 0, 0 when y = 0
    SQRT = 8  # the square root that is at most (r-1)/2, or 0
    FIFTH_POWER = 9  # three wires: x², x⁴, x⁵
    POSEIDON = 10  # `poseidon_wires` of a state of imm words after the first S-boxes
    POSEIDON_WORD = 11  # the same, when only word 0 of the result is wanted


STATE_OPCODES = (Opcode.POSEIDON, Opcode.POSEIDON_WORD)
"""Operations that read imm combinations, imm the width of the permutation."""


def _inverse_or_zero(x: int) -> int:
    return pow(x, -1, FR_MODULUS) if x else 0


_RESULTS: dict[Opcode, Callable[[int, int, int, int], Sequence[int]]] = {
    Opcode.LINEAR: lambda x, y, z, imm: (x,),
    Opcode.MULADD: lambda x, y, z, imm: ((x * y + z) % FR_MODULUS,),
    Opcode.INVERSE_OR_ZERO: lambda x, y, z, imm: (_inverse_or_zero(x),),
    Opcode.IS_ZERO: lambda x, y, z, imm: (int(x == 0),),
    Opcode.BITS: lambda x, y, z, imm: [x >> i & 1 for i in range(imm)],
    Opcode.DIVIDE: lambda x, y, z, imm: (x * _inverse_or_zero(y) % FR_MODULUS,),
    Opcode.LESS_THAN: lambda x, y, z, imm: (int(x < y),),
    Opcode.DIVMOD: lambda x, y, z, imm: divmod(x, y) if y else (0, 0),
    Opcode.SQRT: lambda x, y, z, imm: (square_root(x) or 0,),
    Opcode.FIFTH_POWER: lambda x, y, z, imm: powers(x),
}


def witness_run(
    ops: Sequence[Sequence[int]],
    segments: Sequence[Sequence[int]],
    lc_indptr: Sequence[int],
    lc_wires: Sequence[int],
    lc_coefs: Sequence[int],
    table: Sequence[int],
    n_wires: int,
    inputs: Sequence[int],
) -> list[int]:
    """All wire values; `table` and `inputs` are canonical integers here."""
    wires = [1, *inputs] + [0] * (n_wires - 1 - len(inputs))

    def combination(index: int) -> int:
        if index < 0:
            return 0
        terms = range(lc_indptr[index], lc_indptr[index + 1])
        return sum(table[lc_coefs[k]] * wires[lc_wires[k]] for k in terms) % FR_MODULUS

    results: Sequence[int]
    for first, last, _level in segments:
        for opcode, dst, a, b, c, imm in ops[first:last]:
            if opcode in STATE_OPCODES:
                state = [combination(a + i) for i in range(imm)]
                results = poseidon_wires(state, first_word=opcode == Opcode.POSEIDON_WORD)
            else:
                x, y, z = combination(a), combination(b), combination(c)
                results = _RESULTS[Opcode(opcode)](x, y, z, imm)
            wires[dst : dst + len(results)] = results
    return wires
