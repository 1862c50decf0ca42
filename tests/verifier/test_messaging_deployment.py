"""Deployment of endpoint, relayer and oracle: roles, prices, and the same gas on a real node."""

from __future__ import annotations

import pytest

from tests.verifier.anvil import running_anvil
from tests.verifier.world import CLOCK_S
from verifier.chain import (
    Contract,
    DestinationPrice,
    EmbeddedChain,
    MessagingAddresses,
    MessagingConfig,
    Transport,
    deploy_messaging,
)
from verifier.contracts import load_artifact

AWAY = 1002
STRANGER = "0x" + "c3" * 20
PRICE = DestinationPrice(10**14, 2 * 10**10, 3 * 10**9, 150_000, 20)


def deploy(chain: Transport) -> tuple[dict[str, Contract], dict[str, int]]:
    owner, *operators = chain.accounts[:3]
    config = MessagingConfig(owner, tuple(operators), {AWAY: PRICE})
    addresses, gas = deploy_messaging(chain, config)
    return contracts(chain, addresses), gas


def contracts(chain: Transport, addresses: MessagingAddresses) -> dict[str, Contract]:
    named = {
        "Endpoint": addresses.endpoint,
        "Relayer": addresses.relayer,
        "Oracle": addresses.oracle,
    }
    return {n: Contract(chain, load_artifact(n), address) for n, address in named.items()}


def test_everything_is_set_up() -> None:
    chain = EmbeddedChain()
    found, gas = deploy(chain)
    endpoint, relayer, oracle = found.values()
    assert set(gas) == set(found)
    assert endpoint.call("setter") == chain.accounts[0].lower()
    assert endpoint.call("defaultUC") == (oracle.address.lower(), relayer.address.lower())
    for contract in (relayer, oracle):
        assert contract.call("owner") == chain.accounts[0].lower()
        assert contract.call("PROTOCOL") == endpoint.address.lower()
        approved = [contract.call("isApproved", account) for account in chain.accounts[:4]]
        assert approved == [True, True, True, False]
    assert relayer.call("priceOf", AWAY) == (PRICE.ratio_e10, PRICE.gas_price_wei)
    assert relayer.call("configOf", AWAY) == (PRICE.base_gas, PRICE.gas_per_byte)
    assert oracle.call("feeOf", AWAY) == PRICE.oracle_fee_wei


def test_without_prices_nothing_can_be_sent_but_everything_received() -> None:
    chain = EmbeddedChain()
    addresses, _ = deploy_messaging(chain, MessagingConfig(chain.accounts[0]))
    relayer = contracts(chain, addresses)["Relayer"]
    assert relayer.call("configOf", AWAY) == (0, 0)
    assert relayer.call("isApproved", chain.accounts[0]) is True


def send_twice(chain: Transport, endpoint: Contract) -> list[int]:
    user = chain.accounts[5]
    due = endpoint.call("fee", AWAY, user, 70_000, b"payload", b"")
    arguments = AWAY, STRANGER, 70_000, b"payload", STRANGER, b""
    return [
        endpoint.transact("send", *arguments, sender=user, value=due).gas_used for _ in range(2)
    ]


@pytest.mark.node
def test_a_real_node_charges_the_same() -> None:
    embedded = EmbeddedChain()
    sends = send_twice(embedded, deploy(embedded)[0]["Endpoint"])
    with running_anvil(timestamp_s=CLOCK_S) as chain:
        assert send_twice(chain, deploy(chain)[0]["Endpoint"]) == sends
