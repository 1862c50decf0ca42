"""The configuration that the README shows is one that both daemons read."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address

from sequencer.messages.oracle import load_oracle_config
from sequencer.messages.relayer.config import load_relayer_config

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.fixture
def parts() -> tuple[str, str, str]:
    """What both are told, what the oracle is told, what the relayer is told."""
    text = README.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    common, rest = text.split("# oracle.toml\n")
    oracle, relayer = rest.split("# relayer.toml\n")
    return common, oracle, relayer


def written(folder: Path, common: str, own: str) -> Path:
    """A file with addresses in the places of the ellipses; an oracle's is the same everywhere."""
    lines, numbers = [], count(1)
    for line in (common + own).splitlines():
        number = 0xA0 if line.startswith("oracle") else next(numbers)
        lines.append(line.replace("0x…", to_checksum_address(number.to_bytes(20, "big"))))
    path = folder / "daemon.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_readme__the_oracles_configuration(parts: tuple[str, str, str], tmp_path: Path) -> None:
    common, oracle, _ = parts
    config = load_oracle_config(written(tmp_path, common, oracle))
    (route,) = config.routes
    assert (route.source_chain_id, route.target_chain_id) == (1337, 31337)
    assert config.daemon.chains[31337].watchlist.rollups[0].chain_id == 7001


def test_readme__the_relayers_configuration(parts: tuple[str, str, str], tmp_path: Path) -> None:
    common, _, relayer = parts
    config = load_relayer_config(written(tmp_path, common, relayer))
    (courier,) = config.couriers
    assert len(courier.target.ordered_ports) == 1
    assert [route.source_chain_id for route in courier.routes] == [1337, 7001]
    assert [route.is_subsidised for route in courier.routes] == [False, True]
