"""A read-only, checked view of one EVM chain over JSON-RPC."""

from __future__ import annotations

from sequencer.messages.watch.header import Header


class ChainView:
    """A chain through one or several nodes; every answer is checked before it is believed.

    Addresses are checksummed strings. All methods raise NodeUnavailable when no node answers (after
    bounded retries) and NodeDisagreement for an answer that cannot be true.
    """

    chain_id: int

    def head(self) -> Header:
        """The newest block."""
        raise NotImplementedError

    def header(self, number: int) -> Header | None:
        """The block with this number, None beyond the head."""
        raise NotImplementedError

    def finalized(self, head: Header) -> int:
        """The number of the newest block that is final by the configured rule."""
        raise NotImplementedError

    def call(self, to: str, data: bytes, *, block_hash: bytes | None = None) -> bytes:
        """eth_call on a block, or on the newest one. ExecutionReverted when the code reverts."""
        raise NotImplementedError

    def balance(self, address: str) -> int:
        """The newest balance, wei."""
        raise NotImplementedError
