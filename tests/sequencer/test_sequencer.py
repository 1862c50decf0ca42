"""The sequencer as a whole, on the TINY preset, with doubles for the chain and the prover."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transaction_json import transaction_to_json
from circuits.spec.transactions import Deposit, Transfer
from sequencer.errors import LockedError, NotProvenError, SequencerError, UnknownMessageError
from sequencer.receipts import Receipt, receipt_signer
from sequencer.sequencer import Sequencer
from sequencer.store import Stage
from tests.sequencer.doubles import (
    KEYS,
    LATER_S,
    NOW_S,
    PUBLIC_KEYS,
    CountingProver,
    FileChain,
    World,
    config,
)


class Setup:
    """A sequencer with funded accounts 0, 1 and 2, and the clock in its hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now_s = NOW_S
        self.chain = FileChain(folder / "chain.json")
        self.prover = CountingProver()
        self.world = World(config(folder).domain.rollup_id())
        for key in PUBLIC_KEYS[:3]:
            self.chain.add_deposit(key, 1_000_000)
        self.sequencer = self.open()
        self.sequencer.ingest_deposits()
        self.sequencer.seal()

    def open(self) -> Sequencer:
        return Sequencer.open(
            config(self.folder), chain=self.chain, prover=self.prover, clock=lambda: self.now_s
        )

    def reopen(self) -> Sequencer:
        self.sequencer.close()
        self.sequencer = self.open()
        return self.sequencer

    def journal(self) -> bytes:
        return (self.folder / "data" / "journal").read_bytes()


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return Setup(tmp_path)


def test_a_day__deposits_transfer_message_withdrawal_settlement_relay(setup: Setup) -> None:
    sequencer, world = setup.sequencer, setup.world
    transfer = sequencer.submit(world.transfer(0, 1, 250_000, fee_e6=1_000))
    sequencer.submit(world.message(1, b"hello"))
    sequencer.submit(world.withdraw(2, 400_000))
    assert sequencer.seal() == 4
    assert sequencer.status().open_transactions == 0
    with pytest.raises(NotProvenError, match="batch 3 of message 0 is sealed"):
        sequencer.relay(0)
    moves = list(sequencer.advance())
    assert [(m.batch_number, m.target) for m in moves[:3]] == [
        (1, Stage.PROVED),
        (1, Stage.COMMITTED),
        (1, Stage.SETTLED),
    ]
    assert set(sequencer.status().stages.values()) == {Stage.SETTLED}
    assert setup.prover.proved == [1, 2, 3, 4]
    assert setup.chain.settled_state_root() == sequencer.status().state_root
    sequencer.relay(0)
    assert len(setup.chain.relayed) == 1
    assert receipt_signer(transfer) == sequencer.receipt_address
    assert sequencer.receipt(transfer.tx_id) == transfer


def test_a_receipt_names_the_journal_record(setup: Setup) -> None:
    transaction = setup.world.transfer(0, 1, 5)
    receipt = setup.sequencer.submit(transaction)
    records = list(setup.sequencer._open_journal().records())
    record = records[receipt.journal_sequence]
    assert record.chain_hash == receipt.chain_hash
    journaled = json.loads(record.payload)
    assert journaled["transaction"] == transaction_to_json(transaction)
    assert journaled["account_root"] == str(receipt.account_root)
    assert receipt.tx_id == transaction.signing_hash(setup.world.rollup_id)
    assert setup.sequencer.receipt(receipt.tx_id) == receipt
    assert setup.sequencer.receipt(receipt.tx_id + 1) is None


def expired(world: World) -> Transfer:
    return Transfer(0, 0, 0, NOW_S - 1, 1, 5).signed(KEYS[0], world.rollup_id)


def forged(world: World) -> Transfer:
    return Transfer(0, 0, 0, LATER_S, 1, 5).signed(KEYS[1], world.rollup_id)


def wrong_nonce(world: World) -> Transfer:
    return Transfer(0, 0, 1, LATER_S, 1, 5).signed(KEYS[0], world.rollup_id)


def too_much(world: World) -> Transfer:
    return Transfer(0, 0, 0, LATER_S, 1, 1_000_001).signed(KEYS[0], world.rollup_id)


def too_wide(world: World) -> Transfer:
    return Transfer(0, 0, 2**32, LATER_S, 1, 5)


