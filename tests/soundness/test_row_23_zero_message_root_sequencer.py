"""Row 23, sequencer: no proof is built against a zero, an unknown or a foreign message root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sequencer.errors import ChainDisagreementError, NotProvenError, UnknownMessageError
from sequencer.messages import EMPTY_ROOT, Frontier, MessageProof, MessageTree
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import (
    NOW_S,
    PUBLIC_KEYS,
    CountingProver,
    FileChain,
    World,
    config,
)


def settled(folder: Path) -> tuple[Sequencer, FileChain]:
    """Batch 1 has a deposit and no message, batch 2 has message 0."""
    chain = FileChain(folder / "chain.json")
    chain.add_deposit(PUBLIC_KEYS[0], 1000)
    sequencer = Sequencer.open(config(folder), chain, CountingProver(), clock=lambda: NOW_S)
    sequencer.ingest_deposits()
    sequencer.seal()
    sequencer.submit(World(config(folder).domain.rollup_id()).message(0, b"x"))
    sequencer.seal()
    list(sequencer.advance())
    return sequencer, chain


@pytest.mark.parametrize(
    ("root", "error"),
    [
        (bytes(32), NotProvenError),
        (EMPTY_ROOT, ChainDisagreementError),
        (MessageTree([b"\x01" * 32]).root(), ChainDisagreementError),
    ],
    ids=["zero", "empty tree", "another channel"],
)
def test_another_root_on_chain(tmp_path: Path, root: bytes, error: type[Exception]) -> None:
    sequencer, chain = settled(tmp_path)
    foreign: Any = lambda batch_number: root  # noqa: E731
    chain.message_root = foreign  # type: ignore[method-assign]
    with pytest.raises(error):
        sequencer.relay(0)
    assert chain.relayed == []


def test_an_unknown_message(tmp_path: Path) -> None:
    sequencer, chain = settled(tmp_path)
    with pytest.raises(UnknownMessageError):
        sequencer.relay(1)
    assert chain.relayed == []


def test_the_right_root_is_accepted(tmp_path: Path) -> None:
    sequencer, chain = settled(tmp_path)
    assert chain.message_root(1) == bytes(32)
    sequencer.relay(0)
    assert len(chain.relayed) == 1


def test_the_zero_root_is_led_to_by_nothing() -> None:
    tree = MessageTree([bytes(32)] * 3)
    proof = MessageProof(1, 2, tuple(tree.prove(2)))
    assert proof.leads_to(tree.root(), bytes(32))
    assert not proof.leads_to(bytes(32), bytes(32))
    assert Frontier().root() == EMPTY_ROOT != bytes(32)
