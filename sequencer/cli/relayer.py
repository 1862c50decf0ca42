"""`tallystick relayer`: bring messages to their targets, and show how the queues stand."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sequencer.cli.arguments import command
from sequencer.cli.console import Console

if TYPE_CHECKING:
    from sequencer.messages.ledger import Database
    from sequencer.messages.relayer.config import RelayerConfig
    from sequencer.messages.relayer.status import HeldStatus, RouteStatus

SHOWN_REASONS = 20


def add_parser(subparsers: Any) -> None:
    """Register the command with its subcommands."""
    parser = subparsers.add_parser(
        "relayer",
        help="deliver ORMP messages: run the daemon, show its queues",
        description="Deliver ORMP messages: run the daemon, show its queues.",
        epilog="example: tallystick relayer run --config relayer.toml",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    running = command(
        actions,
        "run",
        run,
        summary="follow the chains and deliver until SIGTERM",
        example="tallystick relayer run --config relayer.toml",
    )
    running.add_argument("--config", type=Path, required=True, metavar="F")
    running.add_argument(
        "--once", action="store_true", help="deliver what can be delivered now, then end"
    )
    status = command(
        actions,
        "status",
        show_status,
        summary="show the messages of each route by state, and why some wait",
        example="tallystick relayer status --config relayer.toml --json",
    )
    status.add_argument("--config", type=Path, required=True, metavar="F")


def run(args: argparse.Namespace, console: Console) -> int:
    """Run the daemon; 1 if a chain had to be stopped, or if `--once` left something undone."""
    from sequencer.cli.daemon import run_to_its_end, stopped_by_signals
    from sequencer.messages import logs
    from sequencer.messages.relayer.config import load_relayer_config
    from sequencer.messages.relayer.daemon import RelayerDaemon

    config = load_relayer_config(args.config)
    logs.configure(config.daemon.log_level)
    stop = stopped_by_signals()
    daemon = RelayerDaemon(config, logs.logger(daemon="relayer"))
    is_done = run_to_its_end(daemon, stop, once=args.once)
    console.result({"done": is_done})
    return 0 if is_done else 1


def show_status(args: argparse.Namespace, console: Console) -> int:
    """Print the queues as the database has them."""
    from sequencer.messages.ledger import Database
    from sequencer.messages.relayer.config import load_relayer_config
    from sequencer.messages.relayer.status import STATES, route_status

    config = load_relayer_config(args.config)
    if not config.daemon.ledger_path.exists():
        console.line(f"{config.daemon.ledger_path}: no ledger yet; the relayer never ran here")
        console.result({"routes": [], "held": []})
        return 0
    database = Database.open(config.daemon.ledger_path)
    routes = [route for courier in config.couriers for route in courier.routes]
    found = [route_status(database, route) for route in routes]
    held = _held(config, database)
    database.close()
    rows = [(str(s.route), *(str(s.counts[state]) for state in STATES)) for s in found]
    console.table("messages", ("route", *STATES), rows)
    for status in found:
        for waits in status.postponed[:SHOWN_REASONS]:
            console.line(
                f"{status.route} message {waits.index} (0x{waits.message_hash.hex()}),"
                f" failed {waits.failures} times: {waits.reason}"
            )
    if any(courier.target.ordered_ports for courier in config.couriers):
        console.line(f"held by ordered ports: {len(held)}")
    for one in [one for one in held if one["reason"]][:SHOWN_REASONS]:
        console.line(
            f"{one['port']} number {one['nonce']} of {one['from_dapp']},"
            f" failed {one['failures']} times: {one['reason']}"
        )
    console.result({"routes": [_as_json(status) for status in found], "held": held})
    return 0


def _held(config: RelayerConfig, database: Database) -> list[dict[str, Any]]:
    from sequencer.messages.relayer.status import held_status

    return [
        {"chain_id": str(courier.target.chain_id), "port": port, **_held_as_json(status)}
        for courier in config.couriers
        for port in courier.target.ordered_ports
        for status in held_status(database, courier.target.chain_id, port)
    ]


def _held_as_json(status: HeldStatus) -> dict[str, Any]:
    message = status.message
    return {
        "message": "0x" + message.id.hex(),
        "from_chain_id": str(message.from_chain_id),
        "from_dapp": message.from_dapp,
        "nonce": str(message.nonce),
        "in_transaction": status.in_transaction,
        "releases": status.releases,
        "failures": status.failures,
        "reason": status.reason,
    }


def _as_json(status: RouteStatus) -> dict[str, Any]:
    return {
        "source_chain_id": str(status.route.source_chain_id),
        "channel": status.route.channel,
        "target_chain_id": str(status.route.target_chain_id),
        "messages": status.counts,
        "postponed": [
            {
                "index": waits.index,
                "hash": "0x" + waits.message_hash.hex(),
                "failures": waits.failures,
                "reason": waits.reason,
            }
            for waits in status.postponed
        ],
    }
