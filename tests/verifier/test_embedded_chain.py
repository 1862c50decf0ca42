"""The in-process chain behaves as a chain: time, blocks, values, code, cold storage, refusals."""

from __future__ import annotations

import pytest

from tests.verifier.doubles import deploy_double
from tests.verifier.refusals import reverts
from tests.verifier.world import SIMULATOR, make_world
from verifier.chain import ChainRevert, Contract, EmbeddedChain, deploy_verifier
from verifier.chain.abi import decode_revert
from verifier.chain.transport import ExecutionReverted
from verifier.contracts import load_artifact


def token_on(chain: EmbeddedChain) -> Contract:
    return Contract.deploy(chain, load_artifact("TestToken"), sender=chain.accounts[0])[0]


def test_state_survives_from_block_to_block() -> None:
    chain = EmbeddedChain()
    token = token_on(chain)
    for expected in (5, 10, 15):
        receipt = token.transact("mint", chain.accounts[1], 5, sender=chain.accounts[0])
        assert token.call("balanceOf", chain.accounts[1]) == expected
        assert receipt.block_number == 1 + expected // 5


def test_storage_that_becomes_zero_stays_zero() -> None:
    chain = EmbeddedChain()
    token = token_on(chain)
    owner = chain.accounts[0]
    token.transact("mint", owner, 5, sender=owner)
    token.transact("transfer", chain.accounts[1], 5, sender=owner)
    token.transact("mint", chain.accounts[1], 1, sender=owner)
    assert token.call("balanceOf", owner) == 0
    with reverts("BalanceTooSmall"):
        token.transact("transfer", chain.accounts[1], 1, sender=owner)


def test_a_repeated_write_costs_the_same_each_time() -> None:
    """Nothing is warm from the transaction before: 5,000 and more for each of two slots."""
    chain = EmbeddedChain()
    token = token_on(chain)
    used = [
        token.transact("mint", chain.accounts[1], 5, sender=chain.accounts[0]).gas_used
        for _ in range(3)
    ]
    assert used[1] == used[2] > 21_000 + 2 * 5_000
    assert used[0] - used[1] == 2 * (22_100 - 5_000)


def test_a_failed_transaction_changes_nothing() -> None:
    chain = EmbeddedChain()
    token = token_on(chain)
    sender = chain.accounts[0]
    token.transact("mint", sender, 5, sender=sender)
    with reverts("BalanceTooSmall"):
        token.transact("transfer", chain.accounts[1], 6, sender=sender)
    with reverts("OutOfGas"):
        token.transact("transfer", chain.accounts[1], 5, sender=sender, gas_limit=30_000)
    with reverts("OutOfGas"):
        token.transact("transfer", chain.accounts[1], 5, sender=sender, gas_limit=20_000)
    assert token.call("balanceOf", sender) == 5


def test_a_call_changes_nothing() -> None:
    chain = EmbeddedChain()
    token = token_on(chain)
    with pytest.raises(ChainRevert):
        token.call("mint", chain.accounts[1], 5)
    assert token.call("totalSupply") == 0


def test_time_follows_the_clock_and_never_goes_back() -> None:
    now = [1000.0]
    chain = EmbeddedChain(clock=lambda: now[0])
    token_on(chain)
    assert chain.block_timestamp() == 1000
    now[0] = 990.0
    assert chain.block_timestamp() == 1000
    now[0] = 1010.9
    assert chain.block_timestamp() == 1010


def test_logs_are_found_by_topic_and_contract() -> None:
    chain = EmbeddedChain()
    first, second = token_on(chain), token_on(chain)
    sender, other = chain.accounts[:2]
    for token, amount in ((first, 1), (second, 2), (first, 3)):
        token.transact("mint", other, amount, sender=sender)
    amounts = [event.args["amount"] for event in first.events("Transfer")]
    assert amounts == [1, 3]
    assert [e.args["amount"] for e in second.events("Transfer", 0, int(other, 16))] == [2]
    assert first.events("Transfer", 1) == []


def test_constructor_refusals_are_decoded() -> None:
    chain = EmbeddedChain()
    zero = "0x" + "0" * 40
    with reverts("ZeroAddress"):
        Contract.deploy(chain, load_artifact("Endpoint"), zero, sender=chain.accounts[0])


def test_deployed_code_is_exactly_what_the_constructor_returned() -> None:
    """The machine pads code for itself; contracts must not see that, block after block."""
    chain = EmbeddedChain()
    double = deploy_double(chain, "HostileApplication")
    before = chain.code(double.address)
    token_on(chain)
    token_on(chain)
    assert chain.code(double.address)[: len(before)].rstrip(b"\0") == before.rstrip(b"\0")
    assert abs(len(chain.code(double.address)) - len(before)) <= 33


@pytest.mark.parametrize(
    ("data", "name", "arguments"),
    [
        (b"", "Empty", ()),
        (bytes.fromhex("08c379a0") + bytes(31) + b"\x20" + bytes(64), "Error", ("",)),
        (bytes.fromhex("4e487b71") + bytes(31) + b"\x11", "Panic", (0x11,)),
        (b"\xde\xad\xbe\xef", "Unknown", (b"\xde\xad\xbe\xef",)),
        (bytes.fromhex("4e487b71") + b"\x11", "Unknown", (bytes.fromhex("4e487b7111"),)),
        (b"abc", "Unknown", (b"abc",)),
    ],
)
def test_revert_data_is_decoded(data: bytes, name: str, arguments: tuple[object, ...]) -> None:
    revert = decode_revert(ExecutionReverted(data))
    assert (revert.name, revert.arguments) == (name, arguments)


def test_a_receipt_without_the_event_says_which_there_are() -> None:
    chain = EmbeddedChain()
    token = token_on(chain)
    receipt = token.transact("mint", chain.accounts[1], 5, sender=chain.accounts[0])
    with pytest.raises(KeyError, match=r"no event Deposited among .'Transfer'."):
        receipt.event("Deposited")


def test_chain_id_is_what_contracts_see() -> None:
    chain = EmbeddedChain(1337)
    deploy_verifier(chain, SIMULATOR.key, sender=chain.accounts[0])
    world = make_world(chain=chain)
    assert world.client.rollup.call("rollupId") == world.domain.rollup_id()
