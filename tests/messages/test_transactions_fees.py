"""Offers and replies: pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.messages.transactions.fees import Fees, bumped, market
from sequencer.messages.transactions.replies import Reply, classify

WEI = st.integers(0, 10**20)


def test_a_first_offer_leaves_room_for_a_rising_base_fee() -> None:
    assert market(100, 7, 0, 10_000) == Fees(207, 7)


def test_a_chain_without_base_fee_gets_a_gas_price() -> None:
    assert market(None, 7, 55, 10_000) == Fees(55, None)
    assert market(None, 7, 55, 50) == Fees(50, None)


def test_the_cap_limits_the_whole_offer_and_its_tip() -> None:
    assert market(100, 7, 0, 150) == Fees(150, 7)
    assert market(100, 700, 0, 150) == Fees(150, 150)


@given(WEI, WEI, WEI, WEI, WEI)
def test_a_raised_offer_replaces_the_old_one_and_respects_the_cap(
    fee: int, tip: int, new_fee: int, new_tip: int, cap: int
) -> None:
    last = Fees(fee, min(tip, fee))
    offer = bumped(last, Fees(new_fee, min(new_tip, new_fee)), cap)
    if offer is None:
        assert cap * 8 < last.max_fee * 9 + 8
        return
    assert offer.max_fee <= cap
    assert offer.tip is not None and last.tip is not None
    assert offer.tip <= offer.max_fee
    for new, old in ((offer.max_fee, last.max_fee), (offer.tip, last.tip)):
        assert new > old and new * 8 >= old * 9


@given(WEI, WEI, WEI)
def test_a_raised_gas_price_stays_a_gas_price(price: int, now: int, cap: int) -> None:
    offer = bumped(Fees(price, None), Fees(now, None), cap)
    assert offer is None or (offer.tip is None and price < offer.max_fee <= cap)


def test_an_offer_at_the_cap_cannot_be_raised() -> None:
    assert bumped(Fees(100, 10), Fees(1, 1), 112) is None
    assert bumped(Fees(100, 10), Fees(1, 1), 113) == Fees(113, 12)


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("already known", Reply.KNOWN),
        ("transaction already imported", Reply.KNOWN),
        ("nonce too low: next nonce 5, tx nonce 4", Reply.NONCE_USED),
        ("replacement transaction underpriced", Reply.UNDERPRICED),
        ("transaction underpriced: gas tip cap 0, minimum needed 1", Reply.UNDERPRICED),
        ("max fee per gas less than block base fee", Reply.UNDERPRICED),
        ("insufficient funds for gas * price + value: balance 0", Reply.NO_FUNDS),
        ("Insufficient funds for gas * price + value", Reply.NO_FUNDS),
        ("exceeds block gas limit", Reply.IMPOSSIBLE),
        ("intrinsic gas too low: gas 20000, minimum needed 21000", Reply.IMPOSSIBLE),
        ("oversized data: transaction size 200000, limit 131072", Reply.IMPOSSIBLE),
        ("nonce too high", Reply.LATER),
        ("txpool is full", Reply.LATER),
        ("internal error", Reply.LATER),
    ],
)
def test_the_words_of_nodes_are_understood(message: str, reply: Reply) -> None:
    assert classify(message) is reply
