"""A deposit from another chain, all the way: gate, port, rollup, batch, report, collection."""

from __future__ import annotations

from dataclasses import dataclass

from native.reference.babyjubjub import BABYJUB_BASE8 as BASE8
from tests.verifier.ormp_world import HOME, Side, make_side
from tests.verifier.refusals import reverts
from tests.verifier.wire import Wire, deploy_on, was_dispatched
from tests.verifier.world import CLOCK_S, World, deposit_slot, make_world
from verifier.chain import Contract, Receipt
from verifier.chain.ports import make_peers
from verifier.contracts import load_artifact

# A development key is for development chains only.
SETTLEMENT = 31337
REFUND = "0x" + "fe" * 20
CREDIT_GAS = 300_000


@dataclass
class Deposits:
    """A gate at home; away, where the rollup is, its port. Messages travel both ways."""

    out: Wire
    back: Wire
    rollup: World
    token: Contract
    gate: Contract
    port: Contract

    def deposit(self, amount: int, key: tuple[int, int] = BASE8) -> Receipt:
        """Mint, approve, deposit and pay."""
        user = self.out.source.user
        self.token.transact("mint", user, amount, sender=user)
        self.token.transact("approve", self.gate.address, amount, sender=user)
        fee = self.gate.call("fee", b"")
        receipt = self.gate.transact("deposit", amount, *key, REFUND, b"", sender=user, value=fee)
        self.out.post(receipt)
        return receipt

    def fund(self, amount: int) -> Receipt:
        client, user = self.rollup.client, self.rollup.user
        client.mint(user, amount)
        client.token.transact("approve", self.port.address, amount, sender=user)
        return self.port.transact("fund", amount, sender=user)

    def report(self) -> Receipt:
        """The port's report, delivered to the gate."""
        user = self.back.source.user
        fee = self.port.call("reportFee", HOME, b"")
        receipt = self.port.transact("report", HOME, REFUND, b"", sender=user, value=fee)
        self.back.post(receipt)
        return self.back.deliver()


def make_deposits() -> Deposits:
    home, away = make_side(HOME, [SETTLEMENT]), make_side(SETTLEMENT, [HOME])
    away.chain._clock = lambda: CLOCK_S
    rollup = make_world(chain=away.chain)
    token, _ = Contract.deploy(home.chain, load_artifact("TestToken"), sender=home.owner)
    gate = deploy_on(home, "DepositGate", (token.address, 1, SETTLEMENT, CREDIT_GAS))
    port = deploy_on(away, "DepositPort", rollup.client.rollup.address)
    make_peers(gate, port, owners=(home.owner, away.owner))
    return Deposits(Wire(home, away), Wire(away, home), rollup, token, gate, port)


def test_a_deposit_travels_from_the_gate_into_a_batch_and_its_price_back() -> None:
    deposits = make_deposits()
    deposits.fund(100)
    sent = deposits.deposit(30).event("DepositSent")
    delivered = deposits.out.deliver()
    assert was_dispatched(delivered)
    credited = delivered.event("DepositCredited")
    assert credited.args["msgId"] == sent.args["msgId"]
    queued = delivered.event("Deposited").args
    assert (queued["amount"], queued["ax"], queued["ay"]) == (30, *BASE8)
    deposits.rollup.settle([deposit_slot(30)])
    assert was_dispatched(deposits.report())
    owner = deposits.out.source.owner
    with reverts("NotCollectable"):
        deposits.gate.transact("collect", owner, 31, sender=owner)
    deposits.gate.transact("collect", owner, 30, sender=owner)
    assert deposits.token.call("balanceOf", owner) == 30
    assert deposits.token.call("balanceOf", deposits.gate.address) == 0


def test_a_deposit_that_finds_no_reserve_is_credited_by_a_retry() -> None:
    deposits = make_deposits()
    deposits.deposit(30)
    assert not was_dispatched(deposits.out.deliver())
    assert deposits.rollup.client.deposit_count() == 0
    assert deposits.out.retry().event("MessageRetried").args["dispatchResult"] is False
    deposits.fund(30)
    assert deposits.out.retry().event("MessageRetried").args["dispatchResult"] is True
    assert deposits.rollup.client.deposit_count() == 1
    with reverts("NotFailed"):
        deposits.out.retry()
    assert deposits.port.call("creditedOf", HOME) == 30


def test_a_message_that_only_looks_like_a_deposit_credits_nothing() -> None:
    """Sent through the genuine endpoint, delivered and proven, but not by the gate."""
    deposits = make_deposits()
    deposits.fund(100)
    side: Side = deposits.out.source
    forged = deposits.port.encode("credit", 30, *BASE8)
    arguments = SETTLEMENT, deposits.port.address, CREDIT_GAS, forged
    fee = side.endpoint.call("fee", SETTLEMENT, side.user, CREDIT_GAS, forged, b"")
    receipt = side.endpoint.transact("send", *arguments, REFUND, b"", sender=side.user, value=fee)
    deposits.out.post(receipt)
    assert not was_dispatched(deposits.out.deliver())
    assert deposits.rollup.client.deposit_count() == 0
