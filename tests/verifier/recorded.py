"""Our contracts where the recorded ones stood: the same chain ids, addresses, roles and prices.

So the recorded transactions can be sent as they are, and what comes out compared byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from tests.verifier.doubles import deploy_double
from tests.verifier.ormp_world import Side, refresh, set_message_count, store
from verifier.chain import ChainRevert, Contract, DestinationPrice, EmbeddedChain
from verifier.chain.abi import decode_revert
from verifier.chain.embedded_state import _ACCOUNT_INFO
from verifier.chain.messaging_deployment import set_price
from verifier.chain.transport import ExecutionReverted, Log
from verifier.contracts import load_artifact

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/ormp.json").read_text())
ENVIRONMENT = VECTORS["environment"]
VERSION = "v1.5.0"
ROLES: dict[str, str] = ENVIRONMENT["roles"]
APPLICATION: str = ENVIRONMENT["receiver_app"]
RE_SENDER = VECTORS["refund_reentrancy"][0]["tx"]["to"]
SOURCE, DESTINATION = 0x2E, 0x2C
PRICE = DestinationPrice(
    oracle_fee_wei=int(ENVIRONMENT["oracle_fee"], 16),
    ratio_e10=int(ENVIRONMENT["relayer_price"]["dstPriceRatio"], 16),
    gas_price_wei=int(ENVIRONMENT["relayer_price"]["dstGasPriceInWei"], 16),
    base_gas=int(ENVIRONMENT["relayer_config"]["baseGas"], 16),
    gas_per_byte=int(ENVIRONMENT["relayer_config"]["gasPerByte"], 16),
)
BRANCH_SLOT = 5
RICH_WEI = 10**24


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def number(text: str) -> int:
    return int(text, 0)


def rows(section: str) -> list[dict[str, Any]]:
    """The rows of a section that were recorded from version 1.5.0."""
    return [row for row in VECTORS[section] if row.get("version") == VERSION]


def recorded_side(chain_id: int) -> Side:
    """Endpoint, oracle and relayer at the recorded addresses, priced for the other chain."""
    chain = EmbeddedChain(chain_id)
    for address in ROLES.values():
        fund(chain, address, RICH_WEI)
    dao, op = ROLES["dao"], ROLES["op"]

    def deploy(name: str, *arguments: object) -> Contract:
        return Contract.deploy(chain, load_artifact(name), *arguments, sender=dao)[0]

    endpoint = deploy("Endpoint", dao)
    oracle = deploy("Oracle", dao, endpoint.address)
    relayer = deploy("Relayer", dao, endpoint.address)
    for contract in (oracle, relayer):
        contract.transact("setApproved", op, True, sender=dao)
    set_price(relayer, oracle, SOURCE + DESTINATION - chain_id, PRICE, sender=op)
    endpoint.transact("setDefaultConfig", oracle.address, relayer.address, sender=dao)
    put_code(chain, APPLICATION, deploy_double(chain, "RecordingApplication").address)
    put_code(chain, RE_SENDER, deploy_double(chain, "ReSender").address)
    side = Side(chain, endpoint, relayer, oracle, {})
    recorded = ENVIRONMENT["v1_source" if chain_id == SOURCE else "v1_destination"]
    found = {"ormp": endpoint, "oracle": oracle, "relayer": relayer}
    assert {name: recorded[name] for name in found} == {n: c.address for n, c in found.items()}
    return side


def source_with_64_messages() -> Side:
    """The source chain as it was before each recorded send: only one subtree is unfinished."""
    side = recorded_side(SOURCE)
    series = next(s for s in VECTORS["imt"]["series"] if s["kind"] == "ormp")
    set_message_count(side, 64)
    nodes = [raw(row["leaf"]) for row in series["insertions"][:64]]
    while len(nodes) > 1:
        nodes = [keccak(a + b) for a, b in zip(nodes[::2], nodes[1::2], strict=True)]
    subtree = int.from_bytes(nodes[0], "big")
    store(side.chain, side.endpoint.address, BRANCH_SLOT + 6, lambda _: subtree)
    assert side.endpoint.call("root") == raw(series["insertions"][63]["root"])
    return side


def balance(chain: EmbeddedChain, address: str) -> int:
    """Wei held by an address, whichever way it is written."""
    return chain.balance(to_checksum_address(address))


def fund(chain: EmbeddedChain, address: str, amount_wei: int) -> None:
    """Set an account's balance."""
    info = chain._state._accounts.get(address)
    nonce, code = (info.nonce, info.code) if info else (0, None)
    chain._state._accounts[address] = _ACCOUNT_INFO(amount_wei, nonce, code=code)
    refresh(chain)


def put_code(chain: EmbeddedChain, address: str, like: str) -> None:
    """Put the code of one contract (without immutables) at another address."""
    chain._state._accounts[address] = _ACCOUNT_INFO(0, 1, code=chain.code(like))
    refresh(chain)


Snapshot = tuple[dict[Any, Any], dict[Any, Any]]


def snapshot(chain: EmbeddedChain) -> Snapshot:
    """All accounts and storage."""
    return dict(chain._state._accounts), dict(chain._state._storage)


def restore(chain: EmbeddedChain, before: Snapshot) -> None:
    """Forget what happened since."""
    chain._state._accounts, chain._state._storage = map(dict, before)
    refresh(chain)


@contextmanager
def untouched(chain: EmbeddedChain) -> Iterator[None]:
    """What the block changes is forgotten."""
    before = snapshot(chain)
    yield
    restore(chain, before)


def replay(side: Side, tx: dict[str, Any], **changes: Any) -> tuple[Log, ...]:
    """Send a recorded transaction; its logs. Raises `ChainRevert`."""
    data = changes.get("data", raw(tx["calldata"]))
    to, value = changes.get("to", tx["to"]), changes.get("value", number(tx["value"]))
    try:
        result = side.chain.transact(
            to, data, sender=tx["from"], value=value, gas_limit=tx["gas_limit"]
        )
    except ExecutionReverted as reverted:
        raise decode_revert(reverted) from None
    return result.logs


def refusal(side: Side, tx: dict[str, Any], **changes: Any) -> str | None:
    """Name of the error that a recorded transaction meets here, None if it succeeds."""
    try:
        replay(side, tx, **changes)
    except ChainRevert as revert:
        return revert.name
    return None


def bare(log: Log) -> tuple[str, tuple[bytes, ...], bytes]:
    """What a log says, without where it stands."""
    return log.address, log.topics, log.data


def recorded_logs(tx: dict[str, Any]) -> list[tuple[str, tuple[bytes, ...], bytes]]:
    """The recorded logs in the form of `bare`."""
    return [
        (log["address"], tuple(raw(topic) for topic in log["topics"]), raw(log["data"]))
        for log in tx.get("logs", [])
    ]
