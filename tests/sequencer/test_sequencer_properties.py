"""Any order of submissions, seals, restarts and settlements: the state is the specification's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.spec.batch import BatchBuilder
from circuits.spec.domain import RollupDomain
from circuits.spec.globals import Globals
from circuits.spec.params import TINY
from circuits.spec.rebuild import rebuild
from circuits.spec.refusal import Refused
from circuits.spec.transactions import Deposit, Transaction, Transfer
from circuits.spec.tree import MemoryTree
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import (
    CONTRACT,
    KEYS,
    L1_CHAIN_ID,
    LATER_S,
    NOW_S,
    PUBLIC_KEYS,
    ROLLUP_CHAIN_ID,
    CountingProver,
    FileChain,
    config,
)

START_E6 = 100
DOMAIN = RollupDomain(L1_CHAIN_ID, CONTRACT, ROLLUP_CHAIN_ID)
TRANSFERS = st.tuples(
    st.just("transfer"),
    st.integers(0, 2),  # sender
    st.integers(0, 4),  # receiver; 3 and 4 are empty
    st.integers(0, 80),  # amount
    st.integers(0, 2),  # fee
    st.integers(0, 1),  # nonce: right, or one ahead
)
OTHERS = st.sampled_from(["seal", "restart", "settle", "deposit"]).map(lambda name: (name,))
STEPS = st.lists(TRANSFERS | OTHERS, max_size=25)


class Twin:
    """What the specification says: the same transactions in batches of the same sizes."""

    def __init__(self) -> None:
        self.tree = MemoryTree(TINY.tree_depth)
        self._globals = Globals()
        self._builder: BatchBuilder | None = None

    def apply(self, transaction: Transaction) -> bool:
        builder = self._builder or BatchBuilder(
            self.tree, self._globals, TINY, DOMAIN, bytes(32), NOW_S, 0
        )
        try:
            builder.apply(transaction)
        except Refused:
            return False
        self._builder = builder
        return True

    def seal(self) -> None:
        if self._builder is not None:
            self._builder.seal()
            self._globals = self._builder.globals_after
            self._builder = None

    @property
    def is_full(self) -> bool:
        return self._builder is not None and self._builder.is_full


@settings(max_examples=12)
@given(STEPS)
def test_the_state_is_the_specifications(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]
) -> None:
    run = Run(tmp_path_factory.mktemp("property"))
    for step in steps:
        run.take(step)
        assert run.sequencer._state.tree.root == run.twin.tree.root
    run.finish()


class Run:
    """A sequencer and its twin, taking the same steps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chain = FileChain(folder / "chain.json")
        self.twin = Twin()
        self.nonces = [0, 0, 0]
        self.deposited = 0
        self.sequencer = self._open()
        for _ in range(3):
            self._deposit()

    def take(self, step: tuple[object, ...]) -> None:
        name, *arguments = step
        if name == "transfer":
            self._transfer(*arguments)  # type: ignore[arg-type]
        elif name == "deposit":
            self._deposit()
        elif name == "seal":
            self.sequencer.seal()
            self.twin.seal()
        elif name == "settle":
            list(self.sequencer.advance())
        else:
            self.sequencer.close()
            self.sequencer = self._open()

    def finish(self) -> None:
        """Settle everything: the posted data rebuilds the twin's tree, and no money was made."""
        self.take(("seal",))
        self.take(("settle",))
        rebuilt = rebuild(self.chain.public_data, TINY)
        assert rebuilt.tree.root == self.twin.tree.root
        accounts = [self.twin.tree.account(i) for i in range(TINY.max_accounts)]
        assert sum(a.collateral_e6 for a in accounts) == START_E6 * self.deposited
        self.sequencer.close()

    def _open(self) -> Sequencer:
        return Sequencer.open(config(self.folder), self.chain, CountingProver(), lambda: NOW_S)

    def _transfer(self, sender: int, receiver: int, amount: int, fee: int, ahead: int) -> None:
        nonce = self.nonces[sender] + ahead
        transfer = Transfer(sender, fee, nonce, LATER_S, receiver, amount)
        signed = transfer.signed(KEYS[sender], DOMAIN.rollup_id())
        try:
            self.sequencer.submit(signed)
        except Refused:
            assert not self._twin_apply(signed)
        else:
            self.nonces[sender] += 1
            assert self._twin_apply(signed)

    def _deposit(self) -> None:
        account = self.deposited % 3
        self.chain.add_deposit(PUBLIC_KEYS[account], START_E6)
        assert self.sequencer.ingest_deposits() == 1
        assert self._twin_apply(Deposit(account, PUBLIC_KEYS[account], START_E6))
        self.deposited += 1

    def _twin_apply(self, transaction: Transaction) -> bool:
        if self.twin.is_full:
            self.twin.seal()
        return self.twin.apply(transaction)
