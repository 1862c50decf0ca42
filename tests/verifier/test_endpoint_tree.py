"""The message tree in Solidity: one by one, in batches and in Python it is the same tree."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.messages.tree import Frontier, MessageTree, branch_root
from tests.verifier.doubles import deploy_double
from tests.verifier.refusals import reverts
from verifier.chain import Contract, EmbeddedChain

leaves = st.binary(min_size=32, max_size=32)


@pytest.fixture(scope="module")
def harness() -> Contract:
    return deploy_double(EmbeddedChain(), "MessageTreeHarness")


def send(harness: Contract, function: str, *arguments: object) -> None:
    sender = harness.transport.accounts[0]
    harness.transact(function, *arguments, sender=sender, gas_limit=30_000_000)


def load(harness: Contract, frontier: Frontier) -> None:
    send(harness, "load", list(frontier.branch), frontier.count)


def check(harness: Contract, frontier: Frontier, last: bytes | None) -> None:
    """The root, and the proof of a leaf that was appended by itself."""
    assert harness.call("root") == harness.call("rootOf") == frontier.root()
    if last is not None:
        siblings = list(harness.call("proveLast"))
        assert branch_root(last, siblings, frontier.count - 1) == frontier.root()


@settings(max_examples=15)
@given(st.lists(st.lists(leaves, min_size=1, max_size=6), min_size=1, max_size=5))
def test_grown_leaf_by_leaf_or_in_groups(harness: Contract, groups: list[list[bytes]]) -> None:
    load(harness, Frontier())
    so_far: list[bytes] = []
    for group in groups:
        one_by_one = len(group) % 2 == 0
        for part in [[leaf] for leaf in group] if one_by_one else [group]:
            send(harness, "appendOne" if one_by_one else "append", part[0] if one_by_one else part)
        so_far += group
        tree = MessageTree(so_far)
        assert harness.call("root") == harness.call("rootOf") == tree.root()
        if one_by_one:
            assert list(harness.call("proveLast")) == tree.prove(len(so_far) - 1)


@settings(max_examples=25)
@given(count=st.integers(0, 2**32 - 2), leaf=leaves, seed=st.binary(max_size=4))
def test_one_leaf_more_in_a_tree_of_any_size(
    harness: Contract, count: int, leaf: bytes, seed: bytes
) -> None:
    branch = [keccak(seed + bytes([level])) for level in range(32)]
    for append in ("append", "appendOne"):
        frontier = Frontier(branch, count)
        load(harness, frontier)
        send(harness, append, leaf if append == "appendOne" else [leaf])
        frontier.append(leaf)
        check(harness, frontier, leaf if append == "appendOne" else None)


@pytest.mark.parametrize("level", range(32))
def test_every_level_is_completed_once(harness: Contract, level: int) -> None:
    """The leaf that completes a subtree of each height, and the one after it."""
    branch = [keccak(bytes([i])) for i in range(32)]
    for count in (2**level - 1, 2**level):
        frontier = Frontier(branch, count)
        load(harness, frontier)
        send(harness, "appendOne", b"\x07" * 32)
        frontier.append(b"\x07" * 32)
        check(harness, frontier, b"\x07" * 32)


def test_an_empty_tree_proves_nothing(harness: Contract) -> None:
    load(harness, Frontier())
    assert harness.call("rootOf") == Frontier().root()
    with reverts("Panic"):
        harness.call("proveLast")
