"""The acts of the demo, in order. Each says what it does and checks that it happened."""

from __future__ import annotations

import time
from collections.abc import Iterator

from circuits.spec.rebuild import rebuild as rebuild_state
from circuits.spec.transactions import Message, SignedTransaction, Transfer, Withdraw
from sequencer.cli.demo import refusals
from sequencer.cli.demo.world import Person, World
from sequencer.pipeline.pipeline import Transition
from sequencer.store import Stage
from verifier.chain.withdrawals import withdrawals_of

DEPOSIT_E6 = 1_000_000_000
FEE_E6 = 50_000
VALID_FOR_S = 3600
NOTICE = "hello from the rollup"
NOTICE_INDEX = 1  # message 0 is the withdrawal


def deposit(world: World) -> None:
    """Mint a test token, queue one deposit for everybody, let the sequencer execute the queue."""
    world.console.heading("Deposits: from the chain into the rollup")
    for person in world.people.values():
        world.chain.mint(person.address, DEPOSIT_E6, sender=person.address)
        world.chain.approve(DEPOSIT_E6, sender=person.address)
        receipt = world.chain.deposit(DEPOSIT_E6, person.public_key, sender=person.address)
        world.figures.gas["deposit"] = receipt.gas_used
        world.console.line(f"  {person.name} deposits {DEPOSIT_E6 / 1e6:,.2f}")
    count = world.sequencer.ingest_deposits()
    expect(count == len(world.people), f"{count} deposits ingested, {len(world.people)} queued")
    world.sequencer.seal()


def trade(world: World) -> None:
    """Signed transactions: transfers, a withdrawal, a message; each answered with a receipt."""
    world.console.heading("Transactions: signed, admitted, journaled, executed")
    alice, bob, carol = (world.people[name] for name in ("alice", "bob", "carol"))
    submit(world, alice, "transfers 250.00 to bob", transfer(alice, bob, 250_000_000))
    submit(world, bob, "transfers 40.00 to carol", transfer(bob, carol, 40_000_000))
    submit(world, carol, "withdraws 500.00 to the chain", withdraw(carol, 500_000_000))
    submit(world, alice, "sends a message to a contract", message(world, alice))
    refusals.at_admission(world)


def settle(world: World) -> None:
    """Seal what is open, then prove, commit and settle every batch, with attacks in between."""
    world.console.heading("Batches: sealed, proved, committed, settled")
    world.sequencer.seal()
    last = world.sequencer.status().sealed_batches
    expect(last >= 2, f"{last} batches sealed, at least 2 are due")
    for transition in _watched(world, world.sequencer.advance()):
        number, stage = transition.batch_number, transition.target
        if stage is Stage.PROVED:
            _record_proof(world, number)
            if number == last:
                refusals.tampered_public_data(world, number)
        elif stage is Stage.COMMITTED and number == last:
            refusals.tampered_proof(world, number)
        elif stage is Stage.SETTLED:
            world.console.line(f"  batch {number}: settled")
    _record_settlement(world)
    status = world.sequencer.status()
    expect(world.chain.state_root() == status.state_root, "the chain holds another state root")
    world.console.line(f"  state root on chain: 0x{status.state_root:064x}")


def claim(world: World) -> None:
    """Claim the withdrawal on chain: nobody has to relay it."""
    world.console.heading("Withdrawal: claimed on the chain")
    carol = world.people["carol"]
    before = world.chain.balance(carol.address)
    for number, slot in _withdrawals(world):
        public_data, _, _ = world.chain.posted(number)
        receipt = world.chain.claim(public_data, slot)
        world.figures.gas["claimWithdrawal"] = receipt.gas_used
    gained = world.chain.balance(carol.address) - before
    expect(gained == 500_000_000, f"carol gained {gained}, not 500 million")
    world.console.line(f"  carol receives {gained / 1e6:,.2f}")


