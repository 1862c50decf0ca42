"""A deployed rollup to test contracts in: chain, users, made-up state roots, real proofs.

State roots and commitments are arbitrary numbers here: what they mean is the circuit's business,
and the simulator proves anything. Everything that the contracts check is honest unless a test
spoils it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from eth_utils.crypto import keccak

from circuits.spec.domain import RollupDomain
from circuits.spec.public_data import BatchHeader, encode
from circuits.spec.slot_data import SlotFields
from circuits.spec.types import TransactionType
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8 as BASE8
from sequencer.messages.message import Message, account_address
from tests.verifier.simulator import Simulator
from verifier.chain import EmbeddedChain, Receipt, RollupClient, RollupConfig, Transport
from verifier.proof import Proof

CLOCK_S = 1_800_000_000
ROLLUP_CHAIN_ID = 4242
CIRCUIT_ID = bytes(range(32))
# As long as real ones, so that calldata costs what it will cost.
GENESIS_ROOT = int.from_bytes(keccak(b"genesis"), "big") % FR_MODULUS
COMMITMENT = int.from_bytes(keccak(b"commitment"), "big") % FR_MODULUS
SIMULATOR = Simulator.from_seed(7)
SENDING = (TransactionType.WITHDRAW, TransactionType.MESSAGE)


@dataclass(frozen=True)
class TestBatch:
    """What the operator posts."""

    __test__ = False
    header: BatchHeader
    slots: tuple[SlotFields, ...]
    payloads: tuple[bytes, ...]
    commitment: int

    @property
    def public_data(self) -> list[int]:
        """d."""
        return list(encode(self.header, self.slots))

    def with_header(self, **changes: int) -> TestBatch:
        """The same batch with header fields replaced."""
        return replace(self, header=replace(self.header, **changes))


@dataclass
class World:
    """A rollup on a chain, with the counters an honest operator would keep."""

    client: RollupClient
    slots: int
    state_root: int = GENESIS_ROOT
    number: int = 0
    messages: int = 0
    deposits: int = 0
    sent: list[Message] = field(default_factory=list)

    @property
    def domain(self) -> RollupDomain:
        """What the rollup id and the challenge are about."""
        contract = int(self.client.rollup.address, 16)
        return RollupDomain(self.client.transport.chain_id, contract, ROLLUP_CHAIN_ID)

    @property
    def user(self) -> str:
        """Somebody without a role."""
        return self.client.transport.accounts[5]

    def batch(self, slots: Sequence[SlotFields] = (), payloads: Sequence[bytes] = ()) -> TestBatch:
        """The next batch with these slots, noops after them."""
        kinds = [slot.type for slot in slots]
        header = BatchHeader(
            rollup_id=self.domain.rollup_id(),
            old_state_root=self.state_root,
            new_state_root=self.state_root + 1,
            batch_number=self.number + 1,
            timestamp_s=CLOCK_S + self.number,
            operator_index=0,
            message_count_before=self.messages,
            message_count_after=self.messages + sum(kind in SENDING for kind in kinds),
            deposit_count_before=self.deposits,
            deposit_count_after=self.deposits + kinds.count(TransactionType.DEPOSIT),
        )
        filled = (*slots, *[SlotFields()] * (self.slots - len(slots)))
        return TestBatch(header, filled, tuple(payloads), COMMITMENT + self.number)

    def commit(self, batch: TestBatch) -> Receipt:
        """Post a batch; the world's counters follow if it is accepted."""
        receipt = self.client.commit_batch(batch.public_data, batch.payloads, batch.commitment)
        self._record_messages(batch)
        self.number += 1
        self.state_root = batch.header.new_state_root
        self.messages = batch.header.message_count_after
        self.deposits = batch.header.deposit_count_after
        return receipt

    def proof(self, number: int, *, seed: int = 1) -> Proof:
        """A valid proof of a committed batch."""
        batch, _ = self.client.committed(number)
        return SIMULATOR.prove(batch.public_inputs, seed=seed)

    def prove(self, number: int) -> Receipt:
        """Prove a committed batch."""
        return self.client.prove_batch(number, self.proof(number))

    def settle(self, slots: Sequence[SlotFields] = (), payloads: Sequence[bytes] = ()) -> Receipt:
        """Commit and prove the next batch; the receipt of the proof."""
        self.commit(self.batch(slots, payloads))
        return self.prove(self.number)

    def deposit(self, amount_e6: int, public_key: tuple[int, int] = BASE8) -> Receipt:
        """Mint, approve and deposit."""
        self.client.mint(self.user, amount_e6)
        self.client.approve(amount_e6, sender=self.user)
        return self.client.deposit(amount_e6, public_key, sender=self.user)

    def _record_messages(self, batch: TestBatch) -> None:
        """Written out here a second time; `posted_messages` has to agree."""
        rollup = int(self.client.rollup.address, 16)
        payloads = iter(batch.payloads)
        for slot in batch.slots:
            if slot.type == TransactionType.WITHDRAW:
                self.sent.append(self._withdrawal(rollup, slot))
            elif slot.type == TransactionType.MESSAGE:
                self.sent.append(self._message(rollup, slot, next(payloads)))

    def _message(self, rollup: int, slot: SlotFields, payload: bytes) -> Message:
        return Message(
            channel=rollup,
            index=len(self.sent),
            from_chain_id=ROLLUP_CHAIN_ID,
            sender=account_address(rollup, slot.a_index),
            to_chain_id=slot.chain_id,
            to=slot.address,
            gas_limit=slot.gas_limit,
            encoded=payload,
        )

    def _withdrawal(self, rollup: int, slot: SlotFields) -> Message:
        index = len(self.sent)
        arguments = index, f"0x{slot.address:040x}", slot.amount_e6
        return Message(
            channel=rollup,
            index=index,
            from_chain_id=ROLLUP_CHAIN_ID,
            sender=rollup,
            to_chain_id=self.client.transport.chain_id,
            to=rollup,
            gas_limit=200_000,
            encoded=self.client.rollup.encode("payWithdrawal", *arguments),
        )


