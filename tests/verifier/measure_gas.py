"""`python -m tests.verifier.measure_gas`: measure what the chain charges and write gas.json.

A test compares the file with a new measurement, so that no change of gas goes unseen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from circuits.spec.slot_data import SlotFields
from tests.verifier.measure_messaging import measure_messaging
from tests.verifier.measure_oracles import measure_oracles
from tests.verifier.measure_ports import measure_ports
from tests.verifier.messaging import notice
from tests.verifier.payments import deliver, pays
from tests.verifier.world import World, deposit_slot, make_world, message_slot, withdraw_slot

PINS = Path(__file__).with_name("gas.json")
PRESET_SLOTS = {"tiny": 2, "small": 8, "mainnet": 32}
MESSAGE_COUNTS = (16, 32)
ROUNDS = 4
Sending = Callable[[World, int], tuple[list[SlotFields], list[bytes]]]


def measure() -> dict[str, int]:
    """Gas of every step, 21,000 and calldata included; a message's share without its calldata."""
    gas = {f"deploy {name}": used for name, used in make_world().client.deployment_gas.items()}
    for preset, slots in PRESET_SLOTS.items():
        world = started(slots)
        gas[f"commitBatch {preset}, no messages"] = world.commit(world.batch()).gas_used
        gas[f"proveBatch {preset}, no messages"] = world.prove(world.number).gas_used
    gas |= measure_money()
    world = started(2)
    sent = notice(world)
    gas["recv, sample application"] = world.client.relay(sent.message, sent.proof).gas_used
    for count in MESSAGE_COUNTS:
        for name, make in (("message", notices), ("withdrawal", withdrawals)):
            gas[f"a {name} of {count}, worst of {ROUNDS} batches"] = worst_share(count, make)
    return gas | measure_messaging() | measure_ports() | measure_oracles()


def started(slots: int) -> World:
    """A rollup that has sent messages before, so that nothing is written for the first time."""
    world = make_world(slots=slots)
    notice(world)
    notice(world)
    return world


def measure_money() -> dict[str, int]:
    """The steps of a depositor."""
    world = started(8)
    world.deposit(10)
    gas = {"deposit": world.deposit(10).gas_used}
    world.settle([deposit_slot(10), deposit_slot(10)])
    batch = world.batch([withdraw_slot(world.user, 5), withdraw_slot(world.user, 6)])
    world.commit(batch)
    gas["proveBatch small, withdrawals"] = world.prove(world.number).gas_used
    world.client.claim(batch.public_data, 0)
    gas["claimWithdrawal"] = world.client.claim(batch.public_data, 1).gas_used
    world.settle(pays(world, 1))
    gas["recv, withdrawal"] = deliver(world, len(world.sent) - 1).gas_used
    return gas


def worst_share(count: int, make: Sending) -> int:
    """(`count` messages - none - calldata) / count, the dearest of several batches."""
    world = started(PRESET_SLOTS["mainnet"])
    none = settled_without_calldata(world, [], [])
    shares = [settled_without_calldata(world, *make(world, count)) - none for _ in range(ROUNDS)]
    return -(-max(shares) // count)


def notices(world: World, count: int) -> tuple[list[SlotFields], list[bytes]]:
    """Messages to the sample application, each of another account."""
    client = world.client
    payloads = [client.notice_payload(f"message {i}") for i in range(count)]
    to = client.application.address
    slots = [
        message_slot(to, payload, to_chain_id=31337, sender=i) for i, payload in enumerate(payloads)
    ]
    return slots, payloads


def withdrawals(world: World, count: int) -> tuple[list[SlotFields], list[bytes]]:
    """Withdrawals, which are messages without a payload in calldata."""
    return pays(world, *range(1, count + 1)), []


def settled_without_calldata(world: World, slots: list[SlotFields], payloads: list[bytes]) -> int:
    """Gas of commit and proof of a batch with these slots, calldata apart."""
    transport = world.client.transport
    commit = world.commit(world.batch(slots, payloads))
    prove = world.prove(world.number)
    data = [transport.transaction_data(r.transaction_id) for r in (commit, prove)]
    return commit.gas_used + prove.gas_used - sum(map(calldata_gas, data))


def calldata_gas(data: bytes) -> int:
    """4 for a zero byte, 16 for another."""
    return sum(16 if byte else 4 for byte in data)


if __name__ == "__main__":
    PINS.write_text(json.dumps(measure(), indent=1) + "\n")
    print(PINS.read_text())