REFUSALS: list[tuple[Callable[[World], object], RefusalCode]] = [
    (forged, RefusalCode.BAD_SIGNATURE),
    (wrong_nonce, RefusalCode.WRONG_NONCE),
    (too_much, RefusalCode.INSUFFICIENT_BALANCE),
    (expired, RefusalCode.EXPIRED),
    (too_wide, RefusalCode.MALFORMED),
    (lambda world: "{", RefusalCode.MALFORMED),
    (lambda world: "[]", RefusalCode.MALFORMED),
    (lambda world: {"type": "transfer"}, RefusalCode.MALFORMED),
    (
        lambda world: transaction_to_json(Deposit(0, PUBLIC_KEYS[0], 10**6)),
        RefusalCode.MALFORMED,
    ),
    (lambda world: world.transfer(0, 0, 5), RefusalCode.SELF_TRANSFER),
    (lambda world: world.transfer(0, 9, 5), RefusalCode.UNKNOWN_ACCOUNT),
]


@pytest.mark.parametrize(("make", "code"), REFUSALS)
@pytest.mark.parametrize("batch_is_open", [False, True], ids=["fresh", "open"])
def test_a_refusal_has_a_code_and_leaves_no_trace(
    setup: Setup, make: Callable[[World], object], code: RefusalCode, batch_is_open: bool
) -> None:
    if batch_is_open:
        setup.sequencer.submit(setup.world.transfer(1, 2, 1))
    before, root = setup.journal(), setup.sequencer._state.tree.root
    waiting = dict(setup.sequencer._state.tree.changes())
    with pytest.raises(Refused) as caught:
        setup.sequencer.submit(make(setup.world))  # type: ignore[arg-type]
    assert caught.value.code is code
    assert setup.journal() == before
    assert setup.sequencer._state.tree.root == root
    assert setup.sequencer._state.tree.changes() == waiting
    assert setup.sequencer.status().open_transactions == int(batch_is_open)
    good = Transfer(0, 0, 0, LATER_S, 1, 5).signed(KEYS[0], setup.world.rollup_id)
    assert setup.sequencer.submit(good).batch_number == 3


def test_submit_many__refusals_stand_in_their_places(setup: Setup) -> None:
    world = setup.world
    good = [world.transfer(0, 1, 1), world.transfer(1, 2, 1), world.transfer(2, 0, 1)]
    outcomes = setup.sequencer.submit_many([good[0], "{", good[1], good[0], good[2]])
    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [
        True,
        False,
        True,
        False,
        True,
    ]
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert [(r.batch_number, r.slot) for r in receipts] == [(3, 0), (3, 1), (4, 0)]


def test_sealing__by_size_age_and_value(setup: Setup) -> None:
    sequencer, world = setup.sequencer, setup.world
    assert sequencer.tick() is None
    sequencer.submit(world.transfer(0, 1, 1))
    assert sequencer.tick() is None
    setup.now_s += 9
    assert sequencer.tick() is None
    setup.now_s += 1
    assert sequencer.tick() == 3
    sequencer.submit_many([world.transfer(0, 1, 1), world.transfer(0, 1, 1)])
    assert sequencer.tick() == 4
    assert sequencer.tick() is None
    assert sequencer.seal() is None


def test_sealing__by_value(tmp_path: Path) -> None:
    from sequencer.batching.policy import reason_to_seal
    from sequencer.config import SealingPolicy

    class Batch:
        size, timestamp_s, value_e6 = 1, NOW_S, 500

    policy = SealingPolicy(max_transactions=2, max_age_s=10, max_value_e6=501)
    assert reason_to_seal(policy, Batch(), NOW_S) is None
    Batch.value_e6 = 501
    assert reason_to_seal(policy, Batch(), NOW_S) == "it moves 501 e-6"


def test_deposits__in_order_each_once(setup: Setup) -> None:
    sequencer, tree = setup.sequencer, setup.sequencer._state.tree
    assert sequencer.ingest_deposits() == 0
    setup.chain.add_deposit(PUBLIC_KEYS[1], 7)
    setup.chain.add_deposit(PUBLIC_KEYS[3], 9)
    assert sequencer.ingest_deposits() == 2
    assert sequencer.ingest_deposits() == 0
    assert tree.account(1).collateral_e6 == 1_000_007
    assert tree.account(3).public_key == PUBLIC_KEYS[3]
    sequencer = setup.reopen()
    assert sequencer.ingest_deposits() == 0
    assert sequencer._state.tree.account(3).collateral_e6 == 9


