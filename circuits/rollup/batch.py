"""A batch: N independent slots between two account roots, the operator's credit, the state roots,
and the public data that all of it stands in.

Public inputs: commitment C, challenge z, evaluation y.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from circuits.frontend import Builder, Wire
from circuits.gadgets.bits import from_bits
from circuits.gadgets.compare import assert_less_or_equal
from circuits.gadgets.range_check import assert_in_range
from circuits.rollup.account import OpeningWires, assert_update, exists, private_opening
from circuits.rollup.globals import GlobalsWires, state_root
from circuits.rollup.public_data import (
    HeaderWires,
    assert_bound,
    assert_widths,
    header_words,
)
from circuits.rollup.slot import SlotInputs, SlotResult, private_slot, slot
from circuits.spec.params import AMOUNT_BITS, TIMESTAMP_BITS, Preset


@dataclass(frozen=True)
class BatchWires:
    """The inputs of a batch, in the order of `BatchInputs.named_inputs`."""

    commitment: Wire
    challenge: Wire
    evaluation: Wire
    rollup_id: Wire
    batch_number: Wire
    timestamp_s: Wire
    previous_timestamp_s: Wire
    message_count_before: Wire
    deposit_count_before: Wire
    account_root_before: Wire
    slots: list[SlotInputs]
    operator: OpeningWires
    account_root_after: Wire


def rollup_circuit(preset: Preset) -> Callable[[Builder], None]:
    """The definition of the circuit of one preset, for `compile_circuit`."""

    def define(b: Builder) -> None:
        batch(b, declare(b, preset))

    return define


def declare(b: Builder, preset: Preset) -> BatchWires:
    """Declare the inputs."""
    return BatchWires(
        commitment=b.public_input("commitment"),
        challenge=b.public_input("challenge"),
        evaluation=b.public_input("evaluation"),
        rollup_id=b.private_input("rollup_id"),
        batch_number=b.private_input("batch_number"),
        timestamp_s=b.private_input("timestamp_s"),
        previous_timestamp_s=b.private_input("previous_timestamp_s"),
        message_count_before=b.private_input("message_count_before"),
        deposit_count_before=b.private_input("deposit_count_before"),
        account_root_before=b.private_input("account_root_before"),
        slots=[private_slot(b, f"slot[{i}]", preset) for i in range(preset.slots)],
        operator=private_opening(b, "operator", preset.tree_depth),
        account_root_after=b.private_input("account_root_after"),
    )


def batch(b: Builder, inputs: BatchWires) -> None:
    """The batch leads from the old to the new state root that its public data name.

    What slots give to the rest of the batch are sums of inputs, so nothing waits for a slot.
    """
    slots: list[SlotResult] = []

    def operator() -> None:
        with b.scope("operator"):
            _credit_operator(b, inputs, b.sum([result.fee_e6 for result in slots]))

    def public_data() -> None:
        with b.scope("globals"):
            header = _header(b, inputs, slots)
            _assert_time_advances(b, inputs)
        with b.scope("public_data"):
            assert_widths(b, header)
            data = header_words(b, header) + [word for result in slots for word in result.words]
            assert_bound(b, data, inputs.commitment, inputs.challenge, inputs.evaluation)

    # Each slot starts at the root that the one before says it reached, so all can run at once.
    roots = [inputs.account_root_before, *(each.root_after for each in inputs.slots)]
    each_slot = [
        lambda root=root, each=each: slots.append(
            slot(b, inputs.rollup_id, inputs.timestamp_s, root, each)
        )
        for root, each in zip(roots, inputs.slots, strict=False)
    ]
    b.lanes([*each_slot, operator, public_data])


def _credit_operator(b: Builder, inputs: BatchWires, fees_e6: Wire) -> None:
    """The fees of all slots go to the operator's account, which must exist if there are any.

    Each fee is below 2^63, so the sum cannot wrap, and it is zero only if all of them are.
    """
    account = inputs.operator.account
    b.assert_product(fees_e6, 1 - exists(b, account), 0)
    after = replace(account, collateral_e6=account.collateral_e6 + fees_e6)
    assert_in_range(b, after.collateral_e6, AMOUNT_BITS)
    last_root = inputs.slots[-1].root_after
    assert_update(b, inputs.operator, after, last_root, inputs.account_root_after)


def _header(b: Builder, inputs: BatchWires, slots: list[SlotResult]) -> HeaderWires:
    """The header; its roots and the counts after the batch are computed, not given."""
    messages = inputs.message_count_before + b.sum([result.sends_message for result in slots])
    deposits = inputs.deposit_count_before + b.sum([result.is_deposit for result in slots])
    before = GlobalsWires(
        inputs.batch_number - 1,
        inputs.previous_timestamp_s,
        inputs.message_count_before,
        inputs.deposit_count_before,
    )
    after = GlobalsWires(inputs.batch_number, inputs.timestamp_s, messages, deposits)
    return HeaderWires(
        rollup_id=inputs.rollup_id,
        old_state_root=state_root(b, inputs.account_root_before, before),
        new_state_root=state_root(b, inputs.account_root_after, after),
        batch_number=inputs.batch_number,
        timestamp_s=inputs.timestamp_s,
        operator_index=from_bits(b, inputs.operator.index_bits),
        message_count_before=inputs.message_count_before,
        message_count_after=messages,
        deposit_count_before=inputs.deposit_count_before,
        deposit_count_after=deposits,
    )


def _assert_time_advances(b: Builder, inputs: BatchWires) -> None:
    """previous_timestamp_s <= timestamp_s, the latter of 64 bits by `assert_widths`."""
    assert_in_range(b, inputs.previous_timestamp_s, TIMESTAMP_BITS)
    assert_less_or_equal(b, inputs.previous_timestamp_s, inputs.timestamp_s, TIMESTAMP_BITS)
