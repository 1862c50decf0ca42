"""The rows of the database as frozen dataclasses, and the stages of a batch."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Stage(enum.StrEnum):
    """Where a batch stands. A batch moves to the next stage; from COMMITTED it goes back to PROVED
    when the chain no longer knows it (a revert or a reorganisation), and to SEALED when its stored
    proof turns out to be damaged.

        open ─ seal ─▶ sealed ─▶ proving ─▶ proved ─▶ committed ─▶ settled
                          the journal       proof     commitBatch  proveBatch
                          is synced         stored    on chain     on chain
    """

    OPEN = "open"
    SEALED = "sealed"
    PROVING = "proving"
    PROVED = "proved"
    COMMITTED = "committed"
    SETTLED = "settled"


@dataclass(frozen=True)
class BatchRow:
    """A sealed batch. Field elements are ints; `inputs_json` is what the prover reads."""

    number: int
    stage: Stage
    timestamp_s: int
    old_state_root: int
    new_state_root: int
    commitment: int
    public_data: tuple[int, ...]
    inputs_json: str
    first_message: int
    message_count: int
    deposit_count: int
    journal_sequence: int
    proving_attempts: int = 0


@dataclass(frozen=True)
class TransactionRow:
    """A transaction of a sealed batch with the receipt that was given for it."""

    journal_sequence: int
    tx_id: str
    batch: int
    slot: int
    body: str
    receipt: str


@dataclass(frozen=True)
class MessageRow:
    """A message of a sealed batch, its leaf in the message tree and its fields as JSON."""

    message_index: int
    batch: int
    leaf: bytes
    body: str


@dataclass(frozen=True)
class ChainActionRow:
    """A transaction that this sequencer sent to the chain for a batch."""

    batch: int
    action: str
    transaction_hash: str
    gas_used: int
