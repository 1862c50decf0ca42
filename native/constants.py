"""Constants of BN254 (also alt_bn128, bn128), the curve of the EVM's pairing precompile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FP_MODULUS",
    "FR_GENERATOR",
    "FR_MODULUS",
    "FR_TWO_ADICITY",
    "G1_GENERATOR",
    "G2_GENERATOR",
    "fr_root_of_unity",
]

# x = 4965661367192848881; q = 36x⁴+36x³+24x²+6x+1, r = 36x⁴+36x³+18x²+6x+1
FP_MODULUS = 21888242871839275222246405745257275088696311157297823662689037894645226208583
FR_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617
FR_TWO_ADICITY = 28
FR_GENERATOR = 5


def fr_root_of_unity(log_n: int) -> int:
    """The primitive 2^log_n-th root of unity 5^((r-1)/2^log_n)."""
    if not 0 <= log_n <= FR_TWO_ADICITY:
        raise ValueError(f"log_n = {log_n} is not in [0, {FR_TWO_ADICITY}]")
    return pow(FR_GENERATOR, (FR_MODULUS - 1) >> log_n, FR_MODULUS)


def _montgomery_limbs(*coordinates: int) -> NDArray[np.uint64]:
    words = b"".join(((c << 256) % FP_MODULUS).to_bytes(32, "little") for c in coordinates)
    limbs = np.frombuffer(words, dtype="<u8").astype(np.uint64)
    limbs.flags.writeable = False
    return limbs


# Affine, Montgomery form: x, y and x.c0, x.c1, y.c0, y.c1.
G1_GENERATOR = _montgomery_limbs(1, 2)
G2_GENERATOR = _montgomery_limbs(
    10857046999023057135944570762232829481370756359578518086990519993285655852781,
    11559732032986387107991004021392285783925812861821192530917403151452391805634,
    8495653923123431417604973247489272438418190587263600148770280649306958101930,
    4082367875863433681332203403145435568316851327593401208105741076214120093531,
)
