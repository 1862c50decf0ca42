"""Signed receipts: the sequencer's promise that a transaction stands at a position of its journal.

A receipt is signed (secp256k1, EIP-191 personal message) over keccak256 of eight 32-byte words:

    keccak256("tallystick.receipt.v1") | rollup id | journal sequence | transaction id |
    batch number | slot | account tree root after the transaction | journal chain hash

It is given only after the journal record is on disk. The chain hash covers the whole journal up to
the record, so two receipts that contradict each other prove that the sequencer rewrote history.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from sequencer.errors import ConfigError

_TAG = keccak(b"tallystick.receipt.v1")


@dataclass(frozen=True)
class Receipt:
    """What was acknowledged, and the signature over it: 65 bytes r ‖ s ‖ v, empty if unsigned."""

    rollup_id: int
    journal_sequence: int
    tx_id: int
    batch_number: int
    slot: int
    account_root: int
    chain_hash: bytes
    signature: bytes = b""

    def digest(self) -> bytes:
        """The 32 bytes that are signed as a personal message."""
        numbers = (
            self.rollup_id,
            self.journal_sequence,
            self.tx_id,
            self.batch_number,
            self.slot,
            self.account_root,
        )
        return keccak(_TAG + b"".join(n.to_bytes(32) for n in numbers) + self.chain_hash)

    def to_json(self) -> dict[str, str]:
        """Numbers as decimal strings, bytes as 0x-hex."""
        return {
            name: "0x" + value.hex() if isinstance(value, bytes) else str(value)
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, members: dict[str, str]) -> Receipt:
        """The inverse of `to_json`."""
        return cls(
            **{
                name: bytes.fromhex(value[2:]) if value.startswith("0x") else int(value)
                for name, value in members.items()
            }  # type: ignore[arg-type]
        )


class ReceiptSigner:
    """Signs receipts with the key of a file that only its owner can read."""

    def __init__(self, private_key: bytes) -> None:
        # Imported here: it is the slowest import of the sequencer, and replay needs no signatures.
        from eth_account import Account

        self._account: Any = Account.from_key(private_key)

    @classmethod
    def from_file(cls, path: Path) -> ReceiptSigner:
        """Read 32 bytes in hex. ConfigError when others may read the file or it holds no key."""
        return cls(read_key_file(path))

    @property
    def address(self) -> str:
        """The checksummed address that receipts are verified against."""
        return str(self._account.address)

    def sign(self, receipt: Receipt) -> Receipt:
        """The receipt with its signature (deterministic, RFC 6979)."""
        from eth_account.messages import encode_defunct

        signed = self._account.sign_message(encode_defunct(primitive=receipt.digest()))
        return replace(receipt, signature=bytes(signed.signature))


def receipt_signer(receipt: Receipt) -> str:
    """The address that signed the receipt; compare it with the sequencer's published one."""
    from eth_account import Account
    from eth_account.messages import encode_defunct

    message = encode_defunct(primitive=receipt.digest())
    return str(Account.recover_message(message, signature=receipt.signature))


def create_key_file(path: Path) -> None:
    """Write a fresh random key, readable by the owner alone; FileExistsError if there is a file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def read_key_file(path: Path) -> bytes:
    """The 32-byte key; ConfigError says what is wrong with the file, never what is in it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), "receipt key", type(error).__name__) from None
    if mode & 0o077:
        raise ConfigError(
            str(path), "receipt key", f"mode {mode:04o}; others can read it: chmod 600"
        )
    try:
        key = bytes.fromhex(text.strip().removeprefix("0x"))
    except ValueError:
        raise ConfigError(str(path), "receipt key", "not hexadecimal") from None
    if len(key) != 32:
        raise ConfigError(str(path), "receipt key", f"{len(key)} bytes instead of 32")
    return key
