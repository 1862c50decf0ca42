"""The stored message tree against the constant-size form, on random leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.errors import MessageError
from sequencer.messages import Frontier, Message, MessageProof, MessageTree, branch_root

LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=40)


@given(LEAVES)
def test_stored_tree_and_frontier_agree_after_every_leaf(leaves: list[bytes]) -> None:
    tree, frontier, roots = MessageTree(), Frontier(), [Frontier().root()]
    for leaf in leaves:
        tree.append(leaf)
        frontier.append(leaf)
        roots.append(frontier.root())
    assert [tree.root(count) for count in range(len(leaves) + 1)] == roots


@given(LEAVES.filter(bool), st.data())
def test_every_leaf_is_proven_against_every_root_that_covers_it(
    leaves: list[bytes], data: st.DataObject
) -> None:
    tree = MessageTree(leaves)
    count = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, count - 1))
    assert branch_root(leaves[index], tree.prove(index, count), index) == tree.root(count)


def test_a_leaf_outside_the_root_is_not_proven() -> None:
    tree = MessageTree([bytes([i]) * 32 for i in range(5)])
    with pytest.raises(MessageError, match="index"):
        tree.prove(3, count=3)
    with pytest.raises(MessageError, match="count"):
        tree.root(6)


def test_zero_root_proves_nothing() -> None:
    tree = MessageTree([bytes(32)])
    proof = MessageProof(1, 0, tuple(tree.prove(0)))
    assert proof.leads_to(tree.root(), bytes(32))
    assert not proof.leads_to(bytes(32), bytes(32))


def test_message_fields_are_bounded() -> None:
    good = Message(1, 2, 3, 4, 5, 6, 7, b"")
    assert len(good.encode()) == 320
    with pytest.raises(MessageError, match="channel"):
        Message(1 << 160, 2, 3, 4, 5, 6, 7, b"")
    with pytest.raises(MessageError, match="gas_limit"):
        Message(1, 2, 3, 4, 5, 6, -1, b"")
