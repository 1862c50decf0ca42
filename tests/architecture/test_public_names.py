"""What a package offers is what its `__all__` says: every name there exists, once, documented."""

from __future__ import annotations

import importlib

import pytest

PUBLIC = (
    "circuits.frontend",
    "circuits.spec.transactions",
    "circuits.system",
    "native.api",
    "sequencer.journal",
    "sequencer.messages",
    "sequencer.messages.ledger",
    "sequencer.messages.oracle",
    "sequencer.messages.watch",
    "sequencer.messages.transactions",
    "sequencer.state",
    "sequencer.store",
    "verifier.chain",
    "verifier.contracts",
    "verifier.solidity",
)


@pytest.mark.parametrize("module", PUBLIC)
def test_every_public_name_exists_once_and_is_documented(module: str) -> None:
    package = importlib.import_module(module)
    names = list(package.__all__)
    assert len(names) == len(set(names))
    for name in names:
        value = getattr(package, name)
        if (
            callable(value)
            and getattr(value, "__module__", "").split(".")[0] == module.split(".")[0]
        ):
            assert value.__doc__, f"{module}.{name} has no docstring"
