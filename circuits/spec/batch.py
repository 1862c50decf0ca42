"""A batch: transactions between two states, the operator's fees, the globals, the public data."""

from __future__ import annotations

from circuits.rollup.inputs import BatchInputs
from circuits.rollup.slot_witness import SlotWitness
from circuits.spec.domain import RollupDomain
from circuits.spec.globals import Globals, state_root
from circuits.spec.params import (
    DEPOSIT_COUNT_BITS,
    MESSAGE_COUNT_BITS,
    TIMESTAMP_BITS,
    Preset,
)
from circuits.spec.public_data import BatchHeader
from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.slot import Effect, apply, check_balance, effect_of, update
from circuits.spec.transactions import Message, Noop, Transaction
from circuits.spec.tree import AccountTree
from circuits.spec.types import TransactionType


class BatchBuilder:
    """Applies transactions to a tree one by one and seals them into `BatchInputs`.

    The tree is changed as transactions are applied; a refused one changes nothing.
    """

    def __init__(
        self,
        tree: AccountTree,
        globals_: Globals,
        preset: Preset,
        domain: RollupDomain,
        circuit_id: bytes,
        timestamp_s: int,
        operator_index: int,
    ) -> None:
        if tree.depth != preset.tree_depth:
            raise ValueError(f"the tree has depth {tree.depth}, the preset {preset.tree_depth}")
        if not globals_.timestamp_s <= timestamp_s < 1 << TIMESTAMP_BITS:
            raise ValueError(
                f"timestamp {timestamp_s} s is not in [{globals_.timestamp_s}, 2^{TIMESTAMP_BITS})"
            )
        if not 0 <= operator_index < preset.max_accounts:
            raise ValueError(f"operator index {operator_index} is outside the tree")
        self.preset = preset
        self.timestamp_s = timestamp_s
        self.operator_index = operator_index
        self.fees_e6 = 0
        self.message_count = globals_.message_count
        self.deposit_count = globals_.deposit_count
        self._tree = tree
        self._before = globals_
        self._account_root_before = tree.root
        self._domain = domain
        self._rollup_id = domain.rollup_id()
        self._circuit_id = circuit_id
        self._slots: list[SlotWitness] = []
        self._payloads: list[bytes] = []

    @property
    def used_slots(self) -> int:
        """How many transactions the batch holds."""
        return len(self._slots)

    @property
    def is_full(self) -> bool:
        """Whether every slot is used."""
        return self.used_slots == self.preset.slots

    @property
    def globals_after(self) -> Globals:
        """The globals of the state that the batch, sealed now, would reach."""
        return Globals(
            self._before.batch_number + 1, self.timestamp_s, self.message_count, self.deposit_count
        )

    def check(self, transaction: Transaction) -> Effect:
        """Every rule for the next slot; raises Refused, changes nothing."""
        if self.is_full:
            raise Refused(RefusalCode.BATCH_FULL, f"all {self.preset.slots} slots are used")
        effect = effect_of(transaction, self._tree, self._rollup_id, self.timestamp_s)
        self._check_counts(transaction)
        self._check_operator(transaction, effect)
        return effect

    def apply(self, transaction: Transaction) -> SlotWitness:
        """Execute a transaction in the next slot; raises Refused, and then nothing has changed."""
        slot = apply(transaction, self.check(transaction), self._tree)
        self._slots.append(slot)
        self.fees_e6 += slot.fields.fee_e6
        self.message_count += transaction.sends_message
        self.deposit_count += transaction.type == TransactionType.DEPOSIT
        if isinstance(transaction, Message):
            self._payloads.append(transaction.payload)
        return slot

    def seal(self) -> BatchInputs:
        """Fill the batch with noops, pay the operator, and return what a prover needs."""
        while not self.is_full:
            self.apply(Noop())
        paid = self._tree.account(self.operator_index).credited(self.fees_e6)
        operator = update(self._tree, self.operator_index, paid if self.fees_e6 else None)
        after = self.globals_after
        header = BatchHeader(
            rollup_id=self._rollup_id,
            old_state_root=state_root(self._account_root_before, self._before),
            new_state_root=state_root(self._tree.root, after),
            batch_number=after.batch_number,
            timestamp_s=self.timestamp_s,
            operator_index=self.operator_index,
            message_count_before=self._before.message_count,
            message_count_after=after.message_count,
            deposit_count_before=self._before.deposit_count,
            deposit_count_after=after.deposit_count,
        )
        return BatchInputs(
            preset=self.preset,
            domain=self._domain,
            circuit_id=self._circuit_id,
            header=header,
            previous_timestamp_s=self._before.timestamp_s,
            account_root_before=self._account_root_before,
            slots=tuple(self._slots),
            operator=operator,
            account_root_after=self._tree.root,
            payloads=tuple(self._payloads),
        )

    def _check_counts(self, transaction: Transaction) -> None:
        is_deposit = transaction.type == TransactionType.DEPOSIT
        counts = (
            ("messages", transaction.sends_message, self.message_count, MESSAGE_COUNT_BITS),
            ("deposits", is_deposit, self.deposit_count, DEPOSIT_COUNT_BITS),
        )
        for name, counts_it, count, bits in counts:
            if counts_it and count + 1 >= 1 << bits:
                raise Refused(RefusalCode.COUNT_EXHAUSTED, f"{count} {name}, the most")

    def _check_operator(self, transaction: Transaction, effect: Effect) -> None:
        """The fees so far can be credited, whatever comes after this transaction.

        The circuit asks for less: the operator's account must exist when the batch ends.
        """
        fields = transaction.fields()
        operator = self._tree.account(self.operator_index)
        for index, after in ((fields.a_index, effect.sender), (fields.b_index, effect.receiver)):
            if index == self.operator_index and after is not None:
                operator = after
        fees_e6 = self.fees_e6 + fields.fee_e6
        if fees_e6 and operator.is_empty:
            raise Refused(
                RefusalCode.UNKNOWN_OPERATOR,
                f"a fee of {fields.fee_e6}, but operator account {self.operator_index} is empty",
            )
        check_balance(self.operator_index, operator.credited(fees_e6))
