"""The ORMP codec, tree and proofs against rows recorded from the real contracts
(vectors/ormp.json).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sequencer.errors import MessageError
from sequencer.messages import EMPTY_ROOT, Frontier, Message, MessageProof, MessageTree, branch_root
from sequencer.messages.tree import ZERO_HASHES

VECTORS = Path(__file__).parents[1] / "vectors" / "ormp.json"


@cache
def vectors() -> Any:
    return json.loads(VECTORS.read_text())


def number(text: str) -> int:
    return int(text, 16)


def data(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def message(row: dict[str, str]) -> Message:
    names = {
        "channel": "channel",
        "index": "index",
        "fromChainId": "from_chain_id",
        "from": "sender",
        "toChainId": "to_chain_id",
        "to": "to",
        "gasLimit": "gas_limit",
    }
    numbers = {ours: number(row[theirs]) for theirs, ours in names.items()}
    return Message(**numbers, encoded=data(row["encoded"]))


def test_message_hash__all_recorded_messages() -> None:
    rows = vectors()["messages"]
    assert len(rows) == 52
    for row in rows:
        if "preimage_abi_encode" in row:
            assert message(row["message"]).encode() == data(row["preimage_abi_encode"])
        assert message(row["message"]).hash() == data(row["hash"]), row["about"]


def test_message_hash__all_recorded_deliveries() -> None:
    for row in vectors()["deliveries"]:
        assert message(row["message"]).hash() == data(row["hash"]), row["about"]


def test_zero_hashes() -> None:
    expected = [data(word) for word in vectors()["imt"]["zero"]["zero_hashes"]]
    assert list(ZERO_HASHES) == expected
    assert expected[32] == EMPTY_ROOT == MessageTree().root() == Frontier().root()


@pytest.mark.parametrize("series", [0, 1])
def test_insertions__roots_of_both_forms_of_the_tree(series: int) -> None:
    tree, frontier = MessageTree(), Frontier()
    for row in vectors()["imt"]["series"][series]["insertions"]:
        leaf = data(row["leaf"])
        assert tree.append(leaf) == row["index"]
        frontier.append(leaf)
        assert tree.count == frontier.count == row["count"]
        assert tree.root() == frontier.root() == data(row["root"])
        if "prove_latest" in row:
            siblings = [data(word) for word in row["prove_latest"]]
            assert frontier.prove_last() == tree.prove(row["index"]) == siblings


def test_deep_states__a_frontier_far_into_the_tree() -> None:
    for row in vectors()["imt"]["deep_states"]:
        frontier = Frontier([data(word) for word in row["branch"]], number(row["count"]))
        assert frontier.root() == data(row["root"])
        frontier.append(data(row["leaf"]))
        assert frontier.branch == [data(word) for word in row["branch_after"]]
        assert frontier.count == number(row["count_after"])
        assert frontier.root() == data(row["root_after"])
        assert frontier.prove_last() == [data(word) for word in row["prove_latest_after"]]


def test_full_tree__refuses_the_next_leaf() -> None:
    row = vectors()["imt"]["full_tree"]
    frontier = Frontier([data(word) for word in row["branch"]], number(row["count"]))
    with pytest.raises(MessageError, match="full"):
        frontier.append(bytes(32))


def test_empty_tree__proves_nothing() -> None:
    with pytest.raises(MessageError, match="empty"):
        Frontier().prove_last()
    with pytest.raises(MessageError, match="index"):
        MessageTree().prove(0)


def test_proofs__any_leaf_against_any_past_root() -> None:
    series = {s["kind"]: s["insertions"] for s in vectors()["imt"]["series"]}
    trees = {kind: MessageTree(data(r["leaf"]) for r in rows) for kind, rows in series.items()}
    rows = vectors()["proofs"]
    assert len(rows) == 25
    for row in rows:
        tree, root = trees[row["series"]], data(row["root"])
        siblings = tuple(tree.prove(row["index"], row["count"]))
        assert siblings == tuple(data(word) for word in row["siblings"]), row["about"]
        assert tree.root(row["count"]) == root
        proof = MessageProof(number(row["block_number"]), row["index"], siblings)
        assert proof.encode() == data(row["encoded_proof"])
        assert MessageProof.decode(proof.encode()) == proof
        assert proof.leads_to(root, data(row["leaf"])) is row["verify_result"]


def test_proofs__every_variation_gives_the_recorded_branch_root() -> None:
    seen = 0
    for row in vectors()["proofs"]:
        for variation in row["variations"]:
            siblings = [data(word) for word in variation["siblings"] or row["siblings"]]
            leaf, index = data(variation["leaf"]), number(variation["index"])
            assert branch_root(leaf, siblings, index) == data(variation["branch_root"])
            seen += 1
    assert seen == 55


def test_proof_length__only_the_exact_length_is_read() -> None:
    for row in vectors()["proof_length_handling"]:
        encoded = data(row["proof"])
        if len(encoded) == 1088:
            assert MessageProof.decode(encoded).encode() == encoded
        else:
            with pytest.raises(MessageError, match="instead of 1088"):
                MessageProof.decode(encoded)
