"""Which implementation of the kernels runs: portable C, MULX/ADX assembly, AVX-512 IFMA.

The choice is made once, at the first operation; `TALLYSTICK_NATIVE=portable|adx|ifma` forces one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from native.binding import call, query

NAMES = ("portable", "adx", "ifma")  # index = the variant number of include/zk.h


def active() -> str | None:
    """The variant in use, None when TALLYSTICK_NATIVE asks for one that is not there."""
    number = query("variant_active")
    return None if number < 0 else NAMES[number]


def available() -> list[str]:
    """The variants that this build and this machine have."""
    return [name for i, name in enumerate(NAMES) if query("variant_available", i)]


@contextmanager
def forced(name: str) -> Iterator[None]:
    """Run the block with the named variant (process-wide; for tests and self-checks)."""
    if name not in NAMES:
        raise ValueError(f"variant {name!r} is not one of {', '.join(NAMES)}")
    before = query("variant_active")
    call("variant_force", NAMES.index(name))
    try:
        yield
    finally:
        call("variant_force", before)


def summary() -> str:
    """One line: the variant in use, the others there are, those this machine or build lacks."""
    there = available()
    lacking = [name for name in NAMES if name not in there]
    return (
        f"kernels: {active()}; available: {', '.join(there)}; "
        f"lacking on this machine: {', '.join(lacking) or 'none'}"
    )


if __name__ == "__main__":
    untested = [name for name in available() if name != active()]
    print(" ".join(untested) if sys.argv[1:] == ["untested"] else summary())
