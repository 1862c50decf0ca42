"""Ports over real endpoints on two chains: fees, failures and retries, order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.verifier.doubles import deploy_double
from tests.verifier.ormp_world import AWAY, HOME, Side, make_side
from tests.verifier.ports import REFUND
from tests.verifier.refusals import reverts
from tests.verifier.test_port_vectors import ROWS, raw, vectors
from tests.verifier.wire import Wire, deploy_on, was_dispatched
from verifier.chain import Contract, Receipt
from verifier.chain.ports import abandon_params, make_peers, port_params

GAS = 300_000


@dataclass
class Ports:
    """A port at home and its peer away, where the dapp is."""

    wire: Wire
    home: Contract
    away: Contract
    dapp: Contract

    @property
    def sender(self) -> str:
        return self.wire.source.user

    def send(self, message: bytes, *, to: str | None = None, excess: int = 0) -> Receipt:
        """Send and pay; the refund goes to an account that had nothing."""
        arguments = AWAY, to or self.dapp.address, message, port_params(GAS, REFUND)
        quote = self.home.call("fee", AWAY, self.sender, *arguments[1:])
        receipt = self.home.transact("send", *arguments, sender=self.sender, value=quote + excess)
        self.wire.post(receipt)
        return receipt

    def received(self) -> list[bytes]:
        return [self.dapp.call("received", i)[:-84] for i in range(self.dapp.call("count"))]

    def set_failing(self, *, failing: bool) -> None:
        self.dapp.transact("setMode", int(failing), sender=self.sender)


def make_ports(name: str) -> Ports:
    home, away = make_side(HOME, [AWAY]), make_side(AWAY, [HOME])
    one, other = deploy_on(home, name), deploy_on(away, name)
    make_peers(one, other, owners=(home.owner, away.owner))
    return Ports(Wire(home, away), one, other, deploy_double(away.chain, "RecordingDapp"))


@pytest.mark.parametrize("name", ["Port", "OrderedPort"])
def test_a_message_reaches_its_dapp_and_the_excess_is_refunded(name: str) -> None:
    ports = make_ports(name)
    receipt = ports.send(b"hello", excess=7)
    sent = receipt.event("MessageSent")
    assert sent.args["msgId"] == ports.wire.sent[0].hash()
    assert was_dispatched(ports.wire.deliver())
    tail = sent.args["msgId"] + HOME.to_bytes(32, "big") + raw(ports.sender)
    assert ports.dapp.call("received", 0) == b"hello" + tail
    source = ports.wire.source
    assert source.chain.balance(REFUND) == 7
    assert source.chain.balance(ports.home.address) == 0
    assert source.chain.balance(source.endpoint.address) == 0


@pytest.mark.parametrize("name", ["Port", "OrderedPort"])
def test_too_low_a_fee_sends_nothing(name: str) -> None:
    ports = make_ports(name)
    with reverts("FeeTooLow"):
        ports.send(b"hello", excess=-1)
    assert ports.wire.source.endpoint.call("messageCount") == 0


def test_a_failed_delivery_is_retried_at_the_endpoint() -> None:
    ports = make_ports("Port")
    ports.set_failing(failing=True)
    ports.send(b"hello")
    assert not was_dispatched(ports.wire.deliver())
    assert ports.wire.retry().event("MessageRetried").args["dispatchResult"] is False
    ports.set_failing(failing=False)
    assert ports.wire.retry().event("MessageRetried").args["dispatchResult"] is True
    with reverts("NotFailed"):
        ports.wire.retry()
    assert ports.received() == [b"hello"]


@pytest.mark.parametrize("target", ["endpoint", "oracle", "relayer"])
def test_no_dapp_makes_the_port_call_those_it_depends_on(target: str) -> None:
    ports = make_ports("Port")
    victim: Contract = getattr(ports.wire.target, target)
    attacker = "0x" + "66" * 20
    forged = ports.wire.target.endpoint.encode("setAppConfig", attacker, attacker)
    ports.send(forged, to=victim.address)
    assert not was_dispatched(ports.wire.deliver())
    config = ports.wire.target.endpoint.call("ucOf", ports.away.address)
    assert set(config) == {"0x" + "00" * 20}


def test_the_ordered_port_delivers_one_two_three_relayed_as_two_three_one() -> None:
    ports = make_ports("OrderedPort")
    for message in (b"one", b"two", b"three"):
        ports.send(message)
    held = []
    for index in (1, 2, 0):
        receipt = ports.wire.deliver(index)
        assert was_dispatched(receipt)
        held += [e.args["message"] for e in receipt.events if e.name == "MessageHeld"]
    assert ports.received() == [b"one"]
    ports.away.transact("release", held, sender=ports.wire.target.user)
    assert ports.received() == [b"one", b"two", b"three"]


def test_a_failing_dapp_of_an_ordered_port_is_released_not_retried() -> None:
    ports = make_ports("OrderedPort")
    ports.set_failing(failing=True)
    ports.send(b"one")
    receipt = ports.wire.deliver()
    assert was_dispatched(receipt)
    with reverts("NotFailed"):
        ports.wire.retry()
    ports.set_failing(failing=False)
    held = receipt.event("MessageHeld").args["message"]
    ports.away.transact("release", [held], sender=ports.wire.target.user)
    assert ports.received() == [b"one"]


def test_an_abandoned_number_frees_the_lane() -> None:
    """The first message is for nobody: its sender gives it up, and the second goes through."""
    ports = make_ports("OrderedPort")
    ports.send(b"one", to="0x" + "12" * 20)
    ports.send(b"two")
    params = abandon_params(REFUND)
    fee = ports.home.call("abandonFee", AWAY, 1, params)
    receipt = ports.home.transact("abandon", AWAY, 1, params, sender=ports.sender, value=fee)
    ports.wire.post(receipt)
    ports.wire.deliver(0)
    two = ports.wire.deliver(1).event("MessageHeld").args["message"]
    assert was_dispatched(ports.wire.deliver(2))
    ports.away.transact("release", [two], sender=ports.wire.target.user)
    assert ports.received() == [b"two"]


@pytest.mark.parametrize("row", ROWS, ids=[row["about"] for row in ROWS])
def test_fee_quotes_are_those_recorded(row: dict[str, Any]) -> None:
    """The same prices, gas limit and payload as recorded give the same fee, to the wei."""
    environment = vectors()["environment"]
    to_chain = int(environment["destination_chain_id"], 16)
    side = make_side(int(environment["source_chain_id"], 16), [to_chain])
    set_recorded_prices(side, to_chain)
    port = deploy_on(side, "Port")
    quote = port.call(
        "fee",
        to_chain,
        row["send_tx"]["from"],
        row["to_dapp"],
        raw(row["message_body"]),
        raw(row["params"]),
    )
    assert hex(quote) == row["fee_quote"]


def set_recorded_prices(side: Side, to_chain: int) -> None:
    environment = vectors()["environment"]
    price, config = environment["relayer_price"], environment["relayer_config"]
    values = int(price["dstPriceRatio"], 16), int(price["dstGasPriceInWei"], 16)
    side.relayer.transact("setDstPrice", to_chain, *values, sender=side.owner)
    values = int(config["baseGas"], 16), int(config["gasPerByte"], 16)
    side.relayer.transact("setDstConfig", to_chain, *values, sender=side.owner)
    oracle_fee = int(environment["oracle_fee"], 16)
    side.oracle.transact("setFee", to_chain, oracle_fee, sender=side.owner)
