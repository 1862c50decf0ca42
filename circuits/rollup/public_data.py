"""The public data of a batch as wires, and its binding to the three public inputs.

The words are drawn in `circuits.spec.public_data`; shifts and widths come from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuits.frontend import Builder, Wire, template
from circuits.gadgets.range_check import assert_in_range
from circuits.gadgets.sponge import sponge_hash
from circuits.spec.params import (
    BATCH_NUMBER_BITS,
    DEPOSIT_COUNT_BITS,
    MESSAGE_COUNT_BITS,
    TIMESTAMP_BITS,
)
from circuits.spec.public_data import (
    DEPOSITS_AFTER_SHIFT,
    DEPOSITS_BEFORE_SHIFT,
    MESSAGES_AFTER_SHIFT,
    OPERATOR_SHIFT,
    SPONGE_TAG,
    TIMESTAMP_SHIFT,
)


@dataclass(frozen=True)
class HeaderWires:
    """As `circuits.spec.public_data.BatchHeader`."""

    rollup_id: Wire
    old_state_root: Wire
    new_state_root: Wire
    batch_number: Wire
    timestamp_s: Wire
    operator_index: Wire
    message_count_before: Wire
    message_count_after: Wire
    deposit_count_before: Wire
    deposit_count_after: Wire


_WIDTHS = {
    "batch_number": BATCH_NUMBER_BITS,
    "timestamp_s": TIMESTAMP_BITS,
    "message_count_before": MESSAGE_COUNT_BITS,
    "message_count_after": MESSAGE_COUNT_BITS,
    "deposit_count_before": DEPOSIT_COUNT_BITS,
    "deposit_count_after": DEPOSIT_COUNT_BITS,
}


def assert_widths(b: Builder, header: HeaderWires) -> None:
    """Every packed header field has its width (the operator's index is a sum of path bits)."""
    for name, bits in _WIDTHS.items():
        assert_in_range(b, getattr(header, name), bits)


def header_words(b: Builder, header: HeaderWires) -> list[Wire]:
    """The five header elements. Free."""
    times = b.linear(
        [1, 1 << TIMESTAMP_SHIFT, 1 << OPERATOR_SHIFT],
        [header.batch_number, header.timestamp_s, header.operator_index],
    )
    counts = b.linear(
        [1, 1 << MESSAGES_AFTER_SHIFT, 1 << DEPOSITS_BEFORE_SHIFT, 1 << DEPOSITS_AFTER_SHIFT],
        [
            header.message_count_before,
            header.message_count_after,
            header.deposit_count_before,
            header.deposit_count_after,
        ],
    )
    return [header.rollup_id, header.old_state_root, header.new_state_root, times, counts]


def assert_bound(
    b: Builder, data: Sequence[Wire], commitment: Wire, challenge: Wire, evaluation: Wire
) -> None:
    """The public data hashes to `commitment` and is `evaluation` as a polynomial at `challenge`.

    The verifier derives the challenge from the commitment and from its own copy of the data, and
    the evaluation from that copy. Two different copies agree at a challenge that is fixed after
    both with probability at most len(data) / r.
    """
    with b.scope("commitment"):
        b.assert_equal(sponge_hash(b, data, domain=SPONGE_TAG), commitment)
    b.assert_equal(polynomial(b, list(data), challenge), evaluation)


@template
def polynomial(b: Builder, coefficients: list[Wire], point: Wire) -> Wire:
    """Σ coefficients[i] point^i, by Horner's rule. One constraint for each but the last."""
    *others, value = coefficients
    for coefficient in reversed(others):
        value = b.multiply_add(value, point, coefficient)
    return value
