"""What several files of this folder use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.messages.relay_world import KEY, KEY_VARIABLE, RelayWorld, running_world


@pytest.fixture(autouse=True)
def fresh_logs() -> Iterator[None]:
    """A command sets up logs for its process, on streams that are closed after its test."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RelayWorld]:
    """Two chains for a relayer."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with running_world(tmp_path) as found:
        yield found
