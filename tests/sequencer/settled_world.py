"""A sequencer that settles on the real contracts in an embedded chain.

By default the verification key's trapdoor is known (tests.verifier.simulator), so that every batch
gets a proof that the contract accepts, without a circuit. A real prover takes its place by
argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from circuits.rollup.inputs import BatchInputs
from circuits.spec.globals import genesis_state_root
from circuits.spec.params import TINY
from sequencer.config import Config
from sequencer.pipeline.protocols import BatchProver
from sequencer.pipeline.rollup_chain import RollupChain
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import CIRCUIT_ID, NOW_S, PUBLIC_KEYS, ROLLUP_CHAIN_ID, World, config
from tests.verifier.simulator import Simulator
from verifier.chain import EmbeddedChain, RollupClient, RollupConfig
from verifier.groth16 import verify
from verifier.keys import VerifyingKey
from verifier.proof import Proof

SIMULATOR = Simulator.from_seed(11)
START_E6 = 1_000_000


class SimulatingProver:
    """A test double: real proofs, made with the trapdoor instead of a witness."""

    def __init__(self) -> None:
        self.proved: list[int] = []

    def prove(self, inputs: BatchInputs) -> Proof:
        self.proved.append(inputs.batch_number)
        return SIMULATOR.prove(inputs.public_inputs)

    def verify(self, public_inputs: Sequence[int], proof: Proof) -> bool:
        return verify(SIMULATOR.key, public_inputs, proof)


class SettledWorld:
    """A deployed TINY rollup, three funded depositors, and a sequencer that has taken their
    deposits.
    """

    def __init__(
        self,
        folder: Path,
        prover: BatchProver | None = None,
        key: VerifyingKey = SIMULATOR.key,
        circuit_id: bytes = CIRCUIT_ID,
        owners: Sequence[tuple[int, int]] = PUBLIC_KEYS[:3],
    ) -> None:
        self.folder = folder
        self.transport = EmbeddedChain(clock=lambda: NOW_S)
        self.client = deploy(self.transport, key, circuit_id)
        self.chain = RollupChain(self.client)
        self.prover = prover or SimulatingProver()
        self.config = self._config(circuit_id)
        self.world = World(self.config.domain.rollup_id())
        for user, owner in zip(self.transport.accounts[2:5], owners, strict=True):
            self.deposit(user, owner, START_E6)
        self.sequencer = self.open()
        self.sequencer.ingest_deposits()
        self.sequencer.seal()

    def deposit(self, user: str, public_key: tuple[int, int], amount_e6: int) -> None:
        self.client.mint(user, amount_e6)
        self.client.approve(amount_e6, sender=user)
        self.client.deposit(amount_e6, public_key, sender=user)

    def open(self) -> Sequencer:
        return Sequencer.open(self.config, self.chain, self.prover, clock=lambda: NOW_S)

    def reopen(self) -> Sequencer:
        self.sequencer.close()
        self.sequencer = self.open()
        return self.sequencer

    def _config(self, circuit_id: bytes) -> Config:
        contract = int(self.client.rollup.address, 16)
        return config(self.folder, contract=contract, circuit_id=circuit_id)


def deploy(transport: EmbeddedChain, key: VerifyingKey, circuit_id: bytes) -> RollupClient:
    """The contracts for the TINY preset."""
    rollup = RollupConfig(
        key=key,
        circuit_id=circuit_id,
        genesis_root=genesis_state_root(TINY.tree_depth),
        slots=TINY.slots,
        rollup_chain_id=ROLLUP_CHAIN_ID,
        operator=transport.accounts[0],
        relayer=transport.accounts[1],
    )
    return RollupClient.deploy(transport, rollup)
