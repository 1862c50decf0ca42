"""A chain of Poseidon hashes, the usual measure of provers: h[i + 1] = Poseidon(h[i], salt).

The last hash is public; h[0] and the salt are private.
"""

from __future__ import annotations

from circuits.frontend import Builder, CircuitError
from circuits.gadgets.poseidon import poseidon
from native import api

CONSTRAINTS_A_HASH = 240
MIN_LOG_SIZE, MAX_LOG_SIZE = 8, 22

_EXAMPLE = {"start": 1, "salt": 2}


def chain_length(log_size: int) -> int:
    """The most hashes whose constraints, with the public input, fit a domain of 2^log_size."""
    if not MIN_LOG_SIZE <= log_size <= MAX_LOG_SIZE:
        raise CircuitError(
            f"poseidon-chain-{log_size}: the size must be {MIN_LOG_SIZE} to {MAX_LOG_SIZE}"
        )
    return ((1 << log_size) - 4) // CONSTRAINTS_A_HASH


def define(b: Builder, *, log_size: int) -> None:
    """Statement: `last` is the end of a chain from some start with some salt."""
    last = b.public_input("last")
    link, salt = b.private_input("start"), b.private_input("salt")
    for _ in range(chain_length(log_size)):
        link = poseidon(b, [link, salt])
    b.assert_equal(last, link)


def example_inputs(log_size: int) -> dict[str, int]:
    """A valid assignment."""
    link, salt = _EXAMPLE["start"], _EXAMPLE["salt"]
    for _ in range(chain_length(log_size)):
        link = api.poseidon(link, salt)
    return {"last": link, **_EXAMPLE}
