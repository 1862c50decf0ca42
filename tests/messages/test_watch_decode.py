"""Decoding what the deployed version 1 contracts logged, byte for byte as it was recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address

from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.watch import decode
from sequencer.messages.watch.facts import (
    MessageAccepted,
    MessageHeld,
    NonceGivenUp,
    OracleAssigned,
    PortReceived,
    RelayerAssigned,
)
from sequencer.messages.watch.log import RawLog
from verifier.chain import abi
from verifier.contracts import load_artifact

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "ormp.json").read_text())
V1 = [row for row in VECTORS["events"] if row["version"] == "v1.5.0"]
TOPICS = {
    "v15:ORMP": {"MessageAccepted": decode.ACCEPTED, "MessageDispatched": decode.DISPATCHED},
    "v15:ORMPOracle": {"Assigned": decode.ORACLE_ASSIGNED, "ImportedMessageRoot": decode.IMPORTED},
    "v15:Relayer": {"Assigned": decode.RELAYER_ASSIGNED},
}


def raw(row: dict[str, Any]) -> RawLog:
    log = row["log"]
    topics = tuple(bytes.fromhex(topic[2:]) for topic in log["topics"])
    data = bytes.fromhex(log["data"][2:])
    address = to_checksum_address(log["address"])
    return RawLog(address, topics, data, 7, b"\x01" * 32, b"\x02" * 32, row["log_position_in_tx"])


def hash_of(row: dict[str, Any]) -> bytes:
    return bytes.fromhex(row["log"]["topics"][1][2:])


@pytest.mark.parametrize("contract", TOPICS)
def test_topics_are_those_of_version_1(contract: str) -> None:
    recorded = VECTORS["signatures"]["events"][contract]
    by_name = {signature.split("(")[0]: entry["topic0"] for signature, entry in recorded.items()}
    for name, topic in TOPICS[contract].items():
        assert by_name[name] == "0x" + topic.hex()


def test_topics_are_those_of_our_contracts() -> None:
    endpoint, oracle = load_artifact("Endpoint").abi, load_artifact("Oracle").abi
    assert abi.event_topic(endpoint, "MessageAccepted") == decode.ACCEPTED
    assert abi.event_topic(endpoint, "MessageDispatched") == decode.DISPATCHED
    assert abi.event_topic(endpoint, "MessageRetried") == decode.RETRIED
    assert abi.event_topic(oracle, "ImportedMessageRoot") == decode.IMPORTED
    assert abi.event_topic(oracle, "Assigned") == decode.ORACLE_ASSIGNED
    relayer = load_artifact("Relayer").abi
    assert abi.event_topic(relayer, "Assigned") == decode.RELAYER_ASSIGNED
    port = load_artifact("OrderedPort").abi
    assert abi.event_topic(port, "MessageHeld") == decode.HELD
    assert abi.event_topic(port, "MessageRecv") == decode.RECEIVED
    assert abi.event_topic(port, "NonceGivenUp") == decode.GIVEN_UP
    # The feed's, from the deployed contract's documentation.
    aggregated = "88b7bed133955289c035e4d908207963060c0c71602a00de19c39cb577cb32ad"
    assert decode.AGGREGATED.hex() == aggregated


@pytest.mark.parametrize("position", range(len(V1)))
def test_recorded_logs_say_what_was_sent(position: int) -> None:
    row = V1[position]
    fact, sent = decode.decode_log(raw(row), 31337), row["send_args"]
    assert getattr(fact, "message_hash") == hash_of(row)  # noqa: B009 (of three kinds)
    match fact:
        case MessageAccepted():
            message = fact.message
            assert message.hash() == fact.message_hash
            assert message.to_chain_id == int(sent["toChainId"], 16)
            assert message.to == int(sent["to"], 16)
            assert message.gas_limit == int(sent["gasLimit"], 16)
            assert message.encoded == bytes.fromhex(sent["encoded"][2:])
            assert message.sender == int(row["sender_ua"], 16)
        case RelayerAssigned() | OracleAssigned():
            assert 0 < fact.fee_wei <= int(row["value_paid"], 16)
        case _:
            pytest.fail(f"unexpected {fact}")


@pytest.mark.parametrize("cut", [0, 1, 31, 32, 33])
def test_a_log_that_is_too_short_is_refused(cut: int) -> None:
    for row in V1[:3]:
        log = raw(row)
        short = RawLog(log.address, log.topics, log.data[:cut], 7, b"", b"", 0)
        if cut >= 32 and log.topics[0] == decode.ORACLE_ASSIGNED:
            continue
        with pytest.raises(ValueError, match="log 0 of block 7"):
            decode.decode_log(short, 31337)


def test_a_log_without_its_indexed_hash_is_refused() -> None:
    for row in V1[:3]:
        log = raw(row)
        bare = RawLog(log.address, log.topics[:1], log.data, 7, b"", b"", 0)
        with pytest.raises(ValueError, match="log 0 of block 7"):
            decode.decode_log(bare, 31337)


PORT, DAPP = (to_checksum_address("0x" + digits * 20) for digits in ("9a", "da"))
HELD = OrderedMessage(b"\x05" * 32, 7, DAPP, (1 << 64) - 1, PORT, 1 << 255, b"abc")


def port_log(*topics: bytes, data: bytes) -> RawLog:
    return RawLog(PORT, topics, data, 7, b"\x01" * 32, b"\x02" * 32, 0)


def held_log(message: OrderedMessage = HELD, *, lane: tuple[int, str] = (7, DAPP)) -> RawLog:
    chain, dapp = (
        encode([kind], [v]) for kind, v in zip(("uint256", "address"), lane, strict=True)
    )
    data = encode([decode.ORDERED_MESSAGE], [message.fields()])
    return port_log(decode.HELD, HELD.id, chain, dapp, data=data)


def test_what_an_ordered_port_says_is_understood() -> None:
    log = held_log()
    assert decode.decode_log(log, 5) == MessageHeld(log.position(5), PORT, HELD)
    for done in (True, False):
        log = port_log(decode.RECEIVED, HELD.id, data=encode(["bool", "bytes"], [done, b"why"]))
        assert decode.decode_log(log, 5) == PortReceived(log.position(5), PORT, HELD.id, done)
    topics = encode(["uint256"], [7]), encode(["address"], [DAPP])
    log = port_log(decode.GIVEN_UP, *topics, data=encode(["uint64"], [HELD.nonce]))
    assert decode.decode_log(log, 5) == NonceGivenUp(log.position(5), PORT, 7, DAPP, HELD.nonce)


@pytest.mark.parametrize(
    "log",
    [
        held_log(lane=(8, DAPP)),
        held_log(lane=(7, PORT)),
        held_log(OrderedMessage(b"\x06" * 32, 7, DAPP, 1, PORT, 1, b"")),
        port_log(decode.HELD, HELD.id, data=held_log().data),
        port_log(decode.GIVEN_UP, data=bytes(32)),
        port_log(decode.RECEIVED, HELD.id, data=bytes(32)),
    ],
)
def test_a_port_whose_event_contradicts_itself_is_refused(log: RawLog) -> None:
    with pytest.raises(ValueError, match="log 0 of block 7"):
        decode.decode_log(log, 5)
