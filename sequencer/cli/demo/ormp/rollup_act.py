"""The act in which messages leave the rollup: what the proof vouches for."""

from __future__ import annotations

import time
from dataclasses import replace

from circuits.spec.refusal import Refused
from circuits.spec.transactions import Message, SignedTransaction, Withdraw
from sequencer.cli.demo.acts import VALID_FOR_S, expect
from sequencer.cli.demo.ormp.stage import Stage
from sequencer.cli.demo.ormp.timeline import Traced
from sequencer.cli.demo.ormp.watching import Watcher
from sequencer.messages.lookup import Status

NOTICE = "hello from the rollup"
WITHDRAWN_E6 = 100_000_000


def out_of_the_rollup(stage: Stage, watcher: Watcher) -> None:
    """(c) A message and a withdrawal leave the rollup in a batch; the proof is their oracle."""
    stage.timeline.heading("A message and a withdrawal leave the rollup; the proof vouches")
    first = stage.rollup.committed_batches() + 1
    _refused_without_fee(stage)
    fees = [
        _submit(stage, "sends a message to B", _notice(stage)),
        _submit(stage, f"withdraws {WITHDRAWN_E6 / 1e6:,.2f} to B", _withdrawal(stage)),
    ]
    before = stage.rollup.balance(stage.bob.address)
    stage.settle()
    leaves = [
        leaf
        for number in range(first, stage.rollup.proven_batches() + 1)
        for leaf in stage.rollup.committed(number)[1]
    ]
    expect(len(leaves) == 2, f"{len(leaves)} messages left the rollup, 2 are due")
    names = "notice", "withdrawal"
    messages = [
        Traced(name, leaf, source="rollup", fee_e6=fee)
        for name, leaf, fee in zip(names, leaves, fees, strict=True)
    ]
    stage.timeline.messages += messages
    watcher.until(Status.DELIVERED, *messages)
    text = stage.rollup.application.call("lastText")
    expect(text == NOTICE, f"the application holds {text!r}")
    stage.timeline.note("B", f"the application read: {text!r}")
    gained = stage.rollup.balance(stage.bob.address) - before
    expect(gained == WITHDRAWN_E6, f"bob gained {gained}, not {WITHDRAWN_E6}")
    stage.timeline.note("B", f"bob received {gained / 1e6:,.2f}")


def _notice(stage: Stage) -> Message:
    """Bob's message to the application on B, its fee still open."""
    return Message(
        sender_index=stage.bob.index,
        fee_e6=0,
        nonce=stage.bob.nonce,
        expiry_s=int(time.time()) + VALID_FOR_S,
        to_chain_id=stage.b.chain_id,
        to=int(stage.rollup.application.address, 16),
        gas_limit=200_000,
        payload=stage.rollup.notice_payload(NOTICE),
    )


def _withdrawal(stage: Stage) -> Withdraw:
    """Bob's withdrawal to his address on B, its fee still open."""
    return Withdraw(
        sender_index=stage.bob.index,
        fee_e6=0,
        nonce=stage.bob.nonce,
        expiry_s=int(time.time()) + VALID_FOR_S,
        recipient=int(stage.bob.address, 16),
        amount_e6=WITHDRAWN_E6,
    )


def _submit(stage: Stage, what: str, transaction: Message | Withdraw) -> int:
    """Ask for the fee, sign and submit; the fee."""
    fee_e6 = stage.sequencer.quote(transaction).fee_e6
    stage.sequencer.submit(_signed(stage, replace(transaction, fee_e6=fee_e6)))
    stage.bob.nonce += 1
    stage.timeline.note("rollup", f"bob {what} for {fee_e6 / 1e6:,.2f}")
    return fee_e6


def _refused_without_fee(stage: Stage) -> None:
    """What does not pay for its delivery does not leave."""
    try:
        stage.sequencer.submit(_signed(stage, _notice(stage)))
    except Refused as refusal:
        stage.timeline.note("rollup", f"refused: bob's message without a fee: {refusal}")
        return
    expect(False, "a message without a fee was accepted")


def _signed(stage: Stage, transaction: SignedTransaction) -> SignedTransaction:
    return transaction.signed(stage.bob.private_key, stage.domain.rollup_id())
