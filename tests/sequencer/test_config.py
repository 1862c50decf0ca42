"""The configuration file: what is accepted, and that each error names file, field and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from sequencer.config import Config, FeeTerms, load_config
from sequencer.errors import ConfigError

GOOD = """
data_dir = "data"
receipt_key_file = "receipt.key"
[rollup]
preset = "tiny"
l1_chain_id = 31337
contract = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
rollup_chain_id = "18446744073709551615"
circuit_id = "0x0101010101010101010101010101010101010101010101010101010101010101"
[sealing]
max_age_s = "60"
"""


def load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "sequencer.toml"
    path.write_text(text)
    return load_config(path)


def test_good_file(tmp_path: Path) -> None:
    path = tmp_path / "sequencer.toml"
    path.write_text(GOOD)
    config = load_config(path)
    assert config.data_dir == tmp_path / "data"
    assert config.rollup_chain_id == 2**64 - 1
    assert config.sealing.max_transactions == 2
    assert config.sealing.max_age_s == 60


FEES = """
[fees]
relayer = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
e6_per_ether = "3000000000"
valid_s = 60
"""


def test_fees_and_confirmations_are_read(tmp_path: Path) -> None:
    text = GOOD.replace("[sealing]", "deposit_confirmations = 12\n[sealing]")
    config = load(tmp_path, text + FEES)
    assert isinstance(config, Config)
    assert config.deposit_confirmations == 12
    relayer = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    assert config.fees == FeeTerms(relayer, 3_000_000_000, valid_s=60)


def test_fees_and_confirmations_are_absent_by_default(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD)
    assert isinstance(config, Config)
    assert (config.fees, config.deposit_confirmations) == (None, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('e6_per_ether = "3000000000"', "", "fees.e6_per_ether: missing"),
        ('e6_per_ether = "3000000000"', "e6_per_ether = 0", "fees.e6_per_ether: 0 is outside"),
        ("valid_s = 60", "valid_s = -1", "fees.valid_s: -1 is outside"),
        ("valid_s = 60", "proof_wei = -1", "fees.proof_wei: -1 is outside"),
        ("valid_s = 60", "max_age_s = 29", "fees.max_age_s: 29 is outside 30"),
        ("valid_s = 60", "price = 1", "fees.price: unknown key"),
        ("0x5FbDB2315678afecb367f032d93F642f64180aa3", "0x12", "fees.relayer: 1 bytes"),
        ("0x5FbDB2315678", "0x5fbDB2315678", "fees.relayer: .* wrong checksum"),
    ],
)
def test_bad_fees(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(tmp_path, GOOD + FEES.replace(old, new))


def test_bad_confirmations(tmp_path: Path) -> None:
    text = GOOD.replace("[sealing]", "deposit_confirmations = -1\n[sealing]")
    with pytest.raises(ConfigError, match="deposit_confirmations: -1 is outside"):
        load(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('preset = "tiny"', 'preset = "huge"', r"rollup.preset: 'huge' is none of tiny, small"),
        ('preset = "tiny"', "", "rollup.preset: missing"),
        ("31337", "true", "rollup.l1_chain_id: a decimal string or an integer"),
        ("31337", "3.5", "rollup.l1_chain_id: a decimal string or an integer"),
        ("31337", "9007199254740992", "decimal strings"),
        ("31337", "0", "rollup.l1_chain_id: 0 is outside"),
        ('"18446744073709551615"', '"18446744073709551616"', "rollup.rollup_chain_id: .* outside"),
        ('"18446744073709551615"', "31337", "equals l1_chain_id"),
        ('"0x5FbD', '"0x5Fb', "rollup.contract: .* not hexadecimal"),
        ('"0x5FbDB2', '"0x', "rollup.contract: 17 bytes instead of 20"),
        ("max_age_s", "max_agee_s", "sealing.max_agee_s: unknown key; known here: max_age_s"),
        ("max_age_s", "max_transactions", "sealing.max_transactions: 60 is outside 1 … 2"),
        ("[sealing]", "[sealing", "file: "),
        ('data_dir = "data"', "data_dir = 3", "data_dir: a non-empty string"),
        ("[rollup]", "[other]", "rollup.preset: missing"),
    ],
)
def test_bad_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=message) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert caught.value.source == str(tmp_path / "sequencer.toml")


def test_absent_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load_config(tmp_path / "absent.toml")
