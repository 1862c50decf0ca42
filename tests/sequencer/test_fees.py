"""Fees of messages: the relayer's formula, the conversion, quotes that outlive price changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.spec.refusal import RefusalCode, Refused
from sequencer.config import FeeTerms
from sequencer.messages.fees import ChainPrice, Delivery, FeeQuoter
from sequencer.messages.price_table import RelayerPrices
from verifier.chain import ChainUnavailable, EmbeddedChain
from verifier.chain.messaging_deployment import (
    DestinationPrice,
    MessagingConfig,
    deploy_messaging,
)

VECTORS = Path(__file__).parents[1] / "vectors" / "ormp.json"
RELAYER = "0x" + "12" * 20
CHAIN_ID = 5
PRICE = ChainPrice(ratio_e10=10**10, gas_price_wei=10**9, base_gas=100_000, gas_per_byte=16)
DELIVERY = Delivery(CHAIN_ID, 100_000, 0)  # 200,000 gas · 1 gwei = 2·10^14 wei
TERMS = FeeTerms(RELAYER, 10**9, refresh_s=10, valid_s=100, max_age_s=60)  # 1 ether = 1,000
FEE_E6 = 200_000


class Table:
    """A test double of a price table that can be changed and taken away."""

    def __init__(self) -> None:
        self.price_now: ChainPrice | None = PRICE
        self.reads = 0

    def price(self, chain_id: int) -> ChainPrice:
        self.reads += 1
        if self.price_now is None:
            raise ChainUnavailable("no node")
        return self.price_now if chain_id == CHAIN_ID else ChainPrice(0, 0, 0, 0)

    def times(self, factor: int) -> None:
        self.price_now = replace(PRICE, gas_price_wei=PRICE.gas_price_wei * factor)


class Desk:
    """A quoter with its table and clock in hand."""

    def __init__(self, **terms: Any) -> None:
        self.now_s = 1_000_000
        self.table = Table()
        self.quoter = FeeQuoter(replace(TERMS, **terms), self.table, lambda: self.now_s)

    def least(self, after_s: int = 0) -> int:
        self.now_s += after_s
        return self.quoter.least_e6(DELIVERY)


def code(error: pytest.ExceptionInfo[Refused]) -> RefusalCode:
    return error.value.code


@pytest.mark.parametrize("row", json.loads(VECTORS.read_text())["fee_quotes"], ids=str)
def test_the_fee_is_that_of_the_recorded_relayers(row: dict[str, Any]) -> None:
    table = {name: int(value, 16) for name, value in row["relayer_config"].items()}
    price = ChainPrice(
        table["dstPriceRatio"], table["dstGasPriceInWei"], table["baseGas"], table["gasPerByte"]
    )
    fee_wei = price.fee_wei(int(row["gasLimit"], 16), row["encoded_length"])
    if isinstance(row["relayer_fee"], dict):  # no base gas, or an overflow: a fee beyond all means
        assert not price.is_set or fee_wei >= 2**200
    else:
        assert fee_wei == int(row["relayer_fee"], 16)


def test_the_table_of_a_deployed_relayer_is_read_and_priced_as_it_prices() -> None:
    chain = EmbeddedChain()
    prices = {31338: DestinationPrice(ratio_e10=3_333_333_333, gas_price_wei=7, gas_per_byte=3)}
    addresses, _ = deploy_messaging(chain, MessagingConfig(chain.accounts[0], (), prices))
    table = RelayerPrices(chain, addresses.relayer)
    price = table.price(31338)
    assert price == ChainPrice(3_333_333_333, 7, 200_000, 3)
    for gas_limit, payload in ((0, b""), (1, b"x"), (123_457, b"y" * 1001)):
        asked = 31338, RELAYER, gas_limit, payload, b""
        on_chain = table._contract.call("fee", *asked)
        assert price.fee_wei(gas_limit, len(payload)) == on_chain
    assert not table.price(31339).is_set


@settings(max_examples=200)
@given(
    wei=st.integers(0, 10**24),
    e6_per_ether=st.integers(1, 2**63 - 1),
)
def test_the_conversion_rounds_up_by_less_than_one(wei: int, e6_per_ether: int) -> None:
    desk = Desk(e6_per_ether=e6_per_ether, proof_wei=wei)
    own_wei = PRICE.fee_wei(DELIVERY.gas_limit, 0)
    fee_e6 = desk.least()
    assert (fee_e6 - 1) * 10**18 < (own_wei + wei) * e6_per_ether <= fee_e6 * 10**18


def test_the_proofs_share_is_added_before_rounding() -> None:
    assert Desk().least() == FEE_E6
    assert Desk(proof_wei=1).least() == FEE_E6 + 1
    assert Desk(proof_wei=10**9).least() == FEE_E6 + 1
    assert Desk(proof_wei=10**9 + 1).least() == FEE_E6 + 2


def test_a_chain_that_the_table_lacks_is_a_clear_refusal() -> None:
    desk = Desk()
    for ask in (desk.quoter.quote, desk.quoter.least_e6):
        with pytest.raises(Refused, match=f"{RELAYER} has no price for chain 6") as error:
            ask(replace(DELIVERY, chain_id=6))
        assert code(error) is RefusalCode.NO_PRICE


@pytest.mark.parametrize("missing", ["ratio_e10", "gas_price_wei", "base_gas"])
def test_a_row_that_is_half_filled_in_is_no_price(missing: str) -> None:
    desk = Desk()
    desk.table.price_now = replace(PRICE, **{missing: 0})
    with pytest.raises(Refused, match="has no price"):
        desk.least()


def test_the_table_is_read_once_an_interval() -> None:
    desk = Desk()
    for after_s, reads in ((0, 1), (9, 1), (1, 2), (9, 2), (1, 3)):
        desk.least(after_s)
        assert desk.table.reads == reads


def test_a_quote_is_honoured_until_it_ends_when_prices_rise() -> None:
    desk = Desk()
    quote = desk.quoter.quote(DELIVERY)
    assert (quote.fee_e6, quote.valid_until_s) == (FEE_E6, desk.now_s + 100)
    desk.table.times(3)
    assert desk.least(after_s=10) == FEE_E6
    assert desk.quoter.quote(DELIVERY).fee_e6 == 3 * FEE_E6
    assert desk.least(after_s=90) == FEE_E6
    assert desk.least(after_s=1) == 3 * FEE_E6


def test_a_price_that_nobody_was_told_is_not_honoured() -> None:
    desk = Desk()
    assert desk.least() == FEE_E6
    desk.table.times(3)
    assert desk.least(after_s=10) == 3 * FEE_E6


def test_an_old_price_is_not_honoured_because_nobody_asked_in_between() -> None:
    desk = Desk()
    desk.quoter.quote(DELIVERY)
    desk.table.times(3)
    assert desk.least(after_s=101) == 3 * FEE_E6


def test_the_lower_price_counts_at_once_when_prices_fall() -> None:
    desk = Desk()
    desk.table.times(3)
    assert desk.quoter.quote(DELIVERY).fee_e6 == 3 * FEE_E6
    desk.table.times(1)
    assert desk.least(after_s=10) == FEE_E6


def test_several_quotes_stand_side_by_side() -> None:
    desk = Desk()
    for factor in (2, 5, 4):
        desk.table.times(factor)
        desk.now_s += 20
        assert desk.quoter.quote(DELIVERY).fee_e6 == factor * FEE_E6
    assert desk.least() == 2 * FEE_E6
    assert desk.least(after_s=61) == 4 * FEE_E6  # the quote of 2 ended, those of 5 and 4 stand


def test_prices_outlive_a_node_for_a_while_and_not_longer() -> None:
    desk = Desk()
    desk.least()
    desk.table.price_now = None
    assert desk.least(after_s=60) == FEE_E6
    with pytest.raises(Refused, match="try again later") as error:
        desk.least(after_s=1)
    assert code(error) is RefusalCode.NO_PRICE
    desk.table.times(2)
    assert desk.least(after_s=10) == 2 * FEE_E6


def test_a_node_that_is_away_from_the_start_is_a_refusal() -> None:
    desk = Desk()
    desk.table.price_now = None
    with pytest.raises(Refused, match="cannot be read"):
        desk.quoter.quote(DELIVERY)


def test_a_chain_that_the_relayer_dropped_is_refused_in_spite_of_quotes() -> None:
    """Nobody would deliver the message, however well it paid."""
    desk = Desk()
    desk.quoter.quote(DELIVERY)
    desk.table.price_now = ChainPrice(0, 0, 0, 0)
    with pytest.raises(Refused, match="has no price"):
        desk.least(after_s=10)
    desk.table.times(2)
    assert desk.least(after_s=10) == FEE_E6


def test_few_readings_are_kept_however_often_prices_change() -> None:
    desk = Desk()
    for factor in range(1, 500):
        desk.table.times(factor)
        desk.now_s += 10
        desk.quoter.quote(DELIVERY)
    assert len(desk.quoter._rows[CHAIN_ID].readings) <= 12
