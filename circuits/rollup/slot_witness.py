"""What a prover needs of one slot: plain integers, as the specification leaves them."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.spec.account import Account
from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions import FILLER_SIGNATURE, Signature
from circuits.spec.tree import Path


@dataclass(frozen=True)
class Opening:
    """An account and its path, as they stood before an update."""

    index: int
    account: Account
    path: Path


@dataclass(frozen=True)
class SlotWitness:
    """One slot: the public fields, what only the prover sees, and the roots that the slot reaches.

    A half that the type does not use opens account 0 and leaves it unchanged.
    """

    fields: SlotFields
    sender: Opening
    middle_root: int
    receiver: Opening
    root_after: int
    expiry_s: int = 0
    signature: Signature = FILLER_SIGNATURE
