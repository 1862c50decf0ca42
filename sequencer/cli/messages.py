"""`tallystick messages`: where a cross-chain message is, from the database of a daemon."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sequencer.cli.arguments import bounded_int, command
from sequencer.cli.console import Console

if TYPE_CHECKING:
    from sequencer.messages.lookup import Event, ProvenMessage, Story

SHORT_DIGITS = 12
MOST_LISTED = 100_000


def add_parser(subparsers: Any) -> None:
    """Register the command and its verbs."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "messages",
        help="find, trace and prove cross-chain messages",
        description="Find, trace and prove cross-chain messages, from what a daemon has stored.",
        epilog="example: tallystick messages trace 0x5f2c --database relayer.sqlite",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = command(
        verbs,
        "list",
        run_list,
        summary="the messages and how far each is",
        example="tallystick messages list --database relayer.sqlite --to 46",
    )
    listing.add_argument("--from", dest="source", type=_chain, metavar="CHAIN", help="sent from")
    listing.add_argument("--to", dest="target", type=_chain, metavar="CHAIN", help="sent to")
    listing.add_argument("--after", type=_index, default=-1, metavar="INDEX", help="later than")
    listing.add_argument("--limit", type=_limit, default=100, metavar="N", help="at most (100)")
    show = command(
        verbs,
        "show",
        run_show,
        summary="one message, field by field",
        example="tallystick messages show 0x5f2c --database relayer.sqlite",
    )
    trace = command(
        verbs,
        "trace",
        run_trace,
        summary="what happened to a message, on both chains",
        example="tallystick messages trace 0x5f2c --database relayer.sqlite",
    )
    prove = command(
        verbs,
        "prove",
        run_prove,
        summary="the proof of a message under a root that its target knows",
        example="tallystick messages prove 0x5f2c --database relayer.sqlite --out proof.bin",
    )
    prove.add_argument(
        "--root-block",
        type=_index,
        metavar="N",
        help="the source block, or batch, of the root (default: the newest root)",
    )
    prove.add_argument("--oracle", metavar="ADDRESS", help="only roots that this contract holds")
    prove.add_argument("--out", type=Path, metavar="FILE", help="write the 1088 bytes to FILE")
    check = command(
        verbs,
        "check",
        run_check,
        summary="hash the relayer's stored message trees again; exits 2 if one is damaged",
        example="tallystick messages check --database relayer.sqlite",
    )
    for verb in (show, trace, prove):
        verb.add_argument("hash", metavar="HASH", help="the message's hash, or how it begins")
    for verb in (listing, show, trace, prove, check):
        verb.add_argument(
            "--database", type=Path, required=True, metavar="FILE", help="a daemon's database"
        )


def run_list(args: argparse.Namespace, console: Console) -> int:
    """One row a message."""
    from sequencer.messages.lookup import listed, open_ledger, story_of

    ledger = open_ledger(args.database)
    found = listed(
        ledger,
        source_chain_id=args.source,
        target_chain_id=args.target,
        after_index=args.after,
        limit=args.limit,
    )
    stories = [story_of(ledger, one) for one in found]
    ledger.close()
    columns = ("message", "index", "from", "to", "status", "block", "time")
    console.table("messages", columns, [_row(story) for story in stories])
    if len(stories) == args.limit:
        console.line(f"the first {args.limit}; --limit, --after, --from and --to show others")
    console.result({"messages": [_summary(story) for story in stories]})
    return 0


def run_show(args: argparse.Namespace, console: Console) -> int:
    """Every field."""
    story = _story(args)
    fields = _fields(story)
    width = max(map(len, fields))
    for name, value in fields.items():
        console.line(f"{name:<{width}}  {value}")
    console.result(fields)
    return 0


def run_trace(args: argparse.Namespace, console: Console) -> int:
    """Every event."""
    story = _story(args)
    console.line(f"message 0x{story.message_hash.hex()}: {story.status}")
    columns = ("event", "chain", "block", "time", "transaction", "")
    console.table("what happened", columns, [_event_row(event) for event in story.events])
    if not story.target_is_followed:
        console.line(f"chain {story.message.to_chain_id}, its target, is not followed here")
    if story.waits is not None:
        console.line(f"the relayer waits: {story.waits}")
    console.result(
        _summary(story)
        | {
            "events": [_event(event) for event in story.events],
            "target_is_followed": story.target_is_followed,
            "relayer_waits": story.waits,
        }
    )
    return 0


