"""The ledger: facts in, facts back by block, and what is asked of them."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sequencer.errors import StoreVersionError
from sequencer.messages.ledger import HeldMessages, Lane, Ledger
from sequencer.messages.ledger.following import KEPT_BLOCKS
from sequencer.messages.ledger.schema import FACT_TABLES
from sequencer.messages.message import Message
from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.tree import Frontier
from sequencer.messages.watch.facts import (
    BatchCommitted,
    Fact,
    MessageAccepted,
    MessageDispatched,
    MessageHeld,
    MessageRetried,
    NonceGivenUp,
    OracleAssigned,
    PortReceived,
    Position,
    RelayerAssigned,
    RootAggregated,
    RootImported,
)
from sequencer.messages.watch.header import Header
from tests.messages.fake_chain import ENDPOINT, ORACLE, RELAYER, STRANGER

SOURCE, TARGET = 1, 2
FEED = PORT = STRANGER


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    for chain_id in (SOURCE, TARGET):
        ledger.add_chain(chain_id, 1)
    return ledger


def header(number: int, branch: int = 0) -> Header:
    return Header(number, bytes([branch]) + number.to_bytes(31, "big"), bytes(32), number)


def place(block: int, log_index: int = 0, chain_id: int = SOURCE) -> Position:
    return Position(chain_id, block, header(block).hash, b"\x22" * 32, log_index)


def message(index: int, target: int = TARGET) -> Message:
    return Message(int(ENDPOINT, 16), index, SOURCE, 5, target, 6, 1 << 255, b"payload")


def accepted(index: int, block: int, target: int = TARGET) -> MessageAccepted:
    tree = Frontier()
    for i in range(index + 1):
        tree.append(message(i).hash())
    sent = message(index, target)
    return MessageAccepted(place(block, 10 * index), sent.hash(), tree.root(), block, sent)


def paid(fact: MessageAccepted, fee_wei: int = 1 << 200) -> list[Fact]:
    block, index = fact.position.block_number, fact.position.log_index
    return [
        fact,
        RelayerAssigned(place(block, index + 1), RELAYER, fact.message_hash, fee_wei, b"\x01"),
        OracleAssigned(place(block, index + 2), ORACLE, fact.message_hash, fee_wei),
    ]


def commit(
    ledger: Ledger, block: int, *facts: Fact, chain_id: int = SOURCE, finalized: int | None = None
) -> None:
    final = block if finalized is None else finalized
    ledger.commit(chain_id, [header(block)], facts, finalized=final)


def ordered(nonce: int, dapp: str = STRANGER) -> OrderedMessage:
    number = nonce.to_bytes(8, "big")
    return OrderedMessage(dapp.encode()[:24] + number, 7, dapp, nonce, RELAYER, 1 << 255, b"\x01")


def imported(block: int, source_block: int, root: bytes, log_index: int = 0) -> RootImported:
    position = place(block, log_index, TARGET)
    return RootImported(position, ORACLE, SOURCE, source_block, root)


# -- facts come back as they went in --


def test_messages_and_assignments_come_back_as_they_were(ledger: Ledger) -> None:
    first = accepted(0, 3)
    commit(ledger, 3, *paid(first))
    assert ledger.message(first.message_hash) == first
    assert ledger.message_at(SOURCE, ENDPOINT, 0) == first
    assert ledger.message_at(SOURCE, ENDPOINT, 1) is None
    assert ledger.messages() == [first]
    (entry,) = ledger.pending(SOURCE, ENDPOINT, TARGET, relayers=[RELAYER])
    assert (entry.accepted, entry.assigned) == (first, paid(first)[1])
    assert ledger.relayer_assignments(first.message_hash) == [paid(first)[1]]
    assert ledger.oracle_assignments(first.message_hash) == [paid(first)[2]]


def test_the_first_assignment_counts(ledger: Ledger) -> None:
    first = accepted(0, 3)
    second = RelayerAssigned(place(3, 7), RELAYER, first.message_hash, 9, b"")
    commit(ledger, 3, *paid(first), second)
    assert [a.fee_wei for a in ledger.relayer_assignments(first.message_hash)] == [1 << 200]


def test_deliveries_come_back_in_order(ledger: Ledger) -> None:
    facts = [
        MessageDispatched(place(4, 0, TARGET), ENDPOINT, b"\x01" * 32, succeeded=False),
        MessageRetried(place(4, 1, TARGET), ENDPOINT, b"\x01" * 32, succeeded=True),
    ]
    commit(ledger, 4, *facts, chain_id=TARGET)
    assert ledger.dispatches(b"\x01" * 32) == facts


def test_batches_come_back_and_the_newest_counts(ledger: Ledger) -> None:
    old = BatchCommitted(place(3), STRANGER, 1, (message(0),))
    new = BatchCommitted(place(4), STRANGER, 1, (message(1), message(2)))
    commit(ledger, 3, old)
    assert ledger.batch(SOURCE, STRANGER, 1) == old
    commit(ledger, 4, new)
    assert ledger.batch(SOURCE, STRANGER, 1) == new
    ledger.roll_back(SOURCE, 3)
    assert ledger.batch(SOURCE, STRANGER, 1) == old


def test_what_a_port_holds_is_held_until_it_goes_through_or_is_given_up(ledger: Ledger) -> None:
    last = (1 << 64) - 1
    one, two, three = (ordered(nonce) for nonce in (9, 10, last))
    other = ordered(9, ENDPOINT)
    held = [MessageHeld(place(3, i), PORT, m) for i, m in enumerate((three, two, one, other))]
    commit(ledger, 3, *held)
    port = HeldMessages(ledger.database, SOURCE, PORT)
    assert port.lanes() == [Lane(7, ENDPOINT, 1), Lane(7, STRANGER, 3)]
    assert port.all() == [other, one, two, three]
    assert (port.newest_step(), port.by_id(two.id)) == (None, two)
    commit(
        ledger,
        4,
        PortReceived(place(4, 0), PORT, one.id, done=True),
        PortReceived(place(4, 1), PORT, two.id, done=False),
        NonceGivenUp(place(4, 2), PORT, 7, STRANGER, last),
        NonceGivenUp(place(4, 3), PORT, 7, ENDPOINT, 10),
        NonceGivenUp(place(4, 4), PORT, 8, STRANGER, 10),
        PortReceived(place(4, 5), RELAYER, other.id, done=True),
    )
    assert port.all() == [other, two]
    assert port.newest_step() == (4, header(4).hash, 4)
    assert port.by_id(one.id) is None and port.number(Lane(7, STRANGER, 0), last) is None
    assert port.number(Lane(7, STRANGER, 0), 10) == two
    assert HeldMessages(ledger.database, TARGET, PORT).all() == []
    assert HeldMessages(ledger.database, SOURCE, RELAYER).all() == []
    ledger.roll_back(SOURCE, 3)
    assert port.all() == [other, one, two, three]
    ledger.roll_back(SOURCE, 2)
    assert port.all() == port.lanes() == []


# -- cursor, finality, going back --


def test_a_rollback_takes_back_every_kind_of_fact_above_its_block(ledger: Ledger) -> None:
    def facts(block: int) -> list[Fact]:
        first = accepted(block, block)
        return [
            *paid(first),
            MessageDispatched(place(block, 90), ENDPOINT, first.message_hash, succeeded=True),
            RootImported(place(block, 91), ORACLE, 7, block, first.root),
            BatchCommitted(place(block, 92), STRANGER, block, ()),
            MessageHeld(place(block, 93), PORT, ordered(block)),
            NonceGivenUp(place(block, 94), PORT, 7, STRANGER, block),
        ]

    for block in (1, 2, 3):
        trees = [(ENDPOINT, block, Frontier())]
        ledger.commit(SOURCE, [header(block)], facts(block), frontiers=trees, finalized=block)
    commit(ledger, 3, imported(3, 1, b"\x01" * 32), chain_id=TARGET)
    tables = (*FACT_TABLES, "blocks")
    before = {table: ledger.database.rows(f"SELECT * FROM {table}") for table in tables}
    ledger.roll_back(SOURCE, 1)
    for table in tables:
        left = [
            row
            for row in ledger.database.rows(f"SELECT chain, block_number FROM {table}")
            if row[0] == SOURCE and row[1] > 1
        ]
        assert left == [], table
        assert ledger.database.rows(f"SELECT * FROM {table} WHERE block_number = 1"), table
        assert len(before[table]) > len(ledger.database.rows(f"SELECT * FROM {table}")), table
    state, other = ledger.chain(SOURCE), ledger.chain(TARGET)
    assert state is not None and (state.cursor, state.finalized) == (1, 1)
    assert other is not None and (other.cursor, other.finalized) == (3, 3)
    assert len(ledger.roots_imported(SOURCE, 1)) == 1


def test_a_commit_is_all_or_nothing(ledger: Ledger) -> None:
    first = accepted(0, 1)
    commit(ledger, 1, first)
    with pytest.raises(sqlite3.IntegrityError):
        commit(ledger, 2, accepted(1, 2), first)
    state = ledger.chain(SOURCE)
    assert state is not None and (state.cursor, state.finalized) == (1, 1)
    assert ledger.message_count(SOURCE, ENDPOINT) == 1
    assert [kept.number for kept in ledger.kept_headers(SOURCE)] == [1]


def test_nested_transactions_commit_with_the_outermost(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.database.transaction():
        commit(ledger, 1, accepted(0, 1))
        raise RuntimeError
    assert ledger.message_count(SOURCE, ENDPOINT) == 0


def test_finality_never_goes_back_nor_beyond_the_cursor(ledger: Ledger) -> None:
    commit(ledger, 5, finalized=9)
    assert ledger.chain(SOURCE).finalized == 5  # type: ignore[union-attr]
    commit(ledger, 6, finalized=2)
    assert ledger.chain(SOURCE).finalized == 5  # type: ignore[union-attr]
    ledger.set_finalized(SOURCE, 6)
    assert ledger.chain(SOURCE).finalized == 6  # type: ignore[union-attr]


def test_headers_and_trees_are_kept_as_far_as_reorganisations_reach(ledger: Ledger) -> None:
    for block in range(1, KEPT_BLOCKS + 100):
        tree = Frontier()
        tree.append(block.to_bytes(32, "big"))
        trees = [(ENDPOINT, block, tree)] if block % 50 == 0 else []
        ledger.commit(SOURCE, [header(block)], [], frontiers=trees, finalized=block)
    kept = [kept.number for kept in ledger.kept_headers(SOURCE)]
    cursor = KEPT_BLOCKS + 99
    assert kept == list(range(cursor, cursor - KEPT_BLOCKS - 1, -1))
    ledger.roll_back(SOURCE, kept[-1])
    expected = Frontier()
    expected.append((kept[-1] // 50 * 50).to_bytes(32, "big"))
    assert ledger.frontier(SOURCE, ENDPOINT).root() == expected.root()


# -- questions --


def test_pending_is_final_assigned_to_us_for_the_target_and_not_dispatched(ledger: Ledger) -> None:
    mine, delivered, foreign, elsewhere, young = (
        accepted(i, i + 1, TARGET if i != 3 else 77) for i in range(5)
    )
    for fact in (mine, delivered, elsewhere, young):
        commit(ledger, fact.position.block_number, *paid(fact), finalized=4)
    ledger.roll_back(SOURCE, 2)
    commit(ledger, 3, foreign)
    for fact in (elsewhere, young):
        commit(ledger, fact.position.block_number, *paid(fact), finalized=4)
    done = MessageDispatched(place(9, 0, TARGET), ENDPOINT, delivered.message_hash, succeeded=False)
    commit(ledger, 9, done, chain_id=TARGET)
    pending = ledger.pending(SOURCE, ENDPOINT, TARGET, relayers=[RELAYER])
    assert [entry.accepted for entry in pending] == [mine]
    unassigned = ledger.pending_unassigned(SOURCE, ENDPOINT, TARGET)
    assert unassigned == [mine, foreign]
    assert ledger.pending(SOURCE, ENDPOINT, TARGET, relayers=[STRANGER]) == []
    assert ledger.pending(SOURCE, ENDPOINT, TARGET) == []
    after = ledger.pending_unassigned(SOURCE, ENDPOINT, TARGET, after_index=0)
    assert after == [foreign]
    ledger.roll_back(TARGET, 8)
    assert len(ledger.pending(SOURCE, ENDPOINT, TARGET, relayers=[RELAYER])) == 2


def test_the_covering_root_covers_most(ledger: Ledger) -> None:
    facts = [accepted(i, i + 1) for i in range(3)]
    for fact in facts:
        commit(ledger, fact.position.block_number, fact)

    def covering() -> tuple[int, int | None] | None:
        found = ledger.covering_root(TARGET, ORACLE, SOURCE, ENDPOINT)
        return None if found is None else (found.count, found.known.source_block)

    assert covering() is None
    commit(ledger, 1, imported(1, 500, b"\x09" * 32), chain_id=TARGET)
    assert covering() is None  # a root of nobody's tree
    commit(ledger, 2, imported(2, 3, facts[2].root), chain_id=TARGET)
    commit(ledger, 3, imported(3, 1, facts[0].root), chain_id=TARGET)
    assert covering() == (3, 3)
    commit(ledger, 4, imported(4, 3, facts[1].root), chain_id=TARGET)  # overwritten, as v1 allows
    assert covering() == (2, 3)
    ledger.roll_back(TARGET, 1)
    assert covering() is None
    assert ledger.covering_root(TARGET, STRANGER, SOURCE, ENDPOINT) is None
    assert ledger.covering_root(TARGET, ORACLE, SOURCE, STRANGER) is None


def test_of_a_feed_only_the_newest_root_counts(ledger: Ledger) -> None:
    facts = [accepted(i, i + 1) for i in range(3)]
    for fact in facts:
        commit(ledger, fact.position.block_number, fact)
    for block, fact in enumerate((facts[2], facts[0]), start=1):
        root = RootAggregated(place(block, 0, TARGET), FEED, SOURCE, 1, fact.root)
        commit(ledger, block, root, chain_id=TARGET)
    found = ledger.covering_root(TARGET, FEED, SOURCE, ENDPOINT)
    assert found is not None and (found.count, found.known.source_block) == (1, None)


def test_the_last_root_is_that_of_the_whole_block(ledger: Ledger) -> None:
    facts = [accepted(0, 2), accepted(1, 2), accepted(2, 4)]
    commit(ledger, 2, *facts[:2])
    commit(ledger, 4, facts[2])
    assert ledger.last_root(SOURCE, ENDPOINT, 1) is None
    assert [ledger.last_root(SOURCE, ENDPOINT, block) for block in (2, 3, 4, 99)] == [
        facts[1],
        facts[1],
        facts[2],
        facts[2],
    ]


def test_leaves_come_in_order_and_in_pages(ledger: Ledger) -> None:
    facts = [accepted(i, i + 1) for i in range(5)]
    for fact in facts:
        commit(ledger, fact.position.block_number, fact)
    hashes = [fact.message_hash for fact in facts]
    assert ledger.leaves(SOURCE, ENDPOINT, 0) == hashes
    assert ledger.leaves(SOURCE, ENDPOINT, 2, 2) == hashes[2:4]
    assert ledger.message_count(SOURCE, ENDPOINT) == 5


def test_a_message_waits_for_a_root_until_one_covers_it(ledger: Ledger) -> None:
    first, second = accepted(0, 1), accepted(1, 2)
    commit(ledger, 1, *paid(first))
    commit(ledger, 2, *paid(second), finalized=1)

    def waiting(first_index: int) -> MessageAccepted | None:
        return ledger.last_awaiting_root(
            SOURCE, ENDPOINT, TARGET, [ORACLE], first_index=first_index
        )

    assert waiting(0) == first
    assert waiting(1) is None  # the second is not final
    ledger.set_finalized(SOURCE, 2)
    assert waiting(0) == waiting(1) == second
    assert waiting(2) is None


# -- the file --


def test_numbers_beyond_64_bits_are_text(ledger: Ledger) -> None:
    huge = (1 << 256) - 1
    commit(ledger, 1, RootImported(place(1, 0), ORACLE, huge, huge, b"\x01" * 32))
    (known,) = ledger.roots_imported(huge, huge)
    assert (known.source_chain_id, known.source_block) == (huge, huge)


def test_another_schema_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreVersionError, match="schema version 99"):
        Ledger.open(path)


_WRITER = """
import sys
from pathlib import Path
from sequencer.messages.ledger import Ledger
from tests.messages.test_ledger import SOURCE, TARGET, accepted, commit, paid
ledger = Ledger.open(Path(sys.argv[1]))
for chain_id in (SOURCE, TARGET):
    ledger.add_chain(chain_id, 1)
block = ledger.chain(SOURCE).cursor
print("ready", flush=True)
while True:
    block += 1
    commit(ledger, block, *paid(accepted(block - 1, block)))
"""


def test_killed_while_writing_facts_and_cursor_agree(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    for pause_s in (0.02, 0.1, 0.3):
        command = [sys.executable, "-c", _WRITER, str(path)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(pause_s)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        ledger = Ledger.open(path)
        state = ledger.chain(SOURCE)
        assert state is not None
        count = state.cursor
        assert ledger.message_count(SOURCE, ENDPOINT) == count
        assert len(ledger.leaves(SOURCE, ENDPOINT, 0, 10_000)) == count
        assert ledger.database.rows("SELECT COUNT(*) FROM assignments") == [(2 * count,)]
        ledger.close()
