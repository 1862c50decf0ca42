"""Row 22: whatever order things happen in, no message reaches its application twice.

Random deliveries, retries, changes of mind and too little gas, by whoever may or may not do it,
next to a model of a dozen lines that says what must come out. Ether that strayed into the endpoint
stays there.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.verifier.doubles import deploy_double
from tests.verifier.ormp_world import HOME, make_ormp_world
from tests.verifier.recorded import fund
from verifier.chain import ChainRevert, Contract
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

STEPS = 120
STRAY_WEI = 12_345
ZERO = "0x" + "00" * 20
WILLING, UNWILLING, BURNING, FLOODING = range(4)
YES, NO, BURN = range(3)
LITTLE_GAS = (80_000, 120_000, 160_000, 200_000, 260_000)


@dataclass
class App:
    """An application, and what the model knows of it."""

    contract: Contract
    mood: int = WILLING
    oracle: str = ZERO
    relayer: str = ZERO
    retries: bool = True
    successes: int = 0


@dataclass
class Model:
    """What the endpoint must hold: the oracle that vouched for a failure, or "" for a success."""

    default_oracle: str
    default_relayer: str
    honest: tuple[str, ...]
    verdict: int = YES
    delivered: dict[int, str] = field(default_factory=dict)

    def oracle(self, app: App) -> str:
        return app.oracle if app.oracle != ZERO else self.default_oracle

    def recv(self, index: int, app: App, caller: str) -> str:
        """The error's name, or what the application makes of it."""
        if caller != (self.default_relayer if app.relayer == ZERO else app.relayer):
            return "NotRelayer"
        oracle = self.oracle(app)
        if oracle not in self.honest and self.verdict != YES:
            return "MessageNotProven" if self.verdict == NO else "any"
        if index in self.delivered:
            return "AlreadyDelivered"
        return self._tried(index, app, oracle)

    def retry(self, index: int, app: App) -> str:
        vouched = self.delivered.get(index, "")
        if not vouched:
            return "NotFailed"
        if not app.retries:
            return "RetriesRefused"
        if self.oracle(app) != vouched:
            return "OracleReplaced"
        return self._tried(index, app, vouched)

    def _tried(self, index: int, app: App, oracle: str) -> str:
        succeeds = app.mood == WILLING
        self.delivered[index] = "" if succeeds else oracle
        app.successes += succeeds
        return "succeeds" if succeeds else "fails"


