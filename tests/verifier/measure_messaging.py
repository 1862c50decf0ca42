"""Gas of sending and delivering messages between two chains: rows of gas.json.

Recorded from the real ORMP v1.5.0 for the same payloads (tests/vectors/ormp.json, "gas"): a send of
68 bytes 203,453 to 205,544 in the steady state, a relay of 36 bytes to the recording application
135,748 (its first call, which writes a counter for the first time) and of none 117,764.

A send reads one word of storage more for each set bit of the message's index: so its price is
pinned for several indices.
"""

from __future__ import annotations

from tests.verifier.ormp_world import OrmpWorld, make_ormp_world, set_message_count

PAYLOAD = bytes(range(1, 69))
SHORT_PAYLOAD = bytes(range(1, 37))
WARM_UP = 64
BATCH = 16
# Indices by what they stand for; the last is the dearest of the first million.
INDICES = {"message 349,526": 349_525, "message 2^20, the dearest up to there": 2**20 - 1}


def measure_messaging() -> dict[str, int]:
    """Gas of whole transactions, 21,000 and calldata included."""
    world = make_ormp_world()
    gas = {f"deploy {name}": world.home.gas[name] for name in ("Relayer", "Oracle")}
    for _ in range(WARM_UP):
        world.send(SHORT_PAYLOAD)
    gas["send, 68 bytes, message 65"] = world.send(PAYLOAD).gas_used
    block = world.import_root()
    world.relay(0, block=block)
    gas["relay, recording application, 36 bytes"] = world.relay(1, block=block).gas_used
    batch = world.relay_batch(range(2, 2 + BATCH), block=block)
    gas["relayBatch of 1, 36 bytes"] = world.relay_batch([WARM_UP - 1], block=block).gas_used
    gas[f"relayBatch of {BATCH}, a message's share"] = -(-batch.gas_used // BATCH)
    return gas | {f"send, 68 bytes, {name}": send_at(world, i) for name, i in INDICES.items()}


def send_at(world: OrmpWorld, index: int) -> int:
    """Gas of the send that gets this index."""
    set_message_count(world.home, index)
    return world.send(PAYLOAD).gas_used
