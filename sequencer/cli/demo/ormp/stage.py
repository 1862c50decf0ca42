"""Two chains with their contracts, a rollup that settles on the second, and who acts there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from circuits.spec.domain import RollupDomain
from circuits.spec.globals import genesis_state_root
from circuits.spec.params import PRESETS
from prover.client import LocalProver
from sequencer.cli.console import Console
from sequencer.cli.demo.figures import Figures
from sequencer.cli.demo.ormp.timeline import Timeline
from sequencer.cli.demo.world import (
    ROLLUP_CHAIN_ID,
    Person,
    guessable_key,
    make_prover,
    sequencer_config,
)
from sequencer.config import FeeTerms
from sequencer.messages.price_table import RelayerPrices
from sequencer.pipeline.client_prover import ClientProver
from sequencer.pipeline.rollup_chain import RollupChain
from sequencer.sequencer import Sequencer
from verifier.chain import (
    Contract,
    DestinationPrice,
    MessagingConfig,
    Receipt,
    RollupClient,
    RollupConfig,
    deploy_messaging,
)
from verifier.chain.anvil import running_anvil
from verifier.chain.rpc import RpcChain
from verifier.contracts import load_artifact

A_ID, B_ID = 1337, 31337  # B is one on which a development key is permitted
NODE_ARGUMENTS = ("--mixed-mining", "--block-time", "1")  # a block a second, and one a transaction
# The first two accounts of the public test mnemonic, which every development node knows and funds.
ORACLE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
RELAYER_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
ORACLE, RELAYER, OPERATOR, ALICE, BOB, TREASURER = range(6)
PRICE = DestinationPrice(oracle_fee_wei=10**14, gas_price_wei=2 * 10**9)
CREDIT_GAS = 300_000
E6_PER_ETHER = 3_000_000_000  # what the rollup's fees take an ether to be worth
NOBODY = "0x" + 20 * "00"  # stands for the endpoint's default


@dataclass(frozen=True)
class Side:
    """One chain with its ORMP contracts and our ports on it."""

    name: str
    rpc: RpcChain
    endpoint: Contract
    relayer: Contract
    oracle: Contract

    @property
    def chain_id(self) -> int:
        """The chain's id."""
        return self.rpc.chain_id

    def account(self, number: int) -> str:
        """One of the node's funded accounts."""
        return self.rpc.accounts[number]

    def deploy(self, artifact: str, *arguments: object) -> Contract:
        """Another contract, of the treasurer's."""
        contract, _ = Contract.deploy(
            self.rpc, load_artifact(artifact), *arguments, sender=self.account(TREASURER)
        )
        return contract


@dataclass(frozen=True)
class Pair:
    """Two ports that are each other's peers."""

    a: Contract
    b: Contract


@dataclass
class Stage:
    """Everything on stage."""

    folder: Path
    timeline: Timeline
    a: Side
    b: Side
    rollup: RollupClient
    sequencer: Sequencer
    prover: LocalProver
    domain: RollupDomain
    operator: Person
    bob: Person
    port: Pair
    ordered: Pair
    deposits: Pair
    gate_token: Contract
    board: Contract
    ordered_board: Contract

    def sent(self, name: str, receipt: Receipt) -> Receipt:
        """Keep the gas of a step."""
        self.timeline.gas[name] = receipt.gas_used
        return receipt

    def settle(self) -> None:
        """Seal what is open, prove it and settle it on B."""
        number = self.sequencer.seal()
        for transition in self.sequencer.advance():
            self.timeline.note("rollup", f"batch {transition.batch_number} {transition.target}")
        for action in self.sequencer.chain_actions(number) if number is not None else ():
            self.timeline.gas[f"{action.action}, batch {number}"] = action.gas_used


