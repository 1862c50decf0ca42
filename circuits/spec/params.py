"""Sizes: what a preset fixes, and how wide every packed field is."""

from __future__ import annotations

from dataclasses import dataclass

ARITY_BITS = 2  # a node of the account tree has 4 children: one digit of the index is 2 bits
SIBLINGS = 3

TYPE_BITS = 8
INDEX_BITS = 32
WORD_AMOUNT_BITS = 64  # an amount has 64 bits in a packed word …
AMOUNT_BITS = 63  # … and is below 2^63, so that balances fit a signed 64-bit integer
NONCE_BITS = 32
EXPIRY_BITS = 64
ADDRESS_BITS = 160
CHAIN_ID_BITS = 64
GAS_LIMIT_BITS = 64
HASH_HALF_BITS = 128

BATCH_NUMBER_BITS = 64
TIMESTAMP_BITS = 64
MESSAGE_COUNT_BITS = 32
DEPOSIT_COUNT_BITS = 64

HEADER_WORDS = 5
SLOT_WORDS = 4


@dataclass(frozen=True)
class Preset:
    """How many accounts (4^tree_depth) and how many transactions a batch has."""

    name: str
    tree_depth: int
    slots: int

    @property
    def max_accounts(self) -> int:
        """The number of leaves of the account tree."""
        return 1 << (ARITY_BITS * self.tree_depth)

    @property
    def public_data_words(self) -> int:
        """The length of the public data of one batch, in field elements."""
        return HEADER_WORDS + SLOT_WORDS * self.slots


TINY = Preset("tiny", tree_depth=2, slots=2)
SMALL = Preset("small", tree_depth=8, slots=8)
MAINNET = Preset("mainnet", tree_depth=12, slots=32)
PRESETS = {preset.name: preset for preset in (TINY, SMALL, MAINNET)}
