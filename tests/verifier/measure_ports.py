"""Gas of ports and of deposits from another chain, over real endpoints: rows of gas.json.

Each row is a whole transaction that is not the first of its kind. Recorded from msgport's port over
ORMP v2.1.0 for 40 bytes (tests/vectors/ormp.json, "port_layer"): send 103,843, relay 101,445; but
version 2 keeps no message tree. The dapp is the one that counts and logs.
"""

from __future__ import annotations

from tests.verifier.doubles import deploy_double
from tests.verifier.test_deposit_port_over_endpoints import make_deposits
from tests.verifier.test_port_over_endpoints import Ports, make_ports

MESSAGE = bytes(range(1, 41))
ROUNDS = 4


def measure_ports() -> dict[str, int]:
    """Gas by step, 21,000 and calldata included; the dearest of several rounds."""
    return measure_port() | measure_ordered_port() | measure_deposits()


def with_logging_dapp(name: str) -> Ports:
    """Ports whose dapp does little."""
    ports = make_ports(name)
    ports.dapp = deploy_double(ports.wire.target.chain, "RecordingApplication")
    return ports


def measure_port() -> dict[str, int]:
    """The port without order."""
    ports = with_logging_dapp("Port")
    sends = [ports.send(MESSAGE).gas_used for _ in range(1 + ROUNDS)]
    relays = [ports.wire.deliver(index).gas_used for index in range(1 + ROUNDS)]
    return {"port: send, 40 bytes": max(sends[1:]), "port: relay, 40 bytes": max(relays[1:])}


def measure_ordered_port() -> dict[str, int]:
    """The second message of each pair comes first, and is released after the first."""
    ports = with_logging_dapp("OrderedPort")
    gas: dict[str, list[int]] = {"send": [], "relay, held": [], "relay": [], "release": []}
    for pair in range(1 + ROUNDS):
        gas["send"] += [ports.send(MESSAGE).gas_used, ports.send(MESSAGE).gas_used]
        early = ports.wire.deliver(2 * pair + 1)
        gas["relay, held"].append(early.gas_used)
        gas["relay"].append(ports.wire.deliver(2 * pair).gas_used)
        held = early.event("MessageHeld").args["message"]
        user = ports.wire.target.user
        gas["release"].append(ports.away.transact("release", [held], sender=user).gas_used)
    return {f"ordered port: {name}, 40 bytes": max(values[2:]) for name, values in gas.items()}


def measure_deposits() -> dict[str, int]:
    """From the gate to the queue, and the report back."""
    deposits = make_deposits()
    deposits.fund(100)
    sends, credits, reports = [], [], []
    for _ in range(1 + ROUNDS):
        sends.append(deposits.deposit(10).gas_used)
        credits.append(deposits.out.deliver().gas_used)
        reports.append(deposits.report().gas_used)
    return {
        "deposit gate: deposit": max(sends[1:]),
        "deposit port: relay of a deposit": max(credits[1:]),
        "deposit gate: relay of a report": max(reports[1:]),
    }
