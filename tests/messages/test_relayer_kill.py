"""kill -9 in the middle of a queue: everything arrives, once (a small run of the soak)."""

from __future__ import annotations

import pytest

from tests.messages.relay_world import RelayWorld
from tests.messages.soak import show, soak

pytestmark = [pytest.mark.node, pytest.mark.slow]


def test_a_relayer_killed_again_and_again_delivers_everything_once(world: RelayWorld) -> None:
    world.settings = {"batch_messages": 4, "max_pending": 2}
    result = soak(world, messages=60, kills=3, seed=3)
    assert result.is_good, show(result)
    assert result.kills == 3
