"""What a dishonest prover can do: batches that bypass the specification.

`ForgingBuilder` executes a transaction whatever the rules say, so that every opening, root and
hash fits and nothing but the broken rule can fail. `rebind` makes C, z and y fit public data that
were edited afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from circuits.rollup.inputs import BatchInputs
from circuits.spec import public_data
from circuits.spec.account import Account
from circuits.spec.batch import BatchBuilder
from circuits.spec.params import Preset
from circuits.spec.slot import Effect
from circuits.spec.transactions import Deposit, SignedTransaction, Transaction
from circuits.spec.types import TransactionType
from native.api import poseidon
from native.constants import FR_MODULUS
from tests.circuits.rollup.world import CIRCUIT_ID, DOMAIN, World, circuit, message, transfer

Inputs = dict[str, list[int]]

_PACKING = {
    0: {"type": 0, "a_index": 8, "b_index": 40, "amount_e6": 72, "fee_e6": 136},
    1: {"key_x": 0, "address": 0, "chain_id": 160},
    2: {"key_y": 0, "hash_hi": 0, "gas_limit": 128},
    3: {"hash_lo": 0},
}
"""Written out here a second time: where each field of a slot stands."""


class ForgingBuilder(BatchBuilder):
    """A builder without rules; arithmetic wraps as in the field."""

    def check(self, transaction: Transaction) -> Effect:
        """The effect the circuit would compute."""
        fields = transaction.fields()
        sender = receiver = None
        if isinstance(transaction, SignedTransaction):
            sender = wrapped(self._tree.account(fields.a_index).debited(transaction.debit_e6))
        if transaction.credits_receiver:
            is_same = fields.b_index == fields.a_index and sender is not None
            before = sender if is_same and sender else self._tree.account(fields.b_index)
            if isinstance(transaction, Deposit):
                before = replace(before, public_key=transaction.public_key)
            receiver = wrapped(before.credited(fields.amount_e6))
        return Effect(sender, receiver)


def wrapped(account: Account) -> Account:
    """The account with its numbers reduced into the field."""
    return replace(
        account,
        nonce=account.nonce % FR_MODULUS,
        collateral_e6=account.collateral_e6 % FR_MODULUS,
    )


def forced(world: World, *transactions: Transaction, **changes: object) -> str:
    """The scope of what fails when these transactions are executed against the rules."""
    return violation(world.seal(forced_builder(world, *transactions, **changes)))


def forced_builder(world: World, *transactions: Transaction, **changes: object) -> BatchBuilder:
    """A batch, not sealed yet, that executed these transactions against the rules."""
    builder = world.builder(ForgingBuilder, **changes)
    for transaction in transactions:
        builder.apply(transaction)
    return builder


def violation(inputs: Inputs | BatchInputs, preset: Preset | None = None) -> str:
    """The scope of the first constraint that the inputs break; empty if they satisfy all."""
    if isinstance(inputs, BatchInputs):
        preset, inputs = inputs.preset, inputs.named_inputs()
    compiled = circuit(preset) if preset else circuit()
    broken = compiled.r1cs.check(compiled.witness(compiled.assign(inputs)))
    return "" if broken is None else compiled.constraint_place(broken)[0] or "top level"


def rebind(inputs: Inputs) -> Inputs:
    """The inputs with C, z and y of the public data that the circuit computes from the others."""
    data = circuit_public_data(inputs)
    commitment = public_data.commitment(data)
    challenge = public_data.challenge(DOMAIN, CIRCUIT_ID, commitment, data)
    bound = {
        "commitment": [commitment],
        "challenge": [challenge],
        "evaluation": [public_data.evaluate(data, challenge)],
    }
    return inputs | bound


def circuit_public_data(inputs: Inputs) -> list[int]:
    """The public data as the circuit packs them, out-of-range values and all."""
    n_slots = sum(name.endswith(".type") for name in inputs)
    one = {name: values[0] for name, values in inputs.items()}
    sent = (TransactionType.WITHDRAW, TransactionType.MESSAGE)
    messages = one["message_count_before"] + _count(inputs, n_slots, *sent)
    deposits = one["deposit_count_before"] + _count(inputs, n_slots, TransactionType.DEPOSIT)
    before = poseidon(
        (one["batch_number"] - 1) % FR_MODULUS,
        one["previous_timestamp_s"],
        one["message_count_before"],
        one["deposit_count_before"],
    )
    after = poseidon(
        one["batch_number"], one["timestamp_s"], messages % FR_MODULUS, deposits % FR_MODULUS
    )
    operator = _from_bits(inputs["operator.index_bits"])
    header = [
        one["rollup_id"],
        poseidon(one["account_root_before"], before),
        poseidon(one["account_root_after"], after),
        one["batch_number"] + (one["timestamp_s"] << 64) + (operator << 128),
        one["message_count_before"]
        + (messages << 32)
        + (one["deposit_count_before"] << 64)
        + (deposits << 128),
    ]
    slots = [word for i in range(n_slots) for word in _slot_words(inputs, f"slot[{i}]")]
    return [word % FR_MODULUS for word in header + slots]


def _slot_words(inputs: Inputs, slot: str) -> list[int]:
    fields = {
        name.removeprefix(f"{slot}."): values[0]
        for name, values in inputs.items()
        if name.startswith(f"{slot}.") and len(values) == 1
    }
    fields["type"] = sum(kind * flag for kind, flag in enumerate(inputs[f"{slot}.type"]))
    fields["a_index"] = _from_bits(inputs[f"{slot}.sender.index_bits"])
    fields["b_index"] = _from_bits(inputs[f"{slot}.receiver.index_bits"])
    return [
        sum(fields[name] << shift for name, shift in layout.items()) for layout in _PACKING.values()
    ]


def _count(inputs: Inputs, n_slots: int, *kinds: TransactionType) -> int:
    return sum(inputs[f"slot[{i}].type"][kind] for i in range(n_slots) for kind in kinds)


def _from_bits(bits: list[int]) -> int:
    return sum(bit << i for i, bit in enumerate(bits))


def edited(edit: Callable[[Inputs], None], *transactions: Transaction) -> str:
    """The scope of what fails after an edit, with C, z and y made to fit again."""
    inputs = World().batch(*(transactions or (transfer(), message(nonce=1)))).named_inputs()
    edit(inputs)
    return violation(rebind(inputs))


def put(name: str, value: int, place: int = 0) -> Callable[[Inputs], None]:
    """An edit that sets one input."""

    def edit(inputs: Inputs) -> None:
        inputs[name][place] = value % FR_MODULUS

    return edit


def bump(name: str, place: int = 0) -> Callable[[Inputs], None]:
    """An edit that adds one to an input."""

    def edit(inputs: Inputs) -> None:
        inputs[name][place] = (inputs[name][place] + 1) % FR_MODULUS

    return edit


def both(*edits: Callable[[Inputs], None]) -> Callable[[Inputs], None]:
    """Several edits."""

    def edit(inputs: Inputs) -> None:
        for each in edits:
            each(inputs)

    return edit
