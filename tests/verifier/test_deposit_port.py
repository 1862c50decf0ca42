"""Deposits from other chains: locked at the gate, credited by the port, out of a real reserve."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import pytest

from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8 as BASE8
from tests.verifier.doubles import deploy_double
from tests.verifier.ports import (
    NOBODY,
    ORACLE,
    OWN_ORACLE,
    OWN_RELAYER,
    PEER,
    REFUND,
    RELAYER,
    THERE,
    ZERO,
    PortWorld,
    message_id,
)
from tests.verifier.refusals import reverts
from tests.verifier.world import World, deposit_slot, make_world, withdraw_slot
from verifier.chain import Contract, EmbeddedChain, Receipt
from verifier.contracts import load_artifact

SETTLEMENT = THERE
CREDIT_GAS = 300_000
BAD_KEYS = [(0, 0), (1, 1), (BASE8[0] + FR_MODULUS, BASE8[1]), (BASE8[0], BASE8[1] + FR_MODULUS)]


class Mode(IntEnum):
    """HostileToken.Mode."""

    HONEST = 0
    KEEPS_FEE = 1
    RETURNS_FALSE = 2
    RETURNS_NOTHING = 3


# -- the gate --


@dataclass
class Gate:
    """A gate on a chain of its own, whose user has tokens and allowed them."""

    world: PortWorld
    token: Contract

    @property
    def contract(self) -> Contract:
        return self.world.port

    def deposit(
        self, amount: int, key: tuple[int, int] = BASE8, *, value: int = 0, user: str | None = None
    ) -> Receipt:
        arguments = amount, *key, REFUND, b"fast"
        sender = user or self.world.user
        return self.contract.transact("deposit", *arguments, sender=sender, value=value)

    def confirm(self, credited: int, *, chain_id: int = SETTLEMENT, peer: str = PEER) -> Receipt:
        """The port's report comes in."""
        data = self.contract.encode("confirm", credited)
        return self.world.deliver(data, chain_id=chain_id, peer=peer)

    def collect(self, amount: int, *, sender: str | None = None) -> Receipt:
        return self.contract.transact("collect", NOBODY, amount, sender=sender or self.world.owner)

    def sums(self) -> tuple[int, int, int]:
        """Locked, credited, collected."""
        call = self.contract.call
        return call("locked"), call("credited"), call("collected")

    def balance(self, holder: str | None = None) -> int:
        return int(self.token.call("balanceOf", holder or self.contract.address))


def make_gate(
    token_name: str = "TestToken", *, scale: int = 1, settlement: int = SETTLEMENT
) -> Gate:
    chain = EmbeddedChain(44)
    owner, user = chain.accounts[0], chain.accounts[5]
    if token_name == "TestToken":
        token, _ = Contract.deploy(chain, load_artifact(token_name), sender=owner)
    else:
        token = deploy_double(chain, token_name)
    office = deploy_double(chain, "PostOffice", ORACLE, RELAYER)
    config = token.address, scale, settlement, CREDIT_GAS
    arguments = owner, office.address, OWN_ORACLE, OWN_RELAYER, config
    gate, _ = Contract.deploy(chain, load_artifact("DepositGate"), *arguments, sender=owner)
    for chain_id in (SETTLEMENT, 47):
        gate.transact("setPeer", chain_id, PEER, sender=owner)
    token.transact("mint", user, 2**100, sender=user)
    token.transact("approve", gate.address, 2**100, sender=user)
    return Gate(PortWorld(chain, office, gate, gate), token)


def test_a_deposit_locks_tokens_and_sends_the_message_that_credits_them() -> None:
    gate = make_gate()
    receipt = gate.deposit(10, value=7)
    assert (gate.balance(), gate.sums()) == (10, (10, 0, 0))
    ua, value, chain_id, to, gas, encoded, refund, params = gate.world.office.call("last")
    assert (ua.lower(), value) == (gate.contract.address.lower(), 7)
    assert (chain_id, to, gas) == (SETTLEMENT, PEER, CREDIT_GAS)
    assert encoded == credit_call(10)
    assert (refund, params) == (REFUND, b"fast")
    event = receipt.event("DepositSent")
    assert (event.args["depositor"], event.args["amount"]) == (gate.world.user, 10)
    asked = gate.world.office.call(
        "fee", SETTLEMENT, gate.contract.address, CREDIT_GAS, credit_call(0, (0, 0)), b"fast"
    )
    assert gate.contract.call("fee", b"fast") == asked


def credit_call(amount: int, key: tuple[int, int] = BASE8) -> bytes:
    return make_credit_encoder().encode("credit", amount, *key)


def make_credit_encoder() -> Contract:
    return Contract(EmbeddedChain(), load_artifact("DepositPort"), NOBODY)


