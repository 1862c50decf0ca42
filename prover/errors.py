"""What the prover raises.

TallystickError
├── MalformedError
│   └── MalformedFileError      a file that cannot be decoded: names file, section and reason
├── UnsatisfiedError            the witness does not satisfy the circuit
├── BackendError                a backend failed its self-check
├── SelfVerificationError       a finished proof did not verify; it was withheld
└── verifier.DevelopmentKeyError
"""

from __future__ import annotations

from native.errors import MalformedError, TallystickError


class MalformedFileError(MalformedError):
    """A file that is truncated, of another format or version, inconsistent or out of range."""


class BackendError(TallystickError):
    """A backend disagrees with the portable code and must not be used."""


class SelfVerificationError(TallystickError):
    """A proof that does not verify under its own key; it is never released."""
