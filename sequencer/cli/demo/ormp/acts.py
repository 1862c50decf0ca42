"""The acts: messages between two chains and a rollup. Each says what it does and checks it."""

from __future__ import annotations

from eth_abi.abi import encode

from sequencer.cli.demo.acts import expect
from sequencer.cli.demo.ormp.stage import ALICE, BOB, OPERATOR, TREASURER, Side, Stage
from sequencer.cli.demo.ormp.timeline import GWEI, Traced
from sequencer.cli.demo.ormp.watching import Watcher
from sequencer.messages.lookup import Status
from verifier.chain import Receipt

GREETING = "hello from chain A"
EXCESS_WEI = 5 * 10**14
REFUND_ADDRESS = "0x" + 19 * "00" + "a1"
RESERVE_E6, DEPOSIT_E6 = 500_000_000, 300_000_000
DAPP_GAS = 150_000


def dapp_to_dapp(stage: Stage, watcher: Watcher) -> None:
    """(a) Through the ports, vouched for by the data-service oracle; the excess comes back."""
    stage.timeline.heading("A dapp on A sends to a dapp on B; the oracle vouches")
    alice, data = stage.a.account(ALICE), stage.board.encode("post", GREETING)
    arguments = (stage.b.chain_id, stage.board.address, data, _port_params(REFUND_ADDRESS))
    fee = stage.port.a.call("fee", arguments[0], alice, *arguments[1:])
    receipt = stage.port.a.transact("send", *arguments, sender=alice, value=fee + EXCESS_WEI)
    message = _traced(stage, stage.a, "greeting", receipt, fee)
    watcher.until(Status.DELIVERED, message)
    text, sender = (stage.board.call(name) for name in ("lastText", "lastFrom"))
    expect(text == GREETING and sender.lower() == alice.lower(), f"the board has {text!r}")
    stage.timeline.note("B", f"the dapp read: {text!r}, from {sender}")
    refunded = watcher.balance(stage.a.chain_id, REFUND_ADDRESS)
    expect(refunded == EXCESS_WEI, f"{refunded} wei came back, not {EXCESS_WEI}")
    stage.timeline.note("A", f"{EXCESS_WEI / GWEI:,.0f} gwei paid too much came back")


def deposit(stage: Stage, watcher: Watcher) -> None:
    """(b) Collateral locked on A is credited to an account of the rollup."""
    stage.timeline.heading("A deposit on A is credited in the rollup")
    owner = stage.b.account(TREASURER)
    stage.rollup.mint(owner, 2 * RESERVE_E6, sender=owner)
    token, port = stage.rollup.token, stage.deposits.b
    token.transact("approve", port.address, 2 * RESERVE_E6, sender=owner)
    stage.sent("fund the deposit port", port.transact("fund", RESERVE_E6, sender=owner))
    bob = stage.a.account(BOB)
    stage.gate_token.transact("mint", bob, 2 * DEPOSIT_E6, sender=bob)
    stage.gate_token.transact("approve", stage.deposits.a.address, 2 * DEPOSIT_E6, sender=bob)
    message = _deposit(stage, "deposit 1")
    watcher.until(Status.DELIVERED, message)
    _credited(stage, operators=1)


def failed_and_retried(stage: Stage, watcher: Watcher) -> None:
    """(d) The application refuses a delivery at first; once it can, the relayer tries again."""
    stage.timeline.heading("A delivery fails and is tried again")
    message = _deposit(stage, "deposit 2")
    watcher.until(Status.FAILED, message)
    stage.timeline.note("B", "the deposit port's reserve is too small; its owner fills it")
    owner = stage.b.account(TREASURER)
    stage.deposits.b.transact("fund", RESERVE_E6, sender=owner)
    watcher.until(Status.DELIVERED, message)
    _credited(stage, operators=0)


def in_order(stage: Stage, watcher: Watcher) -> None:
    """(e) Relayed as 2, 3, 1, run as 1, 2, 3. Message 1 pays so little that the relayer leaves it
    until somebody else relays it. Then the relayer releases what the port holds.
    """
    stage.timeline.heading("An ordered port: 2 and 3 come first, and wait for 1")
    _set_price(stage, 1)
    first = _ordered(stage, 1)
    _set_price(stage, 2 * GWEI)
    later = [_ordered(stage, number) for number in (2, 3)]
    reason = watcher.until_waits(first)
    stage.timeline.note("B", f"the relayer leaves message 1: {reason}")
    watcher.until(Status.DELIVERED, *later)
    expect(stage.ordered_board.call("count") == 0, "the dapp ran before its turn")
    stage.timeline.note("B", "the port holds 2 and 3")
    _relay_by_hand(stage, watcher, first)
    watcher.until(Status.DELIVERED, first)
    posted = watcher.until_posted(stage.ordered_board, 3)
    texts = [event.args["text"] for event in posted]
    expect(texts == ["1", "2", "3"], f"the dapp ran {texts}")
    release = posted[-1].transaction_id
    stage.timeline.gas["release of 2 held messages"] = watcher.gas_used(stage.b.chain_id, release)
    stage.timeline.note("B", "the relayer releases 2 and 3", release)
    stage.timeline.note("B", f"the dapp ran {', '.join(texts)}")


