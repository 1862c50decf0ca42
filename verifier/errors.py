"""What the verifier raises.

    TallystickError
    ├── MalformedError
    │   ├── MalformedProofError    a proof or its public inputs cannot be read
    │   └── MalformedKeyError      a verification key cannot be read, or must not be used
    └── DevelopmentKeyError        a key from an unsafe setup, on a chain that holds value

A well-formed proof of a false statement is no error: `verify` returns False.
"""

from __future__ import annotations

from native.errors import MalformedError, TallystickError


class MalformedProofError(MalformedError):
    """A proof or a list of public inputs that cannot be decoded."""


class MalformedKeyError(MalformedError):
    """A verification key that cannot be decoded, or that would accept forgeries."""


class DevelopmentKeyError(TallystickError):
    """A key whose secrets are known to its maker was offered for a chain that holds value."""
