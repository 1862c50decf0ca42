"""Pinned constraint counts and circuit digests: `pins.json`, changed only by `make pins`.

A changed digest means new proving keys and a new contract; a changed count is a cost that somebody
should have wanted. Both show up as a difference to review.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from circuits.pins.catalogue import GADGETS, PINNED_CIRCUITS
from circuits.registry import compile_named

PINS_FILE = Path(__file__).with_name("pins.json")


def measured() -> dict[str, Any]:
    """The pins as they are now."""
    return {
        "circuits": {name: _circuit_pin(name) for name in PINNED_CIRCUITS},
        "gadgets": {name: make().cost for name, make in GADGETS.items()},
    }


def pinned() -> dict[str, Any]:
    """The pins as they are committed."""
    pins: dict[str, Any] = json.loads(PINS_FILE.read_text())
    return pins


def write(pins: dict[str, Any]) -> None:
    """Commit to new pins."""
    PINS_FILE.write_text(json.dumps(pins, indent=2, sort_keys=True) + "\n")


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What changed, one line a pin."""
    lines = []
    for group in sorted(old.keys() | new.keys()):
        before, after = old.get(group, {}), new.get(group, {})
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                lines.append(f"{group}/{name}: {before.get(name)} -> {after.get(name)}")
    return lines


def _circuit_pin(name: str) -> dict[str, Any]:
    r1cs = compile_named(name).r1cs
    return {
        "constraints": r1cs.n_constraints,
        "wires": r1cs.n_wires,
        "digest": r1cs.digest().hex(),
    }
