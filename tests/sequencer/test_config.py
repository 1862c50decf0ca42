"""The configuration file: what is accepted, and that each error names file, field and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from sequencer.config import load_config
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
