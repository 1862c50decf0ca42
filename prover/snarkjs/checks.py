"""Range, curve and subgroup checks of whole sections, with the first offender named."""

from __future__ import annotations

import secrets

import numpy as np

from native import api
from prover.errors import MalformedFileError
from prover.snarkjs.container import U64

_FEW_POINTS = 256
_SUMS = 4


def check_scalars(source: str, section: str, values: U64) -> None:
    """Refuse a value that is not below the scalar modulus r."""
    index = api.fr_first_noncanonical(values)
    if index >= 0:
        raise MalformedFileError(source, section, f"value {index} is not below the modulus r")


def check_g1(source: str, section: str, points: U64) -> None:
    """Refuse a point off the curve; infinity (all zero) passes. G1 has no further subgroup."""
    _check_coordinates(source, section, points)
    index = api.g1_first_off_curve(points)
    if index >= 0:
        raise MalformedFileError(source, section, f"point {index} is not on the curve")


def check_g2(source: str, section: str, points: U64) -> None:
    """Refuse a point off the curve or outside the subgroup of order r; infinity passes."""
    _check_coordinates(source, section, points)
    index = api.g2_first_off_curve(points)
    if index >= 0:
        raise MalformedFileError(source, section, f"point {index} is not on the curve")
    if len(points) > _FEW_POINTS and _probably_in_subgroup(points):
        return
    index = api.g2_first_outside_subgroup(points)
    if index >= 0:
        reason = f"point {index} is outside the subgroup of order r"
        raise MalformedFileError(source, section, reason)


def _probably_in_subgroup(points: U64) -> bool:
    """Whether random sums of the points lie in the subgroup: much cheaper than each of them.

    The twist has (2q − r)·r points, and 10069 is the smallest prime factor of 2q − r, so one sum
    misses a bad point with probability below 1/10000, and all of them with less than 2^-53.
    """
    points = np.ascontiguousarray(points)
    sums = []
    for _ in range(_SUMS):
        scalars = np.zeros((len(points), 4), dtype=np.uint64)
        scalars[:, 0] = np.frombuffer(secrets.token_bytes(4 * len(points)), dtype=np.uint32)
        sums.append(api.msm_g2(points, scalars))
    return api.g2_first_outside_subgroup(np.stack(sums)) < 0


def check_finite(source: str, section: str, points: U64) -> None:
    """Refuse infinity, where a point must not vanish."""
    if not points.any(axis=-1).all():
        raise MalformedFileError(source, section, "point at infinity")


def _check_coordinates(source: str, section: str, points: U64) -> None:
    index = api.fp_first_noncanonical(points.reshape(-1, 4))
    if index >= 0:
        point = index * 4 // points.shape[-1]
        reason = f"a coordinate of point {point} is not below the modulus q"
        raise MalformedFileError(source, section, reason)
