"""The calls that a relayer makes, to bytes and back, by the signatures of ORMP version 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import function_signature_to_4byte_selector
from eth_utils.address import to_checksum_address

from sequencer.messages.compact_proof import encode_compact
from sequencer.messages.message import Message
from sequencer.messages.ordered import ORDERED_MESSAGE, OrderedMessage
from sequencer.messages.proof import MessageProof

_MESSAGE = "(address,uint256,uint256,address,uint256,address,uint256,bytes)"


def _selector(signature: str) -> bytes:
    return bytes(function_signature_to_4byte_selector(signature))


_RELAY = _selector(f"relay({_MESSAGE},bytes)")
_RELAY_BATCH = _selector(f"relayBatch({_MESSAGE}[],bytes)")
_RETRY = _selector(f"retry({_MESSAGE})")
_RELEASE = _selector(f"release({ORDERED_MESSAGE}[])")
_DONE_OF = _selector("doneOf(uint256,address)")
_GET_APP_CONFIG = _selector("getAppConfig(address)")
_MERKLE_ROOT = _selector("merkleRoot(uint256,uint256)")
_PRICE_OF = _selector("priceOf(uint256)")


@dataclass(frozen=True)
class Delivery:
    """A message and its proof."""

    message: Message
    proof: MessageProof


def relay(delivery: Delivery) -> bytes:
    """Call data of `Relayer.relay`."""
    proof = delivery.proof.encode()
    return _RELAY + encode([_MESSAGE, "bytes"], [_tuple(delivery.message), proof])


def relay_batch(deliveries: Sequence[Delivery]) -> bytes:
    """Call data of `Relayer.relayBatch`: messages under the root of one block number."""
    messages = [_tuple(delivery.message) for delivery in deliveries]
    proofs = encode_compact([delivery.proof for delivery in deliveries])
    return _RELAY_BATCH + encode([_MESSAGE + "[]", "bytes"], [messages, proofs])


def retry(message: Message) -> bytes:
    """Call data of `Endpoint.retry`."""
    return _RETRY + encode([_MESSAGE], [_tuple(message)])


def retried(answer: bytes) -> bool:
    """Whether the application took the message this time."""
    return any(answer[:32])


def release(messages: Sequence[OrderedMessage]) -> bytes:
    """Call data of `OrderedPort.release`."""
    return _RELEASE + encode([ORDERED_MESSAGE + "[]"], [[held.fields() for held in messages]])


def done_of(source_chain_id: int, dapp: str) -> bytes:
    """Call data of `OrderedPort.doneOf`."""
    return _DONE_OF + encode(["uint256", "address"], [source_chain_id, dapp])


def done(answer: bytes) -> int:
    """The number in the answer to `done_of`; ValueError for an answer of another shape."""
    if len(answer) != 32:
        raise ValueError(f"not a number of messages: {len(answer)} bytes")
    return int.from_bytes(answer, "big")


def get_app_config(application: str) -> bytes:
    """Call data of `Endpoint.getAppConfig`."""
    return _GET_APP_CONFIG + encode(["address"], [application])


def app_config(answer: bytes) -> tuple[str, str]:
    """The oracle and the relayer in charge; ValueError for an answer of another shape."""
    try:
        oracle, relayer = decode(["address", "address"], answer)
    except DecodingError as error:
        raise ValueError(f"not an application's configuration: {error}") from None
    return to_checksum_address(oracle), to_checksum_address(relayer)


def merkle_root(source_chain_id: int, block_number: int) -> bytes:
    """Call data of an oracle's `merkleRoot`."""
    return _MERKLE_ROOT + encode(["uint256", "uint256"], [source_chain_id, block_number])


def price_of(target_chain_id: int) -> bytes:
    """Call data of `Relayer.priceOf`, which answers (dstPriceRatio, dstGasPriceInWei)."""
    return _PRICE_OF + encode(["uint256"], [target_chain_id])


def price_ratio(answer: bytes) -> int:
    """The price ratio in the answer to `price_of`; ValueError for an answer of another shape."""
    if len(answer) < 64:
        raise ValueError(f"not an entry of a price table: {len(answer)} bytes")
    return int.from_bytes(answer[:32], "big")


def address_of(number: int) -> str:
    """The checksummed address for an integer of a message."""
    return to_checksum_address(number.to_bytes(20, "big"))


def _tuple(message: Message) -> tuple[object, ...]:
    return (
        address_of(message.channel),
        message.index,
        message.from_chain_id,
        address_of(message.sender),
        message.to_chain_id,
        address_of(message.to),
        message.gas_limit,
        message.encoded,
    )
