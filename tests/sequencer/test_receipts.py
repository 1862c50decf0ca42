"""Signed receipts and the key file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.errors import ConfigError
from sequencer.receipts import Receipt, ReceiptSigner, create_key_file, receipt_signer

RECEIPT = Receipt(2**240, 7, 2**253, 3, 1, 2**250, b"\x05" * 32)


def test_a_receipt_is_recovered_to_its_signer(tmp_path: Path) -> None:
    create_key_file(tmp_path / "key")
    signer = ReceiptSigner.from_file(tmp_path / "key")
    signed = signer.sign(RECEIPT)
    assert receipt_signer(signed) == signer.address
    assert len(signed.signature) == 65
    assert signer.sign(RECEIPT) == signed


@pytest.mark.parametrize(
    "field", ["rollup_id", "journal_sequence", "tx_id", "batch_number", "slot", "account_root"]
)
def test_each_field_is_signed(field: str) -> None:
    signer = ReceiptSigner(b"\x01" * 32)
    altered = replace(signer.sign(RECEIPT), **{field: getattr(RECEIPT, field) + 1})
    assert receipt_signer(altered) != signer.address


def test_the_chain_hash_is_signed() -> None:
    signer = ReceiptSigner(b"\x01" * 32)
    assert receipt_signer(replace(signer.sign(RECEIPT), chain_hash=bytes(32))) != signer.address


def test_numbers_are_decimal_strings_on_the_wire() -> None:
    wire = RECEIPT.to_json()
    assert wire["tx_id"] == str(2**253)
    assert all(isinstance(value, str) for value in wire.values())


def test_the_key_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "key"
    create_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        create_key_file(path)
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="mode 0640; others can read it"):
        ReceiptSigner.from_file(path)


@pytest.mark.parametrize(
    ("text", "reason"), [("zz" * 32, "not hexadecimal"), ("01" * 31, "31 bytes instead of 32")]
)
def test_a_bad_key_file_is_named_but_not_quoted(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(text)
    with pytest.raises(ConfigError, match=reason) as caught:
        ReceiptSigner.from_file(path)
    assert text not in str(caught.value)


def test_an_absent_key_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="FileNotFoundError"):
        ReceiptSigner.from_file(tmp_path / "absent")