@pytest.mark.parametrize("scale", [1, 10**12, 2**128 - 1])
def test_the_scale_turns_units_of_the_rollup_into_units_of_the_token(scale: int) -> None:
    gate = make_gate(scale=scale)
    gate.token.transact("mint", gate.world.user, 3 * scale, sender=gate.world.user)
    gate.token.transact("approve", gate.contract.address, 3 * scale, sender=gate.world.user)
    gate.deposit(3)
    assert gate.balance() == 3 * scale
    gate.confirm(3)
    gate.collect(2)
    assert (gate.balance(), gate.balance(NOBODY)) == (scale, 2 * scale)


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_the_rollup_would_refuse_is_refused_at_the_gate(key: tuple[int, int]) -> None:
    gate = make_gate()
    with reverts("PublicKeyInvalid"):
        gate.deposit(10, key)
    assert (gate.balance(), gate.sums()) == (0, (0, 0, 0))


def test_amounts_at_the_bounds() -> None:
    gate = make_gate()
    with reverts("AmountZero"):
        gate.deposit(0)
    with reverts("LockCapExceeded"):
        gate.deposit(2**63)
    gate.deposit(2**63 - 2)
    with reverts("LockCapExceeded"):
        gate.deposit(2)
    gate.deposit(1)


def test_a_deposit_without_tokens_allowance_or_fee_locks_nothing() -> None:
    gate = make_gate()
    with reverts("TransferFailed"):
        gate.deposit(10, user=gate.world.owner)
    gate.world.office.transact("setPrice", 5, sender=gate.world.user)
    with reverts("Unknown"):  # the endpoint's own error
        gate.deposit(10, value=4)
    assert (gate.balance(), gate.sums()) == (0, (0, 0, 0))
    gate.deposit(10, value=5)


@pytest.mark.parametrize(
    ("mode", "error"),
    [(Mode.KEEPS_FEE, "AmountNotReceived"), (Mode.RETURNS_FALSE, "TransferFailed")],
)
def test_a_token_that_misbehaves_locks_nothing(mode: Mode, error: str) -> None:
    gate = make_gate("HostileToken")
    gate.token.transact("setMode", mode, sender=gate.world.user)
    with reverts(error):
        gate.deposit(10)
    assert gate.sums() == (0, 0, 0)


def test_a_token_that_returns_nothing_is_fine() -> None:
    gate = make_gate("HostileToken")
    gate.token.transact("setMode", Mode.RETURNS_NOTHING, sender=gate.world.user)
    gate.deposit(10)
    assert gate.sums() == (10, 0, 0)


def test_a_token_that_calls_back_meets_the_lock() -> None:
    """Two deposits for one payment, or a payout in the middle of one."""
    gate = make_gate("CallingToken")
    gate.deposit(10)
    gate.confirm(10)
    gate.token.transact("mint", gate.token.address, 100, sender=NOBODY)
    inner = [
        gate.contract.encode("deposit", 5, *BASE8, REFUND, b""),
        gate.contract.encode("collect", NOBODY, 1),
    ]
    gate.contract.transact("changeOwner", gate.token.address, sender=gate.world.owner)
    gate.token.transact(
        "callOnce", gate.contract.address, gate.contract.encode("acceptOwner"), sender=NOBODY
    )
    gate.deposit(1)  # the token now owns the gate
    for data in inner:
        gate.token.transact("callOnce", gate.contract.address, data, sender=gate.world.user)
        before = gate.sums()
        gate.deposit(5)
        assert gate.token.call("worked") is False
        assert gate.sums() == (before[0] + 5, 10, 0)


def test_only_what_was_credited_is_collected_and_only_by_the_owner() -> None:
    gate = make_gate()
    gate.deposit(10)
    with reverts("NotCollectable"):
        gate.collect(1)
    gate.confirm(6)
    with reverts("NotOwner"):
        gate.collect(1, sender=gate.world.user)
    with reverts("NotCollectable"):
        gate.collect(7)
    gate.collect(4)
    with reverts("NotCollectable"):
        gate.collect(3)
    gate.collect(2)
    assert (gate.balance(), gate.balance(NOBODY), gate.sums()) == (4, 6, (10, 6, 6))


def test_reports_may_come_in_any_order_and_twice() -> None:
    gate = make_gate()
    gate.deposit(10)
    assert gate.confirm(7).event("CreditsConfirmed").args["credited"] == 7
    for older in (7, 3, 0):
        assert gate.confirm(older).events == ()
    assert gate.sums() == (10, 7, 0)


def test_a_report_beyond_what_was_locked_is_refused() -> None:
    gate = make_gate()
    gate.deposit(10)
    with reverts("CreditsExceedDeposits"):
        gate.confirm(11)
    gate.confirm(10)


