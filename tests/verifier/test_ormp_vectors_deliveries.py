"""Recorded deliveries of ORMP v1.5.0, made again through our contracts, in the recorded order.

Logs are compared byte for byte, but for one number: the gas that the application sees on entry,
since it was compiled anew. A row that must come out otherwise here is listed with its reason, and
asserted to; no row is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from eth_utils.abi import function_signature_to_4byte_selector
from eth_utils.crypto import keccak

from sequencer.messages.proof import PROOF_SIZE, MessageProof
from sequencer.messages.tree import branch_root
from tests.verifier.doubles import ARTIFACTS, deploy_double
from tests.verifier.ormp_world import Side
from tests.verifier.recorded import (
    APPLICATION,
    DESTINATION,
    ROLES,
    Snapshot,
    balance,
    bare,
    number,
    raw,
    recorded_logs,
    recorded_side,
    refusal,
    replay,
    restore,
    rows,
    snapshot,
)
from tests.verifier.refusals import reverts
from verifier.chain import Contract
from verifier.contracts import load_artifact

DELIVERIES = rows("deliveries")
BareLog = tuple[str, tuple[bytes, ...], bytes]
ZERO = "0x" + "0" * 40
GOT = keccak(b"Got(address,uint256,uint256,bytes)")
REENTERED = keccak(b"Reentered(bool,bytes)")
DISPATCHED = keccak(b"MessageDispatched(bytes32,bool)")
# What v1 says when it refuses a delivery, and what we say.
REFUSALS = {
    "!approve": "NotApproved",
    "!auth": "NotRelayer",
    "!proof": "MessageNotProven",
    "!toChainId": "WrongDestination",
    "done": "AlreadyDelivered",
}
# Refusals without data, by what the row is about.
EMPTY = {
    "truncated proof": "Empty",
    "empty proof": "Empty",
    "tx gas limit 60000": "Empty",
    "tx gas limit 250000": "InsufficientGas",
}
# Rows that come out otherwise: how they begin, what happens here (an error, or None for a
# delivery), and why.
DIFFERENT: dict[str, tuple[str | None, str]] = {
    "SECURITY (v1): tx gas limit 1500000": (
        "InsufficientGas",
        "an application gets its full gas limit, or nothing happens",
    ),
    "retry of that under-gassed message": (None, "nothing was lost, so it can be delivered"),
    "target is ORMP itself": ("ForbiddenTarget", "the endpoint is no target"),
    "target is the Relayer contract": ("ForbiddenTarget", "the relayer is no target"),
    "SECURITY (v1): target is the Relayer contract": (
        "ForbiddenTarget",
        "the relayer is no target",
    ),
    "SECURITY (v1): the same with the Oracle contract": (
        "ForbiddenTarget",
        "the oracle is no target",
    ),
    "app chose an EOA as relayer": ("Empty", "a delivery takes no value"),
    "SECURITY (v1): recv with value": ("Empty", "a delivery takes no value"),
    "the oracle owner overwrote the root": (None, "a root is never overwritten"),
}
OVERWRITTEN = "the oracle owner overwrote the root"


def expected_difference(row: dict[str, Any]) -> tuple[str | None, str] | None:
    return next((d for about, d in DIFFERENT.items() if row["about"].startswith(about)), None)


def chain_and_block(row: dict[str, Any]) -> tuple[int, int]:
    return number(row["message"]["fromChainId"]), int.from_bytes(raw(row["proof"])[:32], "big")


def recorded_root(row: dict[str, Any]) -> bytes:
    proof = MessageProof.decode(raw(row["proof"])[:PROOF_SIZE])
    return branch_root(raw(row["hash"]), proof.siblings, proof.message_index % 2**32)


def proven(row: dict[str, Any]) -> bool:
    """Whether the proof was valid when it was recorded, or before a root was overwritten."""
    if row["about"].startswith(("tx gas limit", OVERWRITTEN)):
        return True
    reason = row["tx"].get("revert", {}).get("reason")
    return row["tx"]["status"] == "success" or reason in ("done", "!toChainId")


def roots_by_block() -> dict[tuple[int, int], bytes]:
    """The roots that the recorded oracle had, as the valid proofs show them."""
    return {chain_and_block(row): recorded_root(row) for row in DELIVERIES if proven(row)}


@dataclass
class Recorded:
    """The destination, and its state before each recorded delivery."""

    side: Side
    before: list[Snapshot]

    def at(self, position: int) -> Side:
        restore(self.side.chain, self.before[position])
        return self.side


@pytest.fixture(scope="module")
def destination() -> Recorded:
    side = recorded_side(DESTINATION)
    for (chain_id, block), root in roots_by_block().items():
        if block < 2**63:  # the rest belong to an oracle that ignores the block
            side.oracle.transact("importMessageRoot", chain_id, block, root, sender=ROLES["dao"])
    recorded = Recorded(side, [])
    for row in DELIVERIES:
        prepare(side, row)
        recorded.before.append(snapshot(side.chain))
        if expected_difference(row) is None:
            refusal(side, row["tx"])
    return recorded


def prepare(side: Side, row: dict[str, Any]) -> None:
    """What a row's "setup" says."""
    choice = (ZERO, ROLES["u2"]) if row["setup"].startswith("App configured") else (ZERO, ZERO)
    if side.endpoint.call("ucOf", APPLICATION) != tuple(a.lower() for a in choice):
        application = Contract(
            side.chain, load_artifact("RecordingApplication", ARTIFACTS), APPLICATION
        )
        arguments = side.endpoint.address, *choice
        application.transact("configure", *arguments, sender=ROLES["u1"])
    if "subapi" in row["about"] or row["setup"].startswith("feed"):
        latest = deploy_double(side.chain, "LatestRootOracle")
        latest.transact(
            "set", number(row["message"]["fromChainId"]), latest_root(row), sender=ROLES["u1"]
        )
        defaults = latest.address, side.relayer.address
        side.endpoint.transact("setDefaultConfig", *defaults, sender=ROLES["dao"])


