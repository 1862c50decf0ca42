"""One oracle a source chain: proofs for the rollup, a data service or signers elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.light_client import deploy_config
from tests.verifier.messaging import Sent
from tests.verifier.oracle_choice import (
    DEPLOYED,
    DESTINATION,
    FEE,
    OURS,
    ZERO,
    Setting,
    logged,
    setting,
)
from tests.verifier.refusals import reverts
from tests.verifier.signers import CHANNEL, SIGNERS, SOURCE_CHAIN_ID, attestation, joined
from tests.verifier.world import ROLLUP_CHAIN_ID
from verifier.chain import ChainRevert, Contract
from verifier.chain.attestation import SigningDomain
from verifier.contracts import load_artifact

BLOCK = 7


def router_of(here: Setting, routes: list[tuple[int, str]], *, outbound: str = ZERO) -> Contract:
    """A router for the setting's endpoint."""
    arguments = here.endpoint.address, outbound, routes
    chain = here.world.client.transport
    return Contract.deploy(chain, load_artifact("OracleRouter"), *arguments, sender=here.owner)[0]


def routed(kind: str) -> tuple[Setting, Contract]:
    """Proofs for the rollup, the data service for the source chain and for what is sent."""
    here = setting(kind)
    service = here.default_oracle.address
    routes = [(ROLLUP_CHAIN_ID, here.world.client.oracle.address), (SOURCE_CHAIN_ID, service)]
    router = router_of(here, routes, outbound=service)
    here.choose(router.address)
    return here, router


def from_the_source(here: Setting, *, chain_id: int = SOURCE_CHAIN_ID) -> tuple[Sent, bytes]:
    """A message of the other chain with its proof, and the root that it stands under."""
    local = here.world.client.transport.chain_id
    to = int(here.application.address, 16)
    channel = int(CHANNEL, 16)
    message = Message(channel, 0, chain_id, 5, local, to, 100_000, b"from the source")
    tree = MessageTree([message.hash()])
    return Sent(message, MessageProof(BLOCK, 0, tuple(tree.prove(0))).encode()), tree.root()


@pytest.mark.parametrize("kind", [OURS, DEPLOYED])
def test_each_source_is_believed_through_its_own_oracle(kind: str) -> None:
    here, _ = routed(kind)
    here.relay(here.message(b"out of the rollup"))
    sent, root = from_the_source(here)
    with pytest.raises(ChainRevert):
        here.relay(sent)
    here.default_oracle.transact(
        "importMessageRoot", SOURCE_CHAIN_ID, BLOCK, root, sender=here.owner
    )
    here.relay(sent)
    assert [data[:4] for data in logged(here)] == [b"out ", b"from"]


def test_no_oracle_vouches_for_another_ones_chain() -> None:
    """The data service has a root for the rollup's chain id; nobody asks it about that chain."""
    here, router = routed(OURS)
    forged, root = from_the_source(here, chain_id=ROLLUP_CHAIN_ID)
    service = here.default_oracle
    service.transact("importMessageRoot", ROLLUP_CHAIN_ID, BLOCK, root, sender=here.owner)
    arguments = ROLLUP_CHAIN_ID, forged.message.hash(), forged.proof
    assert service.call("verifyMessageProof", *arguments)
    assert not router.call("verifyMessageProof", *arguments)
    with reverts("MessageNotProven"):
        here.relay(forged)
    assert router.call("merkleRoot", ROLLUP_CHAIN_ID, BLOCK) == bytes(32)


def test_signers_serve_where_no_proof_exists() -> None:
    here = setting(OURS)
    chain: Any = here.world.client.transport
    endpoint, treasurer, *rest = deploy_config(chain, SIGNERS[:5], 3)
    config = here.endpoint.address, treasurer, *rest
    signed, _ = Contract.deploy(chain, load_artifact("SignedRootOracle"), config, sender=here.owner)
    assert endpoint != here.endpoint.address
    routes = [
        (ROLLUP_CHAIN_ID, here.world.client.oracle.address),
        (SOURCE_CHAIN_ID, signed.address),
    ]
    here.choose(router_of(here, routes).address)
    sent, root = from_the_source(here)
    seen = attestation(root, block=BLOCK, count=1)
    brought = joined(SigningDomain(chain.chain_id, signed.address), seen, SIGNERS[1:4])
    signed.transact("importSigned", seen.argument, brought, sender=here.world.user)
    here.relay(sent)
    here.relay(here.message(b"proven"))
    assert [data[:6] for data in logged(here)] == [b"from t", b"proven"]


