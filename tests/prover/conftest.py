"""The chain example of tests/vectors/snarkjs, opened once."""

from __future__ import annotations

from pathlib import Path

import pytest

from circuits.system.r1cs import R1CS
from prover.groth16.conversion import key_from_zkey
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import unsafe_dev_setup
from prover.snarkjs.container import U64
from prover.snarkjs.r1cs import read_r1cs
from prover.snarkjs.wtns import read_wtns
from prover.snarkjs.zkey import Zkey, read_zkey

VECTORS = Path(__file__).parents[1] / "vectors" / "snarkjs"


@pytest.fixture(scope="session")
def vectors() -> Path:
    return VECTORS


@pytest.fixture(scope="session")
def chain_r1cs() -> R1CS:
    return read_r1cs(VECTORS / "chain.r1cs").r1cs


@pytest.fixture(scope="session")
def chain_witness() -> U64:
    return read_wtns(VECTORS / "chain.wtns")


@pytest.fixture(scope="session")
def chain_zkey() -> Zkey:
    return read_zkey(VECTORS / "chain.zkey")


@pytest.fixture(scope="session")
def chain_zkey_0() -> Zkey:
    return read_zkey(VECTORS / "chain_0.zkey")


@pytest.fixture(scope="session")
def chain_key(
    chain_zkey: Zkey, chain_r1cs: R1CS, tmp_path_factory: pytest.TempPathFactory
) -> ProvingKey:
    return key_from_zkey(chain_zkey, tmp_path_factory.mktemp("key") / "chain.key", chain_r1cs)


@pytest.fixture(scope="session")
def dev_key(chain_r1cs: R1CS, tmp_path_factory: pytest.TempPathFactory) -> ProvingKey:
    return unsafe_dev_setup(chain_r1cs, tmp_path_factory.mktemp("key") / "dev.key", seed=b"test")
