"""The values inside a Poseidon permutation, in the order in which a circuit numbers them.

From after the S-boxes of the first round on, there are for each S-box, word by word, three values:

    full rounds     x², x⁴, x⁵
    partial rounds  x², x⁴ and the next word 0 (after matrix and constants of the next round)
    last round      x², x⁴, x⁵; if only word 0 is wanted, the last S-box has x², x⁴ and that word

Each value passes `keep(position, value)` before it is used: a dishonest prover puts another value
there, and all that follows is computed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import mul

from native.constants import FR_MODULUS
from native.reference.poseidon import MAX_WIDTH, MIN_WIDTH, ROUNDS_FULL, ROUNDS_PARTIAL, parameters

Keep = Callable[[int, int], int]
WIRES_A_BOX = 3


def n_wires(t: int) -> int:
    """How many values there are for width t; 0 for a t that is no width."""
    if not MIN_WIDTH <= t <= MAX_WIDTH:
        return 0
    return WIRES_A_BOX * ((ROUNDS_FULL - 1) * t + ROUNDS_PARTIAL[t - MIN_WIDTH])


def honest(position: int, value: int) -> int:
    """The `keep` that keeps every value."""
    return value


def powers(x: int, modulus: int = FR_MODULUS, keep: Keep = honest) -> list[int]:
    """x², x⁴, x⁵."""
    square = keep(0, x * x % modulus)
    fourth = keep(1, square * square % modulus)
    return [square, fourth, keep(2, fourth * x % modulus)]


def poseidon_wires(boxed: Sequence[int], *, first_word: bool, keep: Keep = honest) -> list[int]:
    """The values, for the state after the first S-boxes; `first_word`: only word 0 is wanted."""
    return _Trace(len(boxed), keep).run(list(boxed), first_word)


class _Trace:
    def __init__(self, t: int, keep: Keep) -> None:
        self._t, self._keep = t, keep
        self._constants, self._matrix, self._full, self._partial = parameters(t)
        self._round = 0
        self._wires: list[int] = []

    def run(self, boxed: list[int], first_word: bool) -> list[int]:
        half = self._full // 2
        state = self._mixed(boxed)
        for _ in range(half - 1):
            state = self._mixed([self._box(x) for x in state])
        for _ in range(self._partial):
            state = self._partial_round(state)
        for _ in range(half - 1):
            state = self._mixed([self._box(x) for x in state])
        if first_word:
            self._last_word(state)
        else:
            for x in state:
                self._box(x)
        return self._wires

    def _put(self, value: int) -> int:
        kept = self._keep(len(self._wires), value % FR_MODULUS)
        self._wires.append(kept)
        return kept

    def _fourth(self, x: int) -> int:
        square = self._put(x * x)
        return self._put(square * square)

    def _box(self, x: int) -> int:
        return self._put(self._fourth(x) * x)

    def _mixed(self, boxed: list[int]) -> list[int]:
        """The matrix, then the constants of the next round."""
        self._round += 1
        constants = self._constants[self._round * self._t :]
        rows = (sum(map(mul, row, boxed)) for row in self._matrix)
        return [(x + c) % FR_MODULUS for x, c in zip(rows, constants, strict=False)]

    def _partial_round(self, state: list[int]) -> list[int]:
        """Word 0 comes first; the S-box output that the other words see is the one it implies."""
        corner = self._matrix[0][0]
        fourth = self._fourth(state[0])
        following, *_ = honest_words = self._mixed([fourth * state[0], *state[1:]])
        error = self._put(following) - following
        column = [row[0] * error * pow(corner, -1, FR_MODULUS) for row in self._matrix]
        return [(x + e) % FR_MODULUS for x, e in zip(honest_words, column, strict=True)]

    def _last_word(self, state: list[int]) -> None:
        *others, last = state
        *row, corner = self._matrix[0]
        rest = sum(map(mul, row, [self._box(x) for x in others]))
        self._put(self._fourth(last) * last * corner + rest)
