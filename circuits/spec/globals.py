"""The fields of the state beside the account tree, and the root over both.

    globals commitment = Poseidon(batch_number, timestamp_s, message_count, deposit_count)
    state root         = Poseidon(account tree root, globals commitment)

They grow later by prices, funding indices and the configuration digest.
"""

from __future__ import annotations

from dataclasses import dataclass

from circuits.spec.tree import empty_nodes
from native.api import poseidon


@dataclass(frozen=True)
class Globals:
    """The last batch, its time, and how many messages and deposits all batches held so far.

    Withdrawals count as messages, because they leave as such.
    """

    batch_number: int = 0
    timestamp_s: int = 0
    message_count: int = 0
    deposit_count: int = 0

    def commitment(self) -> int:
        """The hash of the four fields."""
        return poseidon(self.batch_number, self.timestamp_s, self.message_count, self.deposit_count)


GENESIS = Globals()


def state_root(account_root: int, globals_: Globals) -> int:
    """The commitment to the whole state."""
    return poseidon(account_root, globals_.commitment())


def genesis_state_root(tree_depth: int) -> int:
    """The state root before the first batch: no accounts, all globals zero."""
    return state_root(empty_nodes(tree_depth)[-1], GENESIS)
