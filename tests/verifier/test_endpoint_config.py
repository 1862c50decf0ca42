"""Who chooses oracles and relayers: the setter, its successor, each application."""

from __future__ import annotations

import pytest

from tests.verifier.doubles import deploy_double
from tests.verifier.refusals import reverts
from verifier.chain import Contract, EmbeddedChain
from verifier.contracts import load_artifact

ZERO = "0x" + "0" * 40
ORACLE = "0x00000000000000000000000000000000000000a1"
RELAYER = "0x00000000000000000000000000000000000000b2"
OTHER = "0x00000000000000000000000000000000000000c3"


@pytest.fixture
def endpoint() -> Contract:
    chain = EmbeddedChain()
    setter = chain.accounts[0]
    return Contract.deploy(chain, load_artifact("Endpoint"), setter, sender=setter)[0]


def person(endpoint: Contract, index: int) -> str:
    return endpoint.transport.accounts[index]


def test_only_the_setter_sets_defaults_and_neither_may_be_zero(endpoint: Contract) -> None:
    with reverts("NotSetter"):
        endpoint.transact("setDefaultConfig", ORACLE, RELAYER, sender=person(endpoint, 1))
    for pair in ((ZERO, RELAYER), (ORACLE, ZERO)):
        with reverts("ZeroAddress"):
            endpoint.transact("setDefaultConfig", *pair, sender=person(endpoint, 0))
    assert endpoint.call("defaultUC") == (ZERO, ZERO)
    receipt = endpoint.transact("setDefaultConfig", ORACLE, RELAYER, sender=person(endpoint, 0))
    args = receipt.event("DefaultConfigUpdated").args
    assert (args["oracle"].lower(), args["relayer"].lower()) == (ORACLE, RELAYER)
    assert endpoint.call("defaultUC") == (ORACLE, RELAYER)


def test_a_setter_is_replaced_only_by_one_who_accepts(endpoint: Contract) -> None:
    old, new, stranger = (person(endpoint, i) for i in range(3))
    with reverts("NotSetter"):
        endpoint.transact("changeSetter", stranger, sender=stranger)
    endpoint.transact("changeSetter", new, sender=old)
    assert endpoint.call("setter") == old.lower()
    with reverts("NotNextSetter"):
        endpoint.transact("acceptSetter", sender=stranger)
    with reverts("NotNextSetter"):
        endpoint.transact("acceptSetter", sender=old)
    args = endpoint.transact("acceptSetter", sender=new).event("SetterChanged").args
    assert (args["oldSetter"], args["newSetter"]) == (old, new)
    assert endpoint.call("setter") == new.lower()
    assert endpoint.call("nextSetter") == ZERO
    with reverts("NotSetter"):
        endpoint.transact("setDefaultConfig", ORACLE, RELAYER, sender=old)
    with reverts("NotNextSetter"):
        endpoint.transact("acceptSetter", sender=new)


def test_a_proposal_can_be_taken_back(endpoint: Contract) -> None:
    old, new = person(endpoint, 0), person(endpoint, 1)
    endpoint.transact("changeSetter", new, sender=old)
    endpoint.transact("changeSetter", ZERO, sender=old)
    with reverts("NotNextSetter"):
        endpoint.transact("acceptSetter", sender=new)


@pytest.mark.parametrize(
    ("own", "effective"),
    [
        ((ZERO, ZERO), (ORACLE, RELAYER)),
        ((OTHER, ZERO), (OTHER, RELAYER)),
        ((ZERO, OTHER), (ORACLE, OTHER)),
        ((OTHER, OTHER), (OTHER, OTHER)),
    ],
)
def test_zero_stands_for_the_default__each_part_by_itself(
    endpoint: Contract, own: tuple[str, str], effective: tuple[str, str]
) -> None:
    endpoint.transact("setDefaultConfig", ORACLE, RELAYER, sender=person(endpoint, 0))
    ua = person(endpoint, 3)
    endpoint.transact("setAppConfig", *own, sender=ua)
    assert endpoint.call("ucOf", ua) == own
    assert endpoint.call("getAppConfig", ua) == effective
    assert endpoint.call("getAppConfig", person(endpoint, 4)) == (ORACLE, RELAYER)


def test_a_choice_is_given_back_by_zero(endpoint: Contract) -> None:
    endpoint.transact("setDefaultConfig", ORACLE, RELAYER, sender=person(endpoint, 0))
    ua = person(endpoint, 3)
    for own, effective in (
        ((OTHER, OTHER), (OTHER, OTHER)),
        ((OTHER, ZERO), (OTHER, RELAYER)),
        ((ZERO, OTHER), (ORACLE, OTHER)),
        ((ZERO, ZERO), (ORACLE, RELAYER)),
    ):
        endpoint.transact("setAppConfig", *own, sender=ua)
        assert endpoint.call("getAppConfig", ua) == effective


@pytest.mark.parametrize("own", [(ZERO, ZERO), (OTHER, ZERO), (ZERO, OTHER)])
def test_nothing_is_received_while_nobody_is_in_charge(
    endpoint: Contract, own: tuple[str, str]
) -> None:
    application = deploy_double(endpoint.transport, "HostileApplication")
    user = person(endpoint, 3)
    application.transact("choose", endpoint.address, *own, sender=user)
    message = (OTHER, 0, 1, OTHER, endpoint.transport.chain_id, application.address, 0, b"")
    with reverts("NobodyInCharge"):
        endpoint.transact("recv", message, bytes(1088), sender=user)
