"""The native kernels one by one, at the sizes that tables of provers quote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from prover.bench.timing import Timing, timed
from prover.snarkjs.container import U64

Task = Callable[[int], object]
_KEY = bytes(range(32))


@dataclass(frozen=True)
class Row:
    """One measured thing: seconds of one of the `per` equal parts of a call."""

    name: str
    threads: int
    timing: Timing
    per: int = 1
    part: str = ""
    peak_resident_bytes: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Name, part ("" for the whole), threads, seconds, memory where measured."""
        return {
            "name": self.name,
            "part": self.part,
            "threads": self.threads,
            **self.timing.as_json(self.per),
            "peak_resident_bytes": self.peak_resident_bytes,
        }


@dataclass(frozen=True)
class KernelSizes:
    """How large each kernel's input is."""

    log_g1: int = 20
    log_g2: int = 18
    log_ntt: int = 20
    hashes: int = 10_000
    signatures: int = 1_000


def measure_kernels(sizes: KernelSizes, thread_counts: Sequence[int], repeat: int) -> Iterator[Row]:
    """Each kernel at each number of threads, after one call that is not timed."""
    for make in (_msm_g1, _msm_g2, _transforms, _hashes, _signatures):
        for name, task, per, part in make(sizes):
            for threads in thread_counts:
                yield Row(name, threads, timed(partial(task, threads), repeat), per, part)


Made = Iterator[tuple[str, Task, int, str]]


def pseudo_random(n: int) -> U64:
    """n field elements that look random, the same every time."""
    return api.fr_powers(api.fr_from_ints([3**150])[0], n)


def _msm_g1(sizes: KernelSizes) -> Made:
    scalars = api.fr_from_montgomery(pseudo_random(1 << sizes.log_g1))
    points = api.g1_fixed_base_mul(G1_GENERATOR, scalars)
    yield f"MSM G1 2^{sizes.log_g1}", lambda t: api.msm_g1(points, scalars, t), 1, ""


def _msm_g2(sizes: KernelSizes) -> Made:
    scalars = api.fr_from_montgomery(pseudo_random(1 << sizes.log_g2))
    points = api.g2_fixed_base_mul(G2_GENERATOR, scalars)
    yield f"MSM G2 2^{sizes.log_g2}", lambda t: api.msm_g2(points, scalars, t), 1, ""


def _transforms(sizes: KernelSizes) -> Made:
    values = pseudo_random(1 << sizes.log_ntt)
    yield f"NTT 2^{sizes.log_ntt}, plain", lambda t: api.ntt(values, threads=t), 1, ""
    coset = f"NTT 2^{sizes.log_ntt}, odd coset"
    yield coset, lambda t: api.ntt_odd_coset(values, threads=t), 1, ""


def _hashes(sizes: KernelSizes) -> Made:
    for inputs in (2, 4):
        words = pseudo_random(sizes.hashes * inputs).reshape(sizes.hashes, inputs, 4)
        name = f"Poseidon t={inputs + 1}, batch of {sizes.hashes:,}"
        yield name, partial(api.poseidon_hash, words, None), sizes.hashes, "a hash"


def _signatures(sizes: KernelSizes) -> Made:
    n = sizes.signatures
    signed = [api.eddsa_sign(_KEY, message) for message in range(n)]
    keys = api.fr_from_ints(api.eddsa_public_key(_KEY) * n).reshape(-1, 8)
    messages = api.fr_from_ints(range(n))
    r8s = api.fr_from_ints([x for *r8, _ in signed for x in r8]).reshape(-1, 8)
    scalars = api.canonical_from_ints([s for *_, s in signed])

    def verify_all(threads: int) -> None:
        assert api.eddsa_verify_batch(keys, messages, r8s, scalars, threads).all()

    yield f"EdDSA verification, batch of {n:,}", verify_all, n, "a signature"