def latest_root(row: dict[str, Any]) -> bytes:
    """The feed's root: the one of the row's proof, or another if the proof was refused."""
    return recorded_root(row) if proven(row) else keccak(b"another root")


@pytest.mark.parametrize(
    ("position", "row"),
    list(enumerate(DELIVERIES)),
    ids=[f"{i} {row['about'][:50]}" for i, row in enumerate(DELIVERIES)],
)
def test_delivery(destination: Recorded, position: int, row: dict[str, Any]) -> None:
    side = destination.at(position)
    digest, difference = raw(row["hash"]), expected_difference(row)
    if difference is not None:
        assert refusal(side, row["tx"]) == difference[0], difference[1]
        assert side.endpoint.call("dones", digest) is (difference[0] is None)
    elif row["tx"]["status"] == "revert":
        before = side.endpoint.call("dones", digest)
        assert refusal(side, row["tx"]) in expected_errors(row)
        assert side.endpoint.call("dones", digest) is before is row["state_after"]["dones[hash]"]
    else:
        logs = [bare(log) for log in replay(side, row["tx"])]
        assert list(comparable(logs)) == list(comparable(recorded_logs(row["tx"])))
        assert logs[-1][1:] == ((DISPATCHED, digest), word(row["dispatch_result"]))
        assert side.endpoint.call("dones", digest) is True
        failed_by = side.endpoint.call("failures", digest)
        assert (failed_by == ZERO) is row["dispatch_result"]
    assert balance(side.chain, side.endpoint.address) == 0


def expected_errors(row: dict[str, Any]) -> tuple[str, ...]:
    reason = row["tx"]["revert"].get("reason")
    if reason is not None:
        return (REFUSALS[reason],)
    return tuple(name for about, name in EMPTY.items() if row["about"].startswith(about))


def comparable(logs: list[BareLog]) -> Iterator[BareLog]:
    """Logs without the gas that the application saw, and with our error instead of v1's text."""
    ours = function_signature_to_4byte_selector("DeliveryReentered()")
    for address, topics, data in logs:
        if topics[0] == GOT:
            yield address, topics, data[:64] + data[96:]
        elif topics[0] == REENTERED:
            yield address, topics, b"failed" if data[:32] == word(number=0) else ours
        else:
            yield address, topics, data


def word(number: int | bool) -> bytes:
    return int(number).to_bytes(32, "big")


def test_an_application_that_reenters_meets_our_error(destination: Recorded) -> None:
    position = next(i for i, r in enumerate(DELIVERIES) if "re-enters recv" in r["about"])
    log = replay(destination.at(position), DELIVERIES[position]["tx"])[0]
    assert log.data[96:100] == function_signature_to_4byte_selector("DeliveryReentered()")


def test_every_difference_names_one_row_or_more() -> None:
    for about in DIFFERENT:
        assert any(row["about"].startswith(about) for row in DELIVERIES), about
    named = {row["about"] for row in DELIVERIES if expected_difference(row)}
    assert {row["about"] for row in DELIVERIES if "SECURITY" in row["about"]} <= named


def test_every_recorded_refusal_has_an_error_of_ours() -> None:
    reverts = [row for row in DELIVERIES if row["tx"]["status"] == "revert"]
    assert {r["tx"]["revert"].get("reason") for r in reverts} == {*REFUSALS, None}
    assert all(len(expected_errors(row)) == 1 for row in reverts)


def test_the_owner_cannot_overwrite_a_root(destination: Recorded) -> None:
    position = next(i for i, r in enumerate(DELIVERIES) if r["about"].startswith(OVERWRITTEN))
    side = destination.at(position)
    chain_id, block = chain_and_block(DELIVERIES[position])
    arguments = chain_id, block, keccak(b"wrong")
    with reverts("RootAlreadyImported"):
        side.oracle.transact("importMessageRoot", *arguments, sender=ROLES["dao"])


def test_a_message_that_brought_value_is_deliverable_without(destination: Recorded) -> None:
    for position, row in enumerate(DELIVERIES):
        if row["tx"]["status"] == "success" and number(row["tx"]["value"]):
            logs = replay(destination.at(position), row["tx"], value=0)
            assert logs[-1].data == word(row["dispatch_result"])