def credits_reported(stage: Stage, watcher: Watcher) -> None:
    """(b) B tells A what was credited; only then can the gate's owner have the locked tokens."""
    stage.timeline.heading("B reports the credits to A")
    port, gate, sender = stage.deposits.b, stage.deposits.a, stage.b.account(ALICE)
    fee = port.call("reportFee", stage.a.chain_id, b"")
    arguments = stage.a.chain_id, sender, b""
    receipt = port.transact("report", *arguments, sender=sender, value=fee)
    watcher.until(Status.DELIVERED, _traced(stage, stage.b, "report", receipt, fee))
    owner, amount = stage.a.account(TREASURER), 2 * DEPOSIT_E6
    stage.sent("collect at the gate", gate.transact("collect", owner, amount, sender=owner))
    held = stage.gate_token.call("balanceOf", owner)
    expect(held == amount, f"the gate's owner holds {held}, not {amount}")
    stage.timeline.note("A", f"the gate's owner collected {amount / 1e6:,.2f}")


def fees_collected(stage: Stage, watcher: Watcher) -> None:
    """What was paid on a chain is in its relayer and oracle, to the last wei."""
    stage.timeline.heading("Fees")
    for side in (stage.a, stage.b):
        earned = {
            name: watcher.balance(side.chain_id, contract.address)
            for name, contract in (("relayer", side.relayer), ("oracle", side.oracle))
        }
        sent = [one for one in stage.timeline.messages if one.source == side.name]
        paid = sum(message.fee_wei or 0 for message in sent)
        expect(sum(earned.values()) == paid, f"{earned} collected on {side.name}, {paid} wei paid")
        told = ", ".join(f"the {name} {wei / GWEI:,.0f} gwei" for name, wei in earned.items())
        stage.timeline.note(side.name, f"{paid / GWEI:,.0f} gwei paid: {told}")


def _deposit(stage: Stage, name: str) -> Traced:
    gate, sender = stage.deposits.a, stage.a.account(BOB)
    fee = gate.call("fee", b"")
    arguments = DEPOSIT_E6, *stage.bob.public_key, sender, b""
    receipt = gate.transact("deposit", *arguments, sender=sender, value=fee)
    return _traced(stage, stage.a, name, receipt, fee)


def _credited(stage: Stage, *, operators: int) -> None:
    """The sequencer takes the deposit from the rollup's queue into a batch."""
    count = stage.sequencer.ingest_deposits()
    expect(count == 1 + operators, f"{count} deposits in the queue, {1 + operators} are due")
    stage.settle()
    stage.timeline.note("rollup", f"{DEPOSIT_E6 / 1e6:,.2f} credited to bob in a proven batch")


def open_operator_account(stage: Stage) -> None:
    """Account 0 of the rollup takes the fees; it begins with a deposit on B."""
    operator = stage.b.account(OPERATOR)
    stage.rollup.mint(operator, DEPOSIT_E6, sender=operator)
    stage.rollup.approve(DEPOSIT_E6, sender=operator)
    stage.rollup.deposit(DEPOSIT_E6, stage.operator.public_key, sender=operator)


def _ordered(stage: Stage, number: int) -> Traced:
    alice, data = stage.a.account(ALICE), stage.ordered_board.encode("post", str(number))
    arguments = (stage.b.chain_id, stage.ordered_board.address, data, _port_params(alice))
    fee = stage.ordered.a.call("fee", arguments[0], alice, *arguments[1:])
    receipt = stage.ordered.a.transact("send", *arguments, sender=alice, value=fee)
    return _traced(stage, stage.a, f"ordered {number}", receipt, fee)


def _set_price(stage: Stage, gas_price_wei: int) -> None:
    """What the relayer on A charges for gas on B."""
    stage.a.relayer.transact(
        "setDstPrice",
        *(stage.b.chain_id, 10**10, gas_price_wei),
        sender=stage.a.account(TREASURER),
    )


def _relay_by_hand(stage: Stage, watcher: Watcher, message: Traced) -> None:
    """Any approved account can relay, with the proof that `tallystick messages prove` prints."""
    sender = stage.b.account(TREASURER)
    argument, proof = watcher.proof(message)
    receipt = stage.b.relayer.transact("relay", argument, proof, sender=sender)
    stage.timeline.note("B", "the treasurer relays message 1 by hand", receipt.transaction_id)


def _port_params(refund: str) -> bytes:
    return encode(["uint256", "address", "bytes"], [DAPP_GAS, refund, b""])


def _traced(stage: Stage, source: Side, name: str, receipt: Receipt, fee: int) -> Traced:
    """Follow the message that a transaction on a chain sent."""
    message_hash = receipt.event("MessageAccepted").args["msgHash"]
    message = Traced(name, message_hash, source=source.name, fee_wei=fee, send_gas=receipt.gas_used)
    stage.timeline.messages.append(message)
    stage.timeline.note(
        source.name, f"{name}: sent for {fee / GWEI:,.0f} gwei", receipt.transaction_id
    )
    return message
