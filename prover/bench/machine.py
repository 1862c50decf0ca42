"""What a figure must be read with: processor, kernels in use, versions, date, load."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from native import variants

FLAGS = ("bmi2", "adx", "avx2", "avx512f", "avx512ifma", "avx512vbmi")
BUSY_LOAD = 0.5


def describe_machine() -> dict[str, Any]:
    """The machine as JSON; `load` is the average over the last minute before the measurement."""
    cpuinfo = _read("/proc/cpuinfo")
    return {
        "cpu": _field(cpuinfo, "model name") or platform.processor() or "unknown",
        "cores": len(os.sched_getaffinity(0)),
        "flags": [flag for flag in FLAGS if flag in _field(cpuinfo, "flags").split()],
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": platform.release(),
        "system": _system(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": round(os.getloadavg()[0], 2),
        "kernels": variants.active(),
        "python": platform.python_version(),
        "numpy": metadata.version("numpy"),
        "tallystick": metadata.version("tallystick"),
    }


def is_busy(machine: dict[str, Any]) -> bool:
    """Whether something else was running when the machine was described."""
    return float(machine["load"]) > BUSY_LOAD


def one_line(machine: dict[str, Any]) -> str:
    """The machine in words, for tables and plots."""
    cores = "1 core" if machine["cores"] == 1 else f"{machine['cores']} cores"
    memory = f"{machine['memory_bytes'] / 2**30:.0f} GiB"
    parts = (machine["cpu"], cores, memory, f"{machine['kernels']} kernels", machine["system"])
    return ", ".join((*parts, f"Python {machine['python']}", machine["date"][:10]))


def _system() -> str:
    for line in _read("/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return platform.system()


def _field(cpuinfo: str, name: str) -> str:
    for line in cpuinfo.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
