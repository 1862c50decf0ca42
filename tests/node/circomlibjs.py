"""Transactions signed by circomlibjs in node, for tests that must not rely on our own signer."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("sign_transactions.mjs")
PRIVATE_KEYS = [bytes([0xA0 + i]) * 32 for i in range(3)]

PublicKey = tuple[int, int]


def require_circomlibjs() -> None:
    """Skip, visibly, where node or the npm packages are missing."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not (ROOT / "node_modules" / "circomlibjs").exists():
        pytest.skip("circomlibjs is not installed: run `make node`")


def sign(rollup_id: int, unsigned: list[dict[str, Any]]) -> tuple[list[PublicKey], list[Any]]:
    """The public keys of PRIVATE_KEYS and the signed transactions, as the wire carries them."""
    request = {
        "rollup_id": str(rollup_id),
        "private_keys": [key.hex() for key in PRIVATE_KEYS],
        "transactions": unsigned,
    }
    finished = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )
    answer = json.loads(finished.stdout)
    keys = [(int(x), int(y)) for x, y in answer["public_keys"]]
    return keys, answer["transactions"]


def unsigned_transactions(expiry_s: int, to: int, to_chain_id: int, payload: bytes) -> list[Any]:
    """A transfer, a withdrawal, a message and a transfer with a fee, of accounts 0, 1, 2 and 0."""
    head = {"fee_e6": "0", "nonce": "0", "expiry_s": str(expiry_s)}
    transfer = {"type": "transfer", "receiver_index": "1", "amount_e6": "250000"}
    withdraw = {"type": "withdraw", "recipient": str(0xABCD), "amount_e6": "400000"}
    message = {
        "type": "message",
        "to_chain_id": str(to_chain_id),
        "to": str(to),
        "gas_limit": "200000",
        "payload": "0x" + payload.hex(),
    }
    second = transfer | {"receiver_index": "2", "amount_e6": "1"}
    return [
        head | transfer | {"sender_index": "0"},
        head | withdraw | {"sender_index": "1"},
        head | message | {"sender_index": "2"},
        head | second | {"sender_index": "0", "nonce": "1", "fee_e6": "3"},
    ]
