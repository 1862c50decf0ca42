"""The builder: what circuits and gadgets are written against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from circuits.frontend.errors import CircuitError
from circuits.frontend.fragment import Op
from circuits.frontend.recorder import Recorder
from circuits.frontend.wire import ONE_WIRE, Wire, linear_sum
from native.constants import FR_MODULUS
from native.reference.poseidon_wires import n_wires


class Builder(Recorder):
    """What a circuit or gadget is written against.

    Every method says which constraints it adds. Methods ending in `_hint` add none: they compute
    a value that the caller must constrain.
    """

    # -- values ---------------------------------------------------------------------------------

    def constant(self, value: int) -> Wire:
        """A constant. Free."""
        value %= self.modulus
        return Wire(self, {ONE_WIRE: value} if value else {})

    def wire(self, value: Wire | int) -> Wire:
        """`value` as a wire of this builder. Free."""
        if isinstance(value, Wire):
            self.require_own(value)
            return value
        return self.constant(value)

    def sum(self, wires: Sequence[Wire]) -> Wire:
        """Σ wires. Free, and faster than repeated `+`."""
        return linear_sum(self, wires)

    def linear(self, coefficients: Sequence[int], wires: Sequence[Wire]) -> Wire:
        """Σ coefficients[i] · wires[i]. Free."""
        totals: dict[int, int] = {}
        for factor, wire in zip(coefficients, wires, strict=True):
            self.require_own(wire)
            for variable, coef in wire.terms.items():
                totals[variable] = totals.get(variable, 0) + factor * coef
        reduced = ((variable, total % self.modulus) for variable, total in totals.items())
        return Wire(self, {variable: total for variable, total in reduced if total})

    def require_own(self, wire: Wire) -> None:
        """Refuse a wire of another builder: templates see the outside through arguments only."""
        if wire.builder is not self:
            raise CircuitError(
                "a wire of another template or circuit is used here; pass it as an argument"
            )

    # -- inputs (top level only) ----------------------------------------------------------------

    def public_input(self, name: str) -> Wire:
        """A public input."""
        return self._declare(name, None, public=True)[0]

    def public_inputs(self, name: str, count: int) -> list[Wire]:
        """`count` public inputs under one name."""
        return self._declare(name, count, public=True)

    def private_input(self, name: str) -> Wire:
        """A private input."""
        return self._declare(name, None, public=False)[0]

    def private_inputs(self, name: str, count: int) -> list[Wire]:
        """`count` private inputs under one name."""
        return self._declare(name, count, public=False)

    def _declare(self, name: str, count: int | None, *, public: bool) -> list[Wire]:
        raise CircuitError(f"input {name!r} is declared inside a template; declare it at the top")

    # -- constraints ----------------------------------------------------------------------------

    def assert_equal(self, left: Wire | int, right: Wire | int) -> None:
        """left = right. One constraint, 0 · 0 = left - right, which leaves the columns A and B
        empty; none (or a CircuitError) if the difference is constant."""
        difference = self.wire(left) - right
        if difference.is_constant:
            self._require_zero(difference.constant_value, "assert_equal")
            return
        self.constrain({}, {}, difference.terms)

    def assert_product(self, left: Wire | int, right: Wire | int, product: Wire | int) -> None:
        """left · right = product. One constraint; assert_equal if a factor is constant."""
        a, b, c = self.wire(left), self.wire(right), self.wire(product)
        if a.is_constant:
            self.assert_equal(b.scaled(a.constant_value), c)
        elif b.is_constant:
            self.assert_equal(a.scaled(b.constant_value), c)
        else:
            self.constrain(a.terms, b.terms, c.terms)

    def assert_boolean(self, wire: Wire | int) -> None:
        """wire · (wire - 1) = 0. One constraint; none (or a CircuitError) for a constant."""
        value = self.wire(wire)
        if value.is_constant:
            constant = value.constant_value
            self._require_zero(constant * (constant - 1) % self.modulus, "assert_boolean")
            return
        self.constrain(value.terms, (value - 1).terms, {})

    def multiply(self, left: Wire, right: Wire) -> Wire:
        """left · right on a fresh wire. One constraint; none if a factor is constant."""
        return self.multiply_add(left, right, 0)

    def multiply_add(self, left: Wire | int, right: Wire | int, addend: Wire | int) -> Wire:
        """w = left · right + addend on a fresh wire, by the one constraint
        left · right = w - addend. A long `addend` costs nothing in the columns A and B.
        Free (and no fresh wire) if a factor is constant."""
        a, b, d = self.wire(left), self.wire(right), self.wire(addend)
        if a.is_constant:
            return b.scaled(a.constant_value) + d
        if b.is_constant:
            return a.scaled(b.constant_value) + d
        inputs = [a, b, d] if d.terms else [a, b]
        result = Wire(self, {self.emit(Op.MULADD, inputs): 1})
        self.constrain(a.terms, b.terms, (result - d).terms)
        return result

    def materialize(self, combination: Wire | int) -> Wire:
        """A fresh single wire equal to the combination. One constraint, 0 · 0 = value - wire."""
        value = self.wire(combination)
        result = Wire(self, {self.emit(Op.LINEAR, [value]): 1})
        self.constrain({}, {}, (value - result).terms)
        return result

    def _require_zero(self, value: int, what: str) -> None:
        if value:
            raise CircuitError(f"{what} on constants is false: it is off by {value}")

    # -- hints: values without constraints --------------------------------------------------------

    def inverse_or_zero(self, value: Wire) -> Wire:
        """HINT: 1 / value, or 0 for 0."""
        return self._hint(Op.INVERSE_OR_ZERO, value)[0]

    def is_zero_hint(self, value: Wire) -> Wire:
        """HINT: 1 if value is 0, else 0."""
        return self._hint(Op.IS_ZERO, value)[0]

    def bits_hint(self, value: Wire, n_bits: int) -> list[Wire]:
        """HINT: the low `n_bits` bits of the canonical value, least significant first."""
        if not 0 < n_bits <= self.modulus.bit_length():
            raise CircuitError(f"bits_hint: {n_bits} bits, want 1 to {self.modulus.bit_length()}")
        return self._hint(Op.BITS, value, n_outputs=n_bits, imm=n_bits)

    def divide_hint(self, dividend: Wire, divisor: Wire) -> Wire:
        """HINT: dividend / divisor in the field, or 0 for divisor 0."""
        return self._hint(Op.DIVIDE, dividend, divisor)[0]

    def less_than_hint(self, left: Wire, right: Wire) -> Wire:
        """HINT: 1 if left < right as canonical integers, else 0."""
        return self._hint(Op.LESS_THAN, left, right)[0]

    def divmod_hint(self, dividend: Wire, divisor: Wire) -> tuple[Wire, Wire]:
        """HINT: quotient and remainder of the canonical integers; (0, 0) for divisor 0."""
        quotient, remainder = self._hint(Op.DIVMOD, dividend, divisor, n_outputs=2)
        return quotient, remainder

    def sqrt_hint(self, value: Wire) -> Wire:
        """HINT: the square root with canonical value ≤ (modulus - 1) / 2, or 0 if none exists."""
        return self._hint(Op.SQRT, value)[0]

    def fifth_power_hint(self, value: Wire) -> list[Wire]:
        """HINT: value², value⁴, value⁵."""
        return self._hint(Op.FIFTH_POWER, value, n_outputs=3)

    def poseidon_hint(self, boxed: Sequence[Wire], *, first_word: bool) -> list[Wire]:
        """HINT: all values that `native.reference.poseidon_wires` lists for a Poseidon state after
        the S-boxes of the first round."""
        if self.modulus != FR_MODULUS:
            raise CircuitError(f"Poseidon has no parameters over modulus {self.modulus}")
        count = n_wires(len(boxed))
        if not count:
            raise CircuitError(f"poseidon_hint: no width is {len(boxed)}")
        op = Op.POSEIDON_WORD if first_word else Op.POSEIDON
        first = self.emit_on_state(op, [self.wire(word) for word in boxed], n_outputs=count)
        return [Wire(self, {first + i: 1}) for i in range(count)]

    def _hint(self, op: Op, *inputs: Wire, n_outputs: int = 1, imm: int = 0) -> list[Wire]:
        own = [self.wire(wire) for wire in inputs]
        first = self.emit(op, own, n_outputs=n_outputs, imm=imm)
        return [Wire(self, {first + i: 1}) for i in range(n_outputs)]

    # -- parallelism ------------------------------------------------------------------------------

    def parallel(
        self, gadget: Callable[..., Any], argument_lists: Sequence[Sequence[Any]], **statics: Any
    ) -> list[Any]:
        """Call `gadget(b, *arguments, **statics)` for each argument list. The calls cannot see
        each other's results, so their witnesses are computed on several threads."""
        return self.lanes([partial(gadget, self, *each, **statics) for each in argument_lists])

    def lanes(self, parts: Sequence[Callable[[], Any]]) -> list[Any]:
        """Call each part, in order. Their witnesses are computed on several threads, so a part may
        use inputs, earlier wires and sums of them, but no wire that another part computes."""
        return self._run_lanes(parts)
