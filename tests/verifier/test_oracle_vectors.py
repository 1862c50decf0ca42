"""The data-service oracle against what was recorded from ORMP v1.5.0's pushed oracle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_utils.abi import event_abi_to_log_topic, function_abi_to_4byte_selector

from verifier.chain import ChainRevert, Contract, EmbeddedChain
from verifier.chain.abi import decode_revert
from verifier.chain.transport import ExecutionReverted, Log
from verifier.contracts import load_artifact

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/ormp.json").read_text())
ROLES = VECTORS["environment"]["roles"]
ENDPOINT = VECTORS["environment"]["v1_source"]["ormp"]
ARTIFACT = load_artifact("Oracle")
# What v1.5.0 says in words, and the error that says it here.
ERRORS = {
    "!owner": "NotOwner",
    "!approve": "NotApproved",
    "!withdraw": "WithdrawalFailed",
    "!auth": "NotEndpoint",
    "!fee": "FeeUnset",
}


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def number(text: str) -> int:
    return int(text, 0)


# -- selectors and topics --


def test_every_function_of_version_1_5_0_is_there() -> None:
    ours: set[str] = set()
    for entry in ARTIFACT.abi:
        if entry["type"] == "function":
            ours.add("0x" + function_abi_to_4byte_selector(entry).hex())  # type: ignore[arg-type]
    theirs = VECTORS["signatures"]["functions"]["v15:ORMPOracle"]
    assert {name for name, selector in theirs.items() if selector not in ours} == set()


def test_every_event_of_version_1_5_0_is_there_with_the_same_fields_indexed() -> None:
    ours: dict[str, list[str]] = {}
    for entry in ARTIFACT.abi:
        if entry["type"] == "event":
            indexed = [item["name"] for item in entry["inputs"] if item["indexed"]]
            ours["0x" + event_abi_to_log_topic(entry).hex()] = indexed  # type: ignore[arg-type]
    for name, event in VECTORS["signatures"]["events"]["v15:ORMPOracle"].items():
        assert ours[event["topic0"]] == event["indexed"], name


# -- recorded calls of settings, imports and assignments --

CALLS = {
    row["about"]: row["tx"]
    for row in VECTORS["config_calls"]
    if row["version"] == "v1.5.0" and row["about"].startswith("oracle.")
}


@pytest.fixture
def oracle() -> Contract:
    """As recorded: the owner is `dao`, and `u1` is approved except where a row approves it."""
    chain = EmbeddedChain(number(VECTORS["environment"]["source_chain_id"]))
    contract, _ = Contract.deploy(chain, ARTIFACT, ROLES["dao"], ENDPOINT, sender=chain.accounts[0])
    chain.transact(contract.address, b"", sender=chain.accounts[0], value=1000)
    return contract


def replay(oracle: Contract, tx: dict[str, Any]) -> tuple[Log, ...]:
    """Send what was recorded to our contract; reverts carry our own errors."""
    try:
        return oracle.transport.transact(
            oracle.address, raw(tx["calldata"]), sender=tx["from"]
        ).logs
    except ExecutionReverted as reverted:
        raise decode_revert(reverted) from None


def assert_logs(oracle: Contract, logs: tuple[Log, ...], tx: dict[str, Any]) -> None:
    """Byte for byte, and all from the oracle."""
    assert [(log.topics, log.data) for log in logs] == [
        (tuple(map(raw, log["topics"])), raw(log["data"])) for log in tx["logs"]
    ]
    assert {log.address for log in logs} == {oracle.address}


REFUSED = [about for about, tx in CALLS.items() if tx["status"] == "revert"]
ACCEPTED = [about for about, tx in CALLS.items() if tx["status"] == "success"]


def prepare(oracle: Contract, about: str) -> None:
    """Bring the oracle into the state that the row was recorded in."""
    if about.endswith("an approved account") or "more than the balance" in about:
        oracle.transact("setApproved", ROLES["u1"], True, sender=ROLES["dao"])
    if about == "oracle.importMessageRoot by the owner":
        hand_over(oracle)


def hand_over(oracle: Contract) -> tuple[Log, ...]:
    """What `changeOwner` did at once; here the next owner accepts."""
    if int(oracle.call("nextOwner"), 16) == 0:
        oracle.transact("changeOwner", ROLES["u2"], sender=ROLES["dao"])
    data = oracle.encode("acceptOwner")
    return oracle.transport.transact(oracle.address, data, sender=ROLES["u2"]).logs


@pytest.mark.parametrize("about", REFUSED)
def test_refused_calls_are_refused_for_the_same_cause(oracle: Contract, about: str) -> None:
    prepare(oracle, about)
    with pytest.raises(ChainRevert) as caught:
        replay(oracle, CALLS[about])
    assert caught.value.name == ERRORS[CALLS[about]["revert"]["reason"]]


@pytest.mark.parametrize("about", ACCEPTED)
def test_accepted_calls_emit_the_recorded_logs(oracle: Contract, about: str) -> None:
    prepare(oracle, about)
    logs = replay(oracle, CALLS[about])
    if about == "oracle.changeOwner by the owner":
        logs = hand_over(oracle)
    assert_logs(oracle, logs, CALLS[about])


def test_all_recorded_calls_to_the_oracle_are_used() -> None:
    assert len(REFUSED) == 7
    assert len(ACCEPTED) == 5


# -- recorded proofs --


@pytest.mark.parametrize("row", VECTORS["proofs"], ids=lambda row: f"{row['count']}-{row['index']}")
def test_recorded_proofs(oracle: Contract, row: dict[str, Any]) -> None:
    """Version 1 also proves a tree's empty positions, which are no messages; ours does not."""
    chain_id, block = number(row["from_chain_id"]), number(row["block_number"])
    oracle.transact("importMessageRoot", chain_id, block, raw(row["root"]), sender=ROLES["dao"])
    leaf = raw(row["leaf"])
    answer = oracle.call("verifyMessageProof", chain_id, leaf, raw(row["encoded_proof"]))
    assert answer is (row["verify_result"] if any(leaf) else False)
    for change in row["variations"]:
        siblings = map(raw, change["siblings"] or row["siblings"])
        words = (number(change["block_number"]), number(change["index"]))
        proof = b"".join(word.to_bytes(32, "big") for word in words) + b"".join(siblings)
        leaf = raw(change["leaf"])
        answer = oracle.call("verifyMessageProof", chain_id, leaf, proof)
        assert answer is (change["verify_result"] if any(leaf) else False), change["about"]


@pytest.mark.parametrize("row", VECTORS["proof_length_handling"], ids=lambda row: row["about"][23:])
def test_recorded_proof_lengths(oracle: Contract, row: dict[str, Any]) -> None:
    arguments = 46, raw(row["leaf"]), raw(row["proof"])
    if "revert" in row:
        with pytest.raises(ChainRevert, match=r"Empty\(\)"):
            oracle.call("verifyMessageProof", *arguments)
        return
    assert oracle.call("verifyMessageProof", *arguments) is False  # no root of that block yet
