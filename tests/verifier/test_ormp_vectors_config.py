"""Recorded signatures, settings and fee quotes of ORMP v1.5.0 against our contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from eth_utils.address import to_checksum_address

from tests.verifier.ormp_world import Side
from tests.verifier.recorded import (
    ROLES,
    SOURCE,
    VECTORS,
    Snapshot,
    bare,
    fund,
    number,
    recorded_logs,
    recorded_side,
    refusal,
    replay,
    restore,
    rows,
    snapshot,
)
from verifier.chain import ChainRevert, Contract, DestinationPrice, abi
from verifier.chain.messaging_deployment import set_price
from verifier.contracts import load_artifact

CONFIG = rows("config_calls")
# (contract, what v1 says when it refuses): what we say.
REFUSALS = {
    ("ORMP", "setDefaultConfig", "!auth"): "NotSetter",
    ("ORMP", "changeSetter", "!auth"): "NotSetter",
    ("ORMP", "send", "empty"): "NobodyInCharge",
    ("ORMP", "recv", "!auth"): "NobodyInCharge",
    ("oracle", "setApproved", "!owner"): "NotOwner",
    ("oracle", "changeOwner", "!owner"): "NotOwner",
    ("oracle", "importMessageRoot", "!owner"): "NotOwner",
    ("oracle", "withdraw", "!approve"): "NotApproved",
    ("oracle", "withdraw", "!withdraw"): "WithdrawalFailed",
    ("oracle", "setFee", "!approve"): "NotApproved",
    ("oracle", "assign", "!auth"): "NotEndpoint",
    ("relayer", "setApproved", "!owner"): "NotOwner",
    ("relayer", "changeOwner", "!owner"): "NotOwner",
    ("relayer", "withdraw", "!approve"): "NotApproved",
    ("relayer", "withdraw", "!withdraw"): "WithdrawalFailed",
    ("relayer", "setDstPrice", "!approve"): "NotApproved",
    ("relayer", "assign", "!ormp"): "NotEndpoint",
}
# Accepted calls whose logs differ: ours, and why.
OTHER_LOGS = {
    "changeSetter by the setter": (["SetterProposed"], "v1 is silent; here the next must accept"),
    "oracle.changeOwner by the owner": (["OwnershipProposed"], "the next owner must accept"),
    "relayer.changeOwner by the owner": (["OwnershipProposed"], "the next owner must accept"),
    "relayer.withdraw by an approved account": (["Withdrawal"], "v1 is silent"),
}
FEE_ERRORS = {"!baseGas": "ChainNotServed", "!fee": "FeeUnset"}
CONTRACTS = {"v15:ORMP": "Endpoint", "v15:ORMPOracle": "Oracle", "v15:Relayer": "Relayer"}


@pytest.mark.parametrize(("recorded", "name"), CONTRACTS.items())
def test_functions_and_events_have_the_recorded_signatures(recorded: str, name: str) -> None:
    artifact = load_artifact(name)
    ours = {f.selector for f in abi.functions(artifact.abi).values()}
    functions = VECTORS["signatures"]["functions"][recorded]
    missing = {s for s, selector in functions.items() if bytes.fromhex(selector[2:]) not in ours}
    assert not missing
    events = {e["name"]: e for e in artifact.abi if e["type"] == "event"}
    for signature, event in VECTORS["signatures"]["events"][recorded].items():
        entry = events[signature.split("(")[0]]
        assert "0x" + abi.event_topic(artifact.abi, entry["name"]).hex() == event["topic0"]
        assert [i["name"] for i in entry["inputs"] if i["indexed"]] == event["indexed"]


@dataclass
class Recorded:
    """The source chain, and its state before each setting: each follows the one above."""

    side: Side
    before: dict[str, Snapshot]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    side = recorded_side(SOURCE)
    for contract in (side.oracle, side.relayer):
        fund(side.chain, contract.address, 10**18)
    before = {}
    for row in CONFIG:
        before[row["about"]] = snapshot(side.chain)
        if refusal(side, row["tx"]) is None:
            accept(side, row["tx"])
    return Recorded(side, before)


@pytest.mark.parametrize("row", CONFIG, ids=lambda row: row["about"][:60])
def test_setting(recorded: Recorded, row: dict[str, Any]) -> None:
    source, tx, to = recorded.side, row["tx"], row["tx"]["to"]
    restore(source.chain, recorded.before[row["about"]])
    if "on a fresh ORMP" in row["about"]:
        sender = source.chain.accounts[0]
        fresh = Contract.deploy(source.chain, load_artifact("Endpoint"), sender, sender=sender)[0]
        to = fresh.address
    if tx["status"] == "revert":
        assert refusal(source, tx, to=to) == REFUSALS[cause(row)]
        return
    logs = [bare(log) for log in replay(source, tx)]
    if row["about"] in OTHER_LOGS:
        events = [event.name for event in decoded(source, tx, logs)]
        assert events == OTHER_LOGS[row["about"]][0]
        accept(source, tx)
    else:
        assert logs == recorded_logs(tx)
    if "app_config_after" in row:
        chosen = source.endpoint.call("getAppConfig", row.get("ua", ROLES["refund"]))
        want = row["app_config_after"]
        assert [to_checksum_address(a) for a in chosen] == [want["oracle"], want["relayer"]]
    if "setter_after" in row:
        assert to_checksum_address(source.endpoint.call("setter")) == row["setter_after"]


def cause(row: dict[str, Any]) -> tuple[str, str, str]:
    """(contract, function, what it said) of a recorded refusal."""
    about, revert = row["about"], row["tx"]["revert"]
    contract = about.split(".")[0] if about.startswith(("oracle.", "relayer.")) else "ORMP"
    return contract, row["tx"]["function"].split("(")[0], revert.get("reason", revert["kind"])


def decoded(source: Side, tx: dict[str, Any], logs: list[Any]) -> list[abi.Event]:
    events = (abi.decode_event(log) for log in source.chain._logs[-len(logs) :])
    return [event for event in events if event is not None]


def accept(source: Side, tx: dict[str, Any]) -> None:
    """A proposed setter or owner takes over, as v1 does at once."""
    contracts = (source.endpoint, source.oracle, source.relayer)
    steps = (("nextSetter", "acceptSetter"), *[("nextOwner", "acceptOwner")] * 2)
    for contract, (proposed, acceptance) in zip(contracts, steps, strict=True):
        if contract.address == tx["to"] and int(successor := contract.call(proposed), 16):
            contract.transact(acceptance, sender=to_checksum_address(successor))


def test_every_recorded_refusal_of_a_setting_has_an_error_of_ours() -> None:
    assert {cause(row) for row in CONFIG if row["tx"]["status"] == "revert"} == set(REFUSALS)
    assert set(OTHER_LOGS) <= {row["about"] for row in CONFIG}


@pytest.mark.parametrize(
    "row",
    VECTORS["fee_quotes"],  # the formula is the same in version 2, whose rows are other numbers
    ids=lambda r: f"{r['version']}-{r['toChainId']}-{r['gasLimit']}-{r['encoded_length']}",
)
def test_fee_quote(row: dict[str, Any], priced: Side) -> None:
    chain_id, gas_limit = number(row["toChainId"]), number(row["gasLimit"])
    config = {name: number(value) for name, value in row["relayer_config"].items()}
    price = DestinationPrice(
        number(row["oracle_fee_config"]),
        config["dstPriceRatio"],
        config["dstGasPriceInWei"],
        config["baseGas"],
        config["gasPerByte"],
    )
    set_price(priced.relayer, priced.oracle, chain_id, price, sender=ROLES["op"])
    quote = chain_id, ROLES["u1"], gas_limit, bytes(row["encoded_length"]), b""
    check_fee(priced.relayer, quote, row["relayer_fee"])
    check_fee(priced.oracle, quote[:2], row["oracle_fee"])
    check_fee(priced.endpoint, quote, row["total_fee"])


@pytest.fixture(scope="module")
def priced() -> Side:
    return recorded_side(SOURCE)


def check_fee(contract: Contract, arguments: tuple[Any, ...], want: Any) -> None:
    if isinstance(want, str):
        assert contract.call("fee", *arguments) == number(want)
        return
    with pytest.raises(ChainRevert) as caught:
        contract.call("fee", *arguments)
    revert = want["revert"]
    if revert["kind"] == "Panic(uint256)":
        assert (caught.value.name, caught.value.arguments) == ("Panic", (number(revert["code"]),))
    else:
        assert caught.value.name == FEE_ERRORS[revert["reason"]]
