"""The recorded port of msgport against ours: the same bytes on both sides of the wire.

Recorded were two ports over version 2 of ORMP. Every row is replayed on a chain with the recorded
chain id, peers, dapp address and message id, so that payloads, logs and the dapp's calldata can be
compared byte for byte. Where ours differs on purpose, the test says so.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.ports import PortWorld, dapp_at, error_name, make_port
from verifier.chain import ChainRevert
from verifier.chain.abi import event_topic
from verifier.chain.transport import Log
from verifier.contracts import load_artifact

VECTORS = Path(__file__).parents[1] / "vectors/ormp.json"


@cache
def vectors() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(VECTORS.read_text())
    return document


ROWS = vectors()["port_layer"]
DELIVERED, EMPTY, FAILING, TO_ENDPOINT = ROWS
IDS = ["delivered", "empty", "failing", "to the endpoint"]


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def recorded_log(row: dict[str, Any], transaction: str, event: str) -> tuple[list[bytes], bytes]:
    log = next(log for log in row[transaction]["logs"] if log["event"].startswith(event + "("))
    return [raw(topic) for topic in log["topics"]], raw(log["data"])


def last_log(world: PortWorld) -> Log:
    return world.chain.logs(world.port.address, [])[-1]


def source(row: dict[str, Any]) -> PortWorld:
    """Our port in the place of the recorded sender."""
    to_chain = int(row["ormp_message"]["toChainId"], 16)
    world = make_port(
        "Port",
        chain_id=int(row["send_tx"]["chain_id"], 16),
        peers=((to_chain, row["port_destination"]),),
    )
    world.office.transact("setNextHash", raw(row["hash"]), sender=world.user)
    return world


def destination(row: dict[str, Any]) -> PortWorld:
    """Our port in the place of the recorded receiver, with a dapp where the recorded one was."""
    from_chain = int(row["ormp_message"]["fromChainId"], 16)
    world = make_port(
        "Port",
        chain_id=int(row["relay_tx"]["chain_id"], 16),
        peers=((from_chain, row["port_source"]),),
    )
    world.dapp = dapp_at(world.chain, row["to_dapp"])
    return world


def relay(world: PortWorld, row: dict[str, Any]) -> None:
    arguments = (
        world.port.address,
        raw(row["ormp_message"]["encoded"]),
        raw(row["hash"]),
        int(row["ormp_message"]["fromChainId"], 16),
        row["ormp_message"]["from"],
    )
    world.office.transact("deliver", *arguments, sender=world.user)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_sending_makes_the_recorded_payload_and_log(row: dict[str, Any]) -> None:
    world = source(row)
    sender = row["send_tx"]["from"]
    result = world.chain.transact(
        world.port.address, raw(row["send_tx"]["calldata"]), sender=sender
    )
    _, _, chain_id, to, gas_limit, encoded, _, params = world.office.call("last")
    message = row["ormp_message"]
    assert encoded == raw(message["encoded"])
    assert (hex(chain_id), hex(gas_limit)) == (message["toChainId"], message["gasLimit"])
    assert (to.lower(), params) == (message["to"].lower(), b"")
    topics, data = recorded_log(row, "send_tx", "MessageSent")
    assert list(result.logs[-1].topics) == topics
    assert result.logs[-1].data == data


@pytest.mark.parametrize("row", [DELIVERED, EMPTY], ids=IDS[:2])
def test_receiving_gives_the_dapp_the_recorded_calldata_and_log(row: dict[str, Any]) -> None:
    world = destination(row)
    relay(world, row)
    got = next(log for log in row["relay_tx"]["logs"] if log["event"].startswith("DappGot("))
    assert world.received() == [raw(got["decoded"]["data"])]
    topics, data = recorded_log(row, "relay_tx", "MessageRecv")
    assert list(last_log(world).topics) == topics
    assert last_log(world).data == data


def test_a_failing_dapp_fails_the_delivery_where_the_recorded_port_swallows_it() -> None:
    """Different on purpose: the recorded endpoint reports success, and nobody can try again."""
    recorded = next(log for log in FAILING["relay_tx"]["logs"] if "MessageRecv" in log["event"])
    assert recorded["decoded"]["result"] is False
    assert FAILING["dispatch_result"] is True
    world = destination(FAILING)
    world.dapp.transact("setMode", 1, sender=world.user)
    with pytest.raises(ChainRevert) as caught:
        relay(world, FAILING)
    assert caught.value.name == "DappFailed"
    world.dapp.transact("setMode", 0, sender=world.user)
    relay(world, FAILING)
    assert len(world.received()) == 1


def test_a_message_to_the_endpoint_fails_as_recorded() -> None:
    """Same outcome, own error: the recorded port refused with a string, its endpoint said false."""
    assert TO_ENDPOINT["dispatch_result"] is False
    world = destination(TO_ENDPOINT)
    encoded = raw(TO_ENDPOINT["ormp_message"]["encoded"])
    dapp, _, body = world.port.decode_arguments("recv", encoded)
    ours = world.port.encode("recv", dapp, world.office.address, body)
    arguments = world.port.address, ours, raw(TO_ENDPOINT["hash"]), 46, TO_ENDPOINT["port_source"]
    with pytest.raises(ChainRevert) as caught:
        world.office.transact("deliver", *arguments, sender=world.user)
    assert error_name(caught.value.arguments[1]) == "ForbiddenDapp"


def test_selectors_and_topics_are_those_recorded_where_there_is_a_counterpart() -> None:
    signatures = vectors()["signatures"]
    functions = signatures["functions"]["port:ORMPUpgradeablePort"]
    port = make_port("Port").port
    for signature in (
        "send(uint256,address,bytes,bytes)",
        "fee(uint256,address,address,bytes,bytes)",
        "recv(address,address,bytes)",
        "peerOf(uint256)",
        "setPeer(uint256,address)",
        "owner()",
    ):
        name = signature.partition("(")[0]
        assert "0x" + port._functions[name].selector.hex() == functions[signature]
    events = signatures["events"]["port:ORMPUpgradeablePort"]
    for name in ("MessageSent", "MessageRecv", "PeerSet", "OwnershipTransferred"):
        recorded = next(v["topic0"] for s, v in events.items() if s.startswith(name + "("))
        assert "0x" + event_topic(load_artifact("Port").abi, name).hex() == recorded
