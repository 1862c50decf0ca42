"""What talking to a chain raises.

TallystickError
└── ChainError
    ├── ChainRevert        a contract refused: error name and arguments
    └── ChainUnavailable   the node does not answer, or not as a node does
"""

from __future__ import annotations

from typing import Any

from native.errors import TallystickError


class ChainError(TallystickError):
    """Something between us and the chain."""


class ChainRevert(ChainError):
    """A transaction or call was reverted; `name` is the contract's own error.

    Two names are ours: `Empty` for a revert without data, `OutOfGas` when gas ended the execution.
    Solidity's are `Error` (one string) and `Panic` (one code).
    """

    def __init__(self, name: str, args: tuple[Any, ...] = ()) -> None:
        super().__init__(f"{name}({', '.join(_show(arg) for arg in args)})")
        self.name = name
        self.arguments = args


class ChainUnavailable(ChainError):
    """No node, or a reply that no node should give."""


def _show(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    is_field_element = isinstance(value, int) and value >> 64 != 0
    return hex(value) if is_field_element else str(value)
