"""Replays recorded ORMP transactions on contracts placed at the recorded addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.verifier.doubles import ARTIFACTS
from tests.verifier.recorded import number, raw
from verifier.chain import Contract, EmbeddedChain
from verifier.chain.transport import ExecutionReverted, Log, TransactionResult
from verifier.contracts import load_artifact
from verifier.contracts.artifact import artifact_names

GOT_TOPIC = "0xb0ce974945bbcdd6ab806bdc9289457a79f23d12b619259759f096fcf9f24566"
# Where the receiver's log says how much gas it had: its compiler's business.
_GAS_WORD = slice(64, 96)


def place(chain: EmbeddedChain, name: str, address: str, *arguments: Any) -> Contract:
    """A test double, or else a contract of ours, whose code and storage lie at this address."""
    shipped = name in artifact_names()
    artifact = load_artifact(name) if shipped else load_artifact(name, ARTIFACTS)
    deployed, _ = Contract.deploy(chain, artifact, *arguments, sender=chain.accounts[0])
    state = chain._state
    state._accounts[address] = state._accounts[deployed.address]
    for (owner, slot), value in list(state._storage.items()):
        if owner == deployed.address.lower():
            state._storage[address.lower(), slot] = value
    return Contract(chain, artifact, address)


def replay(chain: EmbeddedChain, tx: dict[str, Any], **changes: Any) -> TransactionResult:
    """Send the recorded transaction; raises ExecutionReverted."""
    arguments = {"value": number(tx["value"]), "gas_limit": tx["gas_limit"], **changes}
    return chain.transact(tx["to"], raw(tx["calldata"]), sender=tx["from"], **arguments)


def assert_same_logs(logs: Sequence[Log], tx: dict[str, Any]) -> None:
    """Emitter, topics and data, byte for byte; but for the receiver's reading of its gas."""
    recorded = [
        (log["address"], [*map(raw, log["topics"])], raw(log["data"])) for log in tx["logs"]
    ]
    assert [
        (log.address, list(log.topics), _without_gas(log.topics, log.data)) for log in logs
    ] == [(address, topics, _without_gas(topics, data)) for address, topics, data in recorded]


def assert_same_revert(reverted: ExecutionReverted, tx: dict[str, Any]) -> None:
    """The revert's data, byte for byte."""
    assert reverted.data == raw(tx["revert"]["data"])


def _without_gas(topics: Sequence[bytes], data: bytes) -> bytes:
    if not topics or topics[0] != raw(GOT_TOPIC):
        return data
    return data[: _GAS_WORD.start] + bytes(32) + data[_GAS_WORD.stop :]