def test_only_the_port_of_the_settlement_chain_reports() -> None:
    gate = make_gate()
    gate.deposit(10)
    with reverts("NotPeer"):
        gate.confirm(1, peer=NOBODY)
    with reverts("NotPeer"):
        gate.confirm(1, chain_id=1)
    with reverts("NotSettlementChain"):
        gate.confirm(1, chain_id=47)
    with reverts("NotEndpoint"):
        gate.contract.transact("confirm", 1, sender=gate.world.owner)


@pytest.mark.parametrize(
    ("token", "scale", "settlement"),
    [(None, 0, 1), (None, 2**128, 1), (None, 1, 44), (NOBODY, 1, 1), (ZERO, 1, 1)],
)
def test_a_gate_that_cannot_work_is_not_deployed(
    token: str | None, scale: int, settlement: int
) -> None:
    good = make_gate()
    config = token or good.token.address, scale, settlement, CREDIT_GAS
    owner = good.world.owner
    arguments = owner, good.world.office.address, ZERO, ZERO, config
    with reverts("GateInvalid"):
        Contract.deploy(good.world.chain, load_artifact("DepositGate"), *arguments, sender=owner)


# -- the port, over a real rollup --


@dataclass
class Port:
    """A deposit port beside a rollup."""

    rollup: World
    office: Contract
    contract: Contract

    @property
    def owner(self) -> str:
        return self.rollup.client.transport.accounts[0]

    def fund(self, amount: int) -> Receipt:
        client = self.rollup.client
        client.mint(self.rollup.user, amount)
        client.token.transact("approve", self.contract.address, amount, sender=self.rollup.user)
        return self.contract.transact("fund", amount, sender=self.rollup.user)

    def credit(
        self,
        amount: int,
        key: tuple[int, int] = BASE8,
        *,
        number: int = 1,
        chain_id: int = THERE,
        peer: str = PEER,
    ) -> Receipt:
        """A gate's message comes in."""
        data = self.contract.encode("credit", amount, *key)
        arguments = self.contract.address, data, message_id(number), chain_id, peer
        return self.office.transact("deliver", *arguments, sender=self.rollup.user)

    def reserve(self) -> int:
        return self.rollup.client.balance(self.contract.address)

    def credited(self, chain_id: int = THERE) -> int:
        return int(self.contract.call("creditedOf", chain_id))


def make_deposit_port() -> Port:
    rollup = make_world()
    chain = rollup.client.transport
    office = deploy_double(chain, "PostOffice", ORACLE, RELAYER)
    owner, address = chain.accounts[0], rollup.client.rollup.address
    arguments = owner, office.address, OWN_ORACLE, OWN_RELAYER, address
    port, _ = Contract.deploy(chain, load_artifact("DepositPort"), *arguments, sender=owner)
    port.transact("setPeer", THERE, PEER, sender=owner)
    return Port(rollup, office, port)


def test_a_deposit_enters_the_rollups_queue_and_a_batch_consumes_it() -> None:
    port = make_deposit_port()
    port.fund(100)
    receipt = port.credit(30)
    deposited, credited = receipt.event("Deposited"), receipt.event("DepositCredited")
    assert deposited.args["sender"] == port.contract.address
    key = deposited.args["ax"], deposited.args["ay"]
    assert (deposited.args["index"], deposited.args["amount"], key) == (0, 30, BASE8)
    assert (credited.args["msgId"], credited.args["fromChainId"]) == (message_id(1), THERE)
    assert (port.reserve(), port.credited()) == (70, 30)
    port.rollup.settle([deposit_slot(30)])
    assert port.rollup.client.rollup.call("provenBatches") == 1


def test_a_reserve_that_is_too_small_fails_the_delivery_until_it_is_filled() -> None:
    port = make_deposit_port()
    port.fund(29)
    with reverts("ReserveTooSmall"):
        port.credit(30)
    assert (port.reserve(), port.credited(), port.rollup.client.deposit_count()) == (29, 0, 0)
    port.fund(1)
    port.credit(30)
    assert (port.reserve(), port.credited(), port.rollup.client.deposit_count()) == (0, 30, 1)


def test_only_the_gate_of_its_chain_is_heard() -> None:
    port = make_deposit_port()
    port.fund(100)
    for chain_id, peer in ((THERE, NOBODY), (1, PEER), (1, ZERO), (31337, PEER)):
        with reverts("NotPeer"):
            port.credit(30, chain_id=chain_id, peer=peer)
    with reverts("NotEndpoint"):
        port.contract.transact("credit", 30, *BASE8, sender=port.owner)
    assert port.rollup.client.deposit_count() == 0


