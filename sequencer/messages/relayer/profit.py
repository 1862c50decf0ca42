"""Whether a delivery pays: the fee taken at the source against the gas at the target."""

from __future__ import annotations

from sequencer.messages.relayer.settings import RATIO_ONE


def cost_at_source(gas: int, gas_price: int, ratio_e10: int) -> int:
    """Wei of the source chain that `gas` at the target is worth, rounded up.

    `ratio_e10` is the price of the target's token over the source's, times 10^10.
    """
    return -(-gas * gas_price * ratio_e10 // RATIO_ONE)


def is_worth_it(fee_wei: int, cost_wei: int, margin_percent: int) -> bool:
    """Whether the fee covers the cost and the margin on it."""
    return fee_wei * 100 >= cost_wei * (100 + margin_percent)
