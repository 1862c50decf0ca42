"""An anvil node for tests; without the program the test is skipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from verifier.chain import anvil
from verifier.chain.rpc import RpcChain


@contextmanager
def running_anvil(
    *, chain_id: int = 31337, timestamp_s: int, arguments: Sequence[str] = ()
) -> Iterator[RpcChain]:
    """A node on a free loopback port, its clock starting at the given time."""
    if anvil.find_anvil() is None:
        pytest.skip("no anvil: run `make node`")
    running = anvil.running_anvil(chain_id=chain_id, timestamp_s=timestamp_s, arguments=arguments)
    with running as chain:
        yield chain
