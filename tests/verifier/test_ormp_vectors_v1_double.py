"""The double of the deployed ORMP v1.5.0 against the deliveries recorded from it.

As with version 2, this is about the double: oracles that work with it work with the deployed one.
"""

from __future__ import annotations

from typing import Any

import pytest

from sequencer.messages.message import Message
from sequencer.messages.proof import PROOF_SIZE, MessageProof
from sequencer.messages.tree import branch_root
from tests.verifier.recorded import APPLICATION, ENVIRONMENT, ROLES, VECTORS, fund, number, raw
from tests.verifier.replay import assert_same_logs, assert_same_revert, place, replay
from verifier.chain import Contract, EmbeddedChain
from verifier.chain.records import message_argument
from verifier.chain.transport import ExecutionReverted

ZERO = "0x" + "0" * 40
AT = ENVIRONMENT["v1_destination"]
ROWS = {
    f"{i} {row['about']}": row
    for i, row in enumerate(VECTORS["deliveries"])
    if row["version"] == "v1.5.0"
}
# What these rows show lies in the recorded oracle or relayer, not in the endpoint.
OF_OTHER_CONTRACTS = (
    "relay by an account that is not an approved operator",
    "target is the Relayer contract",
    "SECURITY (v1): target is the Relayer contract",
    "SECURITY (v1): the same with the Oracle contract",
    "the oracle owner overwrote the root",
    "subapi-backed Oracle",
    "same message, proof rebuilt for the newest root",
)
# Whether the retained 1/64 of the gas is enough to finish depends on the compiler: it is here.
OF_THE_COMPILER = "tx gas limit 250000 although gasLimit is 400000"
EXCLUDED = (*OF_OTHER_CONTRACTS, OF_THE_COMPILER)
REPLAYED = {about: row for about, row in ROWS.items() if not row["about"].startswith(EXCLUDED)}


def test_what_is_not_replayed_is_named() -> None:
    assert len(ROWS) == 53
    assert len(ROWS) - len(REPLAYED) == 10


def message_of(row: dict[str, Any]) -> Message:
    fields = row["message"]
    names = ("channel", "index", "fromChainId", "from", "toChainId", "to", "gasLimit")
    return Message(*(number(fields[name]) for name in names), raw(fields["encoded"]))


def prepared(row: dict[str, Any]) -> tuple[EmbeddedChain, Contract]:
    """The recorded destination; it knows the root that the proof leads to, unless it must not."""
    chain = EmbeddedChain(number(ENVIRONMENT["destination_chain_id"]))
    dao, operator = ROLES["dao"], ROLES["op"]
    endpoint = place(chain, "EndpointV1Double", AT["ormp"], dao)
    oracle = place(chain, "Oracle", AT["oracle"], dao, AT["ormp"])
    relayer = place(chain, "Relayer", AT["relayer"], dao, AT["ormp"])
    application = place(chain, "RecordingApplication", APPLICATION)
    for account in ROLES.values():
        fund(chain, account, 10**24)
    relayer.transact("setApproved", operator, True, sender=dao)
    endpoint.transact("setDefaultConfig", oracle.address, relayer.address, sender=dao)
    if row["about"].startswith(("app chose", "SECURITY (v1): recv with value")):
        chosen = row["tx"]["from"] if row["tx"]["to"] == endpoint.address else ROLES["u2"]
        choice = endpoint.address, ZERO, chosen
        application.transact("configure", *choice, sender=dao)
    message, proof = message_of(row), raw(row["proof"])
    reason = row["tx"].get("revert", {}).get("reason")
    if len(proof) >= PROOF_SIZE and reason != "!proof":
        decoded = MessageProof.decode(proof[:PROOF_SIZE])
        root = branch_root(message.hash(), decoded.siblings, decoded.message_index)
        key = message.from_chain_id, decoded.block_number
        oracle.transact("importMessageRoot", *key, root, sender=dao)
    if row["state_before"]["dones[hash]"]:
        relayer.transact("relay", message_argument(message), proof, sender=operator)
    return chain, endpoint


@pytest.mark.parametrize("about", REPLAYED)
def test_deliveries(about: str) -> None:
    row = REPLAYED[about]
    chain, endpoint = prepared(row)
    if row["tx"]["status"] == "revert":
        with pytest.raises(ExecutionReverted) as caught:
            replay(chain, row["tx"])
        assert_same_revert(caught.value, row["tx"])
    else:
        assert_same_logs(replay(chain, row["tx"]).logs, row["tx"])
    delivered = endpoint.call("dones", raw(row["hash"]))
    assert delivered is row["state_after"]["dones[hash]"]
