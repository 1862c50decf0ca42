"""A chain inside this process: pyrevm, one transaction a block, nothing on disk."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

import pyrevm
from eth_utils.address import to_checksum_address

from verifier.chain.embedded_state import ChainState
from verifier.chain.transport import ExecutionReverted, Log, TransactionResult

BLOCK_GAS_LIMIT = 30_000_000
_ACCOUNT_BALANCE_WEI = 10**24
_REVERT = re.compile(r"Revert \{ gas_used: \d+, output: 0x([0-9a-fA-F]*) \}")


class EmbeddedChain:
    """An in-process chain whose accounts need no keys: any address of `accounts` may send.

    `clock` gives the time in seconds; a block's timestamp is the clock's, and never decreases.
    """

    def __init__(
        self,
        chain_id: int = 31337,
        *,
        clock: Callable[[], float] = time.time,
        gas_limit: int = BLOCK_GAS_LIMIT,
        n_accounts: int = 10,
    ) -> None:
        self._state = ChainState(chain_id, gas_limit)
        self._evm = self._state.machine()
        self._chain_id = chain_id
        self._clock = clock
        self._gas_limit = gas_limit
        self._timestamp_s = 0
        self._number = 0
        self._data: list[bytes] = []
        self._logs: list[Log] = []
        self._accounts = tuple(_account(index) for index in range(n_accounts))
        for account in self._accounts:
            self._evm.set_balance(account, _ACCOUNT_BALANCE_WEI)
        self._state.absorb(self._evm)

    @property
    def chain_id(self) -> int:
        """The chain's id."""
        return self._chain_id

    @property
    def accounts(self) -> Sequence[str]:
        """Funded addresses."""
        return self._accounts

    def transact(
        self,
        to: str | None,
        data: bytes,
        *,
        sender: str,
        value: int = 0,
        gas_limit: int | None = None,
    ) -> TransactionResult:
        """Mine one block with one transaction."""
        self._next_block()
        gas = self._gas_limit if gas_limit is None else gas_limit
        created = None
        try:
            if to is None:
                created = to_checksum_address(self._evm.deploy(sender, data, value=value, gas=gas))
            else:
                self._evm.message_call(sender, to, calldata=data, value=value, gas=gas)
        except RuntimeError as error:
            raise _reverted(error) from None
        self._state.absorb(self._evm)
        return self._record(data, created)

    def call(self, to: str, data: bytes, *, sender: str | None = None) -> bytes:
        """Run code on a fork of the state that is dropped."""
        self._set_block(self._number + 1, self.block_timestamp())
        caller = self._accounts[0] if sender is None else sender
        try:
            result = self._evm.message_call(
                caller, to, calldata=data, gas=self._gas_limit, is_static=True
            )
        except RuntimeError as error:
            raise _reverted(error) from None
        return bytes(result)

    def logs(self, address: str, topics: Sequence[bytes | None]) -> list[Log]:
        """Events of a contract whose topics match, oldest first."""
        return [log for log in self._logs if log.address == address and _matches(log, topics)]

    def transaction_data(self, transaction_id: str) -> bytes:
        """Input data of the transaction with this id."""
        return self._data[int(transaction_id) - 1]

    def block_number(self) -> int:
        """The newest block; each holds one transaction."""
        return self._number

    def block_timestamp(self) -> int:
        """The time of a block made now."""
        return max(int(self._clock()), self._timestamp_s)

    def code(self, address: str) -> bytes:
        """The contract code at an address."""
        return bytes(self._evm.get_code(address) or b"")

    def balance(self, address: str) -> int:
        """Wei held by an address."""
        return int(self._evm.get_balance(address))

    def _next_block(self) -> None:
        self._evm = self._state.machine()
        self._timestamp_s = self.block_timestamp()
        self._number += 1
        self._set_block(self._number, self._timestamp_s)

    def _set_block(self, number: int, timestamp_s: int) -> None:
        block = pyrevm.BlockEnv(number=number, timestamp=timestamp_s, gas_limit=self._gas_limit)
        self._evm.set_block_env(block)

    def _record(self, data: bytes, created: str | None) -> TransactionResult:
        self._data.append(data)
        identity = str(len(self._data))
        result = self._evm.result
        assert result is not None
        logs = tuple(
            Log(
                to_checksum_address(log.address),
                tuple(bytes(topic) for topic in log.data[0]),
                bytes(log.data[1]),
                identity,
                self._number,
            )
            for log in result.logs
        )
        self._logs += logs
        return TransactionResult(identity, int(result.gas_used), self._number, logs, created)


def _account(index: int) -> str:
    """Recognisable addresses, far from the precompiles: 0x…ACC00001."""
    return to_checksum_address((0xACC0_0001 + index).to_bytes(20, "big"))


def _matches(log: Log, topics: Sequence[bytes | None]) -> bool:
    if len(log.topics) < len(topics):
        return False
    return all(want is None or want == have for want, have in zip(topics, log.topics, strict=False))


def _reverted(error: RuntimeError) -> ExecutionReverted:
    """pyrevm tells what happened only in the text of a RuntimeError."""
    match = _REVERT.search(str(error))
    if match:
        return ExecutionReverted(bytes.fromhex(match[1]))
    gas_words = ("OutOfGas", "gas limit")
    return ExecutionReverted(b"", out_of_gas=any(word in str(error) for word in gas_words))
