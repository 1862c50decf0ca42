"""What the oracle daemon raises.

SequencerError
└── OracleError
    ├── ConflictingRootError   another root was attested or imported under the same block: an alarm
    ├── NotFinalError          nothing to attest there yet
    └── ImportRefusedError     the target's oracle would refuse the import
"""

from __future__ import annotations

from sequencer.errors import SequencerError


class OracleError(SequencerError):
    """Something between a source's root and a target's oracle."""


class ConflictingRootError(OracleError):
    """Two roots for one source block: a reorganisation below finality, or somebody lies."""


class NotFinalError(OracleError):
    """The block is not final here, or no message was sent up to it."""


class ImportRefusedError(OracleError):
    """The oracle contract refuses the import when it is tried out."""
