"""Row 28: a wrong kernel gives a wrong proof, and no wrong proof is released."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import chain_example
import numpy as np
import pytest

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from prover.backends import CpuBackend, Sum
from prover.backends.self_check import LOG_N, N_POINTS, ensure_checked
from prover.errors import BackendError, MalformedFileError, SelfVerificationError
from prover.groth16.conversion import key_from_zkey
from prover.groth16.keys import ProvingKey
from prover.groth16.prove import prove
from prover.snarkjs.container import U64


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> ProvingKey:
    path = tmp_path_factory.mktemp("key") / "key"
    return key_from_zkey(chain_example.zkey(), path, chain_example.r1cs())


class WrongBeyondTheSelfCheck(CpuBackend):
    """Right on the sizes of the self-check, wrong in one operation on all others: the worst case,
    since nothing but the verification of each proof can notice it."""

    wrong = ""

    def quotient(self, out: U64, a: U64, b: U64, *, threads: int = 0) -> None:
        super().quotient(out, a, b, threads=threads)
        if self.wrong == "quotient" and len(a) != 1 << LOG_N:
            out[0] = out[1]

    def sums(self, sums: Sequence[Sum], *, threads: int = 0) -> list[U64]:
        right = super().sums(sums, threads=threads)
        if all(len(terms.points) in (N_POINTS, 0) for terms in sums):
            return right
        return [self.changed(terms.group, point) for terms, point in zip(sums, right, strict=True)]

    def changed(self, group: int, point: U64) -> U64:
        if self.wrong != f"sums in G{group}":
            return point
        add, generator = (api.g1_add, G1_GENERATOR) if group == 1 else (api.g2_add, G2_GENERATOR)
        return add(point[None, :], generator[None, :])[0]


class OffTheCurve(WrongBeyondTheSelfCheck):
    """Not even a point."""

    name = "off the curve"

    def changed(self, group: int, point: U64) -> U64:
        return point ^ np.uint64(group == 1)


class WrongQuotient(WrongBeyondTheSelfCheck):
    name, wrong = "wrong quotient", "quotient"


class WrongG1(WrongBeyondTheSelfCheck):
    name, wrong = "wrong G1", "sums in G1"


class WrongG2(WrongBeyondTheSelfCheck):
    name, wrong = "wrong G2", "sums in G2"


@pytest.mark.parametrize("backend", [WrongQuotient(), WrongG1(), WrongG2(), OffTheCurve()])
def test_proof_of_a_wrong_kernel_is_withheld(
    key: ProvingKey, backend: WrongBeyondTheSelfCheck
) -> None:
    with pytest.raises(SelfVerificationError, match="a kernel is wrong or the key is damaged"):
        prove(key, chain_example.witness(), backend=backend)


def test_the_same_backend_without_the_fault_proves(key: ProvingKey) -> None:
    prove(key, chain_example.witness(), backend=WrongBeyondTheSelfCheck())


class WrongEverywhere(CpuBackend):
    """Wrong already on small inputs."""

    name = "wrong everywhere"

    def sums(self, sums: Sequence[Sum], *, threads: int = 0) -> list[U64]:
        return [G1_GENERATOR if terms.group == 1 else G2_GENERATOR for terms in sums]


def test_backend_that_fails_its_self_check_never_starts(key: ProvingKey) -> None:
    with pytest.raises(BackendError, match=r"wrong everywhere.*sums"):
        prove(key, chain_example.witness(), backend=WrongEverywhere())
    with pytest.raises(BackendError):
        ensure_checked(WrongEverywhere())


@pytest.mark.parametrize("section", ["a", "b1", "b2", "c", "h", "beta1", "delta1"])
def test_proof_from_a_damaged_key_is_withheld(
    key: ProvingKey, tmp_path: Path, section: str
) -> None:
    """A changed point that is on the curve: only hashing or verification can notice."""
    data = bytearray(Path(key.source).read_bytes())
    points = np.array(key.points(section))
    start = data.index(points.tobytes())
    generator = G1_GENERATOR if points.shape[1] == 8 else G2_GENERATOR
    size = generator.nbytes
    row = int(np.flatnonzero((points != generator).any(axis=1))[-1])
    data[start + row * size : start + (row + 1) * size] = generator.tobytes()
    (tmp_path / "damaged").write_bytes(data)
    damaged = ProvingKey(tmp_path / "damaged")
    with pytest.raises(SelfVerificationError):
        prove(damaged, chain_example.witness())
    with pytest.raises(MalformedFileError, match=f"{section}: content does not match"):
        damaged.verify_sections()
