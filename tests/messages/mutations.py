"""Alters a JSON value somewhere, as a broken or lying node might."""

from __future__ import annotations

import copy
import random
from typing import Any

JUNK: list[Any] = [
    None, 0, -1, 1.5, True, "", "0x", "0xzz", "0x0", "0x1", "0x" + "f" * 64, "0x" + "f" * 15,
    "0x" + "f" * 65, "-0x1", "0x-1", "0x_1", "0x 1", [], {}, [[]], "\ud800", "0x" + "00" * 32,
    "0x" + "ff" * 20, "é" * 10, float("nan"), 10**400,
]  # fmt: skip


def mutated(rng: random.Random, value: Any) -> Any:
    """A copy with one place changed, removed, cut off or doubled."""
    copied = copy.deepcopy(value)
    *way, last = rng.choice(_places(copied)) or (None,)
    if last is None:
        return _changed(rng, copied)
    holder = copied
    for step in way:
        holder = holder[step]
    if isinstance(holder, dict) and rng.random() < 0.1:
        del holder[last]
    else:
        holder[last] = _changed(rng, holder[last])
    return copied


def _places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way]
    if isinstance(value, dict):
        for key in value:
            found += _places(value[key], (*way, key))
    elif isinstance(value, list):
        for position in range(len(value)):
            found += _places(value[position], (*way, position))
    return found


def _changed(rng: random.Random, value: Any) -> Any:
    if isinstance(value, str) and len(value) > 3 and rng.random() < 0.5:
        cut = rng.randrange(len(value))
        if rng.random() < 0.3:
            return value[:cut]
        return value[:cut] + rng.choice("0123456789abcdefxg ") + value[cut + 1 :]
    if isinstance(value, list) and value and rng.random() < 0.5:
        return [*value, value[0]] if rng.random() < 0.5 else value[:-1]
    return rng.choice(JUNK)
