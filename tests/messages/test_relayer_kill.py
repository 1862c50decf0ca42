"""kill -9 in the middle of a queue: everything arrives, once (a small run of the soak)."""

from __future__ import annotations

import pytest

from sequencer.messages.transactions import TransactionSender
from tests.messages.relay_world import RelayWorld
from tests.messages.soak import show, soak

pytestmark = pytest.mark.node


@pytest.mark.slow
def test_a_relayer_killed_again_and_again_delivers_everything_once(world: RelayWorld) -> None:
    world.settings = {"batch_messages": 4, "max_pending": 2}
    result = soak(world, messages=60, kills=3, seed=3)
    assert result.is_good, show(result)
    assert result.kills == 3


def test_a_crash_between_noting_a_delivery_and_handing_it_over_loses_nothing(
    world: RelayWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = world.send(b"noted")
    world.beta.import_root(world.alpha)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(TransactionSender, "submit", crash)
        with pytest.raises(KeyboardInterrupt), world.relayer() as daemon:
            daemon.run_once(timeout_s=600)
    assert world.status().counts["in transaction"] == 1
    assert world.sent() == 0
    world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}
    assert world.sent() == 1