class Play:
    """The contracts and the model, moved together."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = make_ormp_world()
        away = self.world.away
        self.liar = deploy_double(away.chain, "HostileService")
        self.second, _ = Contract.deploy(
            away.chain, load_artifact("Oracle"), away.owner, away.endpoint.address,
            sender=away.owner,
        )  # fmt: skip
        honest = (away.oracle.address, self.second.address)
        self.seen: set[str] = set()
        self.model = Model(away.oracle.address, away.relayer.address, honest)
        self.apps = [App(deploy_double(away.chain, "MoodyApplication")) for _ in range(2)]
        fund(away.chain, away.endpoint.address, STRAY_WEI)
        for _ in range(6):
            to = self.rng.choice(self.apps).contract.address
            self.world.send(b"?", to=to, gas_limit=self.rng.choice([60_000, 100_000]))
        self.block = self.world.import_root()
        root = self.world.home.endpoint.call("root")
        self.second.transact("importMessageRoot", HOME, self.block, root, sender=away.owner)

    def step(self) -> None:
        """One move of anybody."""
        move = self.rng.choice([self.deliver] * 3 + [self.retry] * 3 + [self.change] * 3)
        move()

    def deliver(self) -> None:
        index, app = self._message()
        arguments = self._message_argument(index), self.world.proof(index, self.block).encode()
        away = self.world.away
        gas, before = self._gas(), self._saved(app)
        by_user = self.rng.random() < 0.3
        caller, sender = (away.user, away.user) if by_user else (away.relayer.address, away.owner)
        expected = self.model.recv(index, app, caller)
        if not self._try("recv" if by_user else "relay", arguments, sender, expected, gas):
            self._restore(before, app)

    def retry(self) -> None:
        index, app = self._message()
        gas, before = self._gas(), self._saved(app)
        expected = self.model.retry(index, app)
        arguments = (self._message_argument(index),)
        if not self._try("retry", arguments, self.world.away.user, expected, gas):
            self._restore(before, app)

    def change(self) -> None:
        """An application or the liar changes its mind."""
        app, endpoint, user = (
            self.rng.choice(self.apps),
            self.world.away.endpoint,
            self.world.away.user,
        )
        kind = self.rng.randrange(4)
        if kind == 0:
            app.mood = self.rng.choice([WILLING, UNWILLING, BURNING, FLOODING])
            app.contract.transact("setMood", app.mood, sender=user)
        elif kind == 1:
            app.oracle = self.rng.choice([ZERO, ZERO, *self.model.honest, self.liar.address])
            app.relayer = self.rng.choice([ZERO, ZERO, self.model.default_relayer, user])
            choice = endpoint.address, app.oracle, app.relayer
            app.contract.transact("choose", *choice, sender=user)
        elif kind == 2:
            app.retries = not app.retries
            app.contract.transact("allowRetries", endpoint.address, app.retries, sender=user)
        else:
            self.model.verdict = self.rng.choice([YES, NO, BURN])
            self.liar.transact("set", 1, self.model.verdict, sender=user)

    def check(self) -> None:
        """Model and contract hold the same."""
        endpoint, chain = self.world.away.endpoint, self.world.away.chain
        for index, message in enumerate(self.world.sent):
            digest, vouched = message.hash(), self.model.delivered.get(index)
            assert endpoint.call("dones", digest) is (vouched is not None)
            failed = str(endpoint.call("failures", digest))
            assert int(failed, 16) == int(vouched or ZERO, 16)
        for app in self.apps:
            assert app.contract.call("received") == app.successes
        assert chain.balance(endpoint.address) == STRAY_WEI

    def _try(
        self,
        function: str,
        arguments: tuple[object, ...],
        sender: str,
        expected: str,
        gas: int | None,
    ) -> bool:
        """Whether it had gas enough to come out as the model says."""
        away = self.world.away
        contract = away.relayer if function == "relay" else away.endpoint
        try:
            receipt = contract.transact(function, *arguments, sender=sender, gas_limit=gas)
        except ChainRevert as revert:
            assert expected not in ("succeeds", "fails") or gas is not None, revert
            starved = gas is not None and revert.name in ("InsufficientGas", "OutOfGas", "Empty")
            self.seen.add(revert.name)
            assert starved or expected in (revert.name, "any"), (revert, expected)
            return revert.name == expected
        results = [e.args["dispatchResult"] for e in receipt.events if "dispatchResult" in e.args]
        assert results == [expected == "succeeds"], expected
        self.seen.add(expected)
        assert expected in ("succeeds", "fails")
        return True

    def _message(self) -> tuple[int, App]:
        index = self.rng.randrange(len(self.world.sent))
        to = self.world.sent[index].to
        return index, next(app for app in self.apps if int(app.contract.address, 16) == to)

    def _message_argument(self, index: int) -> tuple[object, ...]:
        return message_argument(self.world.sent[index])

    def _gas(self) -> int | None:
        return self.rng.choice(LITTLE_GAS) if self.rng.random() < 0.4 else None

    def _saved(self, app: App) -> tuple[dict[int, str], int]:
        return dict(self.model.delivered), app.successes

    def _restore(self, saved: tuple[dict[int, str], int], app: App) -> None:
        self.model.delivered, app.successes = saved


def test_any_course_of_events_delivers_each_message_once_at_most() -> None:
    """And every outcome that there is came up, or the courses would prove little."""
    seen: set[str] = set()
    for seed in range(8):
        play = Play(seed)
        for _ in range(STEPS):
            play.step()
        play.check()
        seen |= play.seen
    refusals = {"NotRelayer", "MessageNotProven", "AlreadyDelivered", "NotFailed"}
    refusals |= {"RetriesRefused", "OracleReplaced", "InsufficientGas"}
    assert seen >= {"succeeds", "fails"} | refusals, seen
