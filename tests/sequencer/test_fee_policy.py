"""The sequencer's own condition: what leaves the rollup pays for its delivery."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions import Message, SignedTransaction, Transfer, Withdraw
from sequencer.config import FeeTerms
from sequencer.errors import ConfigError
from sequencer.messages.fees import ChainPrice
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import (
    KEYS,
    L1_CHAIN_ID,
    LATER_S,
    NOW_S,
    PUBLIC_KEYS,
    CountingProver,
    FileChain,
    config,
)

TERMS = FeeTerms("0x" + "12" * 20, e6_per_ether=10**9, refresh_s=0, valid_s=60)
GWEI = 10**9
FAR = 10


class Table:
    """A test double: the settlement chain and one far away, at a gas price to set."""

    gas_price_wei = GWEI

    def price(self, chain_id: int) -> ChainPrice:
        if chain_id not in (L1_CHAIN_ID, FAR):
            return ChainPrice(0, 0, 0, 0)
        return ChainPrice(10**10, self.gas_price_wei, 100_000, 1_000)


class Desk:
    """A sequencer with fees, a funded account 0 and the operator's account 0 itself."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.table = Table()
        self.config = config(folder, **{"fees": TERMS} | changes)
        chain = FileChain(folder / "chain.json")
        for key in PUBLIC_KEYS[:2]:
            chain.add_deposit(key, 10**9)
        prices = None if self.config.fees is None else self.table
        self.sequencer = Sequencer.open(
            self.config, chain, CountingProver(), clock=lambda: NOW_S, prices=prices
        )
        self.sequencer.ingest_deposits()
        self.nonce = 0

    def journaled(self) -> int:
        return self.sequencer.status().journal_records

    def submit(self, transaction: SignedTransaction) -> None:
        rollup_id = self.config.domain.rollup_id()
        now = replace(transaction, nonce=self.nonce)
        self.sequencer.submit(now.signed(KEYS[0], rollup_id))
        self.nonce += 1


def message(fee_e6: int = 0, chain_id: int = FAR, payload: bytes = b"x" * 10) -> Message:
    return Message(0, fee_e6, 0, LATER_S, chain_id, 0xBEEF, 100_000, payload)


def withdraw(fee_e6: int = 0) -> Withdraw:
    return Withdraw(0, fee_e6, 0, LATER_S, 0xABCD, 5)


def with_fee(transaction: SignedTransaction, fee_e6: int) -> SignedTransaction:
    return replace(transaction, fee_e6=fee_e6)


MESSAGE_FEE_E6 = 210_000  # (200,000 + 10 · 1,000 gas) · 1 gwei, at 1,000 an ether
WITHDRAWAL_FEE_E6 = 400_000  # (300,000 + 100 · 1,000 gas) · 1 gwei
LEAVING = [(message(), MESSAGE_FEE_E6), (withdraw(), WITHDRAWAL_FEE_E6)]


@pytest.mark.parametrize(("transaction", "fee_e6"), LEAVING, ids=["message", "withdrawal"])
def test_the_quote_is_enough_and_one_less_is_not(
    tmp_path: Path, transaction: SignedTransaction, fee_e6: int
) -> None:
    desk = Desk(tmp_path)
    quote = desk.sequencer.quote(transaction)
    assert (quote.fee_e6, quote.valid_until_s) == (fee_e6, NOW_S + TERMS.valid_s)
    before = desk.journaled(), desk.sequencer._state.tree.root
    for too_little in (0, fee_e6 - 1):
        with pytest.raises(Refused, match=f"at least {fee_e6} is due") as error:
            desk.submit(with_fee(transaction, too_little))
        assert error.value.code is RefusalCode.FEE_TOO_LOW
    assert (desk.journaled(), desk.sequencer._state.tree.root) == before
    desk.submit(with_fee(transaction, fee_e6))


def test_what_stays_in_the_rollup_needs_no_fee(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    stays = Transfer(0, 0, 0, LATER_S, 1, 5)
    assert desk.sequencer.quote(stays).fee_e6 == 0
    desk.submit(stays)


def test_a_destination_without_a_price_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    nowhere = message(10**6, chain_id=FAR + 1)
    for ask in (desk.sequencer.quote, desk.submit):
        with pytest.raises(Refused, match="no price for chain 11") as error:
            ask(nowhere)
        assert error.value.code is RefusalCode.NO_PRICE


def test_a_group_goes_on_after_a_fee_too_low(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    rollup_id = desk.config.domain.rollup_id()
    cheap = message(1).signed(KEYS[0], rollup_id)
    fine = replace(message(MESSAGE_FEE_E6)).signed(KEYS[0], rollup_id)
    refused, receipt = desk.sequencer.submit_many([cheap, fine])
    assert isinstance(refused, Refused)
    assert refused.code is RefusalCode.FEE_TOO_LOW
    assert not isinstance(receipt, Refused)


def test_a_quote_holds_while_prices_rise(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    fee_e6 = desk.sequencer.quote(message()).fee_e6
    desk.table.gas_price_wei = 2 * GWEI
    desk.submit(message(fee_e6))
    assert desk.sequencer.quote(message()).fee_e6 == 2 * fee_e6


def test_what_was_accepted_is_replayed_whatever_the_prices_are_now(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.submit(message(MESSAGE_FEE_E6))
    root = desk.sequencer._state.tree.root
    desk.sequencer.close()
    desk.table.gas_price_wei = 100 * GWEI
    chain = FileChain(tmp_path / "chain.json")
    with Sequencer.open(
        desk.config, chain, CountingProver(), clock=lambda: NOW_S, prices=desk.table
    ) as again:
        assert again._state.tree.root == root


def test_without_terms_any_fee_will_do(tmp_path: Path) -> None:
    desk = Desk(tmp_path, fees=None)
    assert desk.sequencer.quote(message()).fee_e6 == 0
    desk.submit(message(chain_id=99))
    desk.submit(withdraw())


@pytest.mark.parametrize("terms", [None, TERMS])
def test_terms_and_prices_come_together(tmp_path: Path, terms: FeeTerms | None) -> None:
    prices = Table() if terms is None else None
    with pytest.raises(ConfigError, match="fees need both"):
        Sequencer.open(config(tmp_path, fees=terms), prices=prices)
