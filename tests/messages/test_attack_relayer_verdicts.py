"""Messages made to cost a relayer money or time: none of them is sent, all of them back off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from sequencer.messages.ledger import CoveringRoot
from sequencer.messages.ledger.views import KnownRoot
from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.relayer.settings import CourierSettings, Patience, Route, Target
from sequencer.messages.relayer.target_chain import Newest
from sequencer.messages.relayer.verdict import Candidate, Judge, NotNow, Ready
from sequencer.messages.tree import MessageTree
from sequencer.messages.watch import Position
from tests.messages.fake_chain import ENDPOINT, ORACLE, RELAYER, STRANGER
from verifier.chain.errors import ChainRevert

MESSAGE = Message(int(ENDPOINT, 16), 0, 1, 5, 2, 9, 100_000, b"")
FEE_WEI = 10**18
BLOCK_GAS = 30_000_000


@dataclass
class ArrangedTarget:
    """The target chain as the attacker arranged it; counts what it is asked."""

    oracle: str = ORACLE
    relayer: str = RELAYER
    root: bytes = bytes(32)
    gas: int = 300_000
    refusal: ChainRevert | None = None
    asked: list[str] = field(default_factory=list)

    def app_config(self, application: str) -> tuple[str, str]:
        return self.oracle, self.relayer

    def merkle_root(self, oracle: str, source: int, block: int) -> bytes:
        self.asked.append("root")
        return self.root

    def newest(self) -> Newest:
        return Newest(10, 10**9, BLOCK_GAS)

    def estimate(self, to: str, data: bytes) -> int:
        self.asked.append("estimate")
        if self.refusal is not None:
            raise self.refusal
        return self.gas


@dataclass
class Facts:
    """Stands for ledger, stored tree and price table."""

    message: Message

    def covering_root(self, *_: object) -> CoveringRoot:
        place = Position(2, 1, bytes(32), bytes(32), 0)
        root = MessageTree([self.message.hash()]).root()
        return CoveringRoot(KnownRoot(place, ORACLE, 1, 7, root), 1)

    def prove(self, *_: object) -> MessageProof:
        return MessageProof(7, 0, tuple(MessageTree([self.message.hash()]).prove(0)))

    def ratio_e10(self, _: Route) -> int:
        return 10**10


def verdict(
    message: Message = MESSAGE, fee_wei: int = FEE_WEI, **arranged: Any
) -> tuple[Ready | NotNow | None, ArrangedTarget]:
    facts: Any = Facts(message)
    root = MessageTree([message.hash()]).root()
    chain: Any = ArrangedTarget(**{"root": root, **arranged})
    route = Route(1, ENDPOINT, 2, (RELAYER,))
    settings = CourierSettings(Target(2, ENDPOINT, RELAYER, frozenset({ORACLE})), (route,))
    judge = Judge(settings, facts, facts, chain, facts)
    return judge.verdict(Candidate(message, fee_wei), route), chain


def test_the_honest_message_goes() -> None:
    assert isinstance(verdict()[0], Ready)


def test_an_oracle_that_nobody_follows_is_no_wait_without_end() -> None:
    """A flood of such messages would be looked at in every round; now each one backs off."""
    found, chain = verdict(oracle=STRANGER)
    assert isinstance(found, NotNow)
    assert found.is_failure
    assert STRANGER in found.reason
    assert chain.asked == []
    pauses = [Patience().pause_s(failures) for failures in (1, 2, 3, 1_000)]
    assert pauses == [15.0, 30.0, 60.0, 3600.0]


@pytest.mark.parametrize(
    "message",
    [
        replace(MESSAGE, gas_limit=2**256 - 1),
        replace(MESSAGE, gas_limit=BLOCK_GAS),
        replace(MESSAGE, gas_limit=2**63),
        replace(MESSAGE, encoded=bytes(1 << 20)),
        replace(MESSAGE, encoded=b"\xff" * 119_900),
    ],
    ids=["gas-2^256-1", "gas-of-a-block", "gas-2^63", "a-megabyte", "just-too-long"],
)
def test_what_fits_no_transaction_is_not_even_tried(message: Message) -> None:
    found, chain = verdict(message, fee_wei=2**255)
    assert isinstance(found, NotNow)
    assert found.is_failure
    assert "estimate" not in chain.asked


@pytest.mark.parametrize(
    "arranged",
    [
        {"gas": 10**9},
        {"gas": 2**62},
        {"fee_wei": 300_000 * 10**9 - 1},
        {"fee_wei": 0},
        {"refusal": ChainRevert("ForbiddenTarget", (ENDPOINT,))},
        {"refusal": ChainRevert("Error", ("\x1b[2J%s{0}\n",))},
        {"relayer": STRANGER},
        {"root": b"\x01" * 32},
    ],
    ids=["dear", "absurd", "a-wei-short", "free", "forbidden", "odd-words", "other-relayer", "lie"],
)
def test_what_does_not_pay_or_work_waits(arranged: dict[str, Any]) -> None:
    assert isinstance(verdict(**arranged)[0], NotNow)


def test_the_fee_covers_the_gas_to_the_wei() -> None:
    assert isinstance(verdict(fee_wei=300_000 * 10**9)[0], Ready)
