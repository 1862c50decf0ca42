"""The price of a target's token in the source's, by the source relayer's own price table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from sequencer.messages.relayer import calls
from sequencer.messages.relayer.settings import Route
from sequencer.messages.watch import ChainView, NodeUnavailable, WatchError
from sequencer.messages.watch.node import NodeRefused
from verifier.chain.transport import ExecutionReverted

MAX_AGE_S = 60.0


class PriceRatios:
    """Ratios by route, read again after a minute; a failure, too, is remembered for that long, so
    that a source that is away does not hold up the messages of others. `views` are the source
    chains' nodes.
    """

    def __init__(
        self, views: Mapping[int, ChainView], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._views = views
        self._clock = clock
        self._known: dict[Route, tuple[float, int | WatchError]] = {}

    def ratio_e10(self, route: Route) -> int:
        """The target token's price over the source token's, times 10^10.

        WatchError when the source chain does not tell.
        """
        if route.price_ratio_e10 is not None:
            return route.price_ratio_e10
        read_at, ratio = self._known.get(route, (0.0, 0))
        if route not in self._known or self._clock() - read_at > MAX_AGE_S:
            try:
                ratio = self._read(route)
            except WatchError as error:
                ratio = error
            self._known[route] = (self._clock(), ratio)
        if isinstance(ratio, WatchError):
            raise ratio
        return ratio

    def _read(self, route: Route) -> int:
        view, data = self._views[route.source_chain_id], calls.price_of(route.target_chain_id)
        try:
            return calls.price_ratio(view.call(route.relayers[0], data))
        except (ExecutionReverted, NodeRefused) as error:
            raise NodeUnavailable(
                f"{route.relayers[0]} on chain {route.source_chain_id} has no price table: {error}"
            ) from None
        except ValueError as error:
            raise view.disagreement(str(error)) from None
