"""Reorganisations on either side of an import, before and after what counts as final."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sequencer.messages import logs
from sequencer.messages.oracle import OracleDaemon, load_oracle_config
from tests.messages.chains import A_ID, OTHER_KEYS, OWNER_KEY, MessagingChain, messaging_pair
from tests.messages.oracle_world import KEY_VARIABLE, write_config

pytestmark = pytest.mark.node
Pair = tuple[MessagingChain, MessagingChain]
DEPTH = 32


@pytest.fixture
def pair() -> Iterator[Pair]:
    with messaging_pair() as pair:
        yield pair


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, OWNER_KEY)


@pytest.fixture(params=[2, DEPTH + 4])
def config(pair: Pair, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Few and many confirmations: 32 blocks go below the one and stay above the other."""
    finality = f"{{ confirmations = {request.param} }}"
    return write_config(tmp_path, *pair, finality=finality)


def settle(config: Path) -> None:
    daemon = OracleDaemon(load_oracle_config(config), logs.logger())
    try:
        assert daemon.run_once(threading.Event(), timeout_s=180)
    finally:
        daemon.close()


def imported(b: MessagingChain) -> dict[int, bytes]:
    events = b.oracle.events("ImportedMessageRoot", A_ID)
    return {event.args["blockHeight"]: event.args["messageRoot"] for event in events}


def test_the_source_reorganises_and_its_new_messages_are_imported(pair: Pair, config: Path) -> None:
    a, b = pair
    a.mine(DEPTH)
    a.send(b, "lost")
    a.mine(DEPTH - 1)
    settle(config)
    before = imported(b)
    a.reorganise(DEPTH)
    kept = [a.send(b, text).event("MessageAccepted").args for text in ("new", "newer")]
    a.mine(DEPTH + 4)
    settle(config)
    added = {block: root for block, root in imported(b).items() if block not in before}
    assert list(added.values()) == [kept[-1]["root"]]
    assert imported(b).items() >= before.items()


def test_the_target_reorganises_and_the_import_is_sent_again(pair: Pair, config: Path) -> None:
    a, b = pair
    a.send(b)
    a.mine(DEPTH + 4)
    b.mine(DEPTH)
    settle(config)
    (root,) = imported(b).values()
    nonce = b.transaction_count()
    b.reorganise(DEPTH)
    assert imported(b) == {}
    settle(config)
    assert list(imported(b).values()) == [root]
    assert b.transaction_count() == nonce


def test_a_root_that_the_reorganised_block_had_before_is_not_repeated(
    pair: Pair, tmp_path: Path
) -> None:
    """The block of the imported root gets another root: it is imported under a later block."""
    a, b = pair
    config = write_config(tmp_path, a, b)
    a.mine(2)
    old = a.send(b, "old")
    a.mine(4)
    settle(config)
    assert list(imported(b)) == [old.block_number]
    a.ask("anvil_rollback", 5)
    new = a.send(b, "new")
    assert new.block_number == old.block_number
    a.mine(6)
    settle(config)
    root = new.event("MessageAccepted").args["root"]
    assert imported(b)[old.block_number] == old.event("MessageAccepted").args["root"]
    assert imported(b)[old.block_number + 1] == root


def test_a_root_that_somebody_else_imported_is_gone_around(pair: Pair, tmp_path: Path) -> None:
    """The owner's key was used elsewhere, and our ledger knows nothing of it."""
    a, b = pair
    accepted = a.send(b)
    a.mine(6)
    other = b"\x77" * 32
    block = accepted.block_number
    owner = b.rpc.accounts[0]
    for wrong in (block, block + 1):
        b.oracle.transact("importMessageRoot", A_ID, wrong, other, sender=owner)
    settle(write_config(tmp_path, a, b))
    root = accepted.event("MessageAccepted").args["root"]
    assert imported(b) == {block: other, block + 1: other, block + 2: root}


def test_a_root_that_is_there_already_is_not_sent_again(pair: Pair, tmp_path: Path) -> None:
    a, b = pair
    accepted = a.send(b)
    a.mine(2)
    root = accepted.event("MessageAccepted").args["root"]
    owner = b.rpc.accounts[0]
    b.oracle.transact("importMessageRoot", A_ID, accepted.block_number, root, sender=owner)
    nonce = b.transaction_count()
    settle(write_config(tmp_path, a, b))
    assert b.transaction_count() == nonce


def test_an_import_that_the_oracle_refuses_costs_nothing_and_is_tried_again(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    a.send(b)
    a.mine(2)
    config = write_config(tmp_path, a, b)
    monkeypatch.setenv(KEY_VARIABLE, OTHER_KEYS[0])
    daemon = OracleDaemon(load_oracle_config(config), logs.logger())
    try:
        assert not daemon.run_once(threading.Event(), timeout_s=2)
    finally:
        daemon.close()
    assert imported(b) == {}
    monkeypatch.setenv(KEY_VARIABLE, OWNER_KEY)
    settle(config)
    assert len(imported(b)) == 1


@pytest.mark.parametrize("only_assigned", [True, False])
def test_a_message_that_nobody_paid_the_oracle_for(
    pair: Pair, tmp_path: Path, *, only_assigned: bool
) -> None:
    """It is for a third chain's oracle; its root is imported here only if that is asked for."""
    a, b = pair
    owner = a.rpc.accounts[0]
    third = 4711
    a.oracle.transact("setFee", third, 1, sender=owner)
    a.relayer.transact("setDstPrice", third, 10**10, 1, sender=owner)
    a.relayer.transact("setDstConfig", third, 100_000, 16, sender=owner)
    a.send_to(third, b.application.address, b"", 100_000)
    a.mine(2)
    route = f"only_assigned = {str(only_assigned).lower()}\ninterval_s = 3600"
    config = write_config(tmp_path, a, b, route=route)
    settle(config)
    assert len(imported(b)) == (0 if only_assigned else 1)
    a.send_to(third, b.application.address, b"", 100_000)
    a.send(b)
    a.mine(2)
    settle(config)
    assert list(imported(b).values())[-1] == a.endpoint.call("root")
