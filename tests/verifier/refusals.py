"""How tests name what a contract refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from verifier.chain import ChainRevert


@contextmanager
def reverts(*names: str) -> Iterator[None]:
    """The block must be refused by a contract, with one of these errors."""
    with pytest.raises(ChainRevert) as caught:
        yield
    assert caught.value.name in names, caught.value
