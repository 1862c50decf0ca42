"""The rollup circuit of a preset with a small batch that uses every transaction type it has room
for: what `circuits check`, pins and benchmarks run on.

The inputs are an example, not a settled batch: domain and circuit id are made up, and the keys are
published here.
"""

from __future__ import annotations

from circuits.frontend import Builder
from circuits.rollup.batch import rollup_circuit
from circuits.rollup.inputs import BatchInputs
from circuits.spec.account import Account
from circuits.spec.batch import BatchBuilder
from circuits.spec.domain import RollupDomain
from circuits.spec.globals import Globals
from circuits.spec.params import Preset
from circuits.spec.transactions import (
    Deposit,
    Message,
    SignedTransaction,
    Transaction,
    Transfer,
    Withdraw,
)
from circuits.spec.tree import MemoryTree
from native import api

_DOMAIN = RollupDomain(l1_chain_id=31337, contract=0xC0FFEE, rollup_chain_id=4242)
_GLOBALS = Globals(batch_number=6, timestamp_s=1_700_000_000, message_count=3, deposit_count=9)
_TIMESTAMP_S = 1_700_000_100
_EXPIRY_S = 1_800_000_000
_OPERATOR, _ALICE, _BOB, _NEWCOMER = 0, 1, 6, 9
_SENDERS = (_OPERATOR, _ALICE, _BOB)


def define(b: Builder, *, preset: Preset) -> None:
    """The circuit of one preset."""
    rollup_circuit(preset)(b)


def example_inputs(preset: Preset) -> dict[str, list[int]]:
    """A valid assignment of its inputs."""
    return example_batch(preset).named_inputs()


def example_batch(preset: Preset) -> BatchInputs:
    """The batch behind it, just sealed."""
    tree = MemoryTree(preset.tree_depth)
    for index in _SENDERS:
        tree.set_account(index, Account(api.eddsa_public_key(_key(index)), 0, 10**9))
    batch = BatchBuilder(
        tree, _GLOBALS, preset, _DOMAIN, bytes(32), _TIMESTAMP_S, operator_index=_OPERATOR
    )
    for transaction in _transactions()[: preset.slots]:
        batch.apply(_signed(transaction))
    return batch.seal()


def _transactions() -> list[Transaction]:
    payload = b"a message to another chain"
    newcomer = api.eddsa_public_key(_key(_NEWCOMER))
    return [
        Transfer(_ALICE, 1_000, 0, _EXPIRY_S, receiver_index=_BOB, amount_e6=5_000_000),
        Message(_BOB, 2_000, 0, _EXPIRY_S, to_chain_id=1, to=7, gas_limit=9, payload=payload),
        Withdraw(_ALICE, 1_500, 1, _EXPIRY_S, recipient=0xABCDEF, amount_e6=10**6),
        Deposit(_NEWCOMER, newcomer, 25_000_000),
        Deposit(_BOB, api.eddsa_public_key(_key(_BOB)), 1),
    ]


def _signed(transaction: Transaction) -> Transaction:
    if not isinstance(transaction, SignedTransaction):
        return transaction
    return transaction.signed(_key(transaction.sender_index), _DOMAIN.rollup_id())


def _key(index: int) -> bytes:
    return bytes([index + 1] * 32)
