"""Follows messages through the relayer's own database, as `tallystick messages trace` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sequencer.cli.demo.acts import expect
from sequencer.cli.demo.ormp.daemons import Daemon
from sequencer.cli.demo.ormp.stage import Stage
from sequencer.cli.demo.ormp.timeline import Traced
from sequencer.errors import MessageError, UnknownMessageError
from sequencer.messages.ledger import Ledger
from sequencer.messages.lookup import (
    Event,
    Status,
    Story,
    find_message,
    open_ledger,
    prove_message,
    story_of,
)
from sequencer.messages.watch.node import Node
from verifier.chain import Contract
from verifier.chain.abi import Event as Logged
from verifier.chain.records import message_argument

PATIENCE_S = 90.0
_PAUSE_S = 0.05


class Watcher:
    """Sees what the relayer sees."""

    def __init__(self, stage: Stage, daemons: Sequence[Daemon]) -> None:
        self._stage = stage
        self._daemons = daemons
        self._path = stage.folder / "relayer" / "data" / "ledger.sqlite"
        self._ledger: Ledger | None = None
        self._nodes = {side.chain_id: Node(side.rpc.url) for side in (stage.a, stage.b)}
        self._names = {side.chain_id: side.name for side in (stage.a, stage.b)}

    @property
    def ledger(self) -> Ledger:
        """The relayer's ledger, as soon as it exists."""
        if self._ledger is None:
            self._until(self._path.exists, "the relayer has no database")
            self._ledger = self._opened()
        return self._ledger

    def close(self) -> None:
        """Close the database."""
        if self._ledger is not None:
            self._ledger.close()
        for node in self._nodes.values():
            node.close()

    def until_running(self) -> None:
        """Wait until the relayer has begun to follow both chains."""

        def follows() -> bool:
            return {state.chain_id for state in self.ledger.chains()} == set(self._names)

        self._until(follows, "the relayer does not follow both chains")

    def until(self, status: Status, *messages: Traced) -> None:
        """Wait until all these messages are that far, and tell what happens to them meanwhile."""

        def reached() -> bool:
            states = [self._told(message) for message in messages]  # tells about all of them
            return all(state == status for state in states)

        names = ", ".join(message.name for message in messages)
        self._until(reached, f"{names}: not {status}")

    def until_waits(self, message: Traced) -> str:
        """Wait until the relayer refuses to take a message for now; why."""
        story = self._story(message)

        def waits() -> bool:
            nonlocal story
            self._told(message)
            story = self._story(message)
            return story is not None and story.waits is not None

        self._until(waits, f"{message.name}: the relayer does not wait with it")
        return str(story.waits if story is not None else None)

    def until_posted(self, board: Contract, count: int) -> list[Logged]:
        """Wait until a notice board has so many notices; what it was told, in order."""
        self._until(lambda: board.call("count") >= count, f"not {count} notices on the board")
        return board.events("NoticePosted")

    def proof(self, message: Traced) -> tuple[tuple[object, ...], bytes]:
        """The message as a contract takes it, and its proof under the newest root that B knows."""
        found = find_message(self.ledger, message.message_hash.hex())
        proven = prove_message(self.ledger, found)
        return message_argument(found.message), proven.proof.encode()

    def balance(self, chain_id: int, address: str) -> int:
        """Wei of an account."""
        return int(self._nodes[chain_id].request("eth_getBalance", [address, "latest"]), 16)

    def gas_used(self, chain_id: int, transaction: str) -> int:
        """Gas of a transaction that is in a block."""
        receipt = self._nodes[chain_id].request("eth_getTransactionReceipt", [transaction])
        return int(receipt["gasUsed"], 16)

    def _told(self, message: Traced) -> Status | None:
        story = self._story(message)
        if story is None:
            return None
        for event in story.events:
            if (event.name, event.position) not in message.told:
                message.told.add((event.name, event.position))
                self._tell(message, event)
        return story.status

    def _tell(self, message: Traced, event: Event) -> None:
        if event.name.endswith(" paid"):
            return
        chain_id, transaction = event.position.chain_id, "0x" + event.position.tx_hash.hex()
        if event.name in ("failed", "delivered"):
            message.delivered_by = transaction
            message.delivery_gas = self.gas_used(chain_id, transaction)
        what = " ".join(filter(None, (event.name, self._named(event.detail))))
        chain, timeline = self._names[chain_id], self._stage.timeline
        message.seen_s[event.name] = timeline.note(chain, f"{message.name}: {what}", transaction)

    def _named(self, text: str) -> str:
        """With names for the addresses of our oracles."""
        for side in (self._stage.a, self._stage.b):
            text = text.replace(side.oracle.address, "the oracle")
        return text.replace(self._stage.rollup.oracle.address, "the oracle of proven roots")

    def _story(self, message: Traced) -> Story | None:
        try:
            return story_of(self.ledger, find_message(self.ledger, message.message_hash.hex()))
        except UnknownMessageError:
            return None

    def _opened(self) -> Ledger:
        opened: list[Ledger] = []

        def try_to_open() -> bool:
            try:
                opened.append(open_ledger(self._path))
            except MessageError:  # its tables are being made
                return False
            return True

        self._until(try_to_open, "the relayer's database cannot be read")
        return opened[0]

    def _until(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            for daemon in self._daemons:
                daemon.require()
            if time.monotonic() > deadline:
                logs = "\n".join(f"the {one.kind}'s log:\n{one.tail()}" for one in self._daemons)
                expect(False, f"{otherwise} after {PATIENCE_S:.0f} s\n{logs}")
            time.sleep(_PAUSE_S)
