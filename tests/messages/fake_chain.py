"""A chain in memory that answers JSON-RPC as a node does: blocks, logs, reorganisations, contracts
that accept messages and hold roots. It lies on demand (`lie`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from sequencer.messages.message import Message
from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.tree import Frontier
from sequencer.messages.watch import decode
from sequencer.messages.watch.node import NodeRefused

ENDPOINT = to_checksum_address("0x" + "e1" * 20)
RELAYER = to_checksum_address("0x" + "e2" * 20)
ORACLE = to_checksum_address("0x" + "e3" * 20)
PORT = to_checksum_address("0x" + "e4" * 20)
STRANGER = to_checksum_address("0x" + "ee" * 20)
_ROOT, _COUNT = keccak(b"root()")[:4], keccak(b"messageCount()")[:4]
_HELD_OF = keccak(b"heldOf(uint256,address,uint64)")[:4]
_MERKLE_ROOT = keccak(b"merkleRoot(uint256,uint256)")[:4]


@dataclass
class Block:
    """A block with its logs, and the contracts' state after it."""

    number: int
    parent: bytes
    salt: int
    logs: list[dict[str, Any]] = field(default_factory=list)
    leaves: tuple[bytes, ...] = ()
    roots: dict[tuple[int, int], bytes] = field(default_factory=dict)
    held: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def hash(self) -> bytes:
        return keccak(f"{self.number}|{self.parent.hex()}|{self.salt}".encode())


