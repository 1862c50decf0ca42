"""Test doubles for what a sequencer talks to, and a small world of accounts.

`FileChain` stands in for the rollup contract: its state is one JSON file that is replaced
atomically, so it outlives a killed sequencer like a chain does. `CountingProver` returns a
constant where a proof is due and notes each call. Neither is ever used outside tests.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from circuits.rollup.inputs import BatchInputs
from circuits.spec.globals import genesis_state_root
from circuits.spec.params import TINY
from circuits.spec.transactions import Message as MessageTransaction
from circuits.spec.transactions import Transfer, Withdraw
from native.api import eddsa_public_key
from native.constants import FP_MODULUS
from sequencer.config import Config, SealingPolicy
from sequencer.messages import Message, MessageProof, MessageTree, posted_messages
from sequencer.pipeline.protocols import QueuedDeposit, SentTransaction
from sequencer.receipts import create_key_file
from verifier.proof import Proof

NOW_S = 1_700_000_000
LATER_S = NOW_S + 10**6
L1_CHAIN_ID = 31337
ROLLUP_CHAIN_ID = 7001
CIRCUIT_ID = b"\x07" * 32
CONTRACT = 0x5FBDB2315678AFECB367F032D93F642F64180AA3
KEYS = [bytes([i + 1]) * 32 for i in range(4)]
PUBLIC_KEYS = [eddsa_public_key(key) for key in KEYS]


def config(folder: Path, **changes: Any) -> Config:
    """A TINY sequencer in `folder`."""
    key_file = folder / "receipt.key"
    if not key_file.exists():
        create_key_file(key_file)
    values: dict[str, Any] = {
        "data_dir": folder / "data",
        "receipt_key_file": key_file,
        "preset": TINY,
        "l1_chain_id": L1_CHAIN_ID,
        "contract": CONTRACT,
        "rollup_chain_id": ROLLUP_CHAIN_ID,
        "circuit_id": CIRCUIT_ID,
        "sealing": SealingPolicy(max_transactions=2, max_age_s=10),
    }
    return Config(**values | changes)


class World:
    """Signs transactions for the accounts 0, 1, 2, … of KEYS, counting their nonces."""

    def __init__(self, rollup_id: int) -> None:
        self.rollup_id = rollup_id
        self.nonces = [0] * len(KEYS)

    def _sign(self, sender: int, transaction: Any) -> Any:
        self.nonces[sender] += 1
        return transaction.signed(KEYS[sender], self.rollup_id)

    def transfer(self, sender: int, receiver: int, amount_e6: int, fee_e6: int = 0) -> Transfer:
        nonce = self.nonces[sender]
        transaction = Transfer(sender, fee_e6, nonce, LATER_S, receiver, amount_e6)
        return self._sign(sender, transaction)

    def withdraw(self, sender: int, amount_e6: int) -> Withdraw:
        nonce = self.nonces[sender]
        return self._sign(sender, Withdraw(sender, 0, nonce, LATER_S, 0xABCD, amount_e6))

    def message(self, sender: int, payload: bytes) -> MessageTransaction:
        nonce = self.nonces[sender]
        transaction = MessageTransaction(sender, 0, nonce, LATER_S, 1, 0xBEEF, 100_000, payload)
        return self._sign(sender, transaction)


class CountingProver:
    """A test double: the generator points in place of a proof."""

    PROOF = Proof(
        (1, 2),
        (
            (
                10857046999023057135944570762232829481370756359578518086990519993285655852781,
                11559732032986387107991004021392285783925812861821192530917403151452391805634,
            ),
            (
                8495653923123431417604973247489272438418190587263600148770280649306958101930,
                4082367875863433681332203403145435568316851327593401208105741076214120093531,
            ),
        ),
        (1, 2),
    )

    OTHER = Proof(PROOF.a, PROOF.b, (1, FP_MODULUS - 2))

    def __init__(self) -> None:
        self.proved: list[int] = []

    def verify(self, public_inputs: Sequence[int], proof: Proof) -> bool:
        return proof == self.PROOF

    def prove(self, inputs: BatchInputs) -> Proof:
        self.proved.append(inputs.batch_number)
        return self.PROOF


class FileChain:
    """A test double of the rollup contract and the endpoint, in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            self._save({"deposits": [], "committed": [], "settled": 0, "roots": [], "relayed": []})

    def add_deposit(self, public_key: tuple[int, int], amount_e6: int) -> None:
        state = self._load()
        state["deposits"].append([str(value) for value in (*public_key, amount_e6)])
        self._save(state)

    def drop_last_batch(self) -> None:
        state = self._load()
        state["committed"].pop()
        state["settled"] = min(state["settled"], len(state["committed"]))
        self._save(state)

    @property
    def relayed(self) -> list[str]:
        relayed: list[str] = self._load()["relayed"]
        return relayed

    @property
    def public_data(self) -> list[list[int]]:
        return [[int(word) for word in batch["d"]] for batch in self._load()["committed"]]

    def deposits_from(self, first: int, confirmations: int = 0) -> Sequence[QueuedDeposit]:
        rows = enumerate(self._load()["deposits"])
        return [
            QueuedDeposit(index, (int(ax), int(ay)), int(amount))
            for index, (ax, ay, amount) in rows
            if index >= first
        ]

    def committed_batches(self) -> int:
        return len(self._load()["committed"])

    def settled_batches(self) -> int:
        settled: int = self._load()["settled"]
        return settled

    def committed_state_root(self) -> int:
        return self._root(self.committed_batches())

    def settled_state_root(self) -> int:
        return self._root(self.settled_batches())

    def _root(self, number: int) -> int:
        if number == 0:
            return genesis_state_root(TINY.tree_depth)
        return int(self._load()["committed"][number - 1]["d"][2])

    def commit(self, inputs: BatchInputs) -> SentTransaction:
        state = self._load()
        assert inputs.batch_number == len(state["committed"]) + 1, "a batch was posted twice"
        assert inputs.old_root == self.committed_state_root()
        leaves = [leaf for batch in state["committed"] for leaf in batch["leaves"]]
        new = _leaves(inputs, len(leaves))
        words = [str(word) for word in inputs.public_data]
        state["committed"].append({"d": words, "leaves": [leaf.hex() for leaf in new]})
        self._save(state)
        return SentTransaction(f"0xc{inputs.batch_number:063x}", 100_000)

    def prove(self, batch_number: int, proof: Proof) -> SentTransaction:
        state = self._load()
        assert batch_number == state["settled"] + 1, "a batch was settled twice"
        state["settled"] = batch_number
        leaves = [leaf for batch in state["committed"][:batch_number] for leaf in batch["leaves"]]
        tree = MessageTree(bytes.fromhex(leaf) for leaf in leaves)
        state["roots"].append((tree.root() if leaves else bytes(32)).hex())
        self._save(state)
        return SentTransaction(f"0xd{batch_number:063x}", 250_000)

    def message_root(self, batch_number: int) -> bytes:
        roots = self._load()["roots"]
        return bytes.fromhex(roots[batch_number - 1]) if batch_number <= len(roots) else bytes(32)

    def relay(self, message: Message, proof: bytes) -> SentTransaction:
        decoded = MessageProof.decode(proof)
        assert decoded.leads_to(self.message_root(decoded.block_number), message.hash())
        state = self._load()
        state["relayed"].append(message.hash().hex())
        self._save(state)
        return SentTransaction("0x" + "ee" * 32, 120_000)

    def _load(self) -> Any:
        return json.loads(self._path.read_text())

    def _save(self, state: Any) -> None:
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(state))
        os.replace(temporary, self._path)


def _leaves(inputs: BatchInputs, first_index: int) -> list[bytes]:
    """The message leaves as the contract computes them: from public data and payloads alone."""
    messages = posted_messages(inputs.public_data, inputs.payloads, inputs.domain)
    assert [message.index for message in messages][:1] in ([], [first_index])
    return [message.hash() for message in messages]