@contextmanager
def open_stage(args: argparse.Namespace, console: Console, folder: Path) -> Iterator[Stage]:
    """Start the nodes, deploy everything, start the sequencer; all ends with the context."""
    console.heading("Preparing two chains and a rollup")
    figures = Figures(preset=args.preset)
    prover = make_prover(args, console, figures)
    timeline = Timeline(console)
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(running_anvil(chain_id=chain_id, arguments=NODE_ARGUMENTS))
            for chain_id in (A_ID, B_ID)
        ]
        a, b = _side("A", nodes[0], B_ID), _side("B", nodes[1], A_ID)
        rollup = _rollup(b, prover, args.preset)
        domain = RollupDomain(B_ID, int(rollup.rollup.address, 16), ROLLUP_CHAIN_ID)
        config = sequencer_config(folder, PRESETS[args.preset], domain, prover.r1cs.digest())
        config = replace(config, fees=FeeTerms(a.relayer.address, E6_PER_ETHER))
        sequencer = Sequencer.open(
            config,
            RollupChain(rollup),
            ClientProver(prover),
            prices=RelayerPrices(a.rpc, a.relayer.address),  # A's relayer has prices for B
        )
        stack.enter_context(sequencer)
        stage = _furnished(folder, timeline, a, b, rollup, sequencer, prover, domain)
        timeline.note("A", f"chain {a.chain_id}, endpoint {a.endpoint.address}")
        timeline.note("B", f"chain {b.chain_id}, endpoint {b.endpoint.address}")
        timeline.note("rollup", f"chain {domain.rollup_chain_id}, settles on B")
        yield stage


def _side(name: str, rpc: RpcChain, other: int) -> Side:
    operators = rpc.accounts[RELAYER], rpc.accounts[TREASURER]
    config = MessagingConfig(rpc.accounts[ORACLE], operators, {other: PRICE})
    addresses, _ = deploy_messaging(rpc, config)

    def contract(kind: str, address: str) -> Contract:
        return Contract(rpc, load_artifact(kind), address)

    return Side(
        name,
        rpc,
        contract("Endpoint", addresses.endpoint),
        contract("Relayer", addresses.relayer),
        contract("Oracle", addresses.oracle),
    )


def _rollup(b: Side, prover: LocalProver, preset: str) -> RollupClient:
    """The rollup with B's endpoint, whose default oracle becomes that of proven roots."""
    config = RollupConfig(
        key=prover.verifying_key,
        circuit_id=prover.r1cs.digest(),
        genesis_root=genesis_state_root(PRESETS[preset].tree_depth),
        slots=PRESETS[preset].slots,
        rollup_chain_id=ROLLUP_CHAIN_ID,
        operator=b.account(OPERATOR),
        relayer=b.relayer.address,
    )
    rollup = RollupClient.deploy(b.rpc, config, endpoint=b.endpoint.address)
    b.endpoint.transact(
        "setDefaultConfig",
        rollup.oracle.address,
        b.relayer.address,
        sender=b.account(ORACLE),
    )
    return rollup


def _furnished(
    folder: Path,
    timeline: Timeline,
    a: Side,
    b: Side,
    rollup: RollupClient,
    sequencer: Sequencer,
    prover: LocalProver,
    domain: RollupDomain,
) -> Stage:
    """The ports. Those on B choose the data-service oracle; the default there is the proof's."""
    port, ordered = _ports("Port", a, b), _ports("OrderedPort", a, b)
    token = a.deploy("TestToken")
    owner_a, owner_b = a.account(TREASURER), b.account(TREASURER)
    gate_config = token.address, 1, b.chain_id, CREDIT_GAS
    gate = a.deploy("DepositGate", owner_a, a.endpoint.address, NOBODY, NOBODY, gate_config)
    deposit_port = b.deploy(
        "DepositPort",
        *(owner_b, b.endpoint.address, b.oracle.address, NOBODY, rollup.rollup.address),
    )
    deposits = _introduced(gate, deposit_port, a, b)
    return Stage(
        folder=folder,
        timeline=timeline,
        a=a,
        b=b,
        rollup=rollup,
        sequencer=sequencer,
        prover=prover,
        domain=domain,
        operator=Person("operator", b.account(OPERATOR), guessable_key("operator"), index=0),
        bob=Person("bob", b.account(BOB), guessable_key("bob"), index=1),
        port=port,
        ordered=ordered,
        deposits=deposits,
        gate_token=token,
        board=b.deploy("NoticeBoard", port.b.address),
        ordered_board=b.deploy("NoticeBoard", ordered.b.address),
    )


def _ports(kind: str, a: Side, b: Side) -> Pair:
    on_a = a.deploy(kind, a.account(TREASURER), a.endpoint.address, NOBODY, NOBODY)
    on_b = b.deploy(kind, b.account(TREASURER), b.endpoint.address, b.oracle.address, NOBODY)
    return _introduced(on_a, on_b, a, b)


def _introduced(on_a: Contract, on_b: Contract, a: Side, b: Side) -> Pair:
    on_a.transact("setPeer", b.chain_id, on_b.address, sender=a.account(TREASURER))
    on_b.transact("setPeer", a.chain_id, on_a.address, sender=b.account(TREASURER))
    return Pair(on_a, on_b)
