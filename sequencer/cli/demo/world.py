"""The demo's stage: circuit, prover, chain, contracts, sequencer and the people who act."""

from __future__ import annotations

import argparse
import hashlib
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from circuits.frontend import CompiledCircuit
from circuits.registry import compile_named
from circuits.spec.domain import RollupDomain
from circuits.spec.globals import genesis_state_root
from circuits.spec.params import PRESETS, Preset
from native import api
from prover.client import LocalProver
from prover.groth16.keys import ProvingKey
from sequencer.cli.console import Console
from sequencer.cli.demo.figures import Figures
from sequencer.cli.keystore import development_key_path, make_development_key
from sequencer.config import Config, SealingPolicy
from sequencer.pipeline.client_prover import ClientProver
from sequencer.pipeline.rollup_chain import RollupChain
from sequencer.sequencer import Sequencer
from verifier.chain.deployment import RollupConfig
from verifier.chain.embedded import EmbeddedChain
from verifier.chain.rollup_client import RollupClient
from verifier.chain.rpc import RpcChain
from verifier.chain.transport import Transport

ROLLUP_CHAIN_ID = 7001
PEOPLE = ("operator", "alice", "bob", "carol")


@dataclass
class Person:
    """Someone with an account on the chain and one in the rollup."""

    name: str
    address: str
    private_key: bytes
    index: int
    nonce: int = 0

    @property
    def public_key(self) -> tuple[int, int]:
        """The rollup account's key."""
        return api.eddsa_public_key(self.private_key)


@dataclass
class World:
    """Everything on stage."""

    console: Console
    figures: Figures
    preset: Preset
    chain: RollupClient
    prover: LocalProver
    sequencer: Sequencer
    domain: RollupDomain
    people: dict[str, Person]


def open_world(args: argparse.Namespace, console: Console, figures: Figures, folder: Path) -> World:
    """Compile, find or make the key, deploy, start the sequencer."""
    preset = PRESETS[args.preset]
    console.heading(f"Preparing the {args.preset} rollup")
    prover = make_prover(args, console, figures)
    transport = RpcChain(args.rpc) if args.rpc else EmbeddedChain()
    chain = _deploy(transport, preset, prover, figures)
    console.line(f"  contracts deployed on chain {transport.chain_id}, {chain.rollup.address}")
    domain = RollupDomain(transport.chain_id, int(chain.rollup.address, 16), ROLLUP_CHAIN_ID)
    config = sequencer_config(folder, preset, domain, prover.r1cs.digest())
    sequencer = Sequencer.open(config, RollupChain(chain), ClientProver(prover))
    people = {
        name: Person(name, transport.accounts[i], guessable_key(name), i)
        for i, name in enumerate(PEOPLE)
    }
    return World(console, figures, preset, chain, prover, sequencer, domain, people)


def make_prover(args: argparse.Namespace, console: Console, figures: Figures) -> LocalProver:
    """Compile the preset's circuit and find or make its development key."""
    started = time.perf_counter()
    with console.step("compile the circuit"):
        compiled = compile_named(f"rollup-{args.preset}")
        figures.constraints = compiled.r1cs.n_constraints
    figures.seconds["compile"] = time.perf_counter() - started
    figures.slots = PRESETS[args.preset].slots
    console.line(f"  {figures.constraints:,} constraints, {figures.slots} slots")
    key = _development_key(compiled, args.threads, console, figures)
    prover = LocalProver(
        (compiled.r1cs, compiled.program), key, chain_id=31337, threads=args.threads
    )
    console.line(f"  proving needs at most {prover.memory_estimate / 2**20:.0f} MiB of memory")
    return prover


def _development_key(
    compiled: CompiledCircuit, threads: int, console: Console, figures: Figures
) -> ProvingKey:
    path = development_key_path(compiled)
    started = time.perf_counter()
    if path.exists():
        key = ProvingKey(path)
        figures.seconds["open key"] = time.perf_counter() - started
        console.line(f"  development key found in {path}")
        return key
    with console.step("make a development key (once; kept for the next run)"):
        key = make_development_key(compiled, threads=threads)
    figures.seconds["development setup"] = time.perf_counter() - started
    return key


def _deploy(
    transport: Transport, preset: Preset, prover: LocalProver, figures: Figures
) -> RollupClient:
    config = RollupConfig(
        key=prover.verifying_key,
        circuit_id=prover.r1cs.digest(),
        genesis_root=genesis_state_root(preset.tree_depth),
        slots=preset.slots,
        rollup_chain_id=ROLLUP_CHAIN_ID,
        operator=transport.accounts[0],
        relayer=transport.accounts[len(PEOPLE)],
    )
    chain = RollupClient.deploy(transport, config)
    figures.gas |= {f"deploy {name}": gas for name, gas in chain.deployment_gas.items()}
    return chain


def sequencer_config(
    folder: Path, preset: Preset, domain: RollupDomain, circuit_id: bytes
) -> Config:
    """A sequencer's configuration, with a fresh key for its receipts."""
    key_file = folder / "receipt.key"
    key_file.touch(mode=0o600)
    key_file.write_text(secrets.token_hex(32))
    return Config(
        data_dir=folder / "sequencer",
        receipt_key_file=key_file,
        preset=preset,
        l1_chain_id=domain.l1_chain_id,
        contract=domain.contract,
        rollup_chain_id=domain.rollup_chain_id,
        circuit_id=circuit_id,
        sealing=SealingPolicy(max_transactions=preset.slots),
        operator_index=0,
    )


def guessable_key(name: str) -> bytes:
    """A key that anybody can guess: this is a demonstration on a development chain."""
    return hashlib.sha256(f"tallystick demo: {name}".encode()).digest()
