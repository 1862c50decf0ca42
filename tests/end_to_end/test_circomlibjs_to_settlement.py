"""Transactions signed by circomlibjs: admitted, executed, proved by the real prover, settled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from circuits.registry import compile_named
from prover.client import LocalProver
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import unsafe_dev_setup
from sequencer.pipeline.client_prover import ClientProver
from sequencer.store import Stage
from tests.node import circomlibjs
from tests.sequencer.doubles import LATER_S
from tests.sequencer.settled_world import START_E6, SettledWorld

pytestmark = [pytest.mark.node, pytest.mark.slow]


@pytest.fixture(scope="module")
def prover(tmp_path_factory: pytest.TempPathFactory) -> LocalProver:
    circomlibjs.require_circomlibjs()
    compiled = compile_named("rollup-tiny")
    path = tmp_path_factory.mktemp("key") / "tiny.key"
    unsafe_dev_setup(compiled.r1cs, path)
    return LocalProver((compiled.r1cs, compiled.program), ProvingKey(path), chain_id=31337)


def test_from_a_foreign_signature_to_the_chain(tmp_path: Path, prover: LocalProver) -> None:
    keys, _ = circomlibjs.sign(1, [])
    circuit_id = prover.r1cs.digest()
    client = ClientProver(prover)
    world = SettledWorld(tmp_path, client, prover.verifying_key, circuit_id, owners=keys)
    application = int(world.client.application.address, 16)
    unsigned = circomlibjs.unsigned_transactions(
        LATER_S, application, world.transport.chain_id, world.client.notice_payload("from node")
    )
    _, signed = circomlibjs.sign(world.config.domain.rollup_id(), unsigned)
    sequencer = world.sequencer
    for transaction in signed:
        sequencer.submit(json.dumps(transaction))
    sequencer.seal()
    list(sequencer.advance())
    assert set(sequencer.status().stages.values()) == {Stage.SETTLED}
    assert world.client.state_root() == sequencer.status().state_root
    world.client.claim(sequencer.batch(3).public_data, 1)
    assert world.client.balance(f"0x{0xABCD:040x}") == 400_000
    sequencer.relay(0)
    message, _ = sequencer.prove_message(0)
    assert world.client.is_delivered(message.hash())
    inside = sum(sequencer._state.tree.account(i).collateral_e6 for i in range(3))
    assert inside == 3 * START_E6 - 400_000