class FakeChain:
    """Duck-typed `Node`. Block 0 is empty; `mine` adds blocks, `reorganise` replaces them."""

    def __init__(self, chain_id: int = 1, *, target_chain_id: int = 2) -> None:
        self.chain_id = chain_id
        self.target_chain_id = target_chain_id
        self.name = f"fake-{chain_id}"
        self.blocks = [Block(0, bytes(32), 0)]
        self.finalized = 0
        self.calls: list[str] = []
        self.lie: Callable[[str, list[Any], Any], Any] = lambda method, params, answer: answer
        self._salt = 0

    # -- making blocks --

    def mine(self, count: int = 1) -> Block:
        """Add blocks without anything in them."""
        for _ in range(count):
            last = self.blocks[-1]
            self._salt += 1
            block = Block(last.number + 1, last.hash, self._salt)
            block.leaves, block.roots, block.held = last.leaves, dict(last.roots), dict(last.held)
            self.blocks.append(block)
        return self.blocks[-1]

    def reorganise(self, depth: int) -> None:
        """Drop the newest blocks and mine as many others in their place."""
        del self.blocks[-depth:]
        self.mine(depth)

    def accept(self, payload: bytes = b"", *, block: Block | None = None) -> Message:
        """A message in the newest block (it must be the newest), paid to RELAYER and ORACLE."""
        block = block or self.blocks[-1]
        message = self.next_message(block, payload)
        block.leaves += (message.hash(),)
        tx_hash = keccak(message.hash())
        fields = (
            ENDPOINT,
            message.index,
            message.from_chain_id,
            _text(message.sender),
            message.to_chain_id,
            _text(message.to),
            message.gas_limit,
            message.encoded,
        )
        data = encode(["bytes32", decode._MESSAGE], [_root(block.leaves), fields])
        self.emit(block, ENDPOINT, [decode.ACCEPTED, message.hash()], data, tx_hash)
        paid = encode(["uint256", "bytes", "bytes32[32]"], [7, b"", [bytes(32)] * 32])
        self.emit(block, RELAYER, [decode.RELAYER_ASSIGNED, message.hash()], paid, tx_hash)
        paid = encode(["uint256"], [5])
        self.emit(block, ORACLE, [decode.ORACLE_ASSIGNED, message.hash()], paid, tx_hash)
        return message

    def next_message(self, block: Block, payload: bytes) -> Message:
        """The message that `accept` would make; the block's salt makes it unlike any other's."""
        channel, index = int(ENDPOINT, 16), len(block.leaves)
        return Message(
            channel, index, self.chain_id, block.salt, self.target_chain_id, 9, 100_000, payload
        )

    def dispatch(self, message: Message, *, succeeded: bool = True) -> None:
        """The endpoint delivers a message in the newest block."""
        data = encode(["bool"], [succeeded])
        self.emit(self.blocks[-1], ENDPOINT, [decode.DISPATCHED, message.hash()], data)

    def import_root(self, source_chain_id: int, source_block: int, root: bytes) -> None:
        """ORACLE stores a root in the newest block."""
        block = self.blocks[-1]
        block.roots[source_chain_id, source_block] = root
        key = [source_chain_id.to_bytes(32, "big"), source_block.to_bytes(32, "big")]
        self.emit(block, ORACLE, [decode.IMPORTED, *key], root)

    def hold(self, message: OrderedMessage) -> None:
        """PORT holds a message back in the newest block."""
        block = self.blocks[-1]
        block.held[_held_key(message)] = message.hash()
        lane = (
            encode(["uint256"], [message.from_chain_id]),
            encode(["address"], [message.from_dapp]),
        )
        data = encode([decode.ORDERED_MESSAGE], [message.fields()])
        self.emit(block, PORT, [decode.HELD, message.id, *lane], data)

    def release(self, message: OrderedMessage) -> None:
        """PORT hands a message to its dapp in the newest block."""
        block = self.blocks[-1]
        block.held.pop(_held_key(message), None)
        data = encode(["bool", "bytes"], [True, b""])
        self.emit(block, PORT, [decode.RECEIVED, message.id], data)

    def give_up(self, message: OrderedMessage) -> None:
        """PORT goes on without the message's number in the newest block."""
        block = self.blocks[-1]
        block.held.pop(_held_key(message), None)
        lane = (
            encode(["uint256"], [message.from_chain_id]),
            encode(["address"], [message.from_dapp]),
        )
        data = encode(["uint64"], [message.nonce])
        self.emit(block, PORT, [decode.GIVEN_UP, *lane], data)

    def emit(
        self,
        block: Block,
        address: str,
        topics: list[bytes],
        data: bytes,
        tx_hash: bytes = b"\x77" * 32,
    ) -> None:
        """Any log at the end of a block."""
        log = {
            "address": address.lower(),
            "topics": ["0x" + topic.hex() for topic in topics],
            "data": "0x" + data.hex(),
            "blockNumber": hex(block.number),
            "blockHash": "0x" + block.hash.hex(),
            "transactionHash": "0x" + tx_hash.hex(),
            "logIndex": hex(len(block.logs)),
            "removed": False,
        }
        block.logs.append(log)

    # -- the node --

    def request(self, method: str, params: list[Any]) -> Any:
        """Answer as a node would, then let `lie` change the answer."""
        self.calls.append(method)
        return self.lie(method, params, getattr(self, method)(*params))

    def close(self) -> None:
        """Nothing to close."""

    def eth_chainId(self) -> str:
        return hex(self.chain_id)

    def eth_getBlockByNumber(self, name: str, _: bool) -> dict[str, str] | None:
        number = {"latest": len(self.blocks) - 1, "finalized": self.finalized}.get(name)
        number = int(name, 16) if number is None else number
        if number >= len(self.blocks):
            return None
        block = self.blocks[number]
        return {
            "number": hex(number),
            "hash": "0x" + block.hash.hex(),
            "parentHash": "0x" + block.parent.hex(),
            "timestamp": hex(1_000 + number),
        }

    def eth_getLogs(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        addresses = {address.lower() for address in query["address"]}
        blocks = self.blocks[int(query["fromBlock"], 16) : int(query["toBlock"], 16) + 1]
        return [
            dict(log)
            for block in blocks
            for log in block.logs
            if log["address"] in addresses and log["topics"][0] in query["topics"][0]
        ]

    def eth_getTransactionReceipt(self, tx_hash: str) -> dict[str, Any]:
        logs = [log for block in self.blocks for log in block.logs]
        return {"logs": [log for log in logs if log["transactionHash"] == tx_hash]}

    def eth_call(self, request: dict[str, str], where: Any) -> str:
        block = self._block(where)
        data = bytes.fromhex(request["data"][2:])
        if data[:4] == _ROOT:
            return "0x" + _root(block.leaves).hex()
        if data[:4] == _COUNT:
            return "0x" + len(block.leaves).to_bytes(32, "big").hex()
        if data[:4] == _MERKLE_ROOT:
            key = int.from_bytes(data[4:36], "big"), int.from_bytes(data[36:], "big")
            return "0x" + block.roots.get(key, bytes(32)).hex()
        if data[:4] == _HELD_OF:
            return "0x" + block.held.get(data[4:], bytes(32)).hex()
        raise NodeRefused(self.name, "eth_call", "execution reverted", "0x")

    def _block(self, where: Any) -> Block:
        if where == "latest":
            return self.blocks[-1]
        wanted = bytes.fromhex(where["blockHash"][2:])
        for block in self.blocks:
            if block.hash == wanted:
                return block
        raise NodeRefused(self.name, "eth_call", "header not found", None)


def _root(leaves: tuple[bytes, ...]) -> bytes:
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def _held_key(message: OrderedMessage) -> bytes:
    number = message.from_chain_id, message.from_dapp, message.nonce
    return encode(["uint256", "address", "uint64"], number)


def _text(address: int) -> str:
    return to_checksum_address(address.to_bytes(20, "big"))
