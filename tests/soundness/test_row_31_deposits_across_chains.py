"""Row 31, across chains: whatever happens in between, no deposit is credited twice or for nothing.

A gate and a deposit port over real endpoints, with a real rollup behind the port. Deposits,
deliveries of any message in any order and any number of times, retries, reserves that are filled
late or taken away, reports and collections, all at random; the sums must always fit together.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from native.reference.babyjubjub import BABYJUB_BASE8 as BASE8
from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.ormp_world import HOME, Side, make_side, message_of
from tests.verifier.refusals import reverts
from tests.verifier.world import make_world
from verifier.chain import ChainRevert, Contract, Receipt
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

AWAY = 31337  # the rollup of the tests has a development key
ZERO = "0x" + "00" * 20
SCALE = 10**12
CREDIT_GAS = 300_000
PLENTY = 10**30
STEPS = 60


class Bridge:
    """`home` has the gate, `away` the port and the rollup; `messages` go both ways."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.home, self.away = make_side(HOME, [AWAY]), make_side(AWAY, [HOME])
        self.rollup = make_world(chain=self.away.chain, endpoint=self.away.endpoint.address).client
        self.token = self._deploy(self.home, "TestToken")
        config = self.token.address, SCALE, AWAY, CREDIT_GAS
        self.gate = self._application(self.home, "DepositGate", config)
        self.port = self._application(self.away, "DepositPort", self.rollup.rollup.address)
        self.gate.transact("setPeer", AWAY, self.port.address, sender=self.home.owner)
        self.port.transact("setPeer", HOME, self.gate.address, sender=self.away.owner)
        user = self.home.user
        self.token.transact("mint", user, PLENTY, sender=user)
        self.token.transact("approve", self.gate.address, PLENTY, sender=user)
        token, user = self.rollup.token, self.away.user
        token.transact("mint", user, PLENTY, sender=user)
        token.transact("approve", self.port.address, PLENTY, sender=user)
        self.sent: dict[int, list[Message]] = {HOME: [], AWAY: []}
        self.blocks = 0
        self.locked = self.funded = self.taken = 0

    # -- moves --

    def deposit(self) -> None:
        amount = self.rng.choice([1, 7, 40, 1_000])
        user = self.home.user
        arguments = amount, *BASE8, user, b""
        self._send(self.home, self.gate, "deposit", arguments, self.gate.call("fee", b""))
        self.locked += amount

    def report(self) -> None:
        arguments = HOME, self.away.user, b""
        fee = self.port.call("reportFee", HOME, b"")
        self._send(self.away, self.port, "report", arguments, fee)

    def deliver(self) -> None:
        """Any message, delivered before or not, at either end."""
        here, there = self.rng.choice([(self.home, self.away), (self.away, self.home)])
        messages = self.sent[here.chain.chain_id]
        if messages:
            self._relay(here, there, self.rng.randrange(len(messages)))

    def retry(self) -> None:
        """Anybody tries any message again, with any gas."""
        source, there = self.rng.choice([(HOME, self.away), (AWAY, self.home)])
        if not self.sent[source]:
            return
        message = message_argument(self.rng.choice(self.sent[source]))
        gas = self.rng.choice([None, None, 120_000, 250_000, 400_000])
        self._may_fail(
            lambda: there.endpoint.transact("retry", message, sender=there.user, gas_limit=gas)
        )

    def fund(self) -> None:
        amount = self.rng.choice([1, 10, 500])
        self.port.transact("fund", amount, sender=self.away.user)
        self.funded += amount

    def defund(self) -> None:
        reserve = self.rollup.balance(self.port.address)
        amount = self.rng.randrange(reserve + 1)
        self.port.transact("defund", self.away.owner, amount, sender=self.away.owner)
        self.taken += amount

    def collect(self) -> None:
        credited = self.gate.call("credited") - self.gate.call("collected")
        with reverts("NotCollectable"):
            self.gate.transact("collect", self.home.owner, credited + 1, sender=self.home.owner)
        self.gate.transact("collect", self.home.owner, credited, sender=self.home.owner)

    # -- what must hold --

    def check(self) -> None:
        credited = self.port.call("creditedOf", HOME)
        assert credited <= self.locked == self.gate.call("locked")
        assert self.rollup.rollup.call("totalCollateral") == credited
        assert self.rollup.balance(self.rollup.rollup.address) == credited
        reserve = self.rollup.balance(self.port.address)
        assert reserve == self.funded - self.taken - credited
        confirmed, collected = self.gate.call("credited"), self.gate.call("collected")
        assert collected <= confirmed <= credited
        held = self.token.call("balanceOf", self.gate.address)
        assert held == (self.locked - collected) * SCALE

    def finish(self) -> None:
        """With a full reserve everything arrives, and everything can be collected."""
        self.port.transact("fund", 10**9, sender=self.away.user)
        self.funded += 10**9
        for index in range(len(self.sent[HOME])):
            self._relay(self.home, self.away, index)
            message = message_argument(self.sent[HOME][index])
            self._may_fail(
                lambda message=message: self.away.endpoint.transact(  # type: ignore[misc]
                    "retry", message, sender=self.away.user
                )
            )
        assert self.port.call("creditedOf", HOME) == self.locked
        self.report()
        self._relay(self.away, self.home, len(self.sent[AWAY]) - 1)
        self.collect()
        assert self.token.call("balanceOf", self.gate.address) == 0

    # -- parts --

    def _relay(self, here: Side, there: Side, index: int) -> None:
        messages = self.sent[here.chain.chain_id]
        self.blocks += 1
        root, source = here.endpoint.call("root"), here.chain.chain_id
        there.oracle.transact("importMessageRoot", source, self.blocks, root, sender=there.owner)
        siblings = MessageTree([message.hash() for message in messages]).prove(index)
        proof = MessageProof(self.blocks, index, tuple(siblings)).encode()
        arguments = message_argument(messages[index]), proof
        self._may_fail(lambda: there.relayer.transact("relay", *arguments, sender=there.owner))

    def _may_fail(self, action: Callable[[], Receipt]) -> None:
        try:
            action()
        except ChainRevert as revert:
            known = "AlreadyDelivered", "NotFailed", "InsufficientGas", "OutOfGas", "Empty"
            assert revert.name in known, revert

    def _send(
        self, side: Side, contract: Contract, function: str, arguments: tuple[object, ...], fee: int
    ) -> None:
        receipt = contract.transact(function, *arguments, sender=side.user, value=fee)
        message = message_of(receipt.event("MessageAccepted").args["message"])
        self.sent[side.chain.chain_id].append(message)

    def _application(self, side: Side, name: str, *more: object) -> Contract:
        return self._deploy(side, name, side.owner, side.endpoint.address, ZERO, ZERO, *more)

    def _deploy(self, side: Side, name: str, *arguments: object) -> Contract:
        artifact = load_artifact(name)
        return Contract.deploy(side.chain, artifact, *arguments, sender=side.owner)[0]


@pytest.mark.parametrize("seed", range(6))
def test_sums_fit_together_whatever_happens(seed: int) -> None:
    bridge = Bridge(seed)
    moves = [bridge.deposit, bridge.deliver, bridge.retry] * 3
    moves += [bridge.report, bridge.fund, bridge.defund, bridge.collect]
    for _ in range(STEPS):
        bridge.rng.choice(moves)()
        bridge.check()
    bridge.finish()
    bridge.check()