def run_prove(args: argparse.Namespace, console: Console) -> int:
    """Print or export a proof that was checked."""
    from sequencer.messages.lookup import find_message, open_ledger, prove_message

    oracle = None if args.oracle is None else _address(args.oracle)
    ledger = open_ledger(args.database)
    found = find_message(ledger, args.hash)
    proven = prove_message(ledger, found, root_block=args.root_block, oracle=oracle)
    ledger.close()
    proof = proven.proof.encode()
    if args.out is not None:
        args.out.write_bytes(proof)
        console.line(f"{len(proof)} bytes in {args.out}")
    else:
        console.line("0x" + proof.hex())
    console.line(
        f"message {proven.proof.message_index} under the root 0x{proven.known.root.hex()} of number"
        f" {proven.proof.block_number}, which {proven.known.contract} holds on chain"
        f" {proven.known.position.chain_id} since block {proven.known.position.block_number}"
    )
    console.result(_proof(proven))
    return 0


def run_check(args: argparse.Namespace, console: Console) -> int:
    """Verify the trees beside the database."""
    from sequencer.messages.channel_trees import check_trees, trees_folder
    from sequencer.messages.lookup import open_ledger

    ledger = open_ledger(args.database)
    folder = trees_folder(args.database)
    trees = check_trees(ledger, folder)
    ledger.close()
    for tree in trees:
        console.line(
            f"channel {tree.channel} on chain {tree.source_chain_id}: {tree.count} messages, root"
            f" 0x{tree.root.hex()}"
        )
    if not trees:
        console.line(f"no stored trees in {folder}")
    console.result(
        {
            "trees": [
                {
                    "from_chain": str(tree.source_chain_id),
                    "channel": tree.channel,
                    "messages": tree.count,
                    "root": f"0x{tree.root.hex()}",
                }
                for tree in trees
            ]
        }
    )
    return 0


def _story(args: argparse.Namespace) -> Story:
    from sequencer.messages.lookup import find_message, open_ledger, story_of

    ledger = open_ledger(args.database)
    try:
        return story_of(ledger, find_message(ledger, args.hash))
    finally:
        ledger.close()


def _row(story: Story) -> tuple[str, ...]:
    message, sent = story.message, story.events[0]
    return (
        f"0x{story.message_hash.hex()[:SHORT_DIGITS]}",
        str(message.index),
        str(message.from_chain_id),
        str(message.to_chain_id),
        str(story.status),
        str(sent.position.block_number),
        _time(sent.time_s),
    )


def _event_row(event: Event) -> tuple[str, ...]:
    return (
        event.name,
        str(event.position.chain_id),
        str(event.position.block_number),
        _time(event.time_s),
        f"0x{event.position.tx_hash.hex()}",
        event.detail,
    )


def _summary(story: Story) -> dict[str, Any]:
    return {
        "hash": f"0x{story.message_hash.hex()}",
        "channel": _hex_address(story.message.channel),
        "index": str(story.message.index),
        "from_chain": str(story.message.from_chain_id),
        "to_chain": str(story.message.to_chain_id),
        "status": str(story.status),
    }


def _fields(story: Story) -> dict[str, str]:
    message = story.message
    return _summary(story) | {
        "sender": _hex_address(message.sender),
        "to": _hex_address(message.to),
        "gas_limit": str(message.gas_limit),
        "encoded": f"0x{message.encoded.hex()}",
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "event": event.name,
        "chain": str(event.position.chain_id),
        "block": event.position.block_number,
        "block_hash": f"0x{event.position.block_hash.hex()}",
        "transaction": f"0x{event.position.tx_hash.hex()}",
        "time_s": event.time_s,
        "detail": event.detail,
    }


def _proof(proven: ProvenMessage) -> dict[str, Any]:
    return {
        "hash": f"0x{proven.accepted.message_hash.hex()}",
        "index": str(proven.proof.message_index),
        "root": f"0x{proven.known.root.hex()}",
        "root_block": str(proven.proof.block_number),
        "oracle": proven.known.contract,
        "chain": str(proven.known.position.chain_id),
        "proof": f"0x{proven.proof.encode().hex()}",
    }


def _time(time_s: int | None) -> str:
    if time_s is None:
        return "-"
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _hex_address(number: int) -> str:
    from sequencer.messages.ledger.rows import address

    return address(number)


def _address(text: str) -> str:
    from eth_utils.address import is_address, to_checksum_address

    from sequencer.errors import MessageError

    if not is_address(text):
        raise MessageError("command line", "--oracle", f"{text!r} is not an address")
    return to_checksum_address(text)


def _chain(text: str) -> int:
    return bounded_int(text, low=0, high=(1 << 256) - 1)


def _index(text: str) -> int:
    return bounded_int(text, low=0, high=(1 << 63) - 1)


def _limit(text: str) -> int:
    return bounded_int(text, low=1, high=MOST_LISTED)
