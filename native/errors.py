"""The roots of every exception that this project raises on purpose.

    TallystickError
    ├── MalformedError       a file or value that cannot be decoded: source, section, reason
    ├── UnsatisfiedError     a well-formed but false witness
    └── NativeError          the native library cannot work on this machine

Each package adds subclasses in its own `errors.py`. Malformed input raises; a check of something
well-formed but false returns False.
"""

from __future__ import annotations


class TallystickError(Exception):
    """Root of the tree."""


class MalformedError(TallystickError):
    """Malformed input; `str()` gives "source: section: reason"."""

    def __init__(self, source: str, section: str, reason: str) -> None:
        super().__init__(f"{source}: {section}: {reason}")
        self.source = source
        self.section = section
        self.reason = reason

    def __reduce__(self) -> tuple[type[MalformedError], tuple[str, str, str]]:
        """Keep the three parts when the error crosses a process boundary."""
        return type(self), (self.source, self.section, self.reason)


class UnsatisfiedError(TallystickError):
    """A well-formed witness that does not satisfy its circuit."""


class NativeError(TallystickError):
    """The native library cannot do what was asked on this machine."""


# zk_status of include/zk.h -> exception; the only place that knows.
_STATUS_ERRORS: dict[int, tuple[type[Exception], str]] = {
    1: (ValueError, "array lengths do not fit together"),
    2: (ValueError, "an index or parameter is out of its range"),
    3: (NativeError, "TALLYSTICK_NATIVE names no variant that this machine has"),
    4: (NativeError, "this variant disagrees with the portable code on this machine"),
}


def raise_for_status(status: int, operation: str) -> None:
    """Raise what a zk_status other than ZK_OK stands for; `operation` names who returned it."""
    if status != 0:
        kind, reason = _STATUS_ERRORS.get(status, (NativeError, f"unknown status {status}"))
        raise kind(f"{operation}: {reason}")