def relay(world: World) -> None:
    """Deliver the message through the ORMP endpoint, under the root that the proof brought."""
    world.console.heading("Message: relayed through ORMP against the proven root")
    sent = world.sequencer.relay(NOTICE_INDEX)
    world.figures.gas["relay (endpoint recv)"] = sent.gas_used
    text, sender = (world.chain.application.call(name) for name in ("lastText", "lastFrom"))
    expect(text == NOTICE, f"the application holds {text!r}")
    world.console.line(f"  the application ran: {text!r}, sent by {sender}")


def rebuild(world: World) -> None:
    """Anybody can rebuild the whole state from what the chain holds."""
    world.console.heading("Data availability: the state rebuilt from posted data alone")
    posted = [world.chain.posted(n)[0] for n in range(1, world.chain.proven_batches() + 1)]
    state = rebuild_state(posted, world.preset)
    expect(state.root == world.chain.state_root(), "the rebuilt root differs")
    world.console.line("  roots equal")


def transfer(sender: Person, receiver: Person, amount_e6: int) -> Transfer:
    """An unsigned transfer with the sender's next nonce."""
    return Transfer(
        sender_index=sender.index,
        fee_e6=FEE_E6,
        nonce=sender.nonce,
        expiry_s=expiry(),
        receiver_index=receiver.index,
        amount_e6=amount_e6,
    )


def withdraw(sender: Person, amount_e6: int) -> Withdraw:
    """An unsigned withdrawal to the sender's own address."""
    return Withdraw(
        sender_index=sender.index,
        fee_e6=FEE_E6,
        nonce=sender.nonce,
        expiry_s=expiry(),
        recipient=int(sender.address, 16),
        amount_e6=amount_e6,
    )


def message(world: World, sender: Person) -> Message:
    """An unsigned message to the sample application on the settlement chain."""
    return Message(
        sender_index=sender.index,
        fee_e6=FEE_E6,
        nonce=sender.nonce,
        expiry_s=expiry(),
        to_chain_id=world.domain.l1_chain_id,
        to=int(world.chain.application.address, 16),
        gas_limit=200_000,
        payload=world.chain.notice_payload(NOTICE),
    )


def expiry() -> int:
    """A while from now, in seconds."""
    return int(time.time()) + VALID_FOR_S


def submit(world: World, sender: Person, what: str, transaction: SignedTransaction) -> None:
    """Sign, submit, and show the receipt; seal whenever the policy says so."""
    signed = transaction.signed(sender.private_key, world.domain.rollup_id())
    receipt = world.sequencer.submit(signed)
    sender.nonce += 1
    world.console.line(
        f"  {sender.name} {what}: receipt at journal record {receipt.journal_sequence}"
    )
    world.sequencer.tick()


def expect(condition: bool, otherwise: str) -> None:
    """The demo shows facts: a surprise ends it."""
    if not condition:
        raise SystemExit(f"demo: {otherwise}")


def _watched(world: World, transitions: Iterator[Transition]) -> Iterator[Transition]:
    """The transitions, with a moving bar while one is under way."""
    while True:
        with world.console.busy("prove, commit, settle"):
            transition = next(transitions, None)
        if transition is None:
            return
        yield transition


def _record_proof(world: World, number: int) -> None:
    seconds = dict(world.prover.last_phases.table())
    total = seconds["total"]
    world.figures.batches.append(
        {"witness": seconds["witness"], "prove": total, "verify": seconds["verify"]}
    )
    world.console.line(f"  batch {number}: proved and verified in {total:.2f} s")


def _record_settlement(world: World) -> None:
    """The gas of each batch's two transactions, from the sequencer's own records."""
    for number in range(1, world.sequencer.status().sealed_batches + 1):
        for action in world.sequencer.chain_actions(number):
            world.figures.gas[f"{action.action}, batch {number}"] = action.gas_used


def _withdrawals(world: World) -> list[tuple[int, int]]:
    numbers = range(1, world.chain.proven_batches() + 1)
    return [(n, w.slot) for n in numbers for w in withdrawals_of(world.chain.posted(n)[0])]
