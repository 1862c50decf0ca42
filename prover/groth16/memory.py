"""How much memory a proof takes, from the sizes of its key."""

from __future__ import annotations

from native import api
from native.binding import HUGE_PAGE
from prover.backends.cpu import CpuBackend
from prover.groth16.keys import ProvingKey

_ELEMENT = 32


def memory_estimate(key: ProvingKey, *, threads: int = 0) -> int:
    """Bytes that a proof takes at most: the pages of the key, the witness, and the work space."""
    return key.size_bytes + _ELEMENT * key.sizes.n_wires + work_space(key, threads=threads)


def work_space(key: ProvingKey, *, threads: int = 0) -> int:
    """Bytes that a proof allocates at most beside witness and key, with the native backend: the
    scalars of the largest sum, and what the quotient or the sums take, one after the other."""
    domain = 1 << key.sizes.log_domain
    n_a, n_b = (len(key.wire_lists[name]) for name in "ab")
    joined, _ = key.span_rows("c", "h")
    roots, scratch = api.quotient_room(key.sizes.log_domain)
    sums_room = CpuBackend.sums_room([(1, n_a), (2, n_b), (1, joined)], threads=threads)
    quotient = [_ELEMENT * domain, _ELEMENT * domain, scratch]
    sums = [_ELEMENT * n_a, _ELEMENT * n_b, sums_room, key.copied_bytes]
    taken = max(sum(map(_in_pages, arrays)) for arrays in (quotient, sums))
    return _in_pages(_ELEMENT * joined) + roots + taken


def _in_pages(size: int) -> int:
    """What an array of this many bytes takes, large ones being in huge pages."""
    return size if size < HUGE_PAGE else -(-size // HUGE_PAGE) * HUGE_PAGE
