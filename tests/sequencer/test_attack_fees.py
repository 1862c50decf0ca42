"""Whoever asks for the fee to chains that nobody serves: answers stay cheap and memory bounded."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from circuits.spec.refusal import RefusalCode, Refused
from sequencer.config import FeeTerms
from sequencer.messages.fees import MAX_UNSERVED, ChainPrice, Delivery, FeeQuoter
from verifier.chain import ChainUnavailable

SERVED = 10
TERMS = FeeTerms("0x" + "12" * 20, e6_per_ether=10**9, refresh_s=30)


@dataclass
class Table:
    """Counts what it is asked; serves one chain, and fails when told to."""

    asked: list[int] = field(default_factory=list)
    fails: bool = False

    def price(self, chain_id: int) -> ChainPrice:
        self.asked.append(chain_id)
        if self.fails:
            raise ChainUnavailable("away")
        return (
            ChainPrice(10**10, 10**9, 100_000, 16) if chain_id == SERVED else ChainPrice(0, 0, 0, 0)
        )


class Desk:
    """A quoter with a clock to set."""

    def __init__(self) -> None:
        self.table, self.now_s = Table(), 1_000
        self.quoter = FeeQuoter(TERMS, self.table, lambda: self.now_s)

    def ask(self, chain_id: int) -> int:
        return self.quoter.quote(Delivery(chain_id, 100_000, 0)).fee_e6

    def is_refused(self, chain_id: int) -> bool:
        with pytest.raises(Refused) as caught:
            self.ask(chain_id)
        return caught.value.code == RefusalCode.NO_PRICE


@pytest.mark.parametrize("fails", [False, True])
def test_invented_chains_are_looked_up_so_often_and_no_more(fails: bool) -> None:
    desk = Desk()
    desk.table.fails = fails
    assert all(desk.is_refused(10**6 + number) for number in range(1_000))
    assert len(desk.table.asked) == MAX_UNSERVED
    assert len(desk.quoter._rows) == MAX_UNSERVED
    desk.table.asked.clear()
    assert desk.is_refused(10**6)  # known not to be served: not asked again at once
    assert desk.table.asked == []
    desk.now_s += TERMS.refresh_s
    assert all(desk.is_refused(2 * 10**6 + number) for number in range(1_000))
    assert len(desk.table.asked) == len(desk.quoter._rows) == MAX_UNSERVED


def test_a_flood_does_not_touch_the_chains_that_are_served() -> None:
    desk = Desk()
    fee_e6 = desk.ask(SERVED)
    for number in range(200):
        assert desk.is_refused(10**6 + number)
    assert desk.ask(SERVED) == fee_e6
    desk.now_s += TERMS.refresh_s
    assert desk.ask(SERVED) == fee_e6
    assert desk.table.asked.count(SERVED) == 2


def test_a_table_that_was_away_is_asked_again_after_a_while() -> None:
    desk = Desk()
    desk.table.fails = True
    assert desk.is_refused(SERVED)
    assert desk.is_refused(SERVED)
    assert desk.table.asked == [SERVED]
    desk.table.fails = False
    desk.now_s += TERMS.refresh_s
    assert desk.ask(SERVED) > 0
