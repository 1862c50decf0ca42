"""What a transaction offers for its gas: EIP-1559 where blocks have a base fee, else a gas price.

All amounts are wei for a unit of gas.
"""

from __future__ import annotations

from dataclasses import dataclass

BASE_FEE_HEADROOM = 2
"""A first offer still holds after about six full blocks, each of which raises the base fee by
1/8."""


@dataclass(frozen=True)
class Fees:
    """An offer. `tip` is None on a chain without a base fee; `max_fee` is then the gas price."""

    max_fee: int
    tip: int | None

    def covers(self, other: Fees) -> bool:
        """Whether nobody who wants `other` would refuse this."""
        return self.max_fee >= other.max_fee and (self.tip or 0) >= (other.tip or 0)


def market(base_fee: int | None, tip: int, gas_price: int, cap: int) -> Fees:
    """What the chain asks for now, at most `cap`."""
    if base_fee is None:
        return Fees(min(gas_price, cap), None)
    max_fee = min(BASE_FEE_HEADROOM * base_fee + tip, cap)
    return Fees(max_fee, min(tip, max_fee))


def bumped(last: Fees, now: Fees, cap: int) -> Fees | None:
    """An offer that replaces `last`: each part raised by 1/8 or to the market, None above the cap.

    Nodes ask for 1/10 more; some for 1/8.
    """
    max_fee = max(_raised(last.max_fee), now.max_fee)
    if max_fee > cap:
        max_fee = cap
        if max_fee < _raised(last.max_fee):
            return None
    if last.tip is None:
        return Fees(max_fee, None)
    tip = max(_raised(last.tip), now.tip or 0)
    # Also the cap limits the tip, but an offer whose tip did not rise replaces nothing.
    return Fees(max_fee, min(tip, max_fee)) if max_fee >= _raised(last.tip) else None


def _raised(fee: int) -> int:
    """At least 12.5 % more, at least one wei."""
    return fee + max(1, (fee + 7) // 8)
