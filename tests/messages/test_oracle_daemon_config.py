"""Configuration and keys of the daemons: what is wrong, in which file, under which key."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import requests
from eth_account import Account

from sequencer.errors import ConfigError
from sequencer.messages import logs
from sequencer.messages.config import open_config
from sequencer.messages.keys import KeySource
from sequencer.messages.metrics import LoopbackServer, Metrics
from sequencer.messages.oracle import Mode, load_oracle_config
from sequencer.messages.watch.finality import Finality
from tests.messages.chains import OWNER, OWNER_KEY

A = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
B = "0x00000000000000000000000000000000000000b1"
GOOD = f"""
data_dir = "data"
metrics_port = 0
[key]
environment = "SOME_KEY"
[[chain]]
id = "1"
name = "alpha"
urls = ["http://127.0.0.1:1"]
finality = {{ confirmations = 12 }}
start_block = "5"
endpoint = "{A}"
oracles = ["{A}"]
[[chain.rollup]]
contract = "{B}"
chain_id = "7001"
zk_oracles = ["{A}"]
[[chain]]
id = 2
urls = ["https://node.example/v1/secret-token"]
start_block = 0
oracles = ["{B}"]
[[route]]
source = "1"
target = "2"
oracle = "{B}"
mode = "owner"
"""


def load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "oracle.toml"
    path.write_text(text)
    return load_oracle_config(path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "oracle.toml"
    path.write_text(GOOD)
    config = load_oracle_config(path)
    alpha, second = config.daemon.chains[1], config.daemon.chains[2]
    assert config.daemon.ledger_path == tmp_path / "data" / "ledger.sqlite"
    assert (alpha.name, alpha.finality) == ("alpha", Finality.after(12))
    assert (second.name, second.finality) == ("2", Finality("finalized"))
    assert alpha.watchlist.rollups[0].chain_id == 7001
    (route,) = config.routes
    assert (route.channel, route.mode, route.source_oracles) == (A, Mode.OWNER, (A,))


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('data_dir = "data"', "", "data_dir", "missing"),
        ("metrics_port = 0", "metrics_port = 70000", "metrics_port", "is outside 0 … 65535"),
        ("metrics_port = 0", "metrics_prt = 0", "metrics_prt", "unknown key"),
        ("metrics_port = 0", 'log_level = "loud"', "log_level", "is none of debug"),
        ('name = "alpha"', "nam = 1", "chain[0].nam", "unknown key"),
        ('id = "1"', "id = 0", "chain[0].id", "is outside 1"),
        ('id = "1"', 'id = "2"', "chain[1].id", "chain 2 is there twice"),
        ('id = "1"', 'id = "x"', "chain[0].id", "a decimal string"),
        ('urls = ["http://127.0.0.1:1"]', "urls = []", "chain[0].urls", "no URL is given"),
        ("http://127.0.0.1:1", "127.0.0.1:1", "chain[0].urls", "does not begin with http"),
        ("confirmations = 12", "confirmation = 12", "chain[0].finality.confirmations", "missing"),
        ("{ confirmations = 12 }", '"soon"', "chain[0].finality", "'soon' is not"),
        (f'endpoint = "{A}"', 'endpoint = "0x12"', "chain[0].endpoint", "1 bytes instead of 20"),
        (f'endpoint = "{A}"', f'endpoint = "{A[:-1]}4"', "chain[0].endpoint", "checksum"),
        (f'endpoint = "{A}"', "", "route[0].source", "chain 1 has no endpoint"),
        ("7001", "0", "chain[0].rollup[0].chain_id", "is outside 1"),
        ('source = "1"', 'source = "3"', "route[0].source", "chain 3 is not in this file"),
        ('target = "2"', 'target = "1"', "route[0].target", "the same chain as source"),
        (
            f'target = "2"\noracle = "{B}"',
            f'target = "2"\noracle = "{A}"',
            "route[0].oracle",
            "not among",
        ),
        ('mode = "owner"', 'mode = "king"', "route[0].mode", "'king' is none of owner"),
        ('mode = "owner"', 'mode = "owner"\npeers = ["http://x"]', "route[0].peers", "only a pub"),
        ('mode = "owner"', 'mode = "publisher"\npeers = ["x"]', "route[0].peers", "does not begin"),
        ('mode = "owner"', 'mode = "owner"\ninterval_s = -1', "route[0].interval_s", "is outside"),
        (
            'mode = "owner"',
            'mode = "owner"\nonly_assigned = 1',
            "route[0].only_assigned",
            "true or",
        ),
        ("[[route]]", "[[rout]]", "route", "no [[route]] is given"),
        ("[key]", '[key]\nkeystore = "k"', "key.environment", "not both"),
        ('environment = "SOME_KEY"', "", "key.keystore", "missing"),
        ("[[chain]]", "[[chain", "file", ""),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert caught.value.source == str(tmp_path / "oracle.toml")
    assert caught.value.section == key
    assert reason in caught.value.reason


def test_a_url_never_shows_its_token(tmp_path: Path) -> None:
    path = tmp_path / "oracle.toml"
    path.write_text(GOOD)
    config, _ = open_config(path)
    view = config.chains[2].view()
    assert view.node_name == "node.example"


def test_urls_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_URLS", "http://one http://two")
    text = GOOD.replace('urls = ["http://127.0.0.1:1"]', 'urls_environment = "SOME_URLS"')
    path = tmp_path / "oracle.toml"
    path.write_text(text)
    assert load_oracle_config(path).daemon.chains[1].urls == ("http://one", "http://two")


# -- keys --


@pytest.fixture
def key_files(tmp_path: Path) -> KeySource:
    keystore, password = tmp_path / "key.json", tmp_path / "password"
    keystore.write_text(json.dumps(Account.encrypt(OWNER_KEY, "correct horse", iterations=2)))
    password.write_text("correct horse\n")
    for path in (keystore, password):
        path.chmod(0o600)
    return KeySource(keystore, password)


def test_a_keystore_is_opened_with_its_password(key_files: KeySource) -> None:
    assert key_files.load().address == OWNER.address


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
@pytest.mark.parametrize("name", ["keystore", "password_file"])
def test_files_that_others_may_use_are_refused(key_files: KeySource, name: str, mode: int) -> None:
    path: Path = getattr(key_files, name)
    path.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600 it") as caught:
        key_files.load()
    assert caught.value.source == str(path)


def test_a_wrong_password_or_no_keystore_is_refused(key_files: KeySource) -> None:
    assert key_files.keystore is not None and key_files.password_file is not None
    key_files.password_file.write_text("wrong horse")
    with pytest.raises(ConfigError, match="no keystore that") as caught:
        key_files.load()
    assert "horse" not in str(caught.value)
    for text in ("{}", "[]", "not json", '{"crypto": 1, "version": 3}'):
        key_files.keystore.write_text(text)
        with pytest.raises(ConfigError, match="no keystore that"):
            key_files.load()
    key_files.keystore.unlink()
    with pytest.raises(ConfigError, match=r"key\.json: file"):
        key_files.load()


def test_a_key_from_the_environment() -> None:
    source = KeySource(environment="SOME_KEY")
    assert source.load({"SOME_KEY": OWNER_KEY}).address == OWNER.address
    assert source.load({"SOME_KEY": OWNER_KEY[2:] + "\n"}).address == OWNER.address
    for text in ("", "0x", "0x12", "zz", "00" * 32, "ff" * 32):
        with pytest.raises(ConfigError) as caught:
            source.load({"SOME_KEY": text})
        assert caught.value.section == "SOME_KEY"
        assert not text or text not in caught.value.reason
    with pytest.raises(ConfigError, match="not set"):
        source.load({})


# -- logs and metrics --


def test_logs_are_json_and_hide_what_looks_like_a_secret() -> None:
    stream = io.StringIO()
    logs.configure("info", stream)
    try:
        log = logs.logger(chain="alpha")
        log.debug("quiet")
        log.info("event", private_key=OWNER_KEY, password="x", node_url="http://t", root=b"\x01")
        (line,) = stream.getvalue().splitlines()
        entry = json.loads(line)
        assert (entry["event"], entry["level"], entry["chain"]) == ("event", "info", "alpha")
        assert entry["root"] == "0x01"
        assert {entry[name] for name in ("private_key", "password", "node_url")} == {"(hidden)"}
    finally:
        logs.structlog.reset_defaults()


def test_metrics_are_served_on_loopback_only() -> None:
    metrics = Metrics()
    metrics.head.labels("alpha").set(17)
    server = LoopbackServer(metrics.registry, 0)
    try:
        assert server._server.server_address[0] == "127.0.0.1"
        text = requests.get(f"http://127.0.0.1:{server.port}/metrics", timeout=5).text
        assert 'tallystick_chain_head_block{chain="alpha"} 17.0' in text
    finally:
        server.close()
