"""What following a chain raises.

SequencerError
└── WatchError
    ├── NodeUnavailable    no node answers, or not in time: try again later
    ├── NodeDisagreement   an answer that cannot be true, or does not fit the ones before it
    └── ChainStopped       a disagreement that stays, or a reorganisation too deep: look into it
"""

from __future__ import annotations

from sequencer.errors import SequencerError


class WatchError(SequencerError):
    """Something between a chain's nodes and the ledger."""


class NodeUnavailable(WatchError):
    """No node gave a usable answer in time; nothing is wrong with what is stored."""


class NodeDisagreement(WatchError):
    """A node's answer cannot be true: it contradicts itself, its chain or another answer."""


class ChainStopped(WatchError):
    """The chain is not followed any further until somebody has looked; nothing wrong was stored."""
