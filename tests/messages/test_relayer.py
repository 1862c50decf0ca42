"""The relayer between two real nodes: everything is delivered, once."""

from __future__ import annotations

import json

import pytest
import requests
from eth_hash.auto import keccak

from sequencer.cli.main import main
from tests.messages.relay_world import ALPHA, BETA, RELAYER, RelayWorld

pytestmark = pytest.mark.node


def test_a_message_arrives_with_its_payload_and_tail(world: RelayWorld) -> None:
    message = world.send(b"hello")
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.results() == {message.hash(): True}
    assert world.beta.received() == {message.hash(): 1}


def test_nothing_is_sent_before_a_root_covers_the_message(world: RelayWorld) -> None:
    first = world.send(b"first")
    world.beta.import_root(world.alpha)
    second = world.send(b"second")
    world.relay()
    assert world.beta.dispatched() == {first.hash(): 1}
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.dispatched() == {first.hash(): 1, second.hash(): 1}


def test_both_directions_are_served_at_once(world: RelayWorld) -> None:
    there = [world.send(bytes([i])) for i in range(3)]
    back = [world.beta.send(ALPHA, world.alpha.application.address) for _ in range(3)]
    world.beta.import_root(world.alpha)
    world.alpha.import_root(world.beta)
    world.relay()
    assert world.beta.received() == {message.hash(): 1 for message in there}
    assert world.alpha.received() == {message.hash(): 1 for message in back}


def test_messages_of_one_root_share_transactions(world: RelayWorld) -> None:
    sent = [world.send(bytes([i])) for i in range(20)]
    world.beta.import_root(world.alpha)
    before = world.beta.height()
    world.relay()
    assert world.beta.received() == {message.hash(): 1 for message in sent}
    assert world.beta.height() - before == 2, "batches of 16 and 4"


def test_the_command_line_delivers_and_tells_how_the_queues_stand(
    world: RelayWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    taken, failed = world.send(b"ok"), world.send(keccak(b"boom()")[:4])
    world.beta.import_root(world.alpha)
    waits = world.send(b"later")
    config = str(world.config_path())
    assert main(["relayer", "status", "--config", config]) == 0
    assert "never ran here" in capsys.readouterr().out
    assert main(["relayer", "run", "--config", config, "--once"]) == 0
    assert world.beta.results() == {taken.hash(): True, failed.hash(): False}
    capsys.readouterr()
    assert main(["relayer", "status", "--config", config, "--json"]) == 0
    (_, route) = json.loads(capsys.readouterr().out)["routes"]
    assert (route["source_chain_id"], route["target_chain_id"]) == (str(ALPHA), str(BETA))
    messages = route["messages"]
    # The transaction of the first two is not deep enough to be forgotten, but they are delivered.
    assert (messages["delivered"], messages["failed"], messages["waiting"]) == (1, 1, 1)
    assert waits.index == 2


def test_what_was_done_is_shown_to_prometheus(world: RelayWorld) -> None:
    sent = [world.send(b"ok"), world.send(keccak(b"boom()")[:4])]
    world.send(to=world.beta.endpoint.address)
    world.beta.import_root(world.alpha)
    with world.relayer() as daemon:
        assert daemon.run_once(timeout_s=600)
        world.beta.mine(64)
        assert daemon.run_once(timeout_s=600)
        shown = requests.get(f"http://127.0.0.1:{daemon.port}/metrics", timeout=10).text
    assert 'tallystick_relayer_messages{chain="beta",state="postponed"} 1.0' in shown
    for result in ("taken", "failed"):
        assert f'tallystick_relayer_delivered_total{{chain="beta",result="{result}"}} 1.0' in shown
    samples = dict(line.rsplit(" ", 1) for line in shown.splitlines() if line[0] != "#")
    fees = sum(fee_of(world, message.gas_limit, message.encoded) for message in sent)
    assert float(samples['tallystick_relayer_fees_wei_total{chain="beta"}']) == fees
    account = f'account="{RELAYER.address}",chain="beta"'
    assert float(samples[f"tallystick_relayer_gas_total{{{account}}}"]) > 80_000
    assert float(samples['tallystick_relayer_postponed_total{cause="trial",chain="beta"}']) >= 1


def fee_of(world: RelayWorld, gas_limit: int, payload: bytes) -> int:
    """What alpha's relayer was paid for a message."""
    owner = world.alpha.owner
    fee: int = world.alpha.relayer.call("fee", BETA, owner, gas_limit, payload, b"")
    return fee
