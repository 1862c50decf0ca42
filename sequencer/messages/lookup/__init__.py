"""Where is my message? Answers from a daemon's ledger, which is only read."""

from __future__ import annotations

from sequencer.messages.lookup.find import find_message, listed
from sequencer.messages.lookup.ledger_file import open_ledger
from sequencer.messages.lookup.proving import ProvenMessage, prove_message
from sequencer.messages.lookup.story import Event, Status, Story, story_of

__all__ = [
    "Event",
    "ProvenMessage",
    "Status",
    "Story",
    "find_message",
    "listed",
    "open_ledger",
    "prove_message",
    "story_of",
]
