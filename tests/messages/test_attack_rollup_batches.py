"""An operator posts what can never be proven: nobody who reads along is held up by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from circuits.spec.params import HEADER_WORDS, SLOT_WORDS
from sequencer.messages.ledger import Ledger
from sequencer.messages.watch import ChainStopped
from tests.messages.lying_node import LyingNode, lying_node
from tests.messages.test_watch_follower import catch_up
from tests.messages.test_watch_rollups import follower, messages, rpc
from tests.verifier.anvil import running_anvil
from tests.verifier.world import CLOCK_S, ROLLUP_CHAIN_ID, World, make_world

pytestmark = pytest.mark.node


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


def post_garbage(world: World) -> None:
    """A message beside a slot that no transaction packs to; the contract has no eye for that."""
    batch = world.batch(**messages(world, b"never proven"))
    data = list(batch.public_data)
    second = HEADER_WORDS + SLOT_WORDS
    data[second : second + 2] = [2, 1 << 250]
    world.client.commit_batch(data, batch.payloads, batch.commitment)


def test_a_batch_that_cannot_be_read_is_passed_over(
    world: World, node: LyingNode, ledger: Ledger
) -> None:
    following = follower(world, node, ledger)
    post_garbage(world)
    catch_up(following)
    assert ledger.messages(source_chain_id=ROLLUP_CHAIN_ID) == []
    world.client.revert_batch(1)
    world.settle(**messages(world, b"stays"))
    catch_up(following)
    found = ledger.messages(source_chain_id=ROLLUP_CHAIN_ID)
    assert [accepted.message for accepted in found] == world.sent


def test_call_data_that_a_node_hid_is_read_when_it_matters(
    world: World, node: LyingNode, ledger: Ledger
) -> None:
    """A lie at the time of the commitment; the truth at the time of the proof."""
    following = follower(world, node, ledger)
    world.commit(world.batch(**messages(world, b"hidden")))
    node.lie = lambda method, _, answer: (
        answer | {"input": "0x12345678"} if method == "eth_getTransactionByHash" else answer
    )
    catch_up(following)
    world.prove(1)
    with pytest.raises(ChainStopped, match="not by a plain call"):
        catch_up(following)
    node.honest()
    catch_up(following)
    found = ledger.messages(source_chain_id=ROLLUP_CHAIN_ID)
    assert [accepted.message for accepted in found] == world.sent
