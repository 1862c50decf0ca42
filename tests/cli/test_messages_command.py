"""`tallystick messages`: what it says about messages of every kind, and what it refuses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_hash.auto import keccak

from sequencer.cli.main import main
from sequencer.messages import LeafStore, Message, MessageProof, MessageTree
from sequencer.messages.channel_trees import ChannelTrees, trees_folder
from sequencer.messages.ledger import Ledger
from sequencer.messages.ledger.rows import address
from sequencer.messages.watch import facts
from sequencer.messages.watch.header import Header

SOURCE, TARGET, ROLLUP = 11, 22, 7_000_000_000
ENDPOINT = 0x00000000001523057A05D6293C1E5171EE33EE0A
ROLLUP_CONTRACT = 0x5FBDB2315678AFECB367F032D93F642F64180AA3
RELAYER, ORACLE, ZK_ORACLE = (address(number) for number in (0xA1, 0xA2, 0xA3))
CHAIN_START_S = 1_700_000_000
Run = Callable[..., tuple[int, Any, str]]


class World:
    """A ledger that follows a source and a target chain, filled fact by fact."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ledger = Ledger.open(path)
        self.blocks = {SOURCE: 0, TARGET: 0}
        self.trees: dict[int, MessageTree] = {
            ENDPOINT: MessageTree(),
            ROLLUP_CONTRACT: MessageTree(),
        }
        for chain in self.blocks:
            self.ledger.add_chain(chain, 1)

    def block(
        self, chain: int, *make: Callable[[facts.Position], facts.Fact], final: int = 0
    ) -> int:
        """A block with these facts, five seconds after the one before."""
        self.blocks[chain] += 1
        number = self.blocks[chain]
        header = Header(
            number, _id(chain, number), _id(chain, number - 1), CHAIN_START_S + 5 * number
        )
        made = [
            one(facts.Position(chain, number, header.hash, keccak(header.hash + bytes([i])), i))
            for i, one in enumerate(make)
        ]
        self.ledger.commit(chain, [header], made, finalized=final)
        return number

    def accept(self, payload: bytes = b"", *, final: int = 0) -> Message:
        """A message of the endpoint, in a block of its own, with both fees paid."""
        tree = self.trees[ENDPOINT]
        message = Message(ENDPOINT, tree.count, SOURCE, 5, TARGET, 6, 100_000, payload)
        tree.append(message.hash())
        self.block(
            SOURCE,
            lambda at: facts.MessageAccepted(
                at, message.hash(), tree.root(), at.block_number, message
            ),
            lambda at: facts.RelayerAssigned(at, RELAYER, message.hash(), 10**15, b""),
            lambda at: facts.OracleAssigned(at, ORACLE, message.hash(), 10**18),
            final=final,
        )
        return message

    def import_root(self, source_block: int, count: int, oracle: str = ORACLE) -> None:
        root = self.trees[ENDPOINT].root(count)
        self.block(TARGET, lambda at: facts.RootImported(at, oracle, SOURCE, source_block, root))

    def dispatch(self, message: Message, *, succeeded: bool, retried: bool = False) -> None:
        kind = facts.MessageRetried if retried else facts.MessageDispatched
        self.block(TARGET, lambda at: kind(at, address(ENDPOINT), message.hash(), succeeded))

    def post(self, batch: int, count: int) -> list[Message]:
        """A batch of the rollup, which settles on the target chain."""
        first = self.trees[ROLLUP_CONTRACT].count
        messages = [
            Message(ROLLUP_CONTRACT, first + i, ROLLUP, 8, TARGET, 9, 50_000, b"batch")
            for i in range(count)
        ]
        self.block(
            TARGET,
            lambda at: facts.BatchCommitted(at, address(ROLLUP_CONTRACT), batch, tuple(messages)),
        )
        return messages

    def settle(self, batch: int, messages: list[Message]) -> None:
        """What the follower makes of a proof: the batch's messages and its root."""
        tree = self.trees[ROLLUP_CONTRACT]
        roots = {}
        for message in messages:
            tree.append(message.hash())
            roots[message] = tree.root()
        accepted = [
            (lambda at, m=m: facts.MessageAccepted(at, m.hash(), roots[m], batch, m))
            for m in messages
        ]
        root = tree.root()
        self.block(
            TARGET, *accepted, lambda at: facts.RootImported(at, ZK_ORACLE, ROLLUP, batch, root)
        )


