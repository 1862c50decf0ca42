"""The hashed fields beside the account tree, and the state root over both."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.frontend import Builder, Wire
from circuits.gadgets.poseidon import poseidon


@dataclass(frozen=True)
class GlobalsWires:
    """As `circuits.spec.globals.Globals`."""

    batch_number: Wire
    timestamp_s: Wire
    message_count: Wire
    deposit_count: Wire


def state_root(b: Builder, account_root: Wire, globals_: GlobalsWires) -> Wire:
    """The commitment to the whole state."""
    fields = (
        globals_.batch_number,
        globals_.timestamp_s,
        globals_.message_count,
        globals_.deposit_count,
    )
    return poseidon(b, [account_root, poseidon(b, fields)])