def test_deposits__a_gap_in_the_source_is_noticed(setup: Setup) -> None:
    setup.chain.deposits_from = lambda first, confirmations: list(  # type: ignore[method-assign]
        FileChain.deposits_from(setup.chain, 1)
    )
    with pytest.raises(SequencerError, match="the queue gave deposit 1, 3 is due"):
        setup.sequencer.ingest_deposits()


def test_restart__the_open_batch_is_there_again(setup: Setup) -> None:
    receipt = setup.sequencer.submit(setup.world.transfer(0, 1, 5))
    setup.now_s += 3
    before = setup.sequencer.status(), setup.sequencer._state.tree.root
    sequencer = setup.reopen()
    assert (sequencer.status(), sequencer._state.tree.root) == before
    assert sequencer.receipt(receipt.tx_id) == receipt
    sequencer.submit(setup.world.transfer(1, 0, 5))
    assert sequencer.seal() == 3
    assert sequencer.batch(3).timestamp_s == NOW_S


def test_time_that_goes_back_does_not_go_back_in_batches(setup: Setup) -> None:
    setup.now_s -= 1000
    setup.sequencer.submit(setup.world.transfer(0, 1, 5))
    setup.sequencer.seal()
    assert setup.sequencer.batch(3).timestamp_s == NOW_S


def test_two_processes_do_not_share_a_directory(setup: Setup) -> None:
    with pytest.raises(LockedError, match="another process works in"):
        setup.open()


def test_an_unknown_message_is_named(setup: Setup) -> None:
    with pytest.raises(UnknownMessageError, match="message 3"):
        setup.sequencer.relay(3)


def test_without_a_chain_or_a_prover_batches_wait(tmp_path: Path) -> None:
    setup = Setup(tmp_path)
    setup.sequencer.close()
    with Sequencer.open(config(tmp_path), clock=lambda: NOW_S) as alone:
        assert list(alone.advance()) == []
        with pytest.raises(SequencerError, match="no chain is connected"):
            alone.ingest_deposits()
    prover = CountingProver()
    with Sequencer.open(config(tmp_path), prover=prover, clock=lambda: NOW_S) as offline:
        assert [move.target for move in offline.advance()] == [Stage.PROVED]


def test_an_operation_cut_short_stops_the_sequencer(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(kind: int, payload: bytes) -> None:
        raise OSError("no space left")

    sequencer, world = setup.sequencer, setup.world
    with monkeypatch.context() as patch:
        patch.setattr(sequencer._open_journal(), "append", fail)
        with pytest.raises(OSError, match="no space left"):
            sequencer.submit(world.transfer(0, 1, 5))
    with pytest.raises(SequencerError, match="cut short: open the sequencer again"):
        sequencer.submit(world.transfer(1, 0, 5))
    sequencer = setup.reopen()
    world.nonces[0] = world.nonces[1] = 0
    assert sequencer.status().open_transactions == 0
    assert sequencer.submit(world.transfer(0, 1, 5)).slot == 0


def test_threads_submit_while_another_settles(setup: Setup) -> None:
    world, receipts, failures = setup.world, [], []
    groups = [[world.transfer(sender, 3 - sender, 1) for _ in range(6)] for sender in (1, 2)]

    def submit(group: list[Transfer]) -> None:
        try:
            receipts.extend(setup.sequencer.submit(transaction) for transaction in group)
        except Exception as error:
            failures.append(error)

    def settle() -> None:
        try:
            while any(thread.is_alive() for thread in submitters):
                list(setup.sequencer.advance())
        except Exception as error:
            failures.append(error)

    submitters = [threading.Thread(target=submit, args=(group,)) for group in groups]
    settlers = [threading.Thread(target=settle) for _ in range(2)]
    for thread in [*submitters, *settlers]:
        thread.start()
    for thread in [*submitters, *settlers]:
        thread.join()
    assert failures == []
    setup.sequencer.seal()
    list(setup.sequencer.advance())
    assert len({receipt.journal_sequence for receipt in receipts}) == 12
    assert setup.prover.proved == [1, 2, 3, 4, 5, 6, 7, 8]
    assert setup.chain.settled_state_root() == setup.sequencer.status().state_root
    before = setup.sequencer.status()
    assert setup.reopen().status() == before
