"""The tables of the ledger.

Facts carry their place (chain, block_number, block_hash, tx_hash, log_index), so that a rollback
finds them by block. Work done here (attestations, imports, attempts, transactions) is never rolled
back: it happened. Amounts, foreign chain ids and foreign block numbers are decimal strings;
addresses are checksummed; `chain` is a configured chain id, below 2^63.
"""

from __future__ import annotations

VERSION = 1
"""Kept in SQLite's `user_version`; a database with another version is refused, not guessed at."""

_PLACE = """
    chain         INTEGER NOT NULL,
    block_number  INTEGER NOT NULL,
    block_hash    BLOB    NOT NULL,
    tx_hash       BLOB    NOT NULL,
    log_index     INTEGER NOT NULL
"""

_FOLLOWING = """
CREATE TABLE chains (
    chain         INTEGER PRIMARY KEY,
    start_block   INTEGER NOT NULL,
    cursor        INTEGER NOT NULL,          -- the newest block whose facts are here
    finalized     INTEGER NOT NULL           -- the newest block that is final, <= cursor
) STRICT;

CREATE TABLE blocks (                        -- the newest blocks, to notice reorganisations
    chain         INTEGER NOT NULL,
    block_number  INTEGER NOT NULL,
    block_hash    BLOB    NOT NULL,
    parent_hash   BLOB    NOT NULL,
    timestamp_s   INTEGER NOT NULL,
    PRIMARY KEY (chain, block_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE times (                         -- of the blocks that have facts, kept for good
    chain         INTEGER NOT NULL,
    block_number  INTEGER NOT NULL,
    timestamp_s   INTEGER NOT NULL,
    PRIMARY KEY (chain, block_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE frontiers (                     -- the message tree after a block that changed it
    chain         INTEGER NOT NULL,
    block_number  INTEGER NOT NULL,
    channel       TEXT    NOT NULL,
    count         INTEGER NOT NULL,
    branch        BLOB    NOT NULL,          -- 32 nodes of 32 bytes
    PRIMARY KEY (chain, channel, block_number)
) STRICT, WITHOUT ROWID;
"""

_FACTS = f"""
CREATE TABLE messages (
    source_chain  TEXT    NOT NULL,          -- fromChainId, a rollup's differs from `chain`
    channel       TEXT    NOT NULL,
    message_index INTEGER NOT NULL,          -- below 2^32
    message_hash  BLOB    NOT NULL,
    root          BLOB    NOT NULL,          -- covers messages 0 ... message_index
    root_block    INTEGER NOT NULL,
    sender        TEXT    NOT NULL,
    target_chain  TEXT    NOT NULL,
    target        TEXT    NOT NULL,
    gas_limit     TEXT    NOT NULL,
    encoded       BLOB    NOT NULL,
    {_PLACE},
    PRIMARY KEY (source_chain, channel, message_index)
) STRICT;
CREATE UNIQUE INDEX messages_by_hash ON messages (message_hash);
CREATE INDEX messages_by_root ON messages (root);
CREATE INDEX messages_by_block ON messages (chain, block_number);
CREATE INDEX messages_by_root_block ON messages (source_chain, channel, root_block);

CREATE TABLE assignments (
    message_hash  BLOB    NOT NULL,
    role          TEXT    NOT NULL,          -- relayer or oracle
    contract      TEXT    NOT NULL,
    fee_wei       TEXT    NOT NULL,
    params        BLOB    NOT NULL,
    {_PLACE},
    PRIMARY KEY (message_hash, role, contract)
) STRICT;
CREATE INDEX assignments_by_block ON assignments (chain, block_number);

CREATE TABLE dispatches (
    message_hash  BLOB    NOT NULL,
    endpoint      TEXT    NOT NULL,
    succeeded     INTEGER NOT NULL,
    is_retry      INTEGER NOT NULL,
    {_PLACE},
    PRIMARY KEY (chain, block_number, log_index)
) STRICT;
CREATE INDEX dispatches_by_hash ON dispatches (message_hash);

CREATE TABLE roots (
    contract      TEXT    NOT NULL,          -- the oracle, feed or ZkOracle that serves the root
    source_chain  TEXT    NOT NULL,
    source_block  TEXT,                      -- NULL for a feed
    root          BLOB    NOT NULL,
    {_PLACE},
    PRIMARY KEY (chain, contract, block_number, log_index)
) STRICT;
CREATE INDEX roots_by_root ON roots (root);
CREATE INDEX roots_by_key ON roots (chain, contract, source_chain, source_block);
CREATE INDEX roots_by_block ON roots (chain, block_number);

CREATE TABLE batches (
    rollup        TEXT    NOT NULL,
    number        INTEGER NOT NULL,
    messages      TEXT    NOT NULL,          -- JSON list of messages
    {_PLACE},
    PRIMARY KEY (chain, rollup, number, block_number, log_index)
) STRICT;
CREATE INDEX batches_by_block ON batches (chain, block_number);

CREATE TABLE held (                          -- by ordered ports, until a lane step says otherwise
    port          TEXT    NOT NULL,
    message_id    BLOB    NOT NULL,
    from_chain    TEXT    NOT NULL,
    from_dapp     TEXT    NOT NULL,
    nonce         TEXT    NOT NULL,
    to_dapp       TEXT    NOT NULL,
    gas_limit     TEXT    NOT NULL,
    payload       BLOB    NOT NULL,
    {_PLACE},
    PRIMARY KEY (chain, block_number, log_index)
) STRICT;
CREATE INDEX held_by_number ON held (chain, port, from_chain, from_dapp, nonce);
CREATE INDEX held_by_id ON held (chain, port, message_id);

CREATE TABLE lane_steps (                    -- what went through or was given up
    port          TEXT    NOT NULL,
    message_id    BLOB,                      -- NULL for a number that was given up
    from_chain    TEXT,                      -- NULL, like the next two, for what went through
    from_dapp     TEXT,
    nonce         TEXT,
    {_PLACE},
    PRIMARY KEY (chain, block_number, log_index)
) STRICT;
CREATE INDEX lane_steps_by_number ON lane_steps (chain, port, from_chain, from_dapp, nonce);
CREATE INDEX lane_steps_by_id ON lane_steps (chain, port, message_id);
"""

FACT_TABLES = (
    *("frontiers", "messages", "assignments", "dispatches", "roots", "batches"),
    *("held", "lane_steps"),
)
"""What a rollback deletes from, by (chain, block_number)."""

_WORK = """
CREATE TABLE attestations (                  -- one root a key, for ever
    target_chain  INTEGER NOT NULL,
    oracle        TEXT    NOT NULL,
    source_chain  TEXT    NOT NULL,
    source_block  TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    message_count INTEGER NOT NULL,
    root          BLOB    NOT NULL,
    signature     BLOB    NOT NULL,          -- empty where the owner imports without one
    made_at_s     INTEGER NOT NULL,
    PRIMARY KEY (target_chain, oracle, source_chain, source_block)
) STRICT;
"""

TABLES = _FOLLOWING + _FACTS + _WORK