def _id(chain: int, number: int) -> bytes:
    return keccak(f"{chain}/{number}".encode())


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "ledger.sqlite")


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a verb: the exit code, the JSON (None without), and what a person would read."""

    def run(*arguments: str) -> tuple[int, Any, str]:
        code = main(["messages", *arguments, "--database", str(world.path), "--json"])
        captured = capsys.readouterr()
        return code, json.loads(captured.out) if captured.out else None, captured.err

    return run


def text(message: Message) -> str:
    return "0x" + message.hash().hex()


def names(result: Any) -> list[str]:
    return [event["event"] for event in result["events"]]


def test_trace__a_message_from_its_acceptance_to_its_delivery(world: World, run: Run) -> None:
    message = world.accept(b"hello")
    assert run("trace", text(message))[1]["status"] == "accepted"
    world.block(SOURCE, final=1)
    assert run("trace", text(message))[1]["status"] == "final"
    world.import_root(1, 1)
    assert run("trace", text(message))[1]["status"] == "root known"
    world.dispatch(message, succeeded=True)
    code, result, shown = run("trace", text(message))
    assert (code, result["status"]) == (0, "delivered")
    assert names(result) == ["accepted", "relayer paid", "oracle paid", "root known", "delivered"]
    accepted, relayer, _, root, delivered = result["events"]
    assert (accepted["chain"], accepted["block"], accepted["time_s"]) == (
        "11",
        1,
        CHAIN_START_S + 5,
    )
    assert (delivered["chain"], delivered["block"]) == ("22", 2)
    assert accepted["transaction"] == "0x" + keccak(_id(SOURCE, 1) + b"\x00").hex()
    assert relayer["detail"] == f"1000000000000000 wei to {RELAYER}"
    assert root["detail"] == f"number 1 by {ORACLE}"
    assert "2023-11-14 22:13:25" in shown and delivered["transaction"] in shown


def test_trace__a_failed_delivery_and_its_retries(world: World, run: Run) -> None:
    message = world.accept()
    world.import_root(1, 1)
    world.dispatch(message, succeeded=False)
    assert run("trace", text(message))[1]["status"] == "failed"
    world.dispatch(message, succeeded=False, retried=True)
    assert run("trace", text(message))[1]["status"] == "failed"
    world.dispatch(message, succeeded=True, retried=True)
    result = run("trace", text(message))[1]
    assert result["status"] == "delivered"
    assert names(result)[-3:] == ["failed", "failed", "delivered"]
    assert [event["detail"] for event in result["events"][-3:]] == [
        "",
        "on another attempt",
        "on another attempt",
    ]


def test_trace__a_message_of_a_rollup(world: World, run: Run) -> None:
    (message,) = posted = world.post(3, 1)
    result = run("trace", text(message))[1]
    assert (result["status"], names(result)) == ("posted", ["posted"])
    assert result["events"][0]["detail"] == "in batch 3"
    world.settle(3, posted)
    result = run("trace", text(message))[1]
    assert result["status"] == "root known"
    assert names(result) == ["posted", "proven", "root known"]
    world.dispatch(message, succeeded=True)
    assert run("trace", text(message))[1]["status"] == "delivered"


def test_trace__the_first_covering_root_of_each_oracle(world: World, run: Run) -> None:
    first, second = world.accept(), world.accept()
    world.import_root(2, 2)
    world.import_root(1, 1)
    world.import_root(2, 2, oracle=RELAYER)
    events = run("trace", text(first))[1]["events"]
    assert [(e["block"], e["detail"]) for e in events if e["event"] == "root known"] == [
        (1, f"number 2 by {ORACLE}"),
        (3, f"number 2 by {RELAYER}"),
    ]
    assert names(run("trace", text(second))[1]).count("root known") == 2


def test_trace__says_when_the_target_is_not_followed(world: World, run: Run) -> None:
    message = world.accept()
    world.ledger.database.execute("DELETE FROM blocks WHERE chain = ?", TARGET)
    world.ledger.database.execute("DELETE FROM chains WHERE chain = ?", TARGET)
    _, result, shown = run("trace", text(message))
    assert result["target_is_followed"] is False
    assert "chain 22, its target, is not followed here" in shown


def test_trace__a_dispatch_on_another_chain_is_not_this_messages(world: World, run: Run) -> None:
    message = world.accept()
    endpoint = address(ENDPOINT)
    world.block(SOURCE, lambda at: facts.MessageDispatched(at, endpoint, message.hash(), True))
    assert run("trace", text(message))[1]["status"] == "accepted"


def test_trace__times_are_kept_when_headers_are_dropped(world: World, run: Run) -> None:
    message = world.accept()
    for _ in range(300):
        world.block(SOURCE)
    assert world.ledger.kept_headers(SOURCE)[-1].number > 1
    assert run("trace", text(message))[1]["events"][0]["time_s"] == CHAIN_START_S + 5
    world.ledger.roll_back(SOURCE, 0)
    assert world.ledger.block_time_s(SOURCE, 1) is None


def test_trace__why_the_relayer_waits(world: World, run: Run) -> None:
    message, other = world.accept(), world.accept()
    database = world.ledger.database
    database.execute("CREATE TABLE deliveries (message_hash BLOB, target_chain TEXT, reason TEXT)")
    row = (message.hash(), str(TARGET), "not worth it: costs 3, pays 2")
    database.execute("INSERT INTO deliveries VALUES (?,?,?)", *row)
    _, result, shown = run("trace", text(message))
    assert result["relayer_waits"] == "not worth it: costs 3, pays 2"
    assert "the relayer waits: not worth it" in shown
    assert run("trace", text(other))[1]["relayer_waits"] is None


def test_show__every_field(world: World, run: Run) -> None:
    message = world.accept(b"\x01\x02")
    code, result, _ = run("show", text(message))
    assert code == 0
    assert result == {
        "hash": text(message),
        "channel": "0x00000000001523057a05d6293C1e5171eE33eE0A",
        "index": "0",
        "from_chain": "11",
        "to_chain": "22",
        "status": "accepted",
        "sender": "0x0000000000000000000000000000000000000005",
        "to": "0x0000000000000000000000000000000000000006",
        "gas_limit": "100000",
        "encoded": "0x0102",
    }


def test_list__filters_and_counts(world: World, run: Run) -> None:
    sent = [world.accept(bytes([i])) for i in range(5)]
    proven = world.post(1, 2)
    world.settle(1, proven)
    unproven = world.post(2, 1)
    unproven_hashes = [text(message) for message in unproven]

    def hashes(*arguments: str) -> list[str]:
        return [one["hash"] for one in run("list", *arguments)[1]["messages"]]

    assert set(hashes()) == {text(m) for m in [*sent, *proven, *unproven]}
    assert hashes("--from", str(SOURCE)) == [text(m) for m in sent]
    assert hashes("--from", str(ROLLUP), "--after", "1") == unproven_hashes
    assert hashes("--to", str(SOURCE)) == []
    assert hashes("--from", str(SOURCE), "--after", "2", "--limit", "1") == [text(sent[3])]
    assert "the first 2; --limit" in run("list", "--limit", "2")[2]


def test_list__a_batch_posted_again_counts_as_it_was_posted_last(world: World, run: Run) -> None:
    world.post(1, 2)
    again = world.post(1, 1)
    assert [one["hash"] for one in run("list")[1]["messages"]] == [text(m) for m in again]


@pytest.mark.parametrize("stored", [True, False])
def test_prove__under_the_newest_root_or_a_chosen_one(
    world: World, run: Run, tmp_path: Path, stored: bool
) -> None:
    messages = [world.accept(bytes([i])) for i in range(6)]
    if stored:
        with ChannelTrees(world.ledger, trees_folder(world.path)) as trees:
            trees.tree(SOURCE, address(ENDPOINT))
    world.import_root(3, 3)
    world.import_root(5, 5)
    world.import_root(4, 4, oracle=RELAYER)
    tree, leaf = world.trees[ENDPOINT], messages[1].hash()
    for arguments, number, count in [
        ((), 4, 4),
        (("--oracle", ORACLE.lower()), 5, 5),
        (("--root-block", "3"), 3, 3),
        (("--root-block", "5", "--oracle", ORACLE), 5, 5),
    ]:
        code, result, shown = run("prove", text(messages[1]), *arguments)
        proof = MessageProof.decode(bytes.fromhex(result["proof"][2:]))
        assert (code, proof.block_number, proof.message_index) == (0, number, 1)
        assert result["root"] == "0x" + tree.root(count).hex()
        assert proof.leads_to(tree.root(count), leaf)
        assert result["proof"] in shown
    out = tmp_path / "proof.bin"
    assert run("prove", text(messages[1]), "--out", str(out))[0] == 0
    assert out.read_bytes() == MessageProof(4, 1, tuple(tree.prove(1, 4))).encode()
    assert len(out.read_bytes()) == 1088


def test_prove__a_message_of_a_rollup(world: World, run: Run) -> None:
    world.settle(1, world.post(1, 2))
    messages = world.post(2, 3)
    world.settle(2, messages)
    tree = world.trees[ROLLUP_CONTRACT]
    _, result, _ = run("prove", text(messages[0]))
    assert (result["root_block"], result["oracle"], result["index"]) == ("2", ZK_ORACLE, "2")
    proof = MessageProof.decode(bytes.fromhex(result["proof"][2:]))
    assert proof.leads_to(tree.root(), messages[0].hash())


def test_prove__a_root_that_was_replaced_is_not_used(world: World, run: Run) -> None:
    first, second = world.accept(), world.accept()
    world.import_root(9, 1)
    world.import_root(9, 2)
    assert run("prove", text(first))[1]["root"] == "0x" + world.trees[ENDPOINT].root(2).hex()
    world.import_root(9, 1)  # an oracle of version 1 lets its owner do that
    assert run("prove", text(first))[1]["root"] == "0x" + world.trees[ENDPOINT].root(1).hex()
    code, _, shown = run("prove", text(second))
    assert (code, "no root that covers" in shown) == (2, True)


def test_prove__what_no_root_covers(world: World, run: Run) -> None:
    first, second = world.accept(), world.accept()
    (posted,) = world.post(4, 1)
    world.import_root(1, 1)
    for message, arguments, part in [
        (second, (), "no root that covers message 0x"),
        (first, ("--root-block", "2"), "no root of number 2 that covers"),
        (first, ("--oracle", RELAYER), f"is known on chain 22 in {RELAYER}"),
        (first, ("--oracle", "0x12"), "--oracle: '0x12' is not an address"),
        (posted, (), "is in batch 4, which is not proven yet"),
    ]:
        code, result, shown = run("prove", text(message), *arguments)
        assert (code, result) == (2, None)
        assert part in shown


def test_prove__a_proof_that_does_not_lead_to_the_root_is_not_printed(
    world: World, run: Run
) -> None:
    message = world.accept(b"0")
    world.accept(b"1")
    world.import_root(2, 2)
    world.ledger.database.execute(
        "UPDATE messages SET message_hash = ? WHERE message_index = 1", bytes(32)
    )
    code, result, shown = run("prove", text(message))
    assert (code, result) == (2, None)
    assert "do not give the root" in shown


def test_hash__its_beginning_is_enough(world: World, run: Run) -> None:
    messages = [world.accept(bytes([i])) for i in range(3)] + world.post(1, 1)
    for message in messages:
        digits = message.hash().hex()
        for given in (digits, "0x" + digits, digits[:8], "0x" + digits[:7].upper()):
            assert run("show", given)[1]["hash"] == text(message)


def test_hash__one_that_is_shared_is_refused_with_the_choices(world: World, run: Run) -> None:
    ends = (b"\x00" * 29, b"\xff" * 29)
    hashes = [b"\xab\xcd" + bytes([i]) + ends[i % 2] for i in range(6)]
    for made in hashes:
        message = world.accept(made)
        world.ledger.database.execute(
            "UPDATE messages SET message_hash = ? WHERE message_hash = ?", made, message.hash()
        )
    code, _, shown = run("show", "0xabcd")
    assert code == 2
    assert "several messages begin with 0xabcd: 0xabcd00" in shown
    assert ", …; give more digits" in shown
    assert run("show", "abcd03")[1]["hash"] == "0x" + hashes[3].hex()
    assert run("show", "abcd0")[0] == 2


@pytest.mark.parametrize("given", ["", "0x", "abc", "0xabc", "xyzw", "0x" + "a" * 65, "12 4"])
def test_hash__what_is_none_is_refused(world: World, run: Run, given: str) -> None:
    code, _, shown = run("show", given)
    assert code == 2
    assert f"{given!r} is not 4 … 64 hexadecimal digits" in shown


def test_hash__an_unknown_one_names_what_is_known(world: World, run: Run) -> None:
    world.accept()
    for verb in ("show", "trace", "prove"):
        code, _, shown = run(verb, "0123456")
        assert code == 2
        assert f"no message with the hash 0x0123456… in {world.path}" in shown
        assert "chains 11 up to block 1, 22 up to block 0" in shown


def store_tree(world: World) -> Path:
    with ChannelTrees(world.ledger, trees_folder(world.path)) as trees:
        return trees.tree(SOURCE, address(ENDPOINT)).path


def test_check__the_stored_trees_are_hashed_again(world: World, run: Run) -> None:
    assert run("check")[:2] == (0, {"trees": []})
    for i in range(5):
        world.accept(bytes([i]))
    path = store_tree(world)
    world.accept(b"not stored yet")
    code, result, _ = run("check")
    assert code == 0
    assert result["trees"] == [
        {
            "from_chain": str(SOURCE),
            "channel": address(ENDPOINT),
            "messages": 5,
            "root": "0x" + world.trees[ENDPOINT].root(5).hex(),
        }
    ]
    damaged = bytearray(path.read_bytes())
    damaged[64 + 32 * 2] ^= 1
    path.write_bytes(damaged)
    code, result, shown = run("check")
    assert (code, result) == (2, None)
    assert "node 2: level 1 above leaf 1 is not the hash of its children" in shown


def test_check__leaves_that_are_not_the_ledgers(world: World, run: Run) -> None:
    world.accept()
    path = store_tree(world)
    with LeafStore(path, SOURCE, ENDPOINT) as store:
        store.truncate(0)
        store.append(b"x" * 32)
    code, _, shown = run("check")
    assert (code, "its 1 leaves do not give the ledger's root" in shown) == (2, True)
    path.rename(path.with_name("copy.leaves"))
    code, _, shown = run("check")
    assert (code, "names no chain and channel" in shown) == (2, True)


def test_database__is_only_read(world: World, run: Run) -> None:
    message = world.accept()
    before = list(world.ledger.database._connection.iterdump())
    for verb in ("show", "trace", "prove"):
        run(verb, text(message))
    run("list")
    assert list(world.ledger.database._connection.iterdump()) == before


def test_database__can_be_read_while_a_daemon_writes(world: World, run: Run) -> None:
    message = world.accept()
    with world.ledger.database.transaction():
        world.ledger.database.execute("DELETE FROM messages")
        assert run("show", text(message))[0] == 0
    assert run("show", text(message))[0] == 2


def test_database__what_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign, other, old = (tmp_path / name for name in ("foreign", "other.sqlite", "old.sqlite"))
    foreign.write_bytes(b"not a database" * 1000)
    sqlite3.connect(other).execute("CREATE TABLE messages (x)").connection.close()
    Ledger.open(old).database.execute("PRAGMA user_version = 99")
    for path, part in [
        (tmp_path / "absent.sqlite", "cannot be read: unable to open"),
        (tmp_path, "cannot be read"),
        (foreign, "cannot be read: file is not a database"),
        (other, "holds no messages; name the database of an oracle or relayer daemon"),
        (old, "has schema version 99, this program reads"),
    ]:
        assert main(["messages", "list", "--database", str(path)]) == 2
        assert part in capsys.readouterr().err
    assert not (tmp_path / "absent.sqlite").exists()
