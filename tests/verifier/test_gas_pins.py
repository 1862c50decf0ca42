"""Gas of every step: pinned, and within what was promised."""

from __future__ import annotations

import json

import pytest

from tests.verifier.measure_gas import MESSAGE_COUNTS, PINS, PRESET_SLOTS, ROUNDS, measure

PINNED: dict[str, int] = json.loads(PINS.read_text())


def test_gas_is_what_is_pinned() -> None:
    """After a wanted change: `python -m tests.verifier.measure_gas`, and review the difference."""
    assert measure() == PINNED


@pytest.mark.parametrize("preset", PRESET_SLOTS)
def test_proof_of_a_batch_without_messages_stays_below_280000(preset: str) -> None:
    assert PINNED[f"proveBatch {preset}, no messages"] <= 280_000


@pytest.mark.parametrize("kind", ["message", "withdrawal"])
@pytest.mark.parametrize("count", MESSAGE_COUNTS)
def test_what_leaves_costs_at_most_3000_beside_its_calldata(count: int, kind: str) -> None:
    assert PINNED[f"a {kind} of {count}, worst of {ROUNDS} batches"] <= 3_000


def test_a_send_with_a_small_payload_costs_at_most_150000() -> None:
    sends = [gas for name, gas in PINNED.items() if name.startswith("send, 68 bytes")]
    assert len(sends) == 3
    assert max(sends) <= 150_000


def test_a_relay_to_a_small_application_costs_at_most_112000() -> None:
    assert PINNED["relay, recording application, 36 bytes"] <= 112_000


def test_a_message_of_a_batch_of_16_costs_at_most_60000() -> None:
    assert PINNED["relayBatch of 16, a message's share"] <= 60_000