def test_what_the_rollup_refuses_fails_the_delivery() -> None:
    port = make_deposit_port()
    port.fund(2**63)
    with reverts("PublicKeyInvalid"):
        port.credit(1, (1, 1))
    with reverts("AmountZero"):
        port.credit(0)
    with reverts("CollateralCapExceeded"):
        port.credit(2**63)
    port.credit(2**63 - 1)
    assert (port.reserve(), port.credited()) == (1, 2**63 - 1)
    allowance = port.rollup.client.token.call(
        "allowance", port.contract.address, port.rollup.client.rollup.address
    )
    assert allowance == 0


def test_credits_are_counted_for_each_chain_and_reported_to_its_gate() -> None:
    port = make_deposit_port()
    other = "0x" + "9f" * 20
    port.contract.transact("setPeer", 47, other, sender=port.owner)
    port.fund(100)
    port.credit(30)
    port.credit(4, number=2, chain_id=47, peer=other)
    port.credit(10, number=3)
    assert (port.credited(), port.credited(47), port.reserve()) == (40, 4, 56)
    receipt = port.contract.transact(
        "report", 47, REFUND, b"fast", sender=port.rollup.user, value=3
    )
    assert receipt.event("CreditsReported").args["credited"] == 4
    _, value, chain_id, to, gas, encoded, refund, params = port.office.call("last")
    assert (value, chain_id, to, refund, params) == (3, 47, other, REFUND, b"fast")
    gate = make_gate()
    gate.deposit(10)
    assert encoded == gate.contract.encode("confirm", 4)
    assert gate.world.attempt(encoded, gas)[0]
    assert gate.sums() == (10, 4, 0)
    asked = port.office.call(
        "fee", 47, port.contract.address, gas, gate.contract.encode("confirm", 0), b"fast"
    )
    assert port.contract.call("reportFee", 47, b"fast") == asked
    with reverts("PeerUnknown"):
        port.contract.transact("report", 1, REFUND, b"", sender=port.owner)


def test_a_withdrawal_from_the_rollup_refills_the_reserve() -> None:
    port = make_deposit_port()
    port.fund(30)
    port.credit(30)
    world = port.rollup
    world.settle([deposit_slot(30)])
    batch = world.batch([withdraw_slot(port.contract.address, 20)])
    world.commit(batch)
    world.prove(2)
    with reverts("ReserveTooSmall"):
        port.credit(20, number=2)
    world.client.claim(batch.public_data, 0)
    port.credit(20, number=2)
    assert (port.reserve(), port.credited()) == (0, 50)


def test_the_owner_takes_from_the_reserve_and_nobody_else() -> None:
    port = make_deposit_port()
    assert port.fund(30).event("Funded").args["provider"] == port.rollup.user
    with reverts("NotOwner"):
        port.contract.transact("defund", port.rollup.user, 1, sender=port.rollup.user)
    with reverts("TransferFailed"):
        port.contract.transact("defund", NOBODY, 31, sender=port.owner)
    receipt = port.contract.transact("defund", NOBODY, 10, sender=port.owner)
    assert receipt.event("Defunded").args["amount"] == 10
    assert (port.reserve(), port.rollup.client.balance(NOBODY)) == (20, 10)
    with reverts("ReserveTooSmall"):
        port.credit(21)
    with reverts("TransferFailed"):
        port.contract.transact("fund", 1, sender=port.rollup.user)


def test_a_reserve_of_a_token_that_keeps_a_fee_is_not_funded() -> None:
    chain = EmbeddedChain()
    token = deploy_double(chain, "HostileToken")
    queue = deploy_double(chain, "TokenOnly", token.address)
    office = deploy_double(chain, "PostOffice", ORACLE, RELAYER)
    owner = chain.accounts[0]
    arguments = owner, office.address, ZERO, ZERO, queue.address
    port, _ = Contract.deploy(chain, load_artifact("DepositPort"), *arguments, sender=owner)
    token.transact("mint", owner, 10, sender=owner)
    token.transact("setMode", Mode.KEEPS_FEE, sender=owner)
    with reverts("AmountNotReceived"):
        port.transact("fund", 5, sender=owner)


def test_the_gas_of_a_gate_suffices_for_the_dearest_credit() -> None:
    """First deposit ever: queue, counters and balances are all written for the first time."""
    port = make_deposit_port()
    port.fund(30)
    arguments = port.contract.address, CREDIT_GAS, credit_call(30), message_id(1), THERE, PEER
    port.office.transact("attempt", *arguments, sender=port.rollup.user)
    assert port.office.call("lastResult") is True
    assert port.office.call("lastGasUsed") < CREDIT_GAS * 3 // 4


def test_a_gate_is_a_peer_application_like_any_other() -> None:
    """Peers once, oracle for good: what test_port shows holds for gate and deposit port."""
    for name in ("DepositGate", "DepositPort"):
        functions = {e["name"] for e in load_artifact(name).abi if e["type"] == "function"}
        assert {"setPeer", "setRelayer", "oracle", "peerOf"} <= functions
        assert "setAppConfig" not in functions
