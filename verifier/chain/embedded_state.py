"""The embedded chain's state between transactions, and a fresh machine for each.

A pyrevm machine never ends a transaction: storage that an earlier one touched stays warm and dirty,
and later ones get it far too cheaply (a repeated write for 100 gas instead of 5,000). So accounts
and storage are kept here, and every transaction runs on a new machine in whose database they lie
cold, as on a real chain. Gas is then exact; a test compares it with a node's.

pyrevm shows storage only in its debug text, which is therefore read here; its version is pinned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyrevm
from eth_utils.crypto import keccak

# The stub of this constructor misses its balance.
_ACCOUNT_INFO: Any = pyrevm.AccountInfo
_EMPTY_CODE_HASH = keccak(b"")
_ANALYSIS_PADDING = 33
_ACCOUNT = re.compile(r"(0x[0-9a-f]{40}): Account \{")
_SLOT = re.compile(r"(\d+): StorageSlot \{ previous_or_original_value: \d+, present_value: (\d+)")


class ChainState:
    """All accounts and all storage, by address."""

    def __init__(self, chain_id: int, gas_limit: int) -> None:
        self._chain_id = chain_id
        self._gas_limit = gas_limit
        self._accounts: dict[str, pyrevm.AccountInfo] = {}
        self._storage: dict[tuple[str, int], int] = {}

    def machine(self) -> pyrevm.EVM:
        """A machine with this state, everything cold."""
        environment = pyrevm.Env(cfg=pyrevm.CfgEnv(chain_id=self._chain_id))
        machine = pyrevm.EVM(env=environment, gas_limit=self._gas_limit, spec_id="CANCUN")
        for address, info in self._accounts.items():
            machine.insert_account_info(address, info)
        for (address, slot), value in self._storage.items():
            # The insertion itself loads the account; reverting makes it cold again.
            checkpoint = machine.snapshot()
            machine.insert_account_storage(address, slot, value)
            machine.revert(checkpoint)
        return machine

    def absorb(self, machine: pyrevm.EVM) -> None:
        """Take over whatever the machine's transaction loaded or changed."""
        for address, info in machine.journal_state.items():
            code = _code(machine, address, info)
            self._accounts[address] = _ACCOUNT_INFO(info.balance, info.nonce, code=code)
        for address, slot, value in _loaded_storage(machine.journal_str):
            self._storage[address, slot] = value
            if value == 0:
                del self._storage[address, slot]


def _code(machine: pyrevm.EVM, address: str, info: pyrevm.AccountInfo) -> bytes | None:
    """Contract code without the zeros that the machine appends to it; None for a plain account."""
    if info.code_hash == _EMPTY_CODE_HASH:
        return None
    code = bytes(machine.get_code(address) or b"")
    trimmed = code[:-_ANALYSIS_PADDING]
    return trimmed if keccak(trimmed) == info.code_hash else code


def _loaded_storage(text: str) -> Iterator[tuple[str, int, int]]:
    """(address, slot, value) of the storage in a journal's debug text."""
    accounts = list(_ACCOUNT.finditer(text))
    ends = [match.start() for match in accounts[1:]] + [len(text)]
    for match, end in zip(accounts, ends, strict=True):
        for slot in _SLOT.finditer(text, match.end(), end):
            yield match[1], int(slot[1]), int(slot[2])
