"""Nodes that lie: nothing is relayed that the chain does not confirm, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from eth_hash.auto import keccak

from sequencer.errors import LockedError
from tests.messages.lying_node import Fault, LyingNode
from tests.messages.relay_world import ALPHA, BETA, DISPATCHED, RelayWorld

pytestmark = pytest.mark.node
MERKLE_ROOT = "0x" + keccak(b"merkleRoot(uint256,uint256)")[:4].hex()
PRICE_OF = "0x" + keccak(b"priceOf(uint256)")[:4].hex()
GET_APP_CONFIG = "0x" + keccak(b"getAppConfig(address)")[:4].hex()


@contextmanager
def between(world: RelayWorld, chain_id: int) -> Iterator[LyingNode]:
    """Puts a proxy between the relayer and one of the chains."""
    url = (world.alpha if chain_id == ALPHA else world.beta).chain.url
    node = LyingNode(url)
    world.urls[chain_id] = node.url
    try:
        yield node
    finally:
        node.close()
        del world.urls[chain_id]


def is_call(method: str, params: list[Any], selector: str) -> bool:
    """Whether the relayer asks a contract something, on the newest block."""
    return method == "eth_call" and params[0]["data"].startswith(selector) and params[1] == "latest"


def test_a_root_that_the_oracle_does_not_hold_is_not_used(world: RelayWorld) -> None:
    message = world.send()
    world.beta.import_root(world.alpha)
    with between(world, BETA) as node:
        node.lie = lambda method, params, answer: (
            "0x" + "ab" * 32 if is_call(method, params, MERKLE_ROOT) else answer
        )
        world.relay()
        assert world.sent() == 0
        assert "holds the root 0xabab" in world.reasons()[message.index]
        assert "eth_sendRawTransaction" not in node.calls
        node.honest()
        world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}


def test_nonsense_from_a_contract_is_the_nodes_fault(world: RelayWorld) -> None:
    message = world.send()
    world.beta.import_root(world.alpha)
    with between(world, BETA) as node:
        node.lie = lambda method, params, answer: (
            "0x1234" if is_call(method, params, GET_APP_CONFIG) else answer
        )
        with world.relayer() as daemon:
            assert not daemon.run_once(timeout_s=2)
        assert world.sent() == 0
        node.honest()
        world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}


def test_a_source_that_alters_a_message_stops_the_chain_and_nothing_is_sent(
    world: RelayWorld,
) -> None:
    message = world.send(b"\x11" * 32)
    world.beta.import_root(world.alpha)

    def altered(method: str, _: list[Any], answer: Any) -> Any:
        if method != "eth_getLogs":
            return answer
        return [log | {"data": log["data"].replace("11" * 32, "22" * 32)} for log in answer]

    with between(world, ALPHA) as node:
        node.lie = altered
        with world.relayer() as daemon:
            assert not daemon.run_once(timeout_s=600)
            (stopped,) = [loop.stopped for loop in daemon.loops if loop.stopped]
            assert "does not have the hash of its fields" in str(stopped)
        assert world.sent() == 0
        node.honest()
        world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}


def test_a_node_of_another_chain_is_refused(world: RelayWorld) -> None:
    world.send()
    world.beta.import_root(world.alpha)
    world.urls[BETA] = world.alpha.chain.url
    with world.relayer() as daemon:
        assert not daemon.run_once(timeout_s=600)
        assert any("serves chain" in str(loop.stopped) for loop in daemon.loops)
    assert world.sent() == 0


def without_dispatches(answer: Any) -> Any:
    """An answer without any trace of a delivery: logs, receipts' logs, bloom filters."""
    if isinstance(answer, list):
        shown = [item for item in answer if not is_dispatch(item)]
        return [without_dispatches(item) for item in shown]
    if not isinstance(answer, dict):
        return answer
    hidden = {"logs": without_dispatches(answer["logs"])} if "logs" in answer else {}
    if "logsBloom" in answer:
        hidden["logsBloom"] = "0x" + "00" * 256
    return answer | hidden


def is_dispatch(item: Any) -> bool:
    topics = item.get("topics") if isinstance(item, dict) else None
    return bool(topics) and topics[0] == "0x" + DISPATCHED.hex()


def test_a_target_that_hides_a_delivery_everywhere_is_not_sent_another(world: RelayWorld) -> None:
    message = world.send()
    world.beta.import_root(world.alpha)
    with between(world, BETA) as node:
        node.lie = lambda method, params, answer: without_dispatches(answer)
        world.relay()
        world.relay()
        assert world.sent() == 1
        assert world.reasons()[message.index].startswith("AlreadyDelivered(")
    assert world.beta.dispatched() == {message.hash(): 1}


def test_a_target_that_hides_a_delivery_in_its_logs_alone_is_found_out(world: RelayWorld) -> None:
    message = world.send()
    world.beta.import_root(world.alpha)
    with between(world, BETA) as node:
        node.lie = lambda method, params, answer: (
            without_dispatches(answer) if method == "eth_getLogs" else answer
        )
        with world.relayer() as daemon:
            assert not daemon.run_once(timeout_s=600)
            assert any("missing from eth_getLogs" in str(loop.stopped) for loop in daemon.loops)
        node.honest()
        world.relay()
    assert world.sent() == 1
    assert world.beta.dispatched() == {message.hash(): 1}
    assert world.status().counts["delivered"] == 1


def test_a_transaction_that_the_node_took_without_saying_so_is_not_sent_twice(
    world: RelayWorld,
) -> None:
    message = world.send()
    world.beta.import_root(world.alpha)

    def breaks(method: str, _: list[Any], answer: Any) -> Any:
        if method == "eth_sendRawTransaction":
            raise ConnectionError("after the node had it")
        return answer

    with between(world, BETA) as node:
        node.lie = breaks
        world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}
    assert world.sent() == 1


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.CLOSED, Fault.STATUS_500])
def test_a_node_that_breaks_at_the_worst_moments_only_costs_time(
    world: RelayWorld, fault: Fault
) -> None:
    message = world.send()
    world.beta.import_root(world.alpha)
    broken = {"eth_sendRawTransaction", "eth_getTransactionReceipt"}
    with between(world, BETA) as node:
        node.fault = lambda method, params: fault if method in broken else Fault.NONE
        with world.relayer() as daemon:
            assert not daemon.run_once(timeout_s=2)
        node.honest()
        world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}
    assert world.sent() == 1


def test_a_source_that_does_not_tell_its_prices_holds_up_its_own_messages_only(
    world: RelayWorld,
) -> None:
    there = world.send()
    back = world.beta.send(ALPHA, world.alpha.application.address)
    world.beta.import_root(world.alpha)
    world.alpha.import_root(world.beta)
    with between(world, ALPHA) as node:
        node.fault = lambda method, params: (
            Fault.STATUS_500
            if method == "eth_call" and params[0]["data"].startswith(PRICE_OF)
            else Fault.NONE
        )
        world.relay()
        assert "price ratio is not known" in world.reasons()[there.index]
        assert world.alpha.dispatched() == {back.hash(): 1}
        node.honest()
        world.relay()
    assert world.beta.dispatched() == {there.hash(): 1}


def test_two_relayers_do_not_share_a_folder(world: RelayWorld) -> None:
    with world.relayer(), pytest.raises(LockedError), world.relayer():
        pass
