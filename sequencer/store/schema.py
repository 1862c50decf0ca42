"""The tables of the sequencer's database.

Numbers that may exceed 2^63 (field elements, roots, amounts) are decimal strings. Batches,
transactions and messages can be computed again from the journal; proofs and chain transactions
cannot, and cost time or gas.
"""

from __future__ import annotations

VERSION = 1
"""Kept in SQLite's `user_version`; a database with another version is refused, not guessed at."""

TABLES = """
CREATE TABLE batches (
    number               INTEGER PRIMARY KEY,
    stage                TEXT    NOT NULL,
    timestamp_s          INTEGER NOT NULL,
    old_state_root       TEXT    NOT NULL,
    new_state_root       TEXT    NOT NULL,
    commitment           TEXT    NOT NULL,
    public_data          TEXT    NOT NULL,   -- JSON list of decimal strings
    inputs               TEXT    NOT NULL,   -- BatchInputs as JSON
    first_message        INTEGER NOT NULL,   -- message count before the batch
    message_count        INTEGER NOT NULL,   -- message count after the batch
    deposit_count        INTEGER NOT NULL,   -- deposits consumed after the batch
    journal_sequence     INTEGER NOT NULL,   -- of the record that sealed it
    proving_attempts     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE proofs (
    batch                INTEGER PRIMARY KEY REFERENCES batches (number),
    proof                TEXT    NOT NULL    -- snarkjs JSON
) STRICT;

CREATE TABLE transactions (
    journal_sequence     INTEGER PRIMARY KEY,
    tx_id                TEXT    NOT NULL UNIQUE,
    batch                INTEGER NOT NULL REFERENCES batches (number),
    slot                 INTEGER NOT NULL,
    body                 TEXT    NOT NULL,   -- the transaction as JSON
    receipt              TEXT    NOT NULL    -- the receipt as JSON
) STRICT;

CREATE TABLE messages (
    message_index        INTEGER PRIMARY KEY,
    batch                INTEGER NOT NULL REFERENCES batches (number),
    leaf                 BLOB    NOT NULL,
    body                 TEXT    NOT NULL    -- the message's fields as JSON
) STRICT;

CREATE TABLE chain_actions (
    batch                INTEGER NOT NULL REFERENCES batches (number),
    action               TEXT    NOT NULL,   -- commit or prove
    transaction_hash     TEXT    NOT NULL,
    gas_used             INTEGER NOT NULL,
    PRIMARY KEY (batch, action, transaction_hash)
) STRICT;
"""
