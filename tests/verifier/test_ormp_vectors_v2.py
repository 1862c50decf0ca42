"""The double of the deployed ORMP v2.1.0 against the rows recorded from it.

The double stands in for a contract that is not ours, so this is about the double: what the tests of
ZkOracleV2 deliver through it, the deployed endpoint would deliver too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.abi import event_abi_to_log_topic, function_abi_to_4byte_selector
from eth_utils.crypto import keccak

from sequencer.messages.message import Message
from tests.verifier.doubles import ARTIFACTS
from tests.verifier.recorded import APPLICATION, ENVIRONMENT, ROLES, VECTORS, fund, number, raw
from tests.verifier.replay import assert_same_logs, assert_same_revert, place, replay
from verifier.chain import Contract, EmbeddedChain
from verifier.chain.records import message_argument
from verifier.chain.transport import ExecutionReverted
from verifier.contracts import load_artifact

COUNT_SLOT = 1
ZERO = "0x" + "0" * 40


def rows(section: str) -> list[dict[str, Any]]:
    return [row for row in VECTORS[section] if row["version"] == "v2.1.0"]


@dataclass
class Side:
    """One of the two recorded chains."""

    chain: EmbeddedChain
    endpoint: Contract
    oracle: Contract
    relayer: Contract
    application: Contract


def side(which: str, *, configured: bool = True, oracle_owner: str = ROLES["dao"]) -> Side:
    """The contracts of the source or the destination, where they were recorded."""
    chain = EmbeddedChain(number(ENVIRONMENT[f"{which}_chain_id"]))
    at = ENVIRONMENT[f"v2_{which}"]
    price, config = ENVIRONMENT["relayer_price"], ENVIRONMENT["relayer_config"]
    served = number(ENVIRONMENT["destination_chain_id"])
    prices = [price["dstPriceRatio"], price["dstGasPriceInWei"]]
    prices += [config["baseGas"], config["gasPerByte"]]
    endpoint = place(chain, "EndpointV2Double", at["ormp"], ROLES["dao"])
    oracle = place(chain, "OracleV2Double", at["oracle"], at["ormp"], oracle_owner)
    relayer = place(
        chain,
        "RelayerV2Double",
        at["relayer"],
        at["ormp"],
        ROLES["op"],
        [served, *map(number, prices)],
    )
    application = place(chain, "RecordingApplication", APPLICATION)
    oracle.transact("setFee", served, number(ENVIRONMENT["oracle_fee"]), sender=ROLES["dao"])
    for account in ROLES.values():
        fund(chain, account, 10**24)
    if configured:
        arguments = oracle.address, relayer.address
        endpoint.transact("setDefaultConfig", *arguments, sender=ROLES["dao"])
    return Side(chain, endpoint, oracle, relayer, application)


def message_of(row: dict[str, Any]) -> Message:
    fields = row["message"]
    names = ("channel", "index", "fromChainId", "from", "toChainId", "to", "gasLimit")
    return Message(*(number(fields[name]) for name in names), raw(fields["encoded"]))


# -- the interface --


def test_the_double_has_every_function_and_event_of_version_2_1_0() -> None:
    abi = load_artifact("EndpointV2Double", ARTIFACTS).abi
    selectors = {
        "0x" + function_abi_to_4byte_selector(entry).hex()  # type: ignore[arg-type]
        for entry in abi
        if entry["type"] == "function"
    }
    assert selectors == set(VECTORS["signatures"]["functions"]["v21:ORMP"].values())
    topics = {
        "0x" + event_abi_to_log_topic(entry).hex(): [
            item["name"] for item in entry["inputs"] if item["indexed"]
        ]
        for entry in abi
        if entry["type"] == "event"
    }
    theirs = VECTORS["signatures"]["events"]["v21:ORMP"].values()
    assert topics == {event["topic0"]: event["indexed"] for event in theirs}


# -- imports --


@pytest.mark.parametrize("row", rows("hash_imports_v2"), ids=lambda row: row["lookup_key"][:10])
def test_hash_imports(row: dict[str, Any]) -> None:
    there = side("destination")
    assert_same_logs(replay(there.chain, row["tx"]).logs, row["tx"])
    key = raw(row["lookup_key"])
    imported = raw(row["hash"])
    assert there.endpoint.call("hashLookup", there.oracle.address, key) == imported
    assert imported == raw(row["hashLookup_after"]) == raw(row["oracle_hashOf_after"])
    chain_id, channel, index, _ = there.oracle.decode_arguments(
        "importMessageHash", raw(row["tx"]["calldata"])
    )
    assert there.oracle.call("hashOf", chain_id, channel, index) == imported
    assert keccak(encode(["uint256", "address", "uint256"], [chain_id, channel, index])) == key


# -- deliveries --

DELIVERIES = {row["about"]: row for row in rows("deliveries")}
# The smallest gas that is enough depends on the compiler: found anew below, not replayed.
GAS_EDGES = {
    "tx gas limit 79950: less than 5000 gas left at the check, "
    "gasleft() - 5000 underflows (Panic 0x11)",
    "exactly one gas below the minimum",
    "exactly the minimum tx gas limit",
}


def prepared(row: dict[str, Any]) -> Side:
    """The destination in the state that the row tells of."""
    there = side("destination")
    if "EOA" in row["setup"]:
        choice = there.endpoint.address, ZERO, ROLES["u2"]
        there.application.transact("configure", *choice, sender=ROLES["dao"])
    message = message_of(row)
    if row["setup"] != "nothing imported":
        is_other = row["setup"].startswith("a random hash") or "tampered" in row["about"]
        digest = keccak(b"another") if is_other else message.hash()
        where = row["message"]["fromChainId"], row["message"]["channel"], row["message"]["index"]
        arguments = number(where[0]), where[1], number(where[2]), digest
        there.oracle.transact("importMessageHash", *arguments, sender=ROLES["dao"])
    if row["state_before"]["dones[hash]"]:
        there.relayer.transact("relay", message_argument(message), sender=ROLES["op"])
    return there


@pytest.mark.parametrize("about", sorted(DELIVERIES.keys() - GAS_EDGES))
def test_deliveries(about: str) -> None:
    row = DELIVERIES[about]
    there, tx = prepared(row), row["tx"]
    assert message_of(row).hash() == raw(row["hash"])
    if tx["status"] == "revert":
        with pytest.raises(ExecutionReverted) as caught:
            replay(there.chain, tx)
        assert_same_revert(caught.value, tx)
    else:
        assert_same_logs(replay(there.chain, tx).logs, tx)
    delivered = there.endpoint.call("dones", raw(row["hash"]))
    assert delivered is row["state_after"]["dones[hash]"]


def test_gas_edges_are_all_recorded() -> None:
    assert DELIVERIES.keys() >= GAS_EDGES


def outcome(there: Side, tx: dict[str, Any], gas_limit: int) -> bytes | None:
    """Revert data; None for a delivery."""
    try:
        replay(there.chain, tx, gas_limit=gas_limit)
    except ExecutionReverted as reverted:
        return b"out of gas" if reverted.out_of_gas else reverted.data
    return None


def test_the_gas_check_has_one_sharp_edge() -> None:
    """One gas below the minimum "!gas", at the minimum a delivery, both as recorded."""
    enough = DELIVERIES["exactly the minimum tx gas limit"]
    below = DELIVERIES["exactly one gas below the minimum"]
    low, high = 250_000, 600_000
    while high - low > 1:
        middle = (low + high) // 2
        if outcome(prepared(enough), enough["tx"], middle) is None:
            high = middle
        else:
            low = middle
    assert outcome(prepared(below), below["tx"], low) == raw(below["tx"]["revert"]["data"])
    there = prepared(enough)
    assert_same_logs(replay(there.chain, enough["tx"], gas_limit=high).logs, enough["tx"])
    # the deployed contract's edge lies at 497,703: the same rule, another compiler
    assert abs(high - enough["tx"]["gas_limit"]) < 15_000


def test_below_5000_gas_the_check_itself_panics() -> None:
    row = next(DELIVERIES[about] for about in GAS_EDGES if "79950" in about)
    panic = raw(row["tx"]["revert"]["data"])
    found = {outcome(prepared(row), row["tx"], gas) for gas in range(72_000, 84_000, 400)}
    assert panic in found


# -- settings and imports by anyone --

SETTINGS = {
    row["about"]: row
    for row in rows("config_calls")
    if not row["about"].startswith(("oracle.", "relayer."))
}
# The admin functions of the deployed v2 oracle and relayer. ZkOracleV2 has no owner, no fees and no
# approved accounts, and this project has no relayer of version 2: nothing here answers these calls.
# (The same functions of version 1 are in test_oracle_vectors and test_ormp_vectors.)
WITHOUT_COUNTERPART = {
    "oracle.setApproved by a stranger",
    "oracle.setApproved by the owner",
    "oracle.changeOwner by a stranger",
    "oracle.changeOwner by the owner",
    "oracle.withdraw by a stranger",
    "oracle.withdraw more than the balance",
    "oracle.withdraw by an approved account",
    "oracle.setFee by a stranger",
    "oracle.setFee by an approved account",
    "relayer.setApproved by a stranger",
    "relayer.setApproved by the owner",
    "relayer.changeOwner by a stranger",
    "relayer.changeOwner by the owner",
    "relayer.withdraw by a stranger",
    "relayer.withdraw more than the balance",
    "relayer.withdraw by an approved account",
    "relayer.setDstPrice by a stranger",
    "relayer.setDstPrice by an approved account",
    "relayer.setDstConfig by an approved account",
}
IMPORTS = {"oracle.importMessageHash by a stranger", "oracle.importMessageHash by the owner"}


def test_no_recorded_setting_is_left_out_silently() -> None:
    recorded = {row["about"] for row in rows("config_calls")}
    assert recorded == SETTINGS.keys() | WITHOUT_COUNTERPART | IMPORTS


@pytest.mark.parametrize("about", SETTINGS)
def test_settings(about: str) -> None:
    row = SETTINGS[about]
    tx = row["tx"]
    here = side("source", configured="without any default config" not in about)
    if tx["status"] == "revert":
        with pytest.raises(ExecutionReverted) as caught:
            replay(here.chain, tx)
        assert_same_revert(caught.value, tx)
        return
    assert_same_logs(replay(here.chain, tx).logs, tx)
    if "app_config_after" in row:
        after = here.endpoint.call("getAppConfig", row.get("ua", tx["from"]))
        assert list(after) == [
            row["app_config_after"][part].lower() for part in ("oracle", "relayer")
        ]
    if "lookup_key" in row:
        stored = here.endpoint.call("hashLookup", tx["from"], raw(row["lookup_key"]))
        assert stored == raw(row["stored"])


@pytest.mark.parametrize("about", sorted(IMPORTS))
def test_imports_by_the_oracles_owner(about: str) -> None:
    tx = next(row["tx"] for row in rows("config_calls") if row["about"] == about)
    here = side("source", oracle_owner=ROLES["u2"])
    if tx["status"] == "revert":
        with pytest.raises(ExecutionReverted) as caught:
            replay(here.chain, tx)
        assert_same_revert(caught.value, tx)
    else:
        assert_same_logs(replay(here.chain, tx).logs, tx)


# -- sends --


@pytest.mark.parametrize("row", rows("fee_and_refund_sends"), ids=lambda row: row["about"])
def test_sends(row: dict[str, Any]) -> None:
    here, tx = side("source"), row["tx"]
    place(here.chain, "ReSender", rows("refund_reentrancy")[0]["tx"]["to"])
    if "stray balance" in row["about"]:
        fund(here.chain, here.endpoint.address, 10**18)
    if tx["status"] == "revert":
        with pytest.raises(ExecutionReverted) as caught:
            replay(here.chain, tx)
        assert_same_revert(caught.value, tx)
        return
    index = number(tx["logs"][0]["decoded"]["message"]["index"])
    here.chain._state._storage[here.endpoint.address.lower(), COUNT_SLOT] = index
    parties = {
        name: row["balance_addresses"][name] for name in ("ormp", "oracle", "relayer", "refund")
    }
    before = {name: here.chain.balance(address) for name, address in parties.items()}
    assert_same_logs(replay(here.chain, tx).logs, tx)
    deltas = {name: here.chain.balance(a) - before[name] for name, a in parties.items()}
    assert deltas == {name: int(row["balance_deltas"][name], 0) for name in parties}


@pytest.mark.parametrize("row", rows("events"), ids=lambda row: row["about"])
def test_every_recorded_event_belongs_to_a_replayed_send(row: dict[str, Any]) -> None:
    replayed = [log for send in rows("fee_and_refund_sends") for log in send["tx"].get("logs", ())]
    assert row["log"] in replayed


@pytest.mark.parametrize("row", rows("refund_reentrancy"), ids=["refund re-enters send"])
def test_reentrancy_of_the_refund(row: dict[str, Any]) -> None:
    here = side("source")
    place(here.chain, "ReSender", row["tx"]["to"])
    assert_same_logs(replay(here.chain, row["tx"]).logs, row["tx"])
