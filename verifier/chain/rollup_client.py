"""A rollup on a chain, as operator, depositor and relayer see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verifier.chain.abi import Event
from verifier.chain.contract import Contract, Receipt
from verifier.chain.deployment import Addresses, RollupConfig, deploy_rollup
from verifier.chain.errors import ChainError
from verifier.chain.records import (
    Batch,
    Deposit,
    OrmpMessage,
    batch_argument,
    message_argument,
)
from verifier.chain.transport import Transport
from verifier.chain.withdrawals import message_proof, withdrawals_of
from verifier.contracts import load_artifact
from verifier.proof import Proof


class RollupClient:
    """All contracts of one rollup over one transport.

    Every action sends a transaction and returns its receipt; a refusal raises `ChainRevert` with
    the contract's error. `operator` and `relayer` are the senders of their roles' transactions.
    """

    def __init__(
        self,
        transport: Transport,
        addresses: Addresses,
        *,
        operator: str,
        relayer: str,
        genesis_root: int,
    ) -> None:
        self.transport = transport
        self.addresses = addresses
        self.operator = operator
        self.relayer = relayer
        self.genesis_root = genesis_root
        self.deployment_gas: dict[str, int] = {}
        self.token = self._contract("TestToken", addresses.token)
        self.verifier = self._contract("Groth16Verifier", addresses.verifier)
        self.rollup = self._contract("Rollup", addresses.rollup)
        self.oracle = self._contract("ZkOracle", addresses.oracle)
        self.endpoint = self._contract("Endpoint", addresses.endpoint)
        self.application = self._contract("NoticeBoard", addresses.application)

    @classmethod
    def deploy(
        cls,
        transport: Transport,
        config: RollupConfig,
        *,
        sender: str | None = None,
        token: str | None = None,
        endpoint: str | None = None,
    ) -> RollupClient:
        """Deploy all contracts; `deploy_rollup` says what is refused and what is made."""
        sender = sender or config.operator
        addresses, gas = deploy_rollup(
            transport, config, sender=sender, token=token, endpoint=endpoint
        )
        client = cls(
            transport,
            addresses,
            operator=config.operator,
            relayer=config.relayer,
            genesis_root=config.genesis_root,
        )
        client.deployment_gas = gas
        return client

    # -- money --

    def mint(self, to: str, amount_e6: int, *, sender: str | None = None) -> Receipt:
        """Make test collateral."""
        return self.token.transact("mint", to, amount_e6, sender=sender or to)

    def approve(self, amount_e6: int, *, sender: str) -> Receipt:
        """Allow the rollup to take `amount_e6` of the sender's collateral."""
        return self.token.transact("approve", self.rollup.address, amount_e6, sender=sender)

    def deposit(self, amount_e6: int, public_key: tuple[int, int], *, sender: str) -> Receipt:
        """Queue collateral for the account with that key; needs an allowance."""
        return self.rollup.transact("deposit", amount_e6, *public_key, sender=sender)

    def deposits(self, first: int, last: int) -> list[Deposit]:
        """The queue's entries first … last - 1, as far as they exist."""
        found = [_deposit(event) for event in self.rollup.events("Deposited")]
        return [deposit for deposit in found if first <= deposit.index < last]

    def deposit_count(self) -> int:
        """Deposits queued so far."""
        return int(self.rollup.call("depositCount"))

    def claim(self, public_data: Sequence[int], slot: int, *, sender: str | None = None) -> Receipt:
        """Pay out the withdrawal in `slot` of the batch with this public data.

        The proof comes from what the chain holds, so nobody else is needed for it.
        """
        found = [w for w in withdrawals_of(public_data) if w.slot == slot]
        if not found:
            raise ValueError(f"slot {slot} of the batch is no withdrawal")
        withdrawal, number = found[0], found[0].number
        return self.rollup.transact(
            "claimWithdrawal",
            withdrawal.index,
            withdrawal.recipient,
            withdrawal.amount_e6,
            message_proof(number, self.message_leaves(number), withdrawal.index),
            sender=sender or self.relayer,
        )

    def balance(self, address: str) -> int:
        """Collateral that an address holds on chain."""
        return int(self.token.call("balanceOf", address))

    # -- batches --

    def commit_batch(
        self, public_data: Sequence[int], payloads: Sequence[bytes], commitment: int
    ) -> Receipt:
        """Post a batch."""
        arguments = list(public_data), list(payloads), commitment
        return self.rollup.transact("commitBatch", *arguments, sender=self.operator)

    def prove_batch(
        self, number: int, proof: Proof, *, sender: str | None = None, gas_limit: int | None = None
    ) -> Receipt:
        """Finalise the committed batch `number`."""
        batch, leaves = self.committed(number)
        return self.rollup.transact(
            "proveBatch",
            batch_argument(batch),
            leaves,
            proof.solidity_arguments(),
            sender=sender or self.operator,
            gas_limit=gas_limit,
        )

    def revert_batch(self, number: int) -> Receipt:
        """Drop the pending batch `number` and all after it."""
        before = self.genesis() if number <= 1 else self.committed(number - 1)[0]
        return self.rollup.transact(
            "revertBatch", number, batch_argument(before), sender=self.operator
        )

    def genesis(self) -> Batch:
        """Batch 0."""
        return Batch.genesis(self.genesis_root)

    def committed(self, number: int) -> tuple[Batch, list[bytes]]:
        """The batch last committed under `number`, and its message leaves."""
        args = self._commit_event(number).args
        return Batch(*args["batch"]), list(args["leaves"])

    def message_leaves(self, last: int) -> list[bytes]:
        """The leaves of the message tree after batch `last`, as committed."""
        events = self.rollup.events("BatchCommitted")
        leaves = {event.args["number"]: event.args["leaves"] for event in events}  # the last counts
        return [leaf for number in range(1, last + 1) for leaf in leaves.get(number, ())]

    def posted(self, number: int) -> tuple[list[int], list[bytes], int]:
        """(public data, payloads, commitment) as posted on chain: enough to rebuild the state."""
        data = self.transport.transaction_data(self._commit_event(number).transaction_id)
        public_data, payloads, commitment = self.rollup.decode_arguments("commitBatch", data)
        return list(public_data), list(payloads), commitment

    def committed_batches(self) -> int:
        """Number of the newest committed batch."""
        return int(self.rollup.call("committedBatches"))

    def proven_batches(self) -> int:
        """Number of the newest proven batch."""
        return int(self.rollup.call("provenBatches"))

    def state_root(self) -> int:
        """State root of the newest proven batch."""
        return int(self.rollup.call("stateRoot"))

    def message_root(self, number: int) -> bytes:
        """Message root of a proven batch, zero if there is none."""
        return bytes(self.rollup.call("messageRoots", number))

    # -- messages --

    def relay(
        self,
        message: OrmpMessage,
        proof: bytes,
        *,
        sender: str | None = None,
        gas_limit: int | None = None,
    ) -> Receipt:
        """Deliver a message through the endpoint (`proof`: the 1088 bytes of ORMP v1)."""
        arguments = message_argument(message), proof
        return self.endpoint.transact(
            "recv", *arguments, sender=sender or self.relayer, gas_limit=gas_limit
        )

    def is_delivered(self, message_hash: bytes) -> bool:
        """Whether the endpoint delivered the message with this hash."""
        return bool(self.endpoint.call("dones", message_hash))

    def notice_payload(self, text: str) -> bytes:
        """The payload of a message to the sample application."""
        return self.application.encode("post", text)

    # -- parts --

    def _contract(self, name: str, address: str) -> Contract:
        return Contract(self.transport, load_artifact(name), address)

    def _commit_event(self, number: int) -> Any:
        found = self.rollup.events("BatchCommitted", number)
        if not found:
            raise ChainError(f"batch {number} was never committed")
        return found[-1]


def _deposit(event: Event) -> Deposit:
    args = event.args
    key = args["ax"], args["ay"]
    return Deposit(args["index"], args["sender"], key, args["amount"], event.block_number)
