"""Cross-chain messages: the ORMP codec, the message tree and its proofs."""

from __future__ import annotations

from sequencer.messages.leaf_store import LeafStore
from sequencer.messages.message import Message, account_address
from sequencer.messages.posted import posted_messages
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import EMPTY_ROOT, Frontier, MessageTree, branch_root
from sequencer.messages.withdrawal import withdrawal_message

__all__ = [
    "EMPTY_ROOT",
    "Frontier",
    "LeafStore",
    "Message",
    "MessageProof",
    "MessageTree",
    "account_address",
    "branch_root",
    "posted_messages",
    "withdrawal_message",
]
