"""The roots of every exception that this project raises on purpose.

    TallystickError
    ├── MalformedError       a file or value that cannot be decoded: source, section, reason
    └── UnsatisfiedError     a well-formed but false witness

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
