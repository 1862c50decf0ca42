"""Between numpy and the C library: validation of arrays, pointers, status codes, thread counts.

Every `native/api_*.py` goes through `call`, so that a wrong shape is a ValueError that names the
bound and never reaches C.
"""

from __future__ import annotations

import contextlib
import mmap
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from native._zk import ffi, lib
from native.errors import raise_for_status

Words = NDArray[np.uint64]
HUGE_PAGE = 2 << 20
_C_TYPES = {
    np.dtype(np.uint64): "uint64_t[]",
    np.dtype(np.uint32): "uint32_t[]",
    np.dtype(np.int32): "int32_t[]",
    np.dtype(np.int64): "int64_t[]",
    np.dtype(np.uint8): "uint8_t[]",
}


def rows(array: NDArray[Any], width: int, name: str) -> Words:
    """The array as C-contiguous uint64 of shape (n, width), or ValueError."""
    if not isinstance(array, np.ndarray) or array.dtype != np.uint64:
        raise ValueError(f"{name}: expected a numpy array of uint64")
    if array.ndim != 2 or array.shape[1] != width:
        raise ValueError(f"{name}: expected shape (n, {width}), got {array.shape}")
    return np.ascontiguousarray(array)


def filled(array: NDArray[Any], width: int, name: str) -> Words:
    """An array that a kernel writes to: itself C-contiguous uint64 (n, width), or ValueError."""
    if rows(array, width, name) is not array or not array.flags.writeable:
        raise ValueError(f"{name}: expected a writeable contiguous array")
    return array


def one_row(array: NDArray[Any], width: int, name: str) -> Words:
    """The array as C-contiguous uint64 of shape (width,), or ValueError."""
    if not isinstance(array, np.ndarray) or array.dtype != np.uint64:
        raise ValueError(f"{name}: expected a numpy array of uint64")
    if array.shape not in ((width,), (1, width)):
        raise ValueError(f"{name}: expected shape ({width},), got {array.shape}")
    return np.ascontiguousarray(array).reshape(width)


def indices(array: NDArray[Any], name: str) -> NDArray[np.uint32]:
    """The array as C-contiguous uint32 of shape (n,), or ValueError."""
    if not isinstance(array, np.ndarray) or array.dtype != np.uint32 or array.ndim != 1:
        raise ValueError(f"{name}: expected a numpy array of uint32 of shape (n,)")
    return np.ascontiguousarray(array)


def same_length(first: NDArray[Any], second: NDArray[Any], names: str) -> int:
    """The common length of two arrays, or ValueError."""
    if len(first) != len(second):
        raise ValueError(f"{names}: lengths {len(first)} and {len(second)} differ")
    return len(first)


def empty(n: int, width: int) -> Words:
    """Room for n rows that a kernel will fill."""
    return _room(n * width).reshape(n, width)


def scratch(words: int) -> Words:
    """Room that a kernel may use freely."""
    return _room(max(int(words), 1))


def _room(words: int) -> Words:
    """New memory; much of it comes in huge pages where the system has them, since a first touch of
    each small one takes longer than the work on it."""
    size = 8 * words
    if size < HUGE_PAGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.empty(words, dtype=np.uint64)
    pages = mmap.mmap(-1, size + HUGE_PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with contextlib.suppress(OSError):  # a kernel without huge pages
        pages.madvise(mmap.MADV_HUGEPAGE)
    start = -np.frombuffer(pages, dtype=np.uint8).ctypes.data % HUGE_PAGE
    return np.frombuffer(pages, dtype=np.uint64, count=words, offset=start)


def worker_count(threads: int) -> int:
    """`threads`, where 0 means all cores this process may use."""
    if threads < 0:
        raise ValueError(f"threads = {threads} is negative")
    return threads or len(os.sched_getaffinity(0))


def pointer(array: NDArray[Any]) -> Any:
    """The C pointer of a contiguous array; the caller keeps the array alive."""
    return ffi.from_buffer(_C_TYPES[array.dtype], array)


def call(operation: str, *arguments: Any) -> None:
    """Call lib.zk_<operation>, arrays as pointers; raise when the status is not ZK_OK."""
    converted = [pointer(a) if isinstance(a, np.ndarray) else a for a in arguments]
    raise_for_status(getattr(lib, f"zk_{operation}")(*converted), operation)


def query(operation: str, *arguments: Any) -> int:
    """Call lib.zk_<operation>, which returns a plain number and not a status."""
    converted = [pointer(a) if isinstance(a, np.ndarray) else a for a in arguments]
    return int(getattr(lib, f"zk_{operation}")(*converted))
