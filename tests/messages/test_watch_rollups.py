"""The messages of a rollup: from its posted batches, once they are proven."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sequencer.messages.ledger import Ledger
from sequencer.messages.watch.errors import ChainStopped
from sequencer.messages.watch.finality import Finality
from sequencer.messages.watch.follower import Follower
from sequencer.messages.watch.node import Node
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import WatchedRollup, Watchlist
from tests.messages.lying_node import LyingNode, lying_node
from tests.messages.test_watch_follower import catch_up
from tests.verifier.anvil import running_anvil
from tests.verifier.world import CLOCK_S, ROLLUP_CHAIN_ID, World, make_world, message_slot
from verifier.chain.rpc import RpcChain

pytestmark = pytest.mark.node
TARGET_ID = 31338
SOMEBODY = "0x" + "ab" * 20


@pytest.fixture
def world() -> Iterator[World]:
    with running_anvil(timestamp_s=CLOCK_S) as chain:
        yield make_world(chain=chain)


@pytest.fixture
def node(world: World) -> Iterator[LyingNode]:
    with lying_node(rpc(world).url) as node:
        yield node


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.sqlite")


def rpc(world: World) -> RpcChain:
    chain = world.client.transport
    assert isinstance(chain, RpcChain)
    return chain


def follower(world: World, node: LyingNode, ledger: Ledger) -> Follower:
    zk_oracles = frozenset({world.client.oracle.address})
    rollup = WatchedRollup(world.client.rollup.address, ROLLUP_CHAIN_ID, zk_oracles)
    chain_id = world.client.transport.chain_id
    watchlist = Watchlist(chain_id, 1, rollups=(rollup,))
    return Follower(ChainView(chain_id, [Node(node.url)], Finality.after(0)), ledger, watchlist)


def messages(world: World, *payloads: bytes) -> dict[str, Any]:
    slots = [message_slot(SOMEBODY, payload, to_chain_id=TARGET_ID) for payload in payloads]
    return {"slots": slots, "payloads": list(payloads)}


def test_messages_come_with_the_proof_and_not_before(
    world: World, node: LyingNode, ledger: Ledger
) -> None:
    following = follower(world, node, ledger)
    rollup, oracle = world.client.rollup.address, world.client.oracle.address
    world.commit(world.batch(**messages(world, b"one", b"two")))
    catch_up(following)
    assert ledger.message_count(ROLLUP_CHAIN_ID, rollup) == 0
    world.prove(1)
    world.settle()  # a batch without messages
    world.settle(**messages(world, b"three"))
    catch_up(following)
    found = ledger.messages(source_chain_id=ROLLUP_CHAIN_ID)
    assert [accepted.message for accepted in found] == world.sent
    assert [accepted.root_block for accepted in found] == [1, 1, 3]
    chain_id = world.client.transport.chain_id
    covering = ledger.covering_root(chain_id, oracle, ROLLUP_CHAIN_ID, rollup)
    assert covering is not None
    assert (covering.count, covering.known.source_block) == (3, 3)
    assert covering.known.root == world.client.message_root(3)
    pending = ledger.pending_unassigned(ROLLUP_CHAIN_ID, rollup, TARGET_ID)
    assert [accepted.message for accepted in pending] == world.sent


def test_batches_before_the_first_message_have_no_root(
    world: World, node: LyingNode, ledger: Ledger
) -> None:
    following = follower(world, node, ledger)
    world.settle()
    catch_up(following)
    assert ledger.roots_imported(ROLLUP_CHAIN_ID, 1) == []
    world.settle()
    world.settle(**messages(world, b"first"))
    catch_up(following)
    found = ledger.messages(source_chain_id=ROLLUP_CHAIN_ID)
    assert [accepted.message for accepted in found] == world.sent
    (known,) = ledger.roots_imported(ROLLUP_CHAIN_ID, 3)
    assert known.root == world.client.message_root(3)


def test_a_batch_that_was_taken_back_leaves_nothing(
    world: World, node: LyingNode, ledger: Ledger
) -> None:
    following = follower(world, node, ledger)
    world.settle(**messages(world, b"stays"))
    before = (world.state_root, world.messages)
    world.commit(world.batch(**messages(world, b"goes")))
    catch_up(following)
    world.client.revert_batch(2)
    world.number, world.sent = 1, world.sent[:1]
    world.state_root, world.messages = before
    world.settle(**messages(world, b"comes", b"and another"))
    catch_up(following)
    found = ledger.messages(source_chain_id=ROLLUP_CHAIN_ID)
    assert [accepted.message for accepted in found] == world.sent
    assert [accepted.message.encoded for accepted in found] == [b"stays", b"comes", b"and another"]


def test_other_call_data_is_found_out(world: World, node: LyingNode, ledger: Ledger) -> None:
    following = follower(world, node, ledger)
    world.settle(**messages(world, b"payload"))

    def lie(method: str, _: list[Any], answer: Any) -> Any:
        if method != "eth_getTransactionByHash":
            return answer
        return answer | {"input": answer["input"].replace(b"payload".hex(), b"paysome".hex())}

    node.lie = lie
    with pytest.raises(ChainStopped, match="another payload's hash"):
        catch_up(following)
    node.honest()
    catch_up(following)
    assert ledger.message_count(ROLLUP_CHAIN_ID, world.client.rollup.address) == 1


def test_another_target_in_the_call_data_is_found_out(
    world: World, node: LyingNode, ledger: Ledger
) -> None:
    """The payload's hash still fits: only the tree tells."""
    following = follower(world, node, ledger)
    world.settle(**messages(world, b"payload"))

    def lie(method: str, _: list[Any], answer: Any) -> Any:
        if method != "eth_getTransactionByHash":
            return answer
        assert SOMEBODY[2:] in answer["input"]
        return answer | {"input": answer["input"].replace(SOMEBODY[2:], "cd" * 20)}

    node.lie = lie
    with pytest.raises(ChainStopped, match="is proven with the root"):
        catch_up(following)


def test_another_proven_root_is_found_out(world: World, node: LyingNode, ledger: Ledger) -> None:
    following = follower(world, node, ledger)
    world.settle(**messages(world, b"payload"))
    root = world.client.message_root(1).hex()

    def lie(method: str, _: list[Any], answer: Any) -> Any:
        if method != "eth_getLogs":
            return answer
        return [log | {"data": log["data"].replace(root, "ab" * 32)} for log in answer]

    node.lie = lie
    with pytest.raises(ChainStopped, match="is proven with the root 0xabab"):
        catch_up(following)


def test_a_missing_proof_is_found_out_without_blooms_and_receipts(
    world: World, node: LyingNode, ledger: Ledger
) -> None:
    following = follower(world, node, ledger)
    world.settle(**messages(world, b"payload"))

    def lie(method: str, _: list[Any], answer: Any) -> Any:
        if method == "eth_getLogs":
            return answer[:1]
        if method == "eth_getBlockByNumber" and answer:
            return {name: value for name, value in answer.items() if name != "logsBloom"}
        return answer

    node.lie = lie
    with pytest.raises(ChainStopped, match="has proven 1 messages, the logs up to there give 0"):
        catch_up(following)
