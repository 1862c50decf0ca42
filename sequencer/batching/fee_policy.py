"""The least fee of what leaves the rollup: somebody pays for its delivery and for its proof.

This is the sequencer's own condition. The circuit knows nothing of it, and a refusal is journaled
nowhere.
"""

from __future__ import annotations

from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions import Message, Transaction, Withdraw
from sequencer.messages.fees import Delivery, FeeQuoter, Quote
from sequencer.messages.withdrawal import WITHDRAWAL_GAS_LIMIT, WITHDRAWAL_PAYLOAD_BYTES


class FeePolicy:
    """Asks the quoter for what a transaction has delivered; without one, any fee will do."""

    def __init__(self, quoter: FeeQuoter | None, l1_chain_id: int) -> None:
        self._quoter = quoter
        self._l1_chain_id = l1_chain_id

    def quote(self, transaction: Transaction, now_s: int) -> Quote:
        """A fee that will be enough; 0 for what does not leave. Refused (NO_PRICE)."""
        delivery = self._delivery(transaction)
        if self._quoter is None or delivery is None:
            return Quote(0, now_s)
        return self._quoter.quote(delivery)

    def check(self, transaction: Transaction) -> None:
        """Refuse (FEE_TOO_LOW, NO_PRICE) what does not pay for its delivery."""
        delivery = self._delivery(transaction)
        if self._quoter is None or delivery is None:
            return
        least_e6, fee_e6 = self._quoter.least_e6(delivery), transaction.fields().fee_e6
        if fee_e6 < least_e6:
            raise Refused(RefusalCode.FEE_TOO_LOW, f"a fee of {fee_e6}, at least {least_e6} is due")

    def _delivery(self, transaction: Transaction) -> Delivery | None:
        if isinstance(transaction, Message):
            size = len(transaction.payload)
            return Delivery(transaction.to_chain_id, transaction.gas_limit, size)
        if isinstance(transaction, Withdraw):
            return Delivery(self._l1_chain_id, WITHDRAWAL_GAS_LIMIT, WITHDRAWAL_PAYLOAD_BYTES)
        return None
