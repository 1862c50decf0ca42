"""One transaction between two account roots: account A (sender) first, then B (receiver)."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.rollup.slot_witness import Opening, SlotWitness
from circuits.spec.account import Account
from circuits.spec.params import AMOUNT_BITS
from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions import FILLER_SIGNATURE, SignedTransaction, Transaction
from circuits.spec.tree import AccountTree

BALANCE_BOUND = 1 << AMOUNT_BITS


@dataclass(frozen=True)
class Effect:
    """What a transaction will do to its two accounts; None where a half is not used."""

    sender: Account | None
    receiver: Account | None


def effect_of(
    transaction: Transaction, tree: AccountTree, rollup_id: int, timestamp_s: int
) -> Effect:
    """Check every rule of one transaction against the tree; raises Refused, changes nothing."""
    transaction.validate()
    fields = transaction.fields()
    for index in (fields.a_index, fields.b_index):
        if index >> (2 * tree.depth):
            raise Refused(
                RefusalCode.UNKNOWN_ACCOUNT, f"no account {index} in a tree of depth {tree.depth}"
            )
    transaction.check()
    receiver = sender = None
    if transaction.credits_receiver:
        receiver = transaction.receiver_after(tree.account(fields.b_index))
        check_balance(fields.b_index, receiver)
    if isinstance(transaction, SignedTransaction):
        account = tree.account(fields.a_index)
        sender = transaction.sender_after(account, rollup_id, timestamp_s)
    return Effect(sender, receiver)


def check_balance(index: int, account: Account) -> None:
    """Refuse a balance that does not fit."""
    if account.collateral_e6 >= BALANCE_BOUND:
        raise Refused(
            RefusalCode.BALANCE_OVERFLOW,
            f"account {index} would hold {account.collateral_e6}, the bound is {BALANCE_BOUND}",
        )


def apply(transaction: Transaction, effect: Effect, tree: AccountTree) -> SlotWitness:
    """Write the effect to the tree and return what a prover needs of this slot."""
    fields = transaction.fields()
    expiry_s, signature = 0, FILLER_SIGNATURE
    if isinstance(transaction, SignedTransaction):
        expiry_s, signature = transaction.expiry_s, transaction.authorization
    sender = update(tree, fields.a_index, effect.sender)
    middle_root = tree.root
    receiver = update(tree, fields.b_index, effect.receiver)
    return SlotWitness(
        fields=fields,
        sender=sender,
        middle_root=middle_root,
        receiver=receiver,
        root_after=tree.root,
        expiry_s=expiry_s,
        signature=signature,
    )


def update(tree: AccountTree, index: int, after: Account | None) -> Opening:
    """Open account `index`, then write `after` to it unless the half is unused."""
    opening = Opening(index, tree.account(index), tree.path(index))
    if after is not None:
        tree.set_account(index, after)
    return opening
