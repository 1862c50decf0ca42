"""The oracle daemon between two real chains."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sequencer.messages import logs
from sequencer.messages.oracle import OracleDaemon, load_oracle_config
from tests.messages.chains import A_ID, OWNER_KEY, MessagingChain, messaging_pair
from tests.messages.oracle_world import KEY_VARIABLE, write_config

pytestmark = pytest.mark.node
Pair = tuple[MessagingChain, MessagingChain]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with messaging_pair() as pair:
        yield pair


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, OWNER_KEY)


def run_once(config: Path) -> bool:
    daemon = OracleDaemon(load_oracle_config(config), logs.logger())
    try:
        return daemon.run_once(threading.Event(), timeout_s=180)
    finally:
        daemon.close()


def held_root(target: MessagingChain, block: int) -> bytes:
    return bytes(target.oracle.call("merkleRoot", A_ID, block))


def imports(target: MessagingChain) -> list[tuple[int, bytes]]:
    events = target.oracle.events("ImportedMessageRoot", A_ID)
    return [(event.args["blockHeight"], event.args["messageRoot"]) for event in events]


def test_a_message_on_a_is_imported_on_b_once_it_is_final(pair: Pair, tmp_path: Path) -> None:
    a, b = pair
    config = write_config(tmp_path, a, b)
    accepted = a.send(b)
    assert run_once(config)
    assert held_root(b, accepted.block_number) == bytes(32)
    a.mine(2)
    assert run_once(config)
    root = accepted.event("MessageAccepted").args["root"]
    assert imports(b)[-1] == (accepted.block_number, root)
    count = len(imports(b))
    assert run_once(config)
    assert len(imports(b)) == count


def test_two_messages_of_one_block_give_one_import_of_the_last_root(
    pair: Pair, tmp_path: Path
) -> None:
    a, b = pair
    count = len(imports(b))
    a.ask("evm_setAutomine", False)
    hashes = [send_without_waiting(a, b, text) for text in ("first", "second")]
    a.mine(3)
    a.ask("evm_setAutomine", True)
    blocks = {int(a.ask("eth_getTransactionReceipt", h)["blockNumber"], 16) for h in hashes}
    assert len(blocks) == 1
    assert run_once(write_config(tmp_path, a, b))
    assert imports(b)[count:] == [(blocks.pop(), a.endpoint.call("root"))]


def send_without_waiting(a: MessagingChain, b: MessagingChain, text: str) -> str:
    payload = b.application.encode("post", text)
    owner = a.rpc.accounts[0]
    fee = a.endpoint.call("fee", b.chain_id, owner, 200_000, payload, b"")
    arguments = (b.chain_id, b.application.address, 200_000, payload, owner, b"")
    request = {
        "from": owner,
        "to": a.endpoint.address,
        "data": "0x" + a.endpoint.encode("send", *arguments).hex(),
        "value": hex(fee),
        "gas": hex(1_000_000),
    }
    return str(a.ask("eth_sendTransaction", request))
