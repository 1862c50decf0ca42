"""Gas of what oracles are brought: rows of gas.json.

Recorded from the real contracts (tests/vectors/ormp.json, "gas"): importMessageRoot of version
1.5.0 48,412, importMessageHash of version 2.1.0 52,829.
"""

from __future__ import annotations

from tests.verifier.light_client import light_client
from tests.verifier.messaging import proof_of
from tests.verifier.signers import SIGNERS, attestation
from tests.verifier.version_2 import version_2
from verifier.chain import Contract
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

ROOT = bytes(range(1, 33))
MANY = 8


def measure_oracles() -> dict[str, int]:
    """Gas of whole transactions, 21,000 and calldata included."""
    return measure_roots() | measure_version_2()


def measure_roots() -> dict[str, int]:
    """A root by its owner, and by three of five signers."""
    client = light_client(members=SIGNERS[:5], threshold=3)
    owner, endpoint = client.chain.accounts[:2]
    oracle, _ = Contract.deploy(
        client.chain, load_artifact("Oracle"), owner, endpoint, sender=owner
    )
    by_owner = oracle.transact("importMessageRoot", 46, 7, ROOT, sender=owner)
    by_signers = client.attest(SIGNERS[:3], attestation(ROOT))
    return {
        "importMessageRoot": by_owner.gas_used,
        "importSigned, 3 of 5": by_signers.gas_used,
    }


def measure_version_2() -> dict[str, int]:
    """Hashes of proven messages, for an endpoint of version 2.1.0: one, and several together."""
    here = version_2()
    for text in range(1 + MANY):
        here.message(b"message %d" % text)
    sent = here.world.sent
    proofs = [proof_of(here.world, index) for index in range(len(sent))]
    one = here.bring(sent[0], proofs[0]).gas_used
    arguments = [message_argument(message) for message in sent[1:]], proofs[1:]
    many = here.oracle.transact("importMessages", *arguments, sender=here.world.user)
    return {
        "importMessage, version 2": one,
        f"importMessages of {MANY}, version 2, a message's share": -(-many.gas_used // MANY),
    }
