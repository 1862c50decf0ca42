"""BLAKE-512 against circomlibjs, and at every padding boundary against the definition."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from native import api
from native.reference import blake512 as reference

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "iden3.json").read_text())


@pytest.mark.parametrize("blake_module", [reference, api], ids=["reference", "native"])
def test_digest__equals_every_published_row(blake_module: ModuleType) -> None:
    for row in VECTORS["blake512"]:
        assert blake_module.blake512(bytes.fromhex(row["msg_hex"])).hex() == row["digest_hex"]


def test_constants__are_the_fraction_of_pi() -> None:
    # Machin: pi = 16 atan(1/5) - 4 atan(1/239), in fixed point with 64 guard bits
    scale = 1 << (16 * 64 + 64)

    def arctan_of_inverse(x: int) -> int:
        power, total, n = scale // x, 0, 1
        while power:
            total += power // n if n % 4 == 1 else -(power // n)
            power //= x * x
            n += 2
        return total

    pi = 16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)
    fraction = (pi % scale) >> 64
    words = tuple(fraction >> (64 * (15 - i)) & (1 << 64) - 1 for i in range(16))
    assert words == reference.PI_WORDS


# 111 and 112 bytes: the length just fits, or needs a block of its own; 128: a block of padding only
@pytest.mark.parametrize("length", [0, 1, 110, 111, 112, 127, 128, 129, 239, 240, 255, 256, 1000])
def test_digest__agrees_with_the_definition_at_padding_boundaries(length: int) -> None:
    message = bytes(i * 7 % 251 for i in range(length))
    assert api.blake512(message) == reference.blake512(message)
