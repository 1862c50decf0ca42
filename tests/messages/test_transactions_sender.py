"""The sender against a real node: each piece of work once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sequencer.errors import StoreVersionError
from sequencer.messages.transactions import (
    Intent,
    Outcome,
    SenderPolicy,
    State,
    TransactionStore,
)
from sequencer.messages.watch import NodeDisagreement, NodeUnavailable
from tests.messages.sending import (
    CHAIN_ID,
    GWEI,
    RECIPIENT,
    SIGNER,
    Bench,
    running_bench,
    transfer,
)
from verifier.chain import Contract, EmbeddedChain
from verifier.contracts import load_artifact

pytestmark = pytest.mark.node
ONE_ETHER = hex(10**18)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running_bench(tmp_path / "transactions.sqlite") as found:
        yield found


def state(bench: Bench, key: str = "work") -> State:
    found = bench.sender.find(key)
    assert found is not None
    return found.state


def outcome(bench: Bench, key: str = "work") -> Outcome | None:
    found = bench.sender.find(key)
    assert found is not None
    return found.outcome


def received(bench: Bench) -> int:
    return int(bench.rpc.ask("eth_getBalance", RECIPIENT, "latest"), 16)


# -- the plain way --


def test_an_intent_is_sent_mined_and_final_when_deep(bench: Bench) -> None:
    assert bench.sender.submit(transfer()).state is State.QUEUED
    bench.sender.step()
    assert state(bench) is State.PENDING
    bench.mine()
    bench.sender.step()
    found = bench.sender.find("work")
    assert found is not None and found.state is State.MINED
    assert (found.outcome, found.gas_used, found.nonce) == (Outcome.SUCCEEDED, 21_000, 0)
    assert found.gas_price is not None and found.gas_price > 0
    bench.mine(2)
    bench.sender.step()
    assert state(bench) is State.MINED
    bench.mine()
    bench.sender.step()
    assert state(bench) is State.FINAL
    assert received(bench) == 1


def test_one_key_is_one_transaction(bench: Bench) -> None:
    for _ in range(3):
        bench.sender.submit(transfer())
        bench.sender.step()
    bench.mine(5)
    bench.sender.step()
    assert state(bench) is State.FINAL
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine()
    assert (bench.count(), received(bench)) == (1, 1)


def test_waiting_transactions_are_bounded_and_their_nonces_have_no_gap(tmp_path: Path) -> None:
    policy = SenderPolicy(100 * GWEI, confirmations=1, max_pending=3)
    with running_bench(tmp_path / "transactions.sqlite", policy=policy) as bench:
        for i in range(8):
            bench.sender.submit(transfer(f"work {i}"))
        for held in (3, 3, 2):
            bench.sender.step()
            assert len(bench.waiting()) == held
            assert bench.sender.room() == 0 or held == 2
            bench.mine()
        bench.sender.step()
        assert bench.sender.counts()[State.FINAL] == 8
        nonces = [row.nonce for row in bench.store.in_state(State.FINAL)]
        assert nonces == list(range(8))


def test_a_queued_intent_can_be_withdrawn_a_signed_one_cannot(bench: Bench) -> None:
    bench.sender.submit(transfer())
    assert bench.sender.withdraw("work")
    assert bench.sender.find("work") is None
    bench.sender.submit(transfer())
    bench.sender.step()
    assert not bench.sender.withdraw("work")


def test_a_chain_without_base_fee_gets_legacy_transactions(bench: Bench) -> None:
    block = dict(bench.rpc.ask("eth_getBlockByNumber", "latest", False))
    del block["baseFeePerGas"]
    bench.rpc.answer["eth_getBlockByNumber"] = block
    bench.sender.submit(transfer())
    bench.sender.step()
    (waiting,) = bench.waiting().values()
    assert int(waiting["type"], 16) == 0
    del bench.rpc.answer["eth_getBlockByNumber"]
    bench.mine()
    bench.sender.step()
    assert outcome(bench) is Outcome.SUCCEEDED


# -- restarts --


def test_what_was_signed_but_not_sent_is_sent_after_a_restart_with_the_same_bytes(
    bench: Bench,
) -> None:
    bench.rpc.refuse["eth_sendRawTransaction"] = "internal error"
    bench.sender.submit(transfer())
    bench.sender.step()
    assert bench.sender.blocked == "internal error"
    bench.rpc.refuse.clear()
    bench.restart().step()
    bench.mine()
    bench.sender.step()
    assert outcome(bench) is Outcome.SUCCEEDED
    assert len(set(bench.rpc.sent)) == 1 and len(bench.rpc.sent) == 2
    assert (bench.count(), received(bench)) == (1, 1)


def test_what_was_sent_is_sent_again_after_a_restart_and_counts_once(bench: Bench) -> None:
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.restart().submit(transfer())
    bench.sender.step()
    assert bench.sender.blocked is None
    bench.mine(4)
    bench.restart().step()
    assert state(bench) is State.FINAL
    assert len(set(bench.rpc.sent)) == 1
    assert (bench.count(), received(bench)) == (1, 1)


def test_a_node_that_is_away_changes_nothing(bench: Bench) -> None:
    bench.sender.submit(transfer())
    bench.rpc.refuse["eth_getTransactionCount"] = "try later"
    with pytest.raises(NodeUnavailable, match="try later"):
        bench.sender.step()
    assert state(bench) is State.QUEUED


def test_a_file_of_another_version_is_refused(bench: Bench) -> None:
    bench.store._connection.execute("PRAGMA user_version = 99")
    bench.store.close()
    with pytest.raises(StoreVersionError, match="schema version 99"):
        TransactionStore.open(bench.path, CHAIN_ID, SIGNER.address)


# -- fees --


def impatient(bench: Bench, **changes: Any) -> Bench:
    """Raise offers after seconds alone, so that the node still holds the older one."""
    bench.policy = replace(bench.policy, bump_after_blocks=0, **changes)
    bench.restart()
    return bench


def test_an_old_offer_is_raised_by_an_eighth_under_the_same_nonce(bench: Bench) -> None:
    impatient(bench)
    bench.sender.submit(transfer())
    bench.sender.step()
    (first,) = bench.waiting().values()
    bench.now_s += bench.policy.bump_after_s
    bench.sender.step()
    (second,) = bench.waiting().values()
    assert second["nonce"] == first["nonce"] and second["hash"] != first["hash"]
    for part in ("maxFeePerGas", "maxPriorityFeePerGas"):
        assert int(second[part], 16) * 8 >= int(first[part], 16) * 9
    bench.mine()
    bench.sender.step()
    assert outcome(bench) is Outcome.SUCCEEDED
    assert (bench.count(), received(bench)) == (1, 1)


def test_a_young_offer_stays(bench: Bench) -> None:
    impatient(bench)
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.now_s += bench.policy.bump_after_s - 1
    bench.sender.step()
    assert len(bench.rpc.sent) == 1


def test_an_older_attempt_may_be_the_one_that_is_mined(bench: Bench) -> None:
    impatient(bench)
    bench.sender.submit(transfer())
    bench.sender.step()
    (first,) = bench.rpc.sent
    bench.now_s += bench.policy.bump_after_s
    bench.sender.step()
    (newer,) = bench.waiting().values()
    bench.rpc.ask("anvil_dropTransaction", newer["hash"])
    bench.rpc.ask("eth_sendRawTransaction", first)
    bench.mine()
    bench.restart().step()
    assert outcome(bench) is Outcome.SUCCEEDED
    assert (bench.count(), received(bench)) == (1, 1)


def test_offers_never_exceed_the_cap_and_the_sender_says_why_it_waits(bench: Bench) -> None:
    impatient(bench, max_fee_per_gas=3 * GWEI)
    bench.sender.submit(transfer())
    for _ in range(12):
        bench.sender.step()
        bench.now_s += bench.policy.bump_after_s
    assert bench.sender.blocked is not None and "highest fee allowed" in bench.sender.blocked
    found = bench.sender.find("work")
    assert found is not None
    assert all(a.fees.max_fee <= 3 * GWEI for a in bench.store.attempts(found))
    bench.mine()
    bench.sender.step()
    assert (outcome(bench), bench.count()) == (Outcome.SUCCEEDED, 1)


def test_nothing_is_signed_while_the_base_fee_is_above_the_cap(bench: Bench) -> None:
    bench.rpc.ask("anvil_setNextBlockBaseFeePerGas", hex(200 * GWEI))
    bench.mine()
    bench.sender.submit(transfer())
    bench.sender.step()
    assert state(bench) is State.QUEUED
    assert bench.sender.blocked is not None and "base fee" in bench.sender.blocked


def test_a_transaction_of_somebody_else_under_our_nonce_is_outbid(bench: Bench) -> None:
    bench.rpc.refuse["eth_sendRawTransaction"] = "internal error"
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.rpc.refuse.clear()
    other = foreign(nonce=0, price=5 * GWEI)
    bench.rpc.ask("eth_sendRawTransaction", other)
    for _ in range(12):
        bench.sender.step()
    bench.mine()
    bench.sender.step()
    assert outcome(bench) is Outcome.SUCCEEDED
    assert (bench.count(), received(bench)) == (1, 1)


# -- reorganisations --


def test_a_vanished_transaction_is_sent_again_with_the_same_bytes(bench: Bench) -> None:
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine(2)
    bench.sender.step()
    assert state(bench) is State.MINED
    bench.reorganise(2)
    assert received(bench) == 0
    bench.sender.step()
    assert state(bench) is State.PENDING
    bench.mine()
    bench.sender.step()
    assert state(bench) is State.MINED
    assert len(set(bench.rpc.sent)) == 1
    assert (bench.count(), received(bench)) == (1, 1)


def test_a_transaction_that_moved_to_another_block_is_noticed(bench: Bench) -> None:
    bench.mine(2)
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine()
    bench.sender.step()
    before = bench.sender.find("work")
    bench.reorganise(2)
    bench.rpc.ask("eth_sendRawTransaction", bench.rpc.sent[0])
    bench.mine()
    bench.sender.step()
    after = bench.sender.find("work")
    assert before is not None and after is not None
    assert before.block_hash != after.block_hash and after.state is State.MINED


def test_even_a_final_transaction_comes_back_when_its_block_is_gone(bench: Bench) -> None:
    for i in range(3):
        bench.sender.submit(transfer(f"work {i}"))
    bench.sender.step()
    bench.mine(6)
    bench.sender.step()
    assert bench.sender.counts()[State.FINAL] == 3
    bench.reorganise(6)
    bench.restart().step()
    assert bench.sender.counts()[State.PENDING] == 3
    bench.mine(4)
    bench.sender.step()
    assert bench.sender.counts()[State.FINAL] == 3
    assert (bench.count(), received(bench)) == (3, 3)


def test_a_reorganisation_that_leaves_the_transaction_alone_changes_nothing(bench: Bench) -> None:
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine(3)
    bench.sender.step()
    bench.reorganise(1)
    bench.sender.step()
    assert state(bench) is State.MINED
    assert len(bench.rpc.sent) == 1


# -- failures --


def foreign(*, nonce: int, price: int) -> str:
    """Signed with our key, but not by the sender."""
    request = {
        "chainId": CHAIN_ID,
        "nonce": nonce,
        "to": SIGNER.address,
        "gas": 21_000,
        "value": 0,
        "gasPrice": price,
    }
    return "0x" + bytes(SIGNER.sign_transaction(request).raw_transaction).hex()


def test_a_nonce_used_by_somebody_else_ends_the_intent_and_frees_its_key(bench: Bench) -> None:
    bench.rpc.refuse["eth_sendRawTransaction"] = "internal error"
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.rpc.refuse.clear()
    bench.rpc.ask("eth_sendRawTransaction", foreign(nonce=0, price=5 * GWEI))
    bench.mine()
    bench.sender.step()
    bench.mine(3)
    bench.sender.step()
    assert state(bench) is State.PENDING
    bench.mine()
    bench.sender.step()
    assert (state(bench), outcome(bench)) == (State.FINAL, Outcome.REPLACED)
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine()
    bench.sender.step()
    assert (outcome(bench), bench.count(), received(bench)) == (Outcome.SUCCEEDED, 2, 1)


def test_a_foreign_transaction_that_vanishes_makes_room_for_ours(bench: Bench) -> None:
    bench.rpc.refuse["eth_sendRawTransaction"] = "internal error"
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.rpc.refuse.clear()
    bench.rpc.ask("eth_sendRawTransaction", foreign(nonce=0, price=5 * GWEI))
    bench.mine()
    bench.sender.step()
    bench.reorganise(1)
    bench.sender.step()
    bench.mine()
    bench.sender.step()
    assert (outcome(bench), bench.count(), received(bench)) == (Outcome.SUCCEEDED, 1, 1)


def token(bench: Bench) -> Contract:
    """A token on the node; its deployment takes the first nonce."""
    artifact = load_artifact("TestToken")
    request = {"from": SIGNER.address, "data": "0x" + artifact.bytecode.hex()}
    bench.rpc.ask("eth_sendTransaction", request | {"gas": hex(2_000_000)})
    bench.mine()
    address = "0x5FbDB2315678afecb367f032d93F642f64180aa3"  # of this account's nonce 0
    return Contract(EmbeddedChain(), artifact, address)


def test_a_revert_is_recorded_with_the_contracts_own_error(bench: Bench) -> None:
    contract = token(bench)
    data = contract.encode("transfer", RECIPIENT, 5)
    bench.sender.submit(Intent("work", contract.address, data, 100_000))
    bench.sender.step()
    bench.mine(4)
    bench.sender.step()
    found = bench.sender.find("work")
    assert found is not None and found.failed
    assert found.outcome is Outcome.REVERTED
    assert found.reason is not None and found.reason.startswith("BalanceTooSmall(")


def test_exhausted_gas_is_recorded_as_such(bench: Bench) -> None:
    contract = token(bench)
    data = contract.encode("mint", RECIPIENT, 5)
    bench.sender.submit(Intent("work", contract.address, data, 23_000))
    bench.sender.step()
    bench.mine()
    bench.sender.step()
    found = bench.sender.find("work")
    assert found is not None
    assert (found.outcome, found.reason) == (Outcome.REVERTED, "OutOfGas()")


def test_without_funds_nothing_more_is_signed_until_there_are_some(bench: Bench) -> None:
    bench.rpc.ask("anvil_setBalance", SIGNER.address, "0x0")
    for i in range(3):
        bench.sender.submit(transfer(f"work {i}"))
    for _ in range(2):
        bench.sender.step()
        assert bench.sender.blocked is not None and "funds" in bench.sender.blocked.lower()
    assert bench.sender.counts()[State.PENDING] == 1
    bench.rpc.ask("anvil_setBalance", SIGNER.address, ONE_ETHER)
    bench.sender.step()
    assert bench.sender.blocked is None
    bench.mine()
    bench.sender.step()
    assert bench.sender.counts()[State.MINED] == 3
    assert received(bench) == 3


def test_what_no_block_can_hold_is_cancelled_and_holds_nobody_up(bench: Bench) -> None:
    bench.sender.submit(transfer("impossible", gas_limit=20_000))
    bench.sender.submit(transfer("possible"))
    bench.sender.step()
    bench.mine(4)
    bench.sender.step()
    found = bench.sender.find("impossible")
    assert found is not None and found.failed
    assert found.outcome is Outcome.CANCELLED
    assert found.reason is not None and "intrinsic gas" in found.reason
    assert outcome(bench, "possible") is Outcome.SUCCEEDED
    assert (bench.count(), received(bench)) == (2, 1)


# -- nodes that lie --


def test_a_receipt_from_a_block_outside_the_chain_is_not_believed(bench: Bench) -> None:
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine()
    transaction = next(iter(bench.store.attempts(bench.store.in_state(State.PENDING)[0])))
    receipt = bench.rpc.ask("eth_getTransactionReceipt", "0x" + transaction.hash.hex())
    bench.rpc.answer["eth_getTransactionReceipt"] = receipt | {"blockHash": "0x" + "11" * 32}
    bench.sender.step()
    assert state(bench) is State.PENDING
    bench.rpc.answer.clear()
    bench.sender.step()
    assert state(bench) is State.MINED


@pytest.mark.parametrize(
    "receipt", [{"transactionHash": "0x" + "22" * 32}, {"transactionHash": 7}, [], "0x"]
)
def test_nonsense_for_a_receipt_stops_the_step(bench: Bench, receipt: Any) -> None:
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine()
    bench.rpc.answer["eth_getTransactionReceipt"] = receipt
    with pytest.raises(NodeDisagreement, match="malformed"):
        bench.sender.step()
    assert state(bench) is State.PENDING


def test_a_node_that_forgets_our_nonces_for_a_while_causes_no_second_transaction(
    bench: Bench,
) -> None:
    bench.sender.submit(transfer())
    bench.sender.step()
    bench.mine(4)
    bench.sender.step()
    bench.rpc.answer["eth_getTransactionCount"] = "0x0"
    bench.sender.submit(transfer())
    bench.sender.submit(transfer("more"))
    bench.sender.step()
    bench.rpc.answer.clear()
    bench.sender.step()
    bench.mine(4)
    bench.sender.step()
    assert bench.sender.counts()[State.FINAL] == 2
    assert (bench.count(), received(bench)) == (2, 2)
