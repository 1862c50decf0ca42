"""Row 24 for oracles that nobody chose: the endpoint calls them, and nothing is assigned."""

from __future__ import annotations

import pytest

from tests.verifier.light_client import deploy_config
from tests.verifier.oracle_choice import OURS, ZERO, Setting, setting
from tests.verifier.signers import SIGNERS
from verifier.chain import Contract, EmbeddedChain
from verifier.contracts import load_artifact


def unchosen(here: Setting, kind: str) -> Contract:
    """An oracle of the setting's endpoint that is nobody's default."""
    chain = here.world.client.transport
    assert isinstance(chain, EmbeddedChain)
    if kind == "Oracle":
        arguments: tuple[object, ...] = (here.owner, here.endpoint.address)
    elif kind == "SignedRootOracle":
        _, *rest = deploy_config(chain, SIGNERS[:3], 2)
        arguments = ((here.endpoint.address, *rest),)
    else:
        arguments = (here.endpoint.address, here.default_oracle.address, [])
    return Contract.deploy(chain, load_artifact(kind), *arguments, sender=here.owner)[0]


@pytest.mark.parametrize("kind", ["Oracle", "SignedRootOracle", "OracleRouter"])
def test_a_message_aimed_at_an_oracle_assigns_nothing(kind: str) -> None:
    here = setting(OURS)
    defaults = here.world.client.oracle.address, here.relayer.address
    here.endpoint.transact("setDefaultConfig", *defaults, sender=here.owner)
    oracle = unchosen(here, kind)
    assert oracle.address != ZERO
    sent = here.message(oracle.encode("assign", b"\x01" * 32), to=oracle.address)
    receipt = here.relay(sent)
    assert receipt.event("MessageDispatched").args["dispatchResult"] is False
    assert [event.name for event in receipt.events] == ["MessageDispatched"]