def test_a_chain_without_an_oracle_is_not_believed() -> None:
    here, router = routed(OURS)
    sent, _ = from_the_source(here, chain_id=77)
    assert not router.call("verifyMessageProof", 77, sent.message.hash(), sent.proof)
    assert router.call("merkleRoot", 77, BLOCK) == bytes(32)
    with reverts("MessageNotProven"):
        here.relay(sent)


def test_a_send_pays_the_outbound_oracle_and_is_assigned_once() -> None:
    here, router = routed(OURS)
    chain: Any = here.world.client.transport
    assert router.call("fee", DESTINATION, here.world.user) == FEE
    before = chain.balance(here.default_oracle.address)
    receipt = here.send_out()
    assigned = [event for event in receipt.events if event.name == "Assigned"]
    assert [event.address for event in assigned] == [here.relayer.address, router.address]
    accepted = receipt.event("MessageAccepted").args["msgHash"]
    assert assigned[1].args == {"msgHash": accepted, "fee": FEE}
    assert chain.balance(here.default_oracle.address) == before + FEE
    assert chain.balance(router.address) == 0
    here.default_oracle.transact("withdraw", here.world.user, FEE, sender=here.owner)


def test_a_destination_that_the_outbound_oracle_does_not_serve() -> None:
    _, router = routed(OURS)
    with reverts("FeeUnset"):
        router.call("fee", DESTINATION + 1, ZERO)


def test_without_an_outbound_oracle_nothing_is_sent() -> None:
    here = setting(OURS)
    router = router_of(here, [(ROLLUP_CHAIN_ID, here.world.client.oracle.address)])
    here.choose(router.address)
    with reverts("NoOutboundOracle"):
        here.send_out()
    with reverts("NoOutboundOracle"):
        router.transact("assign", bytes(32), sender=here.owner, value=1)


@pytest.mark.parametrize("value", [0, 1])
def test_only_the_endpoint_assigns(value: int) -> None:
    here, router = routed(OURS)
    for sender in (here.owner, here.world.user):
        with reverts("NotEndpoint"):
            router.transact("assign", bytes(32), sender=sender, value=value)


def test_a_message_aimed_at_the_router_assigns_nothing() -> None:
    """Nobody chose this one, so the endpoint does call it; but its deliveries carry no value."""
    here, _ = routed(OURS)
    spare = router_of(here, [], outbound=here.default_oracle.address)
    here.endpoint.transact(
        "setDefaultConfig",
        here.world.client.oracle.address,
        here.relayer.address,
        sender=here.owner,
    )
    aimed = here.message(to=spare.address, payload=spare.encode("assign", b"\x01" * 32))
    receipt = here.relay(aimed)
    assert [event.name for event in receipt.events] == ["MessageDispatched"]
    assert receipt.event("MessageDispatched").args["dispatchResult"] is False


def test_an_outbound_oracle_that_takes_no_fee_stops_the_send() -> None:
    """The oracles of this project take it; a contract without `receive` does not."""
    here = setting(OURS)
    user, mute = here.world.user, here.world.client.oracle.address
    artifact = load_artifact("OracleRouter")
    chain = here.world.client.transport
    router, _ = Contract.deploy(chain, artifact, user, mute, [], sender=user)
    with reverts("FeeNotTaken"):
        router.transact("assign", bytes(32), sender=user, value=1)


@pytest.mark.parametrize(
    ("routes", "outbound"),
    [
        ([(1, ZERO)], ZERO),
        ([(1, CHANNEL)], ZERO),
        ([(1, "oracle"), (1, "oracle")], ZERO),
        ([], CHANNEL),
    ],
    ids=["no oracle", "no code", "twice", "outbound without code"],
)
def test_a_table_that_cannot_work_is_not_deployed(
    routes: list[tuple[int, str]], outbound: str
) -> None:
    here = setting(OURS)
    service = here.default_oracle.address
    named = [(chain_id, service if who == "oracle" else who) for chain_id, who in routes]
    with reverts("RouteInvalid"):
        router_of(here, named, outbound=outbound)


def test_nothing_can_be_changed_later() -> None:
    functions = [e for e in load_artifact("OracleRouter").abi if e["type"] == "function"]
    kinds = {e["name"] for e in functions if e["stateMutability"] in ("payable", "nonpayable")}
    assert kinds == {"assign"}
