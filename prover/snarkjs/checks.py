"""Range, curve and subgroup checks of whole sections, with the first offender named."""

from __future__ import annotations

from native import api
from prover.errors import MalformedFileError
from prover.snarkjs.container import U64


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
    index = api.g2_first_outside_subgroup(points)
    if index >= 0:
        reason = f"point {index} is outside the subgroup of order r"
        raise MalformedFileError(source, section, reason)


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