def make_world(
    *,
    slots: int = 2,
    chain: Transport | None = None,
    circuit_id: bytes = CIRCUIT_ID,
    token: str | None = None,
    endpoint: str | None = None,
) -> World:
    """Deploy a rollup on a fresh embedded chain whose clock stands still, or on the given chain.

    Token and endpoint may be contracts that are there already.
    """
    chain = chain or EmbeddedChain(clock=lambda: CLOCK_S)
    config = RollupConfig(
        key=SIMULATOR.key,
        circuit_id=circuit_id,
        genesis_root=GENESIS_ROOT,
        slots=slots,
        rollup_chain_id=ROLLUP_CHAIN_ID,
        operator=chain.accounts[0],
        relayer=chain.accounts[1],
    )
    client = RollupClient.deploy(chain, config, token=token, endpoint=endpoint)
    return World(client, slots)


def deposit_slot(
    amount_e6: int, public_key: tuple[int, int] = BASE8, *, account: int = 0
) -> SlotFields:
    """A slot that credits a queued deposit."""
    return SlotFields(
        TransactionType.DEPOSIT,
        b_index=account,
        amount_e6=amount_e6,
        key_x=public_key[0],
        key_y=public_key[1],
    )


def withdraw_slot(recipient: str, amount_e6: int) -> SlotFields:
    """A slot that pays out to an address."""
    return SlotFields(TransactionType.WITHDRAW, amount_e6=amount_e6, address=int(recipient, 16))


def message_slot(
    to: str, payload: bytes, *, to_chain_id: int, gas_limit: int = 200_000, sender: int = 0
) -> SlotFields:
    """A slot that sends a message."""
    digest = int.from_bytes(keccak(payload), "big")
    return SlotFields(
        TransactionType.MESSAGE,
        a_index=sender,
        address=int(to, 16),
        chain_id=to_chain_id,
        gas_limit=gas_limit,
        hash_hi=digest >> 128,
        hash_lo=digest & (2**128 - 1),
    )
