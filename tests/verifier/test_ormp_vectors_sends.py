"""Recorded sends of ORMP v1.5.0, sent again to our contracts: logs, balances, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.abi import function_signature_to_4byte_selector

from tests.verifier.ormp_world import Side, set_message_count
from tests.verifier.recorded import (
    DESTINATION,
    SOURCE,
    VECTORS,
    Snapshot,
    balance,
    bare,
    fund,
    number,
    raw,
    recorded_logs,
    recorded_side,
    refusal,
    replay,
    restore,
    rows,
    snapshot,
    source_with_64_messages,
)
from verifier.chain import ChainRevert, abi

SENDS = rows("fee_and_refund_sends")
# What v1 says when it refuses a send, and what we say.
REFUSALS = {
    "!cross-chain": "SameChain",
    "!baseGas": "ChainNotServed",
    "!refund": "RefundFailed",
    "empty": "FeeTooLow",
}


@dataclass
class Recorded:
    """The source chain, and its state before each recorded send: each follows the one above."""

    side: Side
    before: dict[str, Snapshot]

    def at(self, row: dict[str, Any]) -> Side:
        restore(self.side.chain, self.before[row["about"]])
        return self.side


@pytest.fixture(scope="module")
def source() -> Recorded:
    recorded = Recorded(source_with_64_messages(), {})
    for row in [*rows("refund_reentrancy"), *SENDS]:
        recorded.before[row["about"]] = snapshot(recorded.side.chain)
        if row in SENDS:
            refusal(recorded.side, row["tx"])
    return recorded


def ids(row: dict[str, Any]) -> str:
    return str(row["about"])[:60]


@pytest.mark.parametrize("row", SENDS, ids=ids)
def test_send(source: Recorded, row: dict[str, Any]) -> None:
    side, tx = source.at(row), row["tx"]
    check_quote(side, row)
    addresses = row["balance_addresses"]
    before = {name: balance(side.chain, at) for name, at in addresses.items()}
    if tx["status"] == "revert":
        assert refusal(side, tx) == REFUSALS[tx["revert"].get("reason", tx["revert"]["kind"])]
    else:
        logs = [bare(log) for log in replay(side, tx)]
        assert logs == recorded_logs(tx)
        if tx["to"] == side.endpoint.address:  # which returns the hash
            assert logs[0][1][1] == raw(tx["return_data"])
    deltas = {name: balance(side.chain, at) - before[name] for name, at in addresses.items()}
    assert deltas == {name: int(text, 16) for name, text in row["balance_deltas"].items()}


def check_quote(side: Side, row: dict[str, Any]) -> None:
    args = row["args"]
    values = number(args["toChainId"]), row["sender_ua"], number(args["gasLimit"])
    quote = (*values, raw(args["encoded"]), raw(args["params"]))
    if isinstance(row["fee_quote"], str):
        assert side.endpoint.call("fee", *quote) == number(row["fee_quote"])
        return
    with pytest.raises(ChainRevert, match=REFUSALS[row["fee_quote"]["revert"]["reason"]]):
        side.endpoint.call("fee", *quote)


def test_every_recorded_refusal_of_a_send_has_an_error_of_ours() -> None:
    reverts = [row["tx"]["revert"] for row in SENDS if row["tx"]["status"] == "revert"]
    assert {r.get("reason", r["kind"]) for r in reverts} == set(REFUSALS)


@pytest.mark.parametrize("row", rows("events"), ids=lambda r: f"{ids(r)} {r['log_position_in_tx']}")
def test_event(source: Recorded, row: dict[str, Any]) -> None:
    """Each log alone, at its place in the transaction."""
    send = next(s for s in SENDS if row["about"] == f"log of: {s['about']} (v1.5.0)")
    log = bare(replay(source.at(send), send["tx"])[row["log_position_in_tx"]])
    assert [log] == recorded_logs({"logs": [row["log"]]})


def test_sending_again_from_within_the_refund_fails_and_the_send_goes_on(source: Recorded) -> None:
    (row,) = rows("refund_reentrancy")
    logs = [bare(log) for log in replay(source.at(row), row["tx"])]
    want = recorded_logs(row["tx"])
    assert logs[:3] == want[:3]
    assert logs[3][:2] == want[3][:2]  # Reentered(false, error): v1's text, our error
    error = function_signature_to_4byte_selector("SendReentered()")
    assert logs[3][2] == encode(["bool", "bytes"], [False, error])


def test_a_stray_balance_pays_for_nobody() -> None:
    """SECURITY (v1): there this send succeeds at the endpoint's expense."""
    row = VECTORS["free_send_v1"]
    side = recorded_side(DESTINATION)
    fund(side.chain, side.endpoint.address, 10**19)
    assert refusal(side, row["tx"]) == "FeeTooLow"
    paid = number(row["fee_quote"])
    replay(side, row["tx"], value=paid)
    assert balance(side.chain, side.endpoint.address) == 10**19


@pytest.mark.parametrize("row", VECTORS["imt"]["ormp_limit"], ids=lambda row: row["count"])
def test_the_last_place_in_the_tree(row: dict[str, Any]) -> None:
    side = recorded_side(SOURCE)
    set_message_count(side, number(row["count"]))
    tx = SENDS[0]["tx"]
    if row["status"] == "revert":
        assert refusal(side, tx) == "MessageTreeFull"
    else:
        accepted = abi.decode_event(replay(side, tx)[0])
        assert accepted is not None
        assert accepted.args["message"][1] == number(row["message_index"])
        assert side.endpoint.call("messageCount") == number(row["count"]) + 1


def test_a_proof_out_of_an_empty_tree_panics_as_in_version_1() -> None:
    recorded = VECTORS["imt"]["empty_prove"]["revert"]
    with pytest.raises(ChainRevert) as caught:
        recorded_side(SOURCE).endpoint.call("prove")
    assert (caught.value.name, caught.value.arguments) == ("Panic", (number(recorded["code"]),))


@pytest.mark.parametrize("row", [r for r in SENDS if r["tx"]["status"] == "success"], ids=ids)
def test_a_send_is_cheaper_than_recorded(source: Recorded, row: dict[str, Any]) -> None:
    tx = row["tx"]
    sent = source.at(row).chain.transact(
        tx["to"], raw(tx["calldata"]), sender=tx["from"], value=number(tx["value"])
    )
    assert sent.gas_used < 0.6 * tx["gas_used"] + 16 * len(raw(tx["calldata"]))
