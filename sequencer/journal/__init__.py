"""The journal: hash-chained, append-only records that the whole state can be computed from."""

from __future__ import annotations

from sequencer.journal.frame import Record
from sequencer.journal.journal import Journal

__all__ = ["Journal", "Record"]
