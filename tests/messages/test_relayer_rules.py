"""The relayer's pure rules: what pays, how much gas, which messages share a transaction."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.errors import ConfigError
from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.relayer import calls, gas
from sequencer.messages.relayer.batches import pack
from sequencer.messages.relayer.calls import Delivery
from sequencer.messages.relayer.config import load_relayer_config
from sequencer.messages.relayer.profit import cost_at_source, is_worth_it
from sequencer.messages.relayer.settings import RATIO_ONE, Patience, Terms
from sequencer.messages.relayer.verdict import MAX_CALL_DATA, Candidate, Ready
from sequencer.messages.tree import MessageTree
from verifier.chain.abi import functions
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

WEI = st.integers(0, 10**24)


def make_message(index: int = 0, *, gas_limit: int = 100_000, size: int = 4) -> Message:
    return Message(0xE1, index, 1, 7, 2, 0xA9, gas_limit, bytes([1]) * size)


def make_ready(index: int, *, block: int = 5, gas_limit: int = 100_000, size: int = 4) -> Ready:
    message = make_message(index, gas_limit=gas_limit, size=size)
    tree = MessageTree([make_message(i).hash() for i in range(index)] + [message.hash()])
    proof = MessageProof(block, index, tuple(tree.prove(index)))
    return Ready(Candidate(message, 1), Delivery(message, proof))


# -- what pays --


@given(st.integers(0, 10**8), WEI, st.integers(0, 10**20))
def test_a_cost_is_rounded_up_and_never_below_its_value(gas_used: int, price: int, r: int) -> None:
    cost = cost_at_source(gas_used, price, r)
    assert 0 <= cost * RATIO_ONE - gas_used * price * r < RATIO_ONE


def test_the_fee_must_cover_cost_and_margin_to_the_wei() -> None:
    assert is_worth_it(100, 100, 0) and not is_worth_it(99, 100, 0)
    assert is_worth_it(110, 100, 10) and not is_worth_it(109, 100, 10)
    assert is_worth_it(50, 100, -50) and not is_worth_it(49, 100, -50)
    assert is_worth_it(0, 100, -100)
    assert is_worth_it(0, 0, 10_000)


def test_pauses_double_up_to_the_longest() -> None:
    patience = Patience(first_pause_s=15, longest_pause_s=100)
    assert [patience.pause_s(n) for n in range(6)] == [15, 15, 30, 60, 100, 100]
    assert patience.pause_s(10**6) == 100


# -- gas --


@given(st.integers(0, 10**9), st.integers(0, 5_000))
def test_every_message_of_a_transaction_gets_its_share_at_both_levels(
    limit: int, size: int
) -> None:
    message = make_message(gas_limit=limit, size=size)
    data = calls.relay(make_ready(0).delivery)
    total = gas.transaction_limit([message, message], data, 0)
    left = total - gas.TRANSACTION - gas.CALLDATA_BYTE * len(data) - gas.share(message)
    assert left - left // 64 >= gas.share(message), "the last one, when the first used all of its"
    inside = gas.share(message) - gas.DELIVERY
    assert inside + gas.DELIVERY - (inside + gas.DELIVERY) // 64 >= limit


def test_the_share_is_what_the_contract_gives() -> None:
    source = (Path("verifier/contracts/messaging/Relayer.sol")).read_text(encoding="utf-8")
    constants = dict(re.findall(r"constant (DELIVERY_GAS\w*) = ([\d_]+);", source))
    assert int(constants["DELIVERY_GAS"].replace("_", "")) == gas.DELIVERY
    assert int(constants["DELIVERY_GAS_PER_BYTE"]) == gas.DELIVERY_BYTE


# -- calls, against the contracts' own interfaces --


def test_calls_are_those_of_the_contracts() -> None:
    delivery = make_ready(0).delivery
    argument = message_argument(delivery.message)
    relayer, endpoint = (functions(load_artifact(name).abi) for name in ("Relayer", "Endpoint"))
    assert calls.relay(delivery) == relayer["relay"].encode([argument, delivery.proof.encode()])
    assert calls.retry(delivery.message) == endpoint["retry"].encode([argument])
    address = calls.address_of(5)
    assert calls.get_app_config(address) == endpoint["getAppConfig"].encode([address])
    assert calls.price_of(9) == relayer["priceOf"].encode([9])
    root = functions(load_artifact("Oracle").abi)["merkleRoot"]
    assert calls.merkle_root(3, 4) == root.encode([3, 4])
    (messages, _) = relayer["relayBatch"].decode_arguments(calls.relay_batch([delivery] * 2))
    assert len(messages) == 2 and messages[0][1] == delivery.message.index


@pytest.mark.parametrize("answer", [b"", bytes(63), b"\xff" * 64])
def test_an_answer_that_is_no_configuration_is_refused(answer: bytes) -> None:
    with pytest.raises(ValueError, match="not an application's configuration"):
        calls.app_config(answer)


# -- batches --


def sizes(batches: list[object]) -> list[int]:
    return [len(batch.messages) for batch in batches]  # type: ignore[attr-defined]


def test_batches_hold_at_most_so_many_messages_of_one_root() -> None:
    ready = [make_ready(i) for i in range(5)] + [make_ready(i, block=6) for i in range(5, 8)]
    batches = pack(ready, set(), Terms(batch_messages=4), 10**9)
    assert sorted(sizes(list(batches))) == [1, 3, 4]
    for batch in batches:
        assert len({found.delivery.proof.block_number for found in batch.messages}) == 1


def test_batches_stay_within_the_gas_budget_but_one_message_always_goes() -> None:
    ready = [make_ready(i, gas_limit=1_000_000) for i in range(6)]
    budget = 2 * gas.share(ready[0].candidate.message) + 500_000
    assert sizes(list(pack(ready, set(), Terms(), budget))) == [2, 2, 2]
    assert sizes(list(pack(ready, set(), Terms(), 1))) == [1] * 6


def test_batches_stay_below_the_size_that_nodes_take() -> None:
    ready = [make_ready(i, size=30_000) for i in range(5)]
    batches = pack(ready, set(), Terms(), 10**9)
    assert sum(sizes(list(batches))) == 5
    assert all(len(batch.call_data()) <= MAX_CALL_DATA for batch in batches)


def test_a_message_that_failed_before_travels_alone() -> None:
    ready = [make_ready(i) for i in range(3)]
    batches = pack(ready, {ready[1].candidate.hash}, Terms(), 10**9)
    assert sorted(sizes(list(batches))) == [1, 2]
    (alone,) = [batch for batch in batches if len(batch.messages) == 1]
    assert alone.messages == (ready[1],)
    assert alone.call_data() == calls.relay(ready[1].delivery)


# -- the configuration --

ENDPOINT, RELAYER = "0x" + "e1" * 20, "0x" + "e2" * 20
CHAIN = """[[chain]]
id = {id}
urls = ["http://127.0.0.1:1"]
start_block = 0
endpoint = "{endpoint}"
relayers = ["{relayer}"]
"""
GOOD = (
    'data_dir = "data"\n[key]\nenvironment = "KEY"\n[relayer]\nmargin_percent = -5\n'
    + CHAIN.format(id=1, endpoint=ENDPOINT, relayer=RELAYER)
    + CHAIN.format(id=2, endpoint=ENDPOINT, relayer=RELAYER)
    + f'[[target]]\nchain_id = 2\nrelayer = "{RELAYER}"\n'
    + "[[route]]\nsource_chain_id = 1\ntarget_chain_id = 2\n"
)


def load(folder: Path, text: str) -> object:
    path = folder / "relayer.toml"
    path.write_text(text, encoding="utf-8")
    return load_relayer_config(path)


def test_a_route_begins_at_the_chains_endpoint_with_its_relayers(tmp_path: Path) -> None:
    path = tmp_path / "relayer.toml"
    path.write_text(GOOD, encoding="utf-8")
    config = load_relayer_config(path)
    (courier,) = config.couriers
    (route,) = courier.routes
    assert int(route.channel, 16) == int(ENDPOINT, 16)
    assert [int(address, 16) for address in route.relayers] == [int(RELAYER, 16)]
    assert courier.terms.margin_percent == -5
    assert not route.is_subsidised and str(route) == "1->2"
    assert os.path.isabs(config.daemon.data_dir)


def test_the_ports_of_a_target_are_listened_to_on_its_chain_only(tmp_path: Path) -> None:
    ports = ["0x" + "9a" * 20, "0x" + "9b" * 20, "0x" + "9a" * 20]
    path = tmp_path / "relayer.toml"
    given = GOOD.replace("[[route]]", f"ordered_ports = {json.dumps(ports)}\n[[route]]")
    path.write_text(given, encoding="utf-8")
    config = load_relayer_config(path)
    (courier,) = config.couriers
    assert [int(port, 16) for port in courier.target.ordered_ports] == [
        int(port, 16) for port in ports[:2]
    ]
    chains = config.daemon.chains
    assert chains[2].watchlist.ordered_ports == frozenset(courier.target.ordered_ports)
    assert chains[1].watchlist.ordered_ports == frozenset()
    path.write_text(GOOD, encoding="utf-8")
    assert load_relayer_config(path).couriers[0].target.ordered_ports == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[[route]]", "ordered_ports = [5]\n[[route]]", "ordered_ports"),
        ("[[route]]", 'ordered_ports = ["0x12"]\n[[route]]', "2 bytes|1 bytes"),
        ("[[route]]", "[[rout]]", "no \\[\\[route\\]\\] is given"),
        ("source_chain_id = 1", "source_chain_id = 3", "no \\[\\[chain\\]\\] has the id 3"),
        ("target_chain_id = 2", "target_chain_id = 1", "no \\[\\[target\\]\\]"),
        ("[[target]]\nchain_id = 2", "[[target]]\nchain_id = 3", "no \\[\\[chain\\]\\]"),
        ("margin_percent = -5", "margin_percent = -101", "outside -100"),
        ("margin_percent = -5", "margins = 1", "unknown key"),
        ("margin_percent = -5", "batch_messages = 0", "outside 1"),
        ("margin_percent = -5", 'first_pause_s = "1"', "number of seconds"),
        (
            "target_chain_id = 2\n",
            'target_chain_id = 2\nrelayers = ["0x' + "11" * 20 + '"]\n',
            "among",
        ),
        (
            "target_chain_id = 2\n",
            'target_chain_id = 2\nsubsidised = true\nrelayers = ["0x' + "11" * 20 + '"]\n',
            "subsidised route has none",
        ),
        ("target_chain_id = 2\n", "target_chain_id = 2\nprice_ratio_e10 = 0\n", "outside 1"),
    ],
)
def test_a_wrong_configuration_is_refused_by_name(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=reason):
        load(tmp_path, GOOD.replace(old, new))
