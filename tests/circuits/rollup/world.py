"""A small rollup for tests: a few keys, a tree, and batches applied to it."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from circuits.frontend import CompiledCircuit, compile_circuit
from circuits.rollup.batch import rollup_circuit
from circuits.rollup.inputs import BatchInputs
from circuits.spec.account import PublicKey
from circuits.spec.batch import BatchBuilder
from circuits.spec.domain import RollupDomain
from circuits.spec.globals import GENESIS
from circuits.spec.params import TINY, Preset
from circuits.spec.transactions import (
    Deposit,
    Message,
    SignedTransaction,
    Transaction,
    Transfer,
    Withdraw,
)
from circuits.spec.tree import MemoryTree
from native.api import eddsa_public_key

DOMAIN = RollupDomain(l1_chain_id=31337, contract=0xC0FFEE, rollup_chain_id=77)
ROLLUP_ID = DOMAIN.rollup_id()
CIRCUIT_ID = bytes(range(32))
START_S = 1_000
FUNDS_E6 = 1_000_000

ALICE, BOB, CAROL, OPERATOR, EMPTY = 0, 1, 2, 3, 4
"""Account indices; nobody owns EMPTY."""
KEYS = {index: bytes([index + 1]) * 32 for index in (ALICE, BOB, CAROL, OPERATOR)}


@functools.cache
def public_key(index: int) -> PublicKey:
    """The key that account `index` gets."""
    return eddsa_public_key(KEYS[index])


@functools.cache
def circuit(preset: Preset = TINY) -> CompiledCircuit:
    """The compiled circuit of a preset."""
    return compile_circuit(rollup_circuit(preset), name=f"rollup-{preset.name}")


class World:
    """A state and the batches that led to it."""

    def __init__(self, preset: Preset = TINY, *, funded: bool = True) -> None:
        self.preset = preset
        self.tree = MemoryTree(preset.tree_depth)
        self.globals_ = GENESIS
        self.now_s = START_S
        self.batches: list[BatchInputs] = []
        if funded:
            self.run(deposit(index) for index in KEYS)

    def builder(self, kind: type[BatchBuilder] = BatchBuilder, **changes: Any) -> BatchBuilder:
        """The builder of the next batch."""
        arguments: dict[str, Any] = {
            "tree": self.tree,
            "globals_": self.globals_,
            "preset": self.preset,
            "domain": DOMAIN,
            "circuit_id": CIRCUIT_ID,
            "timestamp_s": self.now_s,
            "operator_index": OPERATOR,
        }
        return kind(**arguments | changes)

    def seal(self, builder: BatchBuilder) -> BatchInputs:
        """Seal a batch and move to the state after it."""
        batch = builder.seal()
        self.globals_ = builder.globals_after
        self.batches.append(batch)
        return batch

    def batch(self, *transactions: Transaction, **changes: Any) -> BatchInputs:
        """One sealed batch of at most `preset.slots` transactions."""
        builder = self.builder(**changes)
        for transaction in transactions:
            builder.apply(transaction)
        return self.seal(builder)

    def run(self, transactions: Iterable[Transaction]) -> None:
        """As many batches as the transactions need."""
        waiting = list(transactions)
        for start in range(0, len(waiting), self.preset.slots):
            self.batch(*waiting[start : start + self.preset.slots])

    def nonce(self, index: int) -> int:
        """The next nonce of an account."""
        return self.tree.account(index).nonce


def deposit(index: int, amount_e6: int = FUNDS_E6) -> Deposit:
    """A deposit for account `index` by its own key."""
    return Deposit(index, public_key(index), amount_e6)


def terms(sender: int, changes: dict[str, Any]) -> dict[str, Any]:
    """The members of a signed transaction, with defaults."""
    defaults = {"sender_index": sender, "fee_e6": 3, "nonce": 0, "expiry_s": START_S + 60}
    return defaults | changes


def signed(transaction: SignedTransaction, sender: int | None = None) -> SignedTransaction:
    """The transaction, signed with the sender's key (or that of another account)."""
    key = KEYS[transaction.sender_index if sender is None else sender]
    return transaction.signed(key, ROLLUP_ID)


def transfer(sender: int = ALICE, receiver: int = BOB, **changes: Any) -> SignedTransaction:
    """A signed transfer."""
    members = {"receiver_index": receiver, "amount_e6": 100} | terms(sender, changes)
    return signed(Transfer(**members))


def withdraw(sender: int = ALICE, **changes: Any) -> SignedTransaction:
    """A signed withdrawal."""
    return signed(Withdraw(**{"recipient": 0xBEEF, "amount_e6": 100} | terms(sender, changes)))


def message(sender: int = ALICE, **changes: Any) -> SignedTransaction:
    """A signed message."""
    members = {"to_chain_id": 5, "to": 0xDA99, "gas_limit": 100_000, "payload": b"hello"}
    return signed(Message(**members | terms(sender, changes)))
