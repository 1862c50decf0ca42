"""Row 13: a verifier with a development key is deployed on development chains only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verifier.world import SIMULATOR
from verifier.chain import EmbeddedChain, deploy_verifier
from verifier.errors import DevelopmentKeyError

CEREMONY_KEY = replace(SIMULATOR.key, development=False)


@pytest.mark.parametrize("chain_id", [1, 10, 46, 11155111])
def test_development_key_is_refused_where_there_is_value(chain_id: int) -> None:
    chain = EmbeddedChain(chain_id)
    with pytest.raises(DevelopmentKeyError, match=str(chain_id)):
        deploy_verifier(chain, SIMULATOR.key, sender=chain.accounts[0])
    with pytest.raises(DevelopmentKeyError):
        deploy_verifier(chain, CEREMONY_KEY, sender=chain.accounts[0], is_dev_key=True)
    deploy_verifier(chain, CEREMONY_KEY, sender=chain.accounts[0])


@pytest.mark.parametrize("chain_id", [1337, 31337])
def test_development_key_is_fine_on_a_development_chain(chain_id: int) -> None:
    chain = EmbeddedChain(chain_id)
    deploy_verifier(chain, SIMULATOR.key, sender=chain.accounts[0])
