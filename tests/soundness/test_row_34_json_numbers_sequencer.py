"""Row 34: every number on a wire is a decimal string; a JSON number is refused, never rounded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from circuits.rollup.inputs import BatchInputs
from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transaction_json import transaction_to_json
from native.errors import MalformedError
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import NOW_S, PUBLIC_KEYS, CountingProver, FileChain, World, config
from verifier.proof import Proof


def members(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every decimal string in a JSON value."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from members(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from members(item, (*path, index))
    elif isinstance(value, str) and value.isdigit():
        yield path


def with_number(value: Any, path: tuple[Any, ...], kind: type) -> str:
    """The JSON text with the string at `path` turned into a number."""
    copy = json.loads(json.dumps(value))
    parent = copy
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = kind(parent[path[-1]])
    return json.dumps(copy)


@pytest.fixture
def sequencer(tmp_path: Path) -> Iterator[Sequencer]:
    chain = FileChain(tmp_path / "chain.json")
    chain.add_deposit(PUBLIC_KEYS[0], 1000)
    chain.add_deposit(PUBLIC_KEYS[1], 1000)
    clock = lambda: NOW_S  # noqa: E731
    with Sequencer.open(config(tmp_path), chain, CountingProver(), clock) as sequencer:
        sequencer.ingest_deposits()
        sequencer.seal()
        yield sequencer


@pytest.mark.parametrize("kind", [int, float])
@pytest.mark.parametrize("make", ["transfer", "withdraw", "message"])
def test_a_number_in_a_transaction_is_refused(sequencer: Sequencer, make: str, kind: type) -> None:
    world = World(sequencer._config.domain.rollup_id())
    transactions = {
        "transfer": lambda: world.transfer(0, 1, 5),
        "withdraw": lambda: world.withdraw(0, 5),
        "message": lambda: world.message(0, b"x"),
    }
    wire = transaction_to_json(transactions[make]())
    paths = list(members(wire))
    assert len(paths) >= 9
    before = sequencer.status()
    for path in paths:
        with pytest.raises(Refused) as caught:
            sequencer.submit(with_number(wire, path, kind))
        assert caught.value.code is RefusalCode.MALFORMED, path
        assert str(path[-1]) in str(caught.value)
    assert sequencer.status() == before
    sequencer.submit(json.dumps(wire))


@pytest.mark.parametrize("text", ["1e3", "1.0", " 1", "+1", "-1", "01", "0x1", "1_000", "１", ""])
def test_other_spellings_of_a_number_are_refused(sequencer: Sequencer, text: str) -> None:
    world = World(sequencer._config.domain.rollup_id())
    wire = transaction_to_json(world.transfer(0, 1, 5)) | {"amount_e6": text}
    with pytest.raises(Refused) as caught:
        sequencer.submit(json.dumps(wire))
    assert caught.value.code is RefusalCode.MALFORMED


def test_a_number_in_batch_inputs_is_refused(sequencer: Sequencer) -> None:
    wire = json.loads(sequencer.batch(1).inputs_json)
    BatchInputs.from_json(wire)
    for path in members(wire):
        with pytest.raises(MalformedError):
            BatchInputs.from_json(json.loads(with_number(wire, path, int)))


def test_a_number_in_a_proof_is_refused() -> None:
    wire = json.loads(CountingProver.PROOF.to_json())
    for path in members(wire):
        with pytest.raises(MalformedError):
            Proof.from_json(with_number(wire, path, int))


def test_what_the_sequencer_writes_has_no_numbers(sequencer: Sequencer) -> None:
    world = World(sequencer._config.domain.rollup_id())
    receipt = sequencer.submit(world.message(0, b"x"))
    sequencer.seal()
    row = sequencer._store.transaction(str(receipt.tx_id))
    message = sequencer._store.message(0)
    assert row is not None and message is not None
    texts = [row.body, row.receipt, message.body, sequencer.batch(2).inputs_json]
    texts += [r.payload.decode() for r in sequencer._open_journal().records()]
    texts.append(json.dumps(receipt.to_json()))
    for text in texts:
        json.loads(text, parse_int=_fail, parse_float=_fail)


def _fail(text: str) -> None:
    raise AssertionError(f"a JSON number was written: {text}")
