"""Following a chain: what is read, rolled back and refused."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode

from sequencer.messages.ledger import Ledger
from sequencer.messages.ledger.following import KEPT_BLOCKS
from sequencer.messages.tree import Frontier
from sequencer.messages.watch import decode
from sequencer.messages.watch.errors import ChainStopped, NodeUnavailable
from sequencer.messages.watch.finality import Finality
from sequencer.messages.watch.follower import MAX_DISAGREEMENTS, Follower, Progress
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import Watchlist
from tests.messages.fake_chain import ENDPOINT, ORACLE, RELAYER, STRANGER, FakeChain


def watchlist(chain: FakeChain, start_block: int = 1) -> Watchlist:
    relayers, oracles = frozenset({RELAYER}), frozenset({ORACLE})
    return Watchlist(chain.chain_id, start_block, ENDPOINT, relayers, oracles)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.sqlite")


def follower(chain: FakeChain, ledger: Ledger, finality: Finality | None = None) -> Follower:
    view = ChainView(chain.chain_id, [chain], finality or Finality.after(3))  # type: ignore[list-item]
    return Follower(view, ledger, watchlist(chain))


def catch_up(following: Follower) -> Progress:
    for _ in range(100):
        progress = following.step()
        if progress.is_caught_up:
            return progress
    raise AssertionError("never caught up")


def test_messages_and_their_assignments_are_read(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(2)
    first = chain.accept(b"one")
    chain.mine()
    second, third = chain.accept(b"two"), chain.accept(b"three")
    chain.mine(5)
    progress = catch_up(follower(chain, ledger))
    assert (progress.head, progress.cursor, progress.finalized) == (8, 8, 5)
    assert ledger.leaves(1, ENDPOINT, 0) == [m.hash() for m in (first, second, third)]
    pending = ledger.pending(1, ENDPOINT, 2, relayers=[RELAYER])
    assert [entry.accepted.message for entry in pending] == [first, second, third]
    assert [entry.assigned.fee_wei for entry in pending] == [7, 7, 7]
    assert [a.fee_wei for a in ledger.oracle_assignments(second.hash())] == [5]


@pytest.mark.parametrize("depth", [1, 2, 31, 32, 64])
def test_a_reorganisation_is_rolled_back_and_the_new_branch_followed(
    ledger: Ledger, depth: int
) -> None:
    chain = FakeChain()
    chain.mine(80)
    chain.accept(b"stays")
    chain.mine(depth)
    lost = chain.accept(b"goes")
    following = follower(chain, ledger)
    catch_up(following)
    assert ledger.message(lost.hash()) is not None
    chain.reorganise(depth)
    new = chain.accept(b"comes")
    chain.mine()
    assert following.step().reorg_depth == depth
    catch_up(following)
    assert ledger.message(lost.hash()) is None
    assert ledger.message_at(1, ENDPOINT, 1).message == new  # type: ignore[union-attr]
    assert ledger.message_count(1, ENDPOINT) == 2


def stopped(following: Follower) -> str:
    """Why it stops, after exactly as many steps as it may take."""
    for _ in range(MAX_DISAGREEMENTS - 1):
        assert following.step().disagreement is not None
    with pytest.raises(ChainStopped) as caught:
        following.step()
    return str(caught.value)


def on_logs(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Any:
    return lambda method, _, answer: change(answer) if method == "eth_getLogs" else answer


# -- what nobody tells: no receipts and bloom filters help here --


def without_accepted(position: int) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    def change(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        accepted = [log for log in found if log["topics"][0] == "0x" + decode.ACCEPTED.hex()]
        gone = accepted[position]["transactionHash"]
        return [log for log in found if log["transactionHash"] != gone]

    return change


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (0, "the first message of .* has index 1: earlier ones are missing"),
        (1, "messages 1 … 1 of .* are missing before message 2"),
        (2, "holds 3 messages .* the logs up to there give 2 messages"),
    ],
)
def test_a_message_that_was_left_out_stops_the_chain(
    ledger: Ledger, position: int, words: str
) -> None:
    chain = FakeChain()
    for _ in range(3):
        chain.mine()
        chain.accept()
    chain.lie = on_logs(without_accepted(position))
    following = follower(chain, ledger)
    assert re.search(words, stopped(following))
    assert ledger.message_count(1, ENDPOINT) == 0
    chain.lie = lambda method, params, answer: answer
    catch_up(following)
    assert ledger.message_count(1, ENDPOINT) == 3


def test_a_message_that_was_accepted_before_is_refused(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine()
    chain.accept()
    following = follower(chain, ledger)
    catch_up(following)
    old = chain.blocks[-1].logs[0]
    block = chain.mine()
    data = bytes.fromhex(old["data"][2:])
    topics = [bytes.fromhex(topic[2:]) for topic in old["topics"]]
    chain.emit(block, ENDPOINT, topics, data, b"\x78" * 32)
    assert "message 0 of" in (reason := stopped(following)) and "a second time" in reason


def test_a_message_whose_hash_is_not_that_of_its_fields_is_refused(ledger: Ledger) -> None:
    chain = FakeChain()
    block = chain.mine()
    chain.accept()
    block.logs[0]["topics"][1] = "0x" + "12" * 32
    assert "does not have the hash of its fields" in stopped(follower(chain, ledger))


def test_a_root_that_the_oracle_does_not_hold_is_refused(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine()
    chain.import_root(7, 70, b"\x01" * 32)
    chain.blocks[-1].roots.clear()
    assert "announced the root 0x0101" in stopped(follower(chain, ledger))


def test_an_overwritten_root_is_compared_with_the_last_announcement(ledger: Ledger) -> None:
    """Version 1 lets an owner overwrite."""
    chain = FakeChain()
    chain.mine()
    for byte in (1, 2):
        chain.import_root(7, 70, bytes([byte]) * 32)
    catch_up(follower(chain, ledger))
    assert [known.root[0] for known in ledger.roots_imported(7, 70)] == [1, 2]


# -- who may say what --


def test_an_assignment_counts_with_its_message_only(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine()
    message = chain.accept()
    forged = chain.next_message(chain.mine(), b"not sent")
    paid = encode(["uint256"], [1])
    for target in (message, forged):  # in a transaction of its own
        chain.emit(chain.blocks[-1], ORACLE, [decode.ORACLE_ASSIGNED, target.hash()], paid)
    catch_up(follower(chain, ledger))
    assert [a.fee_wei for a in ledger.oracle_assignments(message.hash())] == [5]
    assert ledger.oracle_assignments(forged.hash()) == []


def test_strangers_are_not_listened_to(ledger: Ledger) -> None:
    chain = FakeChain()
    block = chain.mine()
    message = chain.next_message(block, b"")
    chain.emit(block, STRANGER, [decode.ORACLE_ASSIGNED, message.hash()], bytes(32))
    # An oracle's event from the relayer's address is no event of a relayer.
    chain.emit(block, RELAYER, [decode.ORACLE_ASSIGNED, message.hash()], bytes(32))
    chain.emit(block, ORACLE, [decode.DISPATCHED, message.hash()], bytes(31) + b"\x01")
    catch_up(follower(chain, ledger))
    for table in ("messages", "assignments", "dispatches", "roots"):
        assert ledger.database.rows(f"SELECT * FROM {table}") == []


def test_deliveries_and_retries_are_read(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine()
    message = chain.next_message(chain.blocks[-1], b"from elsewhere")
    chain.dispatch(message, succeeded=False)
    topics, done = [decode.RETRIED, message.hash()], encode(["bool"], [True])
    chain.emit(chain.mine(), ENDPOINT, topics, done)
    catch_up(follower(chain, ledger))
    found = ledger.dispatches(message.hash())
    assert [(type(d).__name__, d.succeeded) for d in found] == [
        ("MessageDispatched", False),
        ("MessageRetried", True),
    ]


# -- reorganisations --


def test_a_reorganisation_deeper_than_what_is_kept_stops_the_chain(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(KEPT_BLOCKS + 60)
    following = follower(chain, ledger, Finality.after(KEPT_BLOCKS + 50))
    catch_up(following)
    chain.reorganise(KEPT_BLOCKS + 40)
    with pytest.raises(ChainStopped, match="deeper than the 256 blocks that are kept"):
        following.step()


def test_a_reorganisation_below_the_start_begins_again(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(20)
    chain.accept(b"old")
    following = Follower(
        ChainView(1, [chain], Finality.after(30)),  # type: ignore[list-item]
        ledger,
        watchlist(chain, start_block=15),
    )
    catch_up(following)
    chain.reorganise(15)
    chain.accept(b"new")
    assert following.step().reorg_depth == 6
    catch_up(following)
    assert [m.message.encoded for m in ledger.messages()] == [b"new"]


def test_a_node_that_changes_what_it_called_finalized_is_not_believed(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(30)
    chain.finalized = 20
    following = follower(chain, ledger, Finality("finalized"))
    catch_up(following)
    chain.reorganise(15)
    assert "though the node called block 20 finalized" in stopped(following)
    state = ledger.chain(1)
    assert state is not None and (state.cursor, state.finalized) == (30, 20)


def test_finality_by_tag_may_come_later_but_never_above_the_head(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(5)
    following = follower(chain, ledger, Finality("finalized"))
    assert catch_up(following).finalized == 0
    chain.finalized = 4
    assert catch_up(following).finalized == 4
    chain.finalized = 2  # a node that lags
    assert catch_up(following).finalized == 4
    chain.finalized = 5
    chain.lie = lambda method, params, answer: (
        answer | {"number": "0x9"} if params[:1] == ["finalized"] else answer
    )
    assert "its finalized block 9 lies above its head 5" in stopped(following)


@pytest.mark.parametrize("method", ["eth_getLogs", "eth_getBlockByNumber", "eth_call"])
@pytest.mark.parametrize("count", range(1, 7))
@pytest.mark.parametrize(("depth", "is_eventful"), [(2, True), (2, False), (5, True)])
def test_a_branch_that_changes_while_it_is_read_is_read_again(
    ledger: Ledger, method: str, count: int, depth: int, *, is_eventful: bool
) -> None:
    """After any answer: nothing of the old branch stays, nothing of the new one is lost."""
    chain = FakeChain()
    chain.mine(6)
    asked = 0

    def switch(asking: str, _: list[Any], answer: Any) -> Any:
        nonlocal asked
        asked += asking == method
        if asking == method and asked == count:
            chain.reorganise(depth)
            if is_eventful:
                chain.accept(b"new")
            chain.dispatch(chain.next_message(chain.blocks[-2], b"delivered"))
        return answer

    if is_eventful:
        chain.dispatch(chain.next_message(chain.blocks[-1], b"lost"))
    chain.lie = switch
    following = follower(chain, ledger)
    catch_up(following)
    chain.lie = lambda method, params, answer: answer
    catch_up(following)
    fresh = Ledger.open(ledger.database.path.with_name("fresh.sqlite"))
    catch_up(follower(chain, fresh))
    for table in ("messages", "dispatches", "assignments"):
        rows = ledger.database.rows(f"SELECT * FROM {table}")
        assert rows == fresh.database.rows(f"SELECT * FROM {table}")


def test_blocks_that_do_not_follow_each_other_are_refused(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(6)
    chain.lie = lambda method, params, answer: (
        answer | {"parentHash": "0x" + "12" * 32} if params[:1] == ["0x5"] else answer
    )
    following = follower(chain, ledger, Finality.after(6))
    assert "block 5 does not follow block 4" in stopped(following)


def test_random_branches_end_where_a_fresh_reader_ends(tmp_path: Path) -> None:
    """Whatever happened on the way: the ledger says what the chain says now."""
    for seed in range(30):
        chance = random.Random(seed)
        chain = FakeChain()
        chain.mine(3)
        ledger = Ledger.open(tmp_path / f"{seed}.sqlite")
        following = follower(chain, ledger, Finality.after(chance.choice([0, 3, 40])))
        for _ in range(25):
            move = chance.random()
            if move < 0.25 and len(chain.blocks) > 2:
                chain.reorganise(chance.randrange(1, min(40, len(chain.blocks) - 1)))
            for _ in range(chance.randrange(3)):
                chain.mine(chance.randrange(1, 4))
                for _ in range(chance.randrange(3)):
                    message = chain.accept(chance.randbytes(3))
                    if chance.random() < 0.3:
                        chain.dispatch(message)
                if chance.random() < 0.3:
                    chain.import_root(7, chain.blocks[-1].number, chance.randbytes(32))
            if chance.random() < 0.6:
                following.step()
        catch_up(following)
        fresh = Ledger.open(tmp_path / f"{seed}.fresh.sqlite")
        catch_up(follower(chain, fresh, Finality.after(0)))
        for table in ("messages", "assignments", "dispatches", "roots"):
            query = f"SELECT * FROM {table} ORDER BY block_number, log_index"
            assert ledger.database.rows(query) == fresh.database.rows(query), (seed, table)
        theirs = fresh.frontier(1, ENDPOINT)
        ours = ledger.frontier(1, ENDPOINT)
        assert (ours.root(), ours.count) == (theirs.root(), theirs.count), seed
        assert isinstance(ours, Frontier)


# -- nodes --


def test_a_range_that_a_node_refuses_is_halved_until_it_is_served(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(300)
    message = chain.accept()
    chain.mine(3)
    chain.finalized = 303

    def refuse(method: str, params: list[Any], answer: Any) -> Any:
        if method == "eth_getLogs":
            length = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
            if length > 20:
                raise NodeRefused("fake", method, "query returned more than 10000 results", None)
        return answer

    chain.lie = refuse
    following = follower(chain, ledger, Finality("finalized"))
    refusals = 0
    while not refusals or not following.ledger.message(message.hash()):
        try:
            following.step()
        except NodeUnavailable as error:
            assert "ranges of" in str(error)
            refusals += 1
    assert refusals >= 4


def test_a_node_without_old_states_is_named(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(300)

    def refuse(method: str, params: list[Any], answer: Any) -> Any:
        if method == "eth_call":
            raise NodeRefused("fake", method, "missing trie node", None)
        return answer

    chain.lie = refuse
    reason = stopped(follower(chain, ledger))
    assert "the state of block 297 (missing trie node)" in reason
    assert "give the URL of an archive node" in reason


def test_final_ranges_are_read_with_few_questions(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(2_000)
    chain.accept()
    chain.mine(500)
    following = follower(chain, ledger)
    catch_up(following)
    assert chain.calls.count("eth_getBlockByNumber") < 40
    assert ledger.message_count(1, ENDPOINT) == 1


def test_a_chain_id_that_changes_is_noticed(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(3)
    now = 0.0
    view = ChainView(1, [chain], Finality.after(0), clock=lambda: now)  # type: ignore[list-item]
    following = Follower(view, ledger, watchlist(chain))
    catch_up(following)
    chain.chain_id = 99
    assert following.step().disagreement is None  # believed for a minute
    now = 61.0
    assert "it serves chain 99" in str(following.step().disagreement)


def test_it_goes_on_where_it_stood(tmp_path: Path) -> None:
    chain = FakeChain()
    chain.mine(10)
    chain.accept()
    path = tmp_path / "ledger.sqlite"
    first = Ledger.open(path)
    catch_up(follower(chain, first))
    first.close()
    chain.mine()
    chain.accept()
    calls = len(chain.calls)
    second = Ledger.open(path)
    following = follower(chain, second)
    assert catch_up(following).cursor == 11
    assert second.message_count(1, ENDPOINT) == 2
    assert len(chain.calls) - calls < 20
