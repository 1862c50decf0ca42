"""Sends the transactions of one key to one chain, each piece of work under one nonce.

`submit` takes an intent; `step`, called again and again, moves everything on: it signs what is
queued, sends what is signed, raises offers that nobody takes, and follows mined transactions until
they are `confirmations` blocks deep. A signed transaction is on disk before it is sent; a restart
sends the same bytes. A block that vanishes takes its transactions back to PENDING and they are
sent again, however deep it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eth_account.signers.local import LocalAccount

from sequencer.messages.transactions import fees
from sequencer.messages.transactions.fees import Fees
from sequencer.messages.transactions.node import Head, TransactionNode
from sequencer.messages.transactions.records import Attempt, Intent, Outcome, State, Tracked
from sequencer.messages.transactions.replies import Reply
from sequencer.messages.transactions.store import Mined, TransactionStore

CANCEL_GAS = 21_000
"""An empty transaction to oneself."""


@dataclass(frozen=True)
class SenderPolicy:
    """How patient and how generous the sender is.

    `max_fee_per_gas` (wei) is never exceeded. `default_tip` serves where the node recommends none.
    An offer is raised when it is `bump_after_blocks` blocks and `bump_after_s` seconds old.
    """

    max_fee_per_gas: int
    default_tip: int = 10**9
    max_pending: int = 16
    confirmations: int = 64
    bump_after_blocks: int = 3
    bump_after_s: int = 30


class TransactionSender:
    """One account on one chain. Not for several threads. A step that ends with NodeUnavailable or
    NodeDisagreement leaves nothing undone that the next step does not do.
    """

    def __init__(
        self,
        node: TransactionNode,
        store: TransactionStore,
        signer: LocalAccount,
        chain_id: int,
        policy: SenderPolicy,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._node = node
        self._store = store
        self._signer = signer
        self._chain_id = chain_id
        self._policy = policy
        self._clock = clock
        self._sent_at: dict[bytes, float] = {}
        self._underpriced: set[bytes] = set()
        self._checked_head = b""
        self.blocked: str | None = None
        """Why the last step could not send something, in the node's words."""

    @property
    def account(self) -> str:
        """The address that pays."""
        return str(self._signer.address)

    def submit(self, intent: Intent) -> Tracked:
        """Take on a piece of work; a key that is known and has not failed changes nothing."""
        return self._store.add(intent)

    def withdraw(self, key: str) -> bool:
        """Take back an intent that was not signed yet; whether that was possible."""
        return self._store.withdraw(key)

    def find(self, key: str) -> Tracked | None:
        """What became of a piece of work."""
        return self._store.find(key)

    def room(self) -> int:
        """How many more intents would be sent at once."""
        waiting = self._store.count(State.QUEUED) + self._store.count(State.PENDING)
        return max(0, self._policy.max_pending - waiting)

    def counts(self) -> dict[State, int]:
        """How many intents are in each state."""
        return {state: self._store.count(state) for state in State}

    def step(self) -> None:
        """Bring the records up to the chain, then the chain up to the records."""
        head = self._node.head()
        used = self._node.nonce(self.account)
        self.blocked = None
        self._reopen_vanished(head, used)
        self._find_mined(head, used)
        self._settle_deep(head)
        self._send_pending(head, used)

    # from the chain to the records

    def _reopen_vanished(self, head: Head, used: int) -> None:
        """What stands in a block that is no longer the chain's is pending again.

        Blocks are a chain: if the highest one is still there, so are those below.
        """
        for row in self._store.settled_from(used):
            self._pending_again(row)
        if head.hash == self._checked_head:
            return
        for row in sorted(self._store.in_state(State.MINED), key=_highest_first):
            assert row.block_number is not None
            if self._node.block_hash(row.block_number) == row.block_hash:
                break
            self._pending_again(row)
        self._checked_head = head.hash

    def _pending_again(self, row: Tracked) -> None:
        self._store.pending_again(row)
        for attempt in self._store.attempts(row):
            self._sent_at.pop(attempt.hash, None)

    def _find_mined(self, head: Head, used: int) -> None:
        for row in self._store.in_state(State.PENDING):
            if row.nonce is None or row.nonce >= used:
                if row.missing_since is not None:
                    self._store.missing_since(row, None)
                continue
            mined = self._mined_attempt(row)
            if mined is not None:
                self._store.mined(row, mined)
            elif row.missing_since is None:
                self._store.missing_since(row, head.number)
            elif head.number - row.missing_since >= self._policy.confirmations:
                reason = f"nonce {row.nonce} was used by a transaction that was not signed here"
                self._store.replaced(row, reason)

    def _mined_attempt(self, row: Tracked) -> Mined | None:
        for attempt in self._store.attempts(row):
            receipt = self._node.receipt(attempt.hash)
            if receipt is None:
                continue
            outcome, reason = Outcome.SUCCEEDED, None
            if attempt.is_cancel:
                outcome, reason = Outcome.CANCELLED, row.reason
            elif not receipt.succeeded:
                outcome = Outcome.REVERTED
                reason = "OutOfGas()"
                if receipt.gas_used < row.intent.gas_limit:
                    call = self._call(row.intent)
                    reason = self._node.why_reverted(call, receipt.block_number)
            return Mined(
                attempt.hash,
                receipt.block_number,
                receipt.block_hash,
                receipt.gas_used,
                receipt.gas_price,
                outcome,
                reason,
            )
        return None

    def _settle_deep(self, head: Head) -> None:
        for row in self._store.in_state(State.MINED):
            assert row.block_number is not None
            if head.number - row.block_number + 1 >= self._policy.confirmations:
                self._store.final(row)

    # from the records to the chain

    def _send_pending(self, head: Head, used: int) -> None:
        rows = self._store.in_state(State.PENDING)
        queued = self._store.in_state(State.QUEUED)[: max(0, self._policy.max_pending - len(rows))]
        if not rows and not queued:
            return
        now = self._market(head)
        for row in rows:
            if row.nonce is not None and row.nonce >= used:
                self._push(row, row.nonce, head, now, is_first=row.nonce == used)
        if queued and self.blocked is None and head.base_fee is not None:
            self._refuse_to_overpay(head.base_fee)
        for row in queued:
            if self.blocked is None:
                nonce = self._store.free_nonce(self._node.nonce(self.account, "pending"))
                self._offer(row, nonce, now, head)

    def _push(self, row: Tracked, nonce: int, head: Head, now: Fees, *, is_first: bool) -> None:
        """Send what this process has not sent; raise an offer that is too old or too low."""
        last = self._store.attempts(row)[0]
        if last.hash not in self._sent_at:
            self._broadcast(row, nonce, last, head)
        elif self._is_due(last, head) and (is_first or not last.fees.covers(now)):
            raised = fees.bumped(last.fees, now, self._policy.max_fee_per_gas)
            if raised is not None:
                self._offer(row, nonce, raised, head, is_cancel=last.is_cancel)
                return
            self.blocked = f"nonce {nonce} waits although it offers the highest fee allowed"
            if self._clock() - self._sent_at[last.hash] >= self._policy.bump_after_s:
                self._broadcast(row, nonce, last, head)

    def _is_due(self, last: Attempt, head: Head) -> bool:
        if last.hash in self._underpriced:
            return True
        blocks, seconds = head.number - last.signed_at_block, self._clock() - last.signed_at_s
        return blocks >= self._policy.bump_after_blocks and seconds >= self._policy.bump_after_s

    def _offer(
        self, row: Tracked, nonce: int, offer: Fees, head: Head, *, is_cancel: bool = False
    ) -> None:
        """Sign, keep, send; in this order."""
        intent = self._nothing() if is_cancel else row.intent
        signed = self._signer.sign_transaction(self._request(intent, nonce, offer))
        attempt = Attempt(
            bytes(signed.hash),
            bytes(signed.raw_transaction),
            offer,
            is_cancel,
            head.number,
            int(self._clock()),
        )
        self._store.sign(row, nonce, attempt)
        self._broadcast(row, nonce, attempt, head)

    def _broadcast(self, row: Tracked, nonce: int, attempt: Attempt, head: Head) -> None:
        reply, words = self._node.send(attempt.raw)
        if reply in (Reply.NO_FUNDS, Reply.LATER):
            self.blocked = words
            return
        self._sent_at[attempt.hash] = self._clock()
        if reply is Reply.UNDERPRICED:
            self._underpriced.add(attempt.hash)
        elif reply is Reply.IMPOSSIBLE and attempt.is_cancel:
            self.blocked = words
        elif reply is Reply.IMPOSSIBLE:
            self._store.refused(row, words)
            offer = fees.bumped(attempt.fees, attempt.fees, self._policy.max_fee_per_gas)
            self._offer(row, nonce, offer or attempt.fees, head, is_cancel=True)

    def _market(self, head: Head) -> Fees:
        if head.base_fee is None:
            return fees.market(None, 0, self._node.gas_price(), self._policy.max_fee_per_gas)
        tip = self._node.tip()
        tip = self._policy.default_tip if tip is None else tip
        return fees.market(head.base_fee, tip, 0, self._policy.max_fee_per_gas)

    def _refuse_to_overpay(self, base_fee: int) -> None:
        cap = self._policy.max_fee_per_gas
        if base_fee > cap:
            self.blocked = f"the base fee {base_fee} is above the highest fee allowed, {cap} wei"

    def _request(self, intent: Intent, nonce: int, offer: Fees) -> dict[str, Any]:
        request: dict[str, Any] = {
            "chainId": self._chain_id,
            "nonce": nonce,
            "to": intent.to,
            "data": intent.data,
            "value": intent.value,
            "gas": intent.gas_limit,
        }
        if offer.tip is None:
            return request | {"gasPrice": offer.max_fee}
        return request | {"maxFeePerGas": offer.max_fee, "maxPriorityFeePerGas": offer.tip}

    def _call(self, intent: Intent) -> dict[str, str]:
        return {
            "from": self.account,
            "to": intent.to,
            "data": "0x" + intent.data.hex(),
            "value": hex(intent.value),
            "gas": hex(intent.gas_limit),
        }

    def _nothing(self) -> Intent:
        return Intent("", self.account, b"", CANCEL_GAS)


def _highest_first(row: Tracked) -> int:
    return -(row.block_number or 0)
