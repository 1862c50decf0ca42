"""The builder: records constraints and the operations that compute their witness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from circuits.frontend.context import CompileContext
from circuits.frontend.errors import CircuitError
from circuits.frontend.fragment import SEQUENTIAL, Block, Fragment, Op, join_blocks
from circuits.frontend.rows import RowsDraft
from circuits.frontend.scopes import ROOT_SCOPE, ScopeDraft
from circuits.frontend.stencil import Stencil
from circuits.frontend.wire import ONE_WIRE, Wire, linear_sum

NO_COMBINATION = -1


class Recorder:
    """The bookkeeping below `Builder`: wires, draft rows, blocks, scopes, lanes."""

    def __init__(self, context: CompileContext, *, name: str, n_formals: int = 0) -> None:
        self.context = context
        self.modulus = context.modulus
        self.n_formals = n_formals
        self.n_wires = 1 + n_formals
        self._scopes = ScopeDraft(context.names, name)
        self._scope = ROOT_SCOPE
        self._blocks: list[Block] = []
        self._a, self._b, self._c, self._pool = (RowsDraft(context.coefficients) for _ in range(4))
        self._ops: list[int] = []
        self._constraint_marks: list[int] = []
        self._op_marks: list[int] = []
        self._n_pool = 0
        self._single_wires: dict[int, int] = {}
        self._lane = (SEQUENTIAL, 0)
        self._n_lane_groups = 0

    def constrain(self, a: dict[int, int], b: dict[int, int], c: dict[int, int]) -> None:
        """Record the constraint A · B = C as it stands."""
        self._a.append(a)
        self._b.append(b)
        self._c.append(c)
        self._constraint_marks += (self._scope, self.context.caller_location())

    def emit(self, op: Op, inputs: Sequence[Wire], *, n_outputs: int = 1, imm: int = 0) -> int:
        """Record an operation on fresh wires; returns the first of them."""
        pooled = [self._pooled(wire.terms) for wire in inputs]
        pooled += [NO_COMBINATION] * (3 - len(pooled))
        first = self.n_wires
        self.n_wires += n_outputs
        self._ops += (op, first, *pooled, imm)
        self._op_marks += (self._scope, self.context.caller_location())
        return first

    def stamp(self, stencil: Stencil, wires: Sequence[int]) -> int:
        """Place a copy of a specialised template; returns the base of its internal wires."""
        self._flush()
        base = self.n_wires
        scope = self._scopes.graft(self._scope, stencil.scopes)
        block = stencil.block(
            wires=wires, base=base, pool_base=self._n_pool, scope_base=scope, lane=self._lane
        )
        self._blocks.append(block)
        self.n_wires += stencil.n_internal
        self._n_pool += len(block.pool)
        return base

    @contextmanager
    def scope(self, name: str) -> Iterator[None]:
        """Name the constraints recorded inside the `with`."""
        outer, self._scope = self._scope, self._scopes.add(self._scope, name)
        try:
            yield
        finally:
            self._scope = outer

    def finish(self) -> Fragment:
        """Everything recorded, joined."""
        self._flush()
        if not self._blocks:
            self._flush(even_if_empty=True)
        body = join_blocks(self._blocks)
        return Fragment(self.n_formals, self.n_wires, body, self._scopes.finish())

    def _pooled(self, terms: dict[int, int]) -> int:
        """The number of a linear combination in the pool; lone wires are shared."""
        single = next(iter(terms)) if len(terms) == 1 else None
        if single is not None and terms[single] == 1:
            known = self._single_wires.get(single)
            if known is not None:
                return known
            self._single_wires[single] = self._n_pool
        self._pool.append(terms)
        self._n_pool += 1
        return self._n_pool - 1

    def _flush(self, *, even_if_empty: bool = False) -> None:
        """Close the draft: what was recorded since the last flush becomes a block."""
        if not (even_if_empty or self._ops or len(self._a) or len(self._pool)):
            return
        n_ops = len(self._ops) // 6
        self._blocks.append(
            Block(
                a=self._a.take(),
                b=self._b.take(),
                c=self._c.take(),
                pool=self._pool.take(),
                ops=np.array(self._ops, dtype=np.int32).reshape(-1, 6),
                constraint_marks=np.array(self._constraint_marks, dtype=np.uint32).reshape(-1, 2),
                op_marks=np.array(self._op_marks, dtype=np.uint32).reshape(-1, 2),
                segments=np.array([[n_ops, 0]], dtype=np.uint32),
                lane_group=self._lane[0],
                lane=self._lane[1],
            )
        )
        self._ops, self._constraint_marks, self._op_marks = [], [], []

    def _run_lanes(self, lanes: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run each callable in a lane of its own (inside a lane, lanes are one sequence)."""
        if self._lane[0] != SEQUENTIAL:
            return [lane() for lane in lanes]
        self._flush()
        group, results = self._n_lane_groups, []
        self._n_lane_groups += 1
        try:
            for number, lane in enumerate(lanes):
                self._lane = (group, number)
                results.append(lane())
                self._flush()
        finally:
            self._lane = (SEQUENTIAL, 0)
        return results


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
        calls = [
            lambda arguments=arguments: gadget(self, *arguments, **statics)
            for arguments in argument_lists
        ]
        return self._run_lanes(calls)
