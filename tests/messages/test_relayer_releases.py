"""The relayer releases what an ordered port holds: two real nodes, real ports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from sequencer.cli.main import main
from sequencer.messages.transactions import Intent, TransactionSender
from tests.messages.lying_node import LyingNode
from tests.messages.relay_world import BETA, RelayWorld
from tests.verifier.doubles import ARTIFACTS
from verifier.chain import Contract
from verifier.chain.ports import deploy_peer_application, make_peers, port_params
from verifier.contracts import load_artifact

pytestmark = pytest.mark.node
WILLING, FAILING = 0, 1
DAPP_GAS = 250_000


@dataclass
class Ports:
    """An ordered port on each chain, and dapps on beta; accounts 1 … of alpha send."""

    world: RelayWorld
    here: Contract
    there: Contract

    def dapp(self) -> Contract:
        artifact = load_artifact("RecordingDapp", ARTIFACTS)
        return Contract.deploy(self.there.transport, artifact, sender=self.world.beta.owner)[0]

    def set_mode(self, dapp: Contract, mode: int) -> None:
        dapp.transact("setMode", mode, sender=self.world.beta.owner)

    def send(
        self, dapp: Contract, body: bytes, *, account: int = 1, is_cheap: bool = False
    ) -> None:
        """A message; a cheap one pays less than its delivery costs."""
        alpha = self.world.alpha
        price = alpha.relayer.call("priceOf", BETA)[1]
        if is_cheap:
            self._set_price(1)
        sender = alpha.chain.accounts[account]
        arguments = BETA, dapp.address, body, port_params(DAPP_GAS, sender)
        fee = self.here.call("fee", arguments[0], sender, *arguments[1:])
        self.here.transact("send", *arguments, sender=sender, value=fee)
        if is_cheap:
            self._set_price(price)

    def late_first(self, dapp: Contract, count: int = 3, account: int = 1) -> None:
        """Messages 1 … count, of which the first pays too little: the others arrive before it."""
        for number in range(1, count + 1):
            self.send(dapp, bytes([number]), account=account, is_cheap=number == 1)

    def let_first_through(self) -> None:
        """From now on whatever is paid is enough."""
        self.world.settings["margin_percent"] = -100

    def done(self, account: int = 1) -> int:
        sender = self.world.alpha.chain.accounts[account]
        return int(self.there.call("doneOf", self.world.alpha.chain.chain_id, sender))

    def order(self, dapp: Contract) -> list[int]:
        """First bytes of what a dapp got."""
        return [dapp.call("received", i)[0] for i in range(dapp.call("count"))]

    def relay(self) -> None:
        self.world.beta.import_root(self.world.alpha)
        self.world.relay()

    def _set_price(self, gas_price_wei: int) -> None:
        alpha = self.world.alpha
        alpha.relayer.transact("setDstPrice", BETA, 10**10, gas_price_wei, sender=alpha.owner)


@pytest.fixture
def ports(world: RelayWorld) -> Ports:
    here, there = (
        deploy_peer_application(
            side.chain, "OrderedPort", owner=side.owner, endpoint=side.endpoint.address
        )
        for side in (world.alpha, world.beta)
    )
    make_peers(here, there, owners=(world.alpha.owner, world.beta.owner))
    world.targets[BETA] = f'ordered_ports = ["{there.address}"]\n'
    return Ports(world, here, there)


def test_relayed_as_two_three_one_and_run_as_one_two_three(ports: Ports) -> None:
    dapp = ports.dapp()
    ports.late_first(dapp)
    ports.relay()
    assert (ports.order(dapp), ports.done()) == ([], 0)
    assert len(ports.there.events("MessageHeld")) == 2
    before = ports.world.sent()
    ports.let_first_through()
    ports.relay()
    assert (ports.order(dapp), ports.done()) == ([1, 2, 3], 3)
    assert ports.world.sent() - before == 2, "the delivery of 1, one release for 2 and 3"


def test_without_the_port_in_the_configuration_nothing_is_released(ports: Ports) -> None:
    ports.world.targets.clear()
    dapp = ports.dapp()
    ports.late_first(dapp)
    ports.relay()
    ports.let_first_through()
    ports.relay()
    assert ports.order(dapp) == [1]


def test_a_failing_dapp_blocks_its_lane_only(ports: Ports) -> None:
    world, bad, good = ports.world, ports.dapp(), ports.dapp()
    ports.set_mode(bad, FAILING)
    ports.late_first(good, account=2)
    for number in (1, 2):
        ports.send(bad, bytes([number]))
    ports.relay()
    assert ports.order(good) == []
    ports.let_first_through()
    world.settings |= {"first_pause_s": 3_600, "longest_pause_s": 3_600}
    sent = world.sent()
    ports.relay()
    assert ports.order(good) == [1, 2, 3]
    assert (ports.order(bad), ports.done(1), ports.done(2)) == ([], 0, 3)
    assert world.sent() - sent == 2, "nothing for the failing dapp"
    ports.set_mode(bad, WILLING)
    forget_pauses(world)
    ports.relay()
    assert ports.order(bad) == [1, 2]


def forget_pauses(world: RelayWorld) -> None:
    """As if they were over."""
    with world.relayer() as daemon:
        daemon.ledger.database.execute("UPDATE releases SET not_before_s = 0")


def test_a_reorganisation_takes_a_held_message_back(ports: Ports) -> None:
    world, dapp = ports.world, ports.dapp()
    world.beta.mine(8)
    ports.late_first(dapp)
    world.beta.mine(1)
    ports.relay()
    held = [event.block_number for event in ports.there.events("MessageHeld")]
    world.beta.reorganise(world.beta.height() - min(held) + 1)
    with world.relayer() as daemon:
        for loop in daemon.loops:
            loop.follower.step()
        (releaser,) = [c._releaser for c in daemon.couriers if c.target_chain_id == BETA]
        (known,) = releaser._held.values()
        assert known.all() == []
    ports.let_first_through()
    ports.relay()
    assert sorted(ports.order(dapp)) == ports.order(dapp) == [1, 2, 3]


def test_an_undone_release_is_made_again_by_the_same_transaction(ports: Ports) -> None:
    world, dapp = ports.world, ports.dapp()
    ports.late_first(dapp)
    ports.relay()
    ports.let_first_through()
    ports.relay()
    sent = world.sent()
    world.beta.reorganise(1)
    assert ports.order(dapp) == [1]
    world.relay()
    assert ports.order(dapp) == [1, 2, 3]
    assert world.sent() == sent


def test_a_crash_before_a_release_is_handed_over_loses_nothing(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, dapp = ports.world, ports.dapp()
    ports.late_first(dapp)
    ports.relay()
    ports.let_first_through()
    submit = TransactionSender.submit

    def crash(sender: TransactionSender, intent: Intent) -> Any:
        if intent.key.startswith("release:"):
            raise KeyboardInterrupt
        return submit(sender, intent)

    with monkeypatch.context() as patched:
        patched.setattr(TransactionSender, "submit", crash)
        with pytest.raises(KeyboardInterrupt), world.relayer() as daemon:
            world.beta.import_root(world.alpha)
            daemon.run_once(timeout_s=600)
    assert ports.order(dapp) == [1]
    sent = world.sent()
    world.relay()
    assert ports.order(dapp) == [1, 2, 3]
    assert world.sent() == sent + 1


def test_a_held_message_that_a_node_altered_is_not_sent(ports: Ports) -> None:
    world, dapp = ports.world, ports.dapp()
    ports.send(dapp, b"\x01", is_cheap=True)
    ports.send(dapp, b"\x11" * 32)

    def altered(method: str, _: list[Any], answer: Any) -> Any:
        if method != "eth_getLogs":
            return answer
        return [log | {"data": log["data"].replace("11" * 32, "22" * 32)} for log in answer]

    ports.relay()
    assert len(ports.there.events("MessageHeld")) == 1
    node = LyingNode(world.beta.chain.url)
    try:
        world.urls[BETA] = node.url
        node.lie = altered
        sent = world.sent()
        (world.folder / "data").rename(world.folder / "old")  # it reads the chain anew
        ports.let_first_through()
        with world.relayer() as daemon:
            assert not daemon.run_once(timeout_s=600)
            assert any("by its logs the port" in str(loop.stopped) for loop in daemon.loops)
        assert world.sent() == sent
    finally:
        node.close()


def test_what_is_held_and_released_is_shown(
    ports: Ports, capsys: pytest.CaptureFixture[str]
) -> None:
    world, dapp = ports.world, ports.dapp()
    ports.late_first(dapp)
    world.beta.import_root(world.alpha)
    with world.relayer() as daemon:
        assert daemon.run_once(timeout_s=600)
        shown = requests.get(f"http://127.0.0.1:{daemon.port}/metrics", timeout=10).text
    assert 'tallystick_relayer_held{chain="beta"} 2.0' in shown
    config = str(world.config_path())
    assert main(["relayer", "status", "--config", config]) == 0
    assert "held by ordered ports: 2" in capsys.readouterr().out
    assert main(["relayer", "status", "--config", config, "--json"]) == 0
    held = json.loads(capsys.readouterr().out)["held"]
    assert [one["nonce"] for one in held] == ["2", "3"]
    assert {one["port"] for one in held} == {ports.there.address}
    ports.let_first_through()
    with world.relayer() as daemon:
        assert daemon.run_once(timeout_s=600)
        world.beta.mine(64)
        assert daemon.run_once(timeout_s=600)
        shown = requests.get(f"http://127.0.0.1:{daemon.port}/metrics", timeout=10).text
    assert 'tallystick_relayer_held{chain="beta"} 0.0' in shown
    assert 'tallystick_relayer_released_total{chain="beta"} 2.0' in shown
