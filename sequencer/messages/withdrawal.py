"""The ORMP message that a withdrawal leaves the rollup as: from the rollup contract to itself.

Users' messages come from `account_address`, so none of them can be taken for a withdrawal.
"""

from __future__ import annotations

from eth_hash.auto import keccak

from circuits.spec.domain import RollupDomain
from sequencer.messages.message import Message

WITHDRAWAL_GAS_LIMIT = 200_000
_SELECTOR = keccak(b"payWithdrawal(uint32,address,uint64)")[:4]

WITHDRAWAL_PAYLOAD_BYTES = len(_SELECTOR) + 3 * 32


def withdrawal_message(domain: RollupDomain, index: int, recipient: int, amount_e6: int) -> Message:
    """Message `index` of the rollup, which pays `amount_e6` to the address `recipient`."""
    arguments = (index, recipient, amount_e6)
    return Message(
        channel=domain.contract,
        index=index,
        from_chain_id=domain.rollup_chain_id,
        sender=domain.contract,
        to_chain_id=domain.l1_chain_id,
        to=domain.contract,
        gas_limit=WITHDRAWAL_GAS_LIMIT,
        encoded=_SELECTOR + b"".join(value.to_bytes(32, "big") for value in arguments),
    )
