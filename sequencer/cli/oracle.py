"""`tallystick oracle`: follows source chains and brings their message roots to target chains.

oracle run --config oracle.toml            until SIGTERM
oracle run --config oracle.toml --once     what is due now, then exit (1 if it was not all done)
oracle status --config oracle.toml         where chains and routes stand

The configuration file is described at the top of config.py in sequencer/messages and in
sequencer/messages/oracle.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sequencer.cli.arguments import command
from sequencer.cli.console import Console

if TYPE_CHECKING:
    from sequencer.messages.oracle.status import ChainStatus, RouteStatus

Row = tuple[str, ...]


def add_parser(subparsers: Any) -> None:
    """Register the command and its two actions."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "oracle",
        help="import message roots from chain to chain",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: tallystick oracle run --config oracle.toml",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    run = command(
        actions,
        "run",
        run_daemon,
        summary="follow the chains, sign and import roots",
        example="tallystick oracle run --config oracle.toml",
    )
    _add_config(run)
    run.add_argument("--once", action="store_true", help="do what is due now, then exit")
    status = command(
        actions,
        "status",
        run_status,
        summary="show how far chains were followed and what is covered",
        example="tallystick oracle status --config oracle.toml",
    )
    _add_config(status)


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="F.toml")


def run_daemon(args: argparse.Namespace, console: Console) -> int:
    """Run until told to stop; exit 1 if a chain had to be stopped or something stayed undone."""
    from sequencer.cli.daemon import run_to_its_end, stopped_by_signals
    from sequencer.messages import logs
    from sequencer.messages.oracle import OracleDaemon, load_oracle_config

    config = load_oracle_config(args.config)
    logs.configure(config.daemon.log_level)
    stop = stopped_by_signals()
    daemon = OracleDaemon(config, logs.logger(daemon="oracle"))
    if not args.once:
        console.line(f"metrics and attestations on http://127.0.0.1:{daemon.port}/")
    is_done = run_to_its_end(daemon, stop, once=args.once)
    if args.once:
        console.line("all due roots are imported" if is_done else "not everything was done")
    console.result({"done": is_done})
    return 0 if is_done else 1


def run_status(args: argparse.Namespace, console: Console) -> int:
    """Print two tables."""
    from sequencer.messages.ledger import Ledger
    from sequencer.messages.oracle import load_oracle_config
    from sequencer.messages.oracle.status import oracle_status

    config = load_oracle_config(args.config)
    if not config.daemon.ledger_path.exists():
        console.line(f"{config.daemon.ledger_path}: no ledger yet; the oracle never ran here")
        console.result({"chains": [], "routes": []})
        return 0
    ledger = Ledger.open(config.daemon.ledger_path)
    try:
        status = oracle_status(config, ledger)
    finally:
        ledger.close()
    chains = [_chain_row(chain) for chain in status.chains]
    routes = [_route_row(route) for route in status.routes]
    console.table("chains", _CHAIN_COLUMNS, chains)
    console.table("routes", _ROUTE_COLUMNS, routes)
    console.result(
        {
            "chains": [_named(_CHAIN_COLUMNS, row) for row in chains],
            "routes": [_named(_ROUTE_COLUMNS, row) for row in routes],
        }
    )
    return 0


_CHAIN_COLUMNS = ("name", "id", "read", "final")
_ROUTE_COLUMNS = (
    "source",
    "target",
    "oracle",
    "mode",
    "messages",
    "covered",
    "waiting",
    "attested",
)


def _named(columns: Row, row: Row) -> dict[str, str]:
    return dict(zip(columns, row, strict=True))


def _chain_row(chain: ChainStatus) -> Row:
    return chain.name, str(chain.chain_id), _number(chain.cursor), _number(chain.finalized)


def _route_row(status: RouteStatus) -> Row:
    route = status.route
    return (
        str(route.source_chain_id),
        str(route.target_chain_id),
        route.oracle,
        route.mode.value,
        str(status.messages),
        str(status.covered),
        "yes" if status.waiting else "no",
        str(status.attested),
    )


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)
