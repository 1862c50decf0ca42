"""What the relayer is told beside what both daemons are told (see sequencer/messages/config.py):

[relayer]
margin_percent = 0                     # of the cost, on top of it; negative subsidises
batch_messages = 16                    # in one transaction
batch_gas = "12000000"
max_transaction_gas = "16000000"       # default: what a block holds
extra_gas = "0"                        # added to each gas limit
max_pending = 8                        # transactions at a time and target
bump_after_blocks = 3                  # an offer this old, in blocks and in seconds, is raised
bump_after_s = 30
first_pause_s = 15.0                   # of a message that cannot be delivered; doubles each time
longest_pause_s = 3600.0
retry_failed = false                   # try failed deliveries again, at our cost
max_retries = 5                        # for each message

[[target]]                             # where messages are delivered
chain_id = "31338"
relayer = "0x…"                        # our Relayer contract there
ordered_ports = ["0x…"]                # what they hold back is released in its turn, at our cost;
                                       # named before the first run, or what they held is missed

[[target.feed]]                        # an oracle there whose roots a SubAPI feed announces
oracle = "0x…"
feed = "0x…"

[[route]]
source_chain_id = "31337"
target_chain_id = "31338"
# channel = "0x…"                      # default: the source chain's endpoint
# relayers = ["0x…"]                   # whose assignments are ours; default: those of the chain
# subsidised = true                    # deliver whatever is in the channel, at our cost
# price_ratio_e10 = "10000000000"      # default: that of the source relayer's price table
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sequencer.messages.config import DaemonConfig, open_config
from sequencer.messages.relayer.settings import CourierSettings, Patience, Route, Target, Terms
from sequencer.toml_section import Section

_U63 = (1 << 63) - 1


@dataclass(frozen=True)
class RelayerConfig:
    """Everything that a relayer needs to know before it starts."""

    daemon: DaemonConfig
    couriers: tuple[CourierSettings, ...]
    max_pending: int
    bump_after_blocks: int
    bump_after_s: int


def load_relayer_config(path: Path) -> RelayerConfig:
    """Read and check a file. ConfigError names file, key and reason."""
    daemon, top = open_config(path)
    section = top.table("relayer")
    terms, patience = _terms(section), _patience(section)
    targets = [_target(table, daemon) for table in top.tables("target")]
    routes = [_route(table, daemon, targets) for table in top.tables("route")]
    if not routes:
        raise top.error("route", "no [[route]] is given: there is nothing to relay")
    config = RelayerConfig(
        _with_ports(daemon, targets),
        tuple(
            CourierSettings(
                target,
                tuple(route for route in routes if route.target_chain_id == target.chain_id),
                terms,
                patience,
            )
            for target in targets
        ),
        section.bounded_integer("max_pending", 1, 256, 8),
        section.bounded_integer("bump_after_blocks", 0, 10_000, 3),
        section.bounded_integer("bump_after_s", 0, 86_400, 30),
    )
    top.refuse_unread()
    return config


def _terms(section: Section) -> Terms:
    most = None
    if section.has("max_transaction_gas"):
        most = section.bounded_integer("max_transaction_gas", 21_000, _U63)
    return Terms(
        section.bounded_integer("margin_percent", -100, 10_000, Terms.margin_percent),
        section.bounded_integer("batch_messages", 1, 256, Terms.batch_messages),
        section.bounded_integer("batch_gas", 21_000, _U63, Terms.batch_gas),
        most,
        section.bounded_integer("extra_gas", 0, _U63, Terms.extra_gas),
    )


def _patience(section: Section) -> Patience:
    return Patience(
        section.seconds("first_pause_s", 0, 86_400, Patience.first_pause_s),
        section.seconds("longest_pause_s", 0, 30 * 86_400, Patience.longest_pause_s),
        section.flag("retry_failed", default=False),
        section.bounded_integer("max_retries", 0, 1_000, Patience.max_retries),
    )


def _target(section: Section, daemon: DaemonConfig) -> Target:
    chain_id = section.bounded_integer("chain_id", 1, _U63)
    chain = daemon.chains.get(chain_id)
    if chain is None:
        raise section.error("chain_id", f"no [[chain]] has the id {chain_id}")
    if chain.watchlist.endpoint is None:
        raise section.error("chain_id", f"[[chain]] {chain_id} names no endpoint")
    feeds = {table.address("oracle"): table.address("feed") for table in section.tables("feed")}
    watched = chain.watchlist
    proven = frozenset().union(*(rollup.zk_oracles for rollup in watched.rollups))
    oracles = watched.oracles | proven | feeds.keys()
    ports = tuple(dict.fromkeys(section.addresses("ordered_ports")))
    relayer = section.address("relayer")
    return Target(chain_id, chain.watchlist.endpoint, relayer, oracles, feeds, ports)


def _with_ports(daemon: DaemonConfig, targets: list[Target]) -> DaemonConfig:
    """The ports of a target are listened to on its chain."""
    chains = dict(daemon.chains)
    for target in targets:
        chain = chains[target.chain_id]
        ports = chain.watchlist.ordered_ports | frozenset(target.ordered_ports)
        watchlist = replace(chain.watchlist, ordered_ports=ports)
        chains[target.chain_id] = replace(chain, watchlist=watchlist)
    return replace(daemon, chains=chains)


def _route(section: Section, daemon: DaemonConfig, targets: list[Target]) -> Route:
    source = section.bounded_integer("source_chain_id", 1, _U63)
    target = section.bounded_integer("target_chain_id", 1, _U63)
    if all(known.chain_id != target for known in targets):
        raise section.error("target_chain_id", f"no [[target]] has the chain id {target}")
    relayers = _relayers(section, daemon, source)
    chain = daemon.chains.get(source)
    endpoint = None if chain is None else chain.watchlist.endpoint
    is_given = section.has("channel") or endpoint is None
    channel = section.address("channel") if is_given else str(endpoint)
    ratio = None
    if section.has("price_ratio_e10"):
        ratio = section.bounded_integer("price_ratio_e10", 1, (1 << 128) - 1)
    return Route(source, channel, target, relayers, ratio)


def _relayers(section: Section, daemon: DaemonConfig, source: int) -> tuple[str, ...]:
    if section.flag("subsidised", default=False):
        if section.has("relayers"):
            raise section.error("relayers", "a subsidised route has none: it delivers everything")
        return ()
    chain = daemon.chains.get(source)
    if chain is None:
        raise section.error(
            "source_chain_id",
            f"no [[chain]] has the id {source}: only a subsidised route may start at a rollup",
        )
    watched = chain.watchlist.relayers
    relayers = section.addresses("relayers") if section.has("relayers") else tuple(sorted(watched))
    if not relayers:
        raise section.error("relayers", "none are given, and the source [[chain]] names none")
    if unknown := set(relayers) - watched:
        raise section.error("relayers", f"{min(unknown)} is not among those of [[chain]] {source}")
    return relayers
