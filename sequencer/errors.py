"""The sequencer's exceptions.

TallystickError
├── MalformedError(source, section, reason)    bad bytes or a bad value: the command line exits 2
│   ├── ConfigError                            a configuration file
│   ├── JournalCorruptError                    a journal damaged before its tail
│   ├── LeafStoreError                         a message tree's file that is damaged or another's
│   └── MessageError                           a cross-chain message or a proof encoding
└── SequencerError                             well-formed, but the operation cannot go on
    ├── LockedError                            another process works in the data directory
    ├── JournalBehindError                     the journal ends before the state that came from it
    ├── StateMismatchError                     a replay gave another root than the one recorded
    ├── StoreVersionError                      the database has another schema version
    ├── ChainDisagreementError                 the chain holds something this journal did not
    produce ├── UnknownBatchError, UnknownMessageError a lookup that found nothing └──
    NotProvenError                         a relay that needs a proven message root
"""

from __future__ import annotations

from native.errors import MalformedError, TallystickError


class ConfigError(MalformedError):
    """A configuration value is missing, unknown or outside its bounds."""


class JournalCorruptError(MalformedError):
    """A record before the journal's tail is damaged; `offset` is the byte where it starts."""

    def __init__(self, source: str, offset: int, reason: str) -> None:
        super().__init__(source, f"offset {offset}", reason)
        self.offset = offset

    def __reduce__(self) -> tuple[type[JournalCorruptError], tuple[str, int, str]]:  # type: ignore[override]
        """Keep the parts when the error crosses a process boundary."""
        return type(self), (self.source, self.offset, self.reason)


class MessageError(MalformedError):
    """A cross-chain message field or a proof encoding is outside its format."""


class LeafStoreError(MalformedError):
    """The file of a message tree is damaged, another channel's, or no such file at all."""


class SequencerError(TallystickError):
    """An operation of the sequencer cannot go on."""


class LockedError(SequencerError):
    """The data directory is in use by another process."""


class JournalBehindError(SequencerError):
    """The journal ends before the records that the stored state was computed from."""


class StateMismatchError(SequencerError):
    """Executing the journal gave a state root other than the one it records."""


class StoreVersionError(SequencerError):
    """The database was written by another schema version."""


class ChainDisagreementError(SequencerError):
    """The chain holds a batch or a state root that this journal did not produce."""


class UnknownBatchError(SequencerError):
    """No batch has that number."""


class UnknownMessageError(SequencerError):
    """No sealed batch holds a message with that index."""


class NotProvenError(SequencerError):
    """The batch that covers a message is not settled on the chain yet."""
