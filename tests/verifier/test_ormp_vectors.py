"""The contracts against rows recorded from the public ORMP contracts (tests/vectors/ormp.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.doubles import deploy_double
from verifier.chain import ChainRevert, Contract, EmbeddedChain

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/ormp.json").read_text())
IMT = VECTORS["imt"]


@pytest.fixture(scope="module")
def harness() -> Contract:
    return deploy_double(EmbeddedChain(), "MessageTreeHarness")


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def number(text: str) -> int:
    return int(text, 0)


def send(harness: Contract, function: str, *arguments: Any) -> None:
    sender = harness.transport.accounts[0]
    harness.transact(function, *arguments, sender=sender, gas_limit=30_000_000)


def load(harness: Contract, branch: list[str], count: int) -> None:
    send(harness, "load", [raw(node) for node in branch], count)


def live(branch: list[bytes], count: int) -> list[bytes | None]:
    """The entries of a branch that mean something: those at the set bits of the count."""
    return [node if count >> level & 1 else None for level, node in enumerate(branch)]


@pytest.mark.parametrize("row", VECTORS["messages"], ids=lambda row: row["about"][-40:])
def test_message_hash(harness: Contract, row: dict[str, Any]) -> None:
    m = row["message"]
    numbers = {k: number(m[k]) for k in ("index", "fromChainId", "toChainId", "gasLimit")}
    message = (
        m["channel"],
        numbers["index"],
        numbers["fromChainId"],
        m["from"],
        numbers["toChainId"],
        m["to"],
        numbers["gasLimit"],
        raw(m["encoded"]),
    )
    assert harness.call("hashMessage", message) == raw(row["hash"])
    assert harness.call("hashFields", message) == raw(row["hash"])


@pytest.mark.parametrize("series", IMT["series"], ids=lambda series: series["kind"])
@pytest.mark.parametrize("group", [1, 5, 64])
def test_roots_of_a_growing_tree__leaves_appended_in_groups(
    series: dict[str, Any], group: int
) -> None:
    harness = deploy_double(EmbeddedChain(), "MessageTreeHarness")
    rows = series["insertions"]
    for start in range(0, len(rows), group):
        part = rows[start : start + group]
        send(harness, "append", [raw(row["leaf"]) for row in part])
        count = start + len(part)
        assert harness.call("root") == raw(part[-1]["root"])
        if "branch" in part[-1]:
            want = [raw(node) for node in part[-1]["branch"]]
            assert live(harness.call("branch"), count) == live(want, count)


@pytest.mark.parametrize("series", IMT["series"], ids=lambda series: series["kind"])
def test_roots_of_a_growing_tree__leaves_appended_one_by_one(series: dict[str, Any]) -> None:
    """Here nothing beyond the tree's height is written, so the branch equals v1's word for word."""
    harness = deploy_double(EmbeddedChain(), "MessageTreeHarness")
    for row in series["insertions"]:
        send(harness, "appendOne", raw(row["leaf"]))
        assert harness.call("root") == harness.call("rootOf") == raw(row["root"])
        if "branch" in row:
            assert list(harness.call("branch")) == [raw(node) for node in row["branch"]]


@pytest.mark.parametrize("append", ["append", "appendOne"])
@pytest.mark.parametrize("row", IMT["deep_states"], ids=lambda row: row["count"])
def test_insertion_into_a_deep_tree(harness: Contract, row: dict[str, Any], append: str) -> None:
    load(harness, row["branch"], number(row["count"]))
    assert harness.call("rootOf") == raw(row["root"])
    leaf = raw(row["leaf"])
    send(harness, append, leaf if append == "appendOne" else [leaf])
    count = number(row["count_after"])
    assert harness.call("root") == harness.call("rootOf") == raw(row["root_after"])
    want = [raw(node) for node in row["branch_after"]]
    assert live(harness.call("branch"), count) == live(want, count)
    assert list(harness.call("proveLast")) == [raw(n) for n in row["prove_latest_after"]]


def test_full_tree_takes_no_leaf(harness: Contract) -> None:
    full = IMT["full_tree"]
    load(harness, full["branch"], number(full["count"]))
    assert harness.call("rootOf") == raw(full["root"])
    with pytest.raises(ChainRevert, match="MessageTreeFull"):
        send(harness, "append", [bytes(32)])
    with pytest.raises(ChainRevert, match="MessageTreeFull"):
        send(harness, "appendOne", bytes(32))
    load(harness, full["branch"], number(full["count"]) - 1)
    with pytest.raises(ChainRevert, match="MessageTreeFull"):
        send(harness, "append", [bytes(32)] * 2)
    send(harness, "append", [bytes(32)])


def proof_rows() -> Iterator[Any]:
    for row in VECTORS["proofs"]:
        yield pytest.param(
            row, row["encoded_proof"], row["leaf"], row["verify_result"], row["root"]
        )
        for change in row["variations"]:
            siblings = change["siblings"] or row["siblings"]
            words = [number(change["block_number"]), number(change["index"])]
            proof = b"".join(w.to_bytes(32, "big") for w in words) + b"".join(map(raw, siblings))
            result, root = change["verify_result"], change["branch_root"]
            yield pytest.param(row, "0x" + proof.hex(), change["leaf"], result, root)


@pytest.mark.parametrize(("row", "proof", "leaf", "result", "root"), list(proof_rows()))
def test_message_proofs(
    harness: Contract, row: dict[str, Any], proof: str, leaf: str, result: bool, root: str
) -> None:
    send(harness, "setRoot", number(row["block_number"]), raw(row["root"]))
    assert harness.call("verify", raw(leaf), raw(proof)) == (result, raw(root))


@pytest.mark.parametrize("row", VECTORS["proof_length_handling"], ids=lambda row: row["about"][23:])
def test_proof_length(harness: Contract, row: dict[str, Any]) -> None:
    if "revert" in row:
        with pytest.raises(ChainRevert, match=r"Empty\(\)"):
            harness.call("verify", raw(row["leaf"]), raw(row["proof"]))
        return
    _, computed = harness.call("verify", raw(row["leaf"]), raw(row["proof"]))
    send(harness, "setRoot", number("0x" + row["proof"][2:66]), computed)
    result, _ = harness.call("verify", raw(row["leaf"]), raw(row["proof"]))
    assert result is row["verify_result"] is True
