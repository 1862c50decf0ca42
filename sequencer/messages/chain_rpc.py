"""A chain's view as the JSON-RPC client of its transaction sender: same nodes, same patience."""

from __future__ import annotations

from typing import Any

from sequencer.messages.transactions import NodeRefusal
from sequencer.messages.watch.errors import NodeDisagreement, NodeUnavailable
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.view import ChainView, reverted_by
from verifier.chain.errors import ChainUnavailable


class ViewRpc:
    """Implements `transactions.JsonRpc`."""

    def __init__(self, view: ChainView) -> None:
        self._view = view

    def request(self, method: str, *params: Any) -> Any:
        """The result; NodeRefusal for an error reply, ChainUnavailable for none."""
        try:
            return self._view.request(method, *params)
        except NodeRefused as refused:
            reverted = reverted_by(refused)
            data = None if reverted is None or reverted.out_of_gas else reverted.data
            raise NodeRefusal(refused.message, data) from None
        except (NodeUnavailable, NodeDisagreement) as error:
            raise ChainUnavailable(str(error)) from None
