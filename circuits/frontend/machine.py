"""The witness program on plain ints, one operation at a time, over any prime modulus.

Over BN254 it must agree with `native.api.witness_run`; small primes serve exhaustive tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from circuits.frontend.compile import CompiledCircuit
from circuits.frontend.errors import CircuitError
from circuits.frontend.fragment import Op
from circuits.frontend.rows import Rows
from native.constants import FR_MODULUS
from native.reference.poseidon_wires import poseidon_wires, powers
from native.reference.witness import STATE_OPCODES

Terms = list[tuple[int, int]]


class Machine:
    """A compiled circuit's operations and combinations as Python lists."""

    def __init__(self, compiled: CompiledCircuit) -> None:
        self.modulus = compiled.modulus
        self.ops: list[list[int]] = compiled.ops.tolist()
        self._pool = TermRows(compiled.pool, compiled.coefficients)
        self._n_wires = compiled.n_wires

    def run(self, inputs: Sequence[int], lies: Mapping[int, int] | None = None) -> list[int]:
        """All wires, for the values of wires 1 … len(inputs). The wires in `lies` get the values
        given there instead of what their operation says, and later operations use them."""
        wires = [1, *inputs] + [0] * (self._n_wires - 1 - len(inputs))
        for op in self.ops:
            outputs = self.outputs(op, wires.__getitem__, lies)
            wires[op[1] : op[1] + len(outputs)] = outputs
        return wires

    def outputs(
        self, op: Sequence[int], value: Callable[[int], int], lies: Mapping[int, int] | None = None
    ) -> list[int]:
        """What an operation writes to wires dst, dst + 1, …, given the value of every wire.

        The wires in `lies` get the values given there, and later outputs of the same operation
        that are computed from them follow.
        """
        code, dst, a, b, c, imm = op

        def keep(offset: int, output: int) -> int:
            return lies.get(dst + offset, output) if lies else output

        if code in STATE_OPCODES:
            if self.modulus != FR_MODULUS:
                raise CircuitError(f"Poseidon has no parameters over modulus {self.modulus}")
            state = [self._evaluated(a + i, value) for i in range(imm)]
            return poseidon_wires(state, first_word=code == Op.POSEIDON_WORD, keep=keep)
        x, y, z = (self._evaluated(index, value) for index in (a, b, c))
        if code == Op.FIFTH_POWER:
            return powers(x, self.modulus, keep)
        outputs = _outputs(Op(code), x, y, z, imm, self.modulus)
        return [keep(offset, output) for offset, output in enumerate(outputs)]

    def _evaluated(self, index: int, value: Callable[[int], int]) -> int:
        if index < 0:
            return 0
        return evaluated(self._pool[index], value, self.modulus)


def evaluated(terms: Terms, value: Callable[[int], int], modulus: int) -> int:
    """Σ coefficient · value(wire)."""
    return sum(coef * value(wire) for wire, coef in terms) % modulus


class TermRows:
    """Rows as lists of (wire, coefficient), made when they are asked for."""

    def __init__(self, rows: Rows, coefficients: Sequence[int]) -> None:
        self._rows = rows
        self._bounds = rows.indptr().tolist()
        self._coefficients = coefficients
        self._made: dict[int, Terms] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> Terms:
        made = self._made.get(row)
        if made is None:
            made = self._made[row] = self._terms(row)
        return made

    def __iter__(self) -> Iterator[Terms]:
        """All rows, none of them kept."""
        return map(self._terms, range(len(self)))

    def _terms(self, row: int) -> Terms:
        place = slice(self._bounds[row], self._bounds[row + 1])
        ids = self._rows.coefs[place].tolist()
        coefs = map(self._coefficients.__getitem__, ids)
        return list(zip(self._rows.wires[place].tolist(), coefs, strict=True))


def _outputs(op: Op, x: int, y: int, z: int, imm: int, modulus: int) -> list[int]:
    match op:
        case Op.LINEAR:
            return [x]
        case Op.MULADD:
            return [(x * y + z) % modulus]
        case Op.INVERSE_OR_ZERO:
            return [_inverse_or_zero(x, modulus)]
        case Op.IS_ZERO:
            return [int(x == 0)]
        case Op.BITS:
            return [x >> i & 1 for i in range(imm)]
        case Op.DIVIDE:
            return [x * _inverse_or_zero(y, modulus) % modulus]
        case Op.LESS_THAN:
            return [int(x < y)]
        case Op.DIVMOD:
            return list(divmod(x, y)) if y else [0, 0]
        case Op.SQRT:
            return [_square_root_or_zero(x, modulus)]
        case _:
            raise AssertionError(f"{op.name} has its own branch in Machine.outputs")


def _inverse_or_zero(value: int, modulus: int) -> int:
    return pow(value, -1, modulus) if value else 0


def _square_root_or_zero(value: int, modulus: int) -> int:
    """The root that is at most (modulus - 1) / 2, by Tonelli and Shanks; 0 if there is none."""
    if value == 0 or pow(value, (modulus - 1) // 2, modulus) != 1:
        return 0
    twos = ((modulus - 1) & -(modulus - 1)).bit_length() - 1
    odd = (modulus - 1) >> twos
    non_residue = next(n for n in range(2, modulus) if pow(n, (modulus - 1) // 2, modulus) != 1)
    generator, order = pow(non_residue, odd, modulus), twos
    root, rest = pow(value, (odd + 1) // 2, modulus), pow(value, odd, modulus)
    while rest != 1:
        least = next(i for i in range(1, order) if pow(rest, 1 << i, modulus) == 1)
        step = pow(generator, 1 << (order - least - 1), modulus)
        generator, order = step * step % modulus, least
        root, rest = root * step % modulus, rest * generator % modulus
    return min(root, modulus - root)
