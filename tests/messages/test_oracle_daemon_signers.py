"""Roots by m of n signatures: every signer serves its own, a publisher brings them together."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests
from eth_account import Account

from sequencer.messages import logs
from sequencer.messages.oracle import OracleDaemon, load_oracle_config
from tests.messages.chains import (
    A_ID,
    B_ID,
    OTHER_KEYS,
    OWNER,
    OWNER_KEY,
    MessagingChain,
    messaging_pair,
)
from tests.messages.oracle_world import KEY_VARIABLE, write_config
from verifier.chain import Contract
from verifier.chain.attestation import ascending
from verifier.contracts import load_artifact

pytestmark = pytest.mark.node
Pair = tuple[MessagingChain, MessagingChain]
SIGNERS = ascending([Account.from_key(key).address for key in OTHER_KEYS])
KEYS = {Account.from_key(key).address: key for key in OTHER_KEYS}


@pytest.fixture
def pair() -> Iterator[Pair]:
    with messaging_pair() as pair:
        yield pair


@pytest.fixture(params=["Oracle", "SignedRootOracle"])
def oracle(pair: Pair, request: pytest.FixtureRequest) -> Contract:
    """A two-of-three oracle on B, of either kind."""
    a, b = pair
    channel = a.addresses.endpoint
    if request.param == "SignedRootOracle":
        artifact = load_artifact("SignedRootOracle")
        config = _signed_root_config(b, channel)
        contract, _ = Contract.deploy(b.rpc, artifact, config, sender=OWNER.address)
        return contract
    b.oracle.transact("bindSource", A_ID, channel, sender=OWNER.address)
    b.oracle.transact("setSigners", SIGNERS, 2, sender=OWNER.address)
    return b.oracle


@contextmanager
def daemon(
    monkeypatch: pytest.MonkeyPatch, config: Path, key: str = OWNER_KEY
) -> Iterator[OracleDaemon]:
    monkeypatch.setenv(KEY_VARIABLE, key)
    running = OracleDaemon(load_oracle_config(config), logs.logger())
    try:
        yield running
    finally:
        running.close()


def settle(running: OracleDaemon, *, timeout_s: float = 180) -> bool:
    return running.run_once(threading.Event(), timeout_s=timeout_s)


def test_a_publisher_imports_once_enough_signers_have_signed(
    pair: Pair, oracle: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    accepted = a.send(b)
    a.mine(2)
    with ExitStack() as stack:
        peers = []
        for i, signer in enumerate(SIGNERS):
            config = write_config(
                tmp_path / f"signer{i}", a, b, mode="signer", oracle=oracle.address
            )
            running = stack.enter_context(daemon(monkeypatch, config, KEYS[signer]))
            assert settle(running)
            peers.append(f"http://127.0.0.1:{running.port}")
        config = write_config(
            tmp_path / "alone", a, b, mode="publisher", oracle=oracle.address, peers=(peers[0],)
        )
        with daemon(monkeypatch, config) as running:
            assert not settle(running, timeout_s=2)
        assert not oracle.events("ImportedMessageRoot", A_ID)
        config = write_config(
            tmp_path / "publisher",
            a,
            b,
            mode="publisher",
            oracle=oracle.address,
            peers=tuple(peers),
        )
        with daemon(monkeypatch, config) as running:
            assert settle(running)
    (event,) = oracle.events("ImportedMessageRoot", A_ID)
    assert event.args["blockHeight"] == accepted.block_number
    assert event.args["messageRoot"] == accepted.event("MessageAccepted").args["root"]


def test_a_stranger_among_the_peers_is_passed_over(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    b.oracle.transact("bindSource", A_ID, a.addresses.endpoint, sender=OWNER.address)
    b.oracle.transact("setSigners", SIGNERS[1:], 2, sender=OWNER.address)
    a.send(b)
    a.mine(2)
    with ExitStack() as stack:
        peers = ["http://127.0.0.1:1"]
        for i, signer in enumerate(SIGNERS):
            config = write_config(tmp_path / f"signer{i}", a, b, mode="signer")
            running = stack.enter_context(daemon(monkeypatch, config, KEYS[signer]))
            assert settle(running)
            peers.append(f"http://127.0.0.1:{running.port}")
        config = write_config(tmp_path, a, b, mode="publisher", peers=tuple(peers))
        with daemon(monkeypatch, config) as running:
            assert settle(running)
    assert len(b.oracle.events("ImportedMessageRoot", A_ID)) == 1


def test_a_publisher_that_is_a_signer_counts_itself(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    b.oracle.transact("bindSource", A_ID, a.addresses.endpoint, sender=OWNER.address)
    b.oracle.transact("setSigners", [OWNER.address], 1, sender=OWNER.address)
    a.send(b)
    a.mine(2)
    with daemon(monkeypatch, write_config(tmp_path, a, b, mode="publisher")) as running:
        assert settle(running)
    assert len(b.oracle.events("ImportedMessageRoot", A_ID)) == 1


def test_a_signer_serves_final_roots_only_and_never_two(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    block = a.send(b).block_number
    config = write_config(tmp_path, a, b, mode="signer")
    with daemon(monkeypatch, config, OTHER_KEYS[0]) as running:
        assert settle(running)
        url = f"http://127.0.0.1:{running.port}/attestations/{B_ID}/{b.oracle.address}/{A_ID}"
        assert requests.get(f"{url}/{block}", timeout=5).status_code == 404
        a.mine(2)
        assert settle(running)
        first = requests.get(f"{url}/{block}", timeout=5)
        assert first.status_code == 200
        assert requests.get(f"{url}/x", timeout=5).status_code == 400
        assert requests.get(f"{url}1/{block}", timeout=5).status_code == 404
        a.reorganise(3)
        assert a.send(b, "another").block_number > block
        a.mine(2)
        assert settle(running)
        # The tree at that block is empty now; at later ones it is another.
        assert requests.get(f"{url}/{block}", timeout=5).status_code == 404
    with daemon(monkeypatch, config, OTHER_KEYS[0]) as running:
        assert (
            requests.get(f"http://127.0.0.1:{running.port}/metrics", timeout=5).status_code == 200
        )
        assert requests.get(f"http://127.0.0.1:{running.port}/", timeout=5).status_code == 404


def test_a_second_root_for_a_block_is_refused_across_restarts(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    a.mine(40)
    block = a.send(b).block_number
    a.mine(31)
    config = write_config(tmp_path, a, b, mode="signer")
    path = f"attestations/{B_ID}/{b.oracle.address}/{A_ID}/{block}"
    with daemon(monkeypatch, config, OTHER_KEYS[0]) as running:
        assert settle(running)
        url = f"http://127.0.0.1:{running.port}"
        assert requests.get(f"{url}/{path}", timeout=5).status_code == 200
    a.reorganise(33)
    a.ask("anvil_rollback", 33)
    assert a.send(b, "earlier, so that this block has another root").block_number < block
    a.mine(40)
    with daemon(monkeypatch, config, OTHER_KEYS[0]) as running:
        assert settle(running)
        url = f"http://127.0.0.1:{running.port}"
        refused = requests.get(f"{url}/{path}", timeout=5)
        assert refused.status_code == 409
        assert "was attested with the root" in refused.json()["reason"]
        metrics = requests.get(f"{url}/metrics", timeout=5).text
        assert "tallystick_oracle_alarms_total 1.0" in metrics
        after = requests.get(f"{url}/{path[: path.rindex('/')]}/{block + 1}", timeout=5)
        assert after.status_code == 200


def _signed_root_config(chain: MessagingChain, channel: str) -> tuple[object, ...]:
    """The constructor's argument: treasurer, a rotation delay of one second, two of three."""
    owner, endpoint = OWNER.address, chain.addresses.endpoint
    return endpoint, owner, 1, SIGNERS, 2, [(A_ID, channel)]
