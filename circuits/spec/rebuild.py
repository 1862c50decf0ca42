"""The state from posted data alone: what an outsider does with the calldata of every batch.

Nothing is verified but the roots, which a proof covered: signatures, nonces and expiries are not
posted. Every transaction that A signed advances A's nonce by one, so nonces are recovered too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from circuits.spec.globals import GENESIS, Globals, state_root
from circuits.spec.params import Preset
from circuits.spec.public_data import BatchHeader, decode
from circuits.spec.refusal import PublicDataError
from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions import TRANSACTIONS
from circuits.spec.tree import AccountTree, MemoryTree
from circuits.spec.types import TransactionType

_SOURCE = "rebuild"


@dataclass(frozen=True)
class State:
    """A whole rollup state."""

    tree: AccountTree
    globals_: Globals

    @property
    def root(self) -> int:
        """The state root."""
        return state_root(self.tree.root, self.globals_)


def rebuild(batches: Iterable[Sequence[int]], preset: Preset) -> State:
    """The state after the given public data, from genesis; PublicDataError where roots disagree."""
    state = State(MemoryTree(preset.tree_depth), GENESIS)
    for data in batches:
        state = replay(state, data, preset)
    return state


def replay(state: State, data: Sequence[int], preset: Preset) -> State:
    """The state after one more batch (the tree is changed in place)."""
    header, slots = decode(data, preset)
    name = f"batch {header.batch_number}"
    if header.old_state_root != state.root:
        raise PublicDataError(_SOURCE, name, "it does not start at the root reached so far")
    if not _follows(header, state.globals_, slots):
        raise PublicDataError(_SOURCE, name, "its number, time or counts do not follow")
    for fields in slots:
        _replay_slot(state.tree, fields, name)
    _credit(state.tree, header.operator_index, sum(fields.fee_e6 for fields in slots))
    after = State(state.tree, _globals_after(header))
    if header.new_state_root != after.root:
        raise PublicDataError(_SOURCE, name, "its slots do not lead to the root that it posts")
    return after


def _follows(header: BatchHeader, before: Globals, slots: Sequence[SlotFields]) -> bool:
    types = [fields.type for fields in slots]
    sent = sum(TRANSACTIONS[kind].sends_message for kind in types)
    return (
        header.batch_number == before.batch_number + 1
        and header.timestamp_s >= before.timestamp_s
        and header.message_count_before == before.message_count
        and header.deposit_count_before == before.deposit_count
        and header.message_count_after == before.message_count + sent
        and header.deposit_count_after
        == before.deposit_count + types.count(TransactionType.DEPOSIT)
    )


def _replay_slot(tree: AccountTree, fields: SlotFields, batch: str) -> None:
    rule = TRANSACTIONS[fields.type]
    if rule.is_signed:
        sender = tree.account(fields.a_index).debited(fields.amount_e6 + fields.fee_e6)
        if sender.collateral_e6 < 0:
            raise PublicDataError(_SOURCE, batch, f"account {fields.a_index} is overdrawn")
        tree.set_account(fields.a_index, sender)
    if rule.credits_receiver:
        receiver = tree.account(fields.b_index)
        if fields.type == TransactionType.DEPOSIT:
            receiver = replace(receiver, public_key=(fields.key_x, fields.key_y))
        tree.set_account(fields.b_index, receiver.credited(fields.amount_e6))


def _credit(tree: AccountTree, index: int, amount_e6: int) -> None:
    if amount_e6:
        tree.set_account(index, tree.account(index).credited(amount_e6))


def _globals_after(header: BatchHeader) -> Globals:
    return Globals(
        header.batch_number,
        header.timestamp_s,
        header.message_count_after,
        header.deposit_count_after,
    )
