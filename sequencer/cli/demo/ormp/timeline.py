"""What happened when: printed as it happens, and kept for the tables at the end."""

from __future__ import annotations

import time
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from sequencer.cli.console import Console
from sequencer.messages.watch.facts import Position

GWEI = 10**9


@dataclass
class Traced:
    """A message that the demo follows. Its fee is in wei, or in collateral if it left the rollup.

    `seen_s` says when each of its events was seen, in seconds since the start; of an event that
    comes again, the last time. So does the gas of its delivery.
    """

    name: str
    message_hash: bytes
    _: KW_ONLY
    source: str
    fee_wei: int | None = None
    fee_e6: int | None = None
    send_gas: int | None = None
    delivery_gas: int | None = None
    delivered_by: str | None = None
    seen_s: dict[str, float] = field(default_factory=dict)
    told: set[tuple[str, Position]] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """Amounts as strings, times in seconds."""
        return {
            "name": self.name,
            "source": self.source,
            "hash": "0x" + self.message_hash.hex(),
            "fee_wei": None if self.fee_wei is None else str(self.fee_wei),
            "fee_e6": None if self.fee_e6 is None else str(self.fee_e6),
            "send_gas": self.send_gas,
            "delivery_gas": self.delivery_gas,
            "delivered_by": self.delivered_by,
            "seen_s": {name: round(seconds, 3) for name, seconds in self.seen_s.items()},
        }


class Timeline:
    """The demo's clock, its printed lines and its figures."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self.messages: list[Traced] = []
        self.gas: dict[str, int] = {}
        self.events: list[dict[str, Any]] = []

    def now_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def heading(self, text: str) -> None:
        """The title of an act."""
        self._console.heading(text)

    def note(self, chain: str, event: str, transaction: str | None = None) -> float:
        """Print one line; the time on it."""
        now = self.now_s()
        where = "" if transaction is None else f"  {transaction[:12]}…"
        self._console.line(f"  {now:6.2f} s  {chain:<7} {event}{where}")
        self.events.append(
            {"at_s": round(now, 3), "chain": chain, "event": event, "transaction": transaction}
        )
        return now

    def print_tables(self) -> None:
        """The closing tables."""
        columns = ("message", "fee", "root, s", "delivered, s", "send gas", "delivery gas")
        rows = [
            (
                one.name,
                _fee(one),
                _span(one, "root known"),
                _span(one, "delivered"),
                _number(one.send_gas),
                _number(self._share(one)),
            )
            for one in self.messages
        ]
        self._console.line()
        self._console.table("messages", columns, rows)
        self._console.table(
            "gas by step", ("step", "gas"), [(name, f"{gas:,}") for name, gas in self.gas.items()]
        )

    def _share(self, message: Traced) -> int | None:
        """A message's part of the gas of the transaction that delivered it."""
        if message.delivery_gas is None:
            return None
        together = [one for one in self.messages if one.delivered_by == message.delivered_by]
        return message.delivery_gas // len(together)

    def to_json(self) -> dict[str, Any]:
        """Everything, for `--json`."""
        return {
            "seconds": round(self.now_s(), 3),
            "messages": [one.to_json() for one in self.messages],
            "gas": self.gas,
            "events": self.events,
        }


def _fee(one: Traced) -> str:
    if one.fee_e6 is not None:
        return f"{one.fee_e6 / 1e6:,.2f} in collateral"
    return "-" if one.fee_wei is None else f"{one.fee_wei / GWEI:,.0f} gwei"


def _span(one: Traced, until: str) -> str:
    """Seconds from acceptance, by a rollup's batch or an endpoint, until an event."""
    begin = one.seen_s.get("accepted", one.seen_s.get("posted"))
    end = one.seen_s.get(until)
    return "-" if begin is None or end is None else f"{max(0.0, end - begin):.2f}"


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
