"""How much memory a proof takes, from the sizes of its key."""

from __future__ import annotations

from prover.backends.cpu import CpuBackend
from prover.groth16.keys import ProvingKey

_ELEMENT = 32


def memory_estimate(key: ProvingKey, *, threads: int = 0) -> int:
    """Bytes that a proof takes at most: the pages of the key, the witness, and the work space."""
    return key.size_bytes + _ELEMENT * key.sizes.n_wires + work_space(key, threads=threads)


def work_space(key: ProvingKey, *, threads: int = 0) -> int:
    """Bytes that a proof allocates at most beside witness and key, with the native backend."""
    domain = 1 << key.sizes.log_domain
    n_a, n_b = (len(key.wire_lists[name]) for name in "ab")
    joined, _ = key.span_rows("c", "h")
    roots = 2 * domain  # half the powers for the domain, all for its double, and their inverses
    quotient = 3 * domain  # A·w, B·w and the transforms' room
    scalars = n_a + n_b
    room = CpuBackend.sums_room([(1, n_a), (2, n_b), (1, joined)], threads=threads)
    return _ELEMENT * (joined + roots + max(quotient, scalars)) + key.copied_bytes + room
