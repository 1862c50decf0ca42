"""The comparison: everybody in turn, every proof verified, bad ones reported and not timed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from circuits.system.r1cs import R1CS
from prover.bench.circuit_files import CircuitFiles, files_of_user, make_files
from prover.bench.compare import Outcome, compare
from prover.bench.contestants import Files, Resident, WholeProcess
from prover.bench.peers import Template, find_peers, parse_peer
from prover.groth16.conversion import key_from_zkey
from prover.groth16.prove import prove
from prover.snarkjs.container import U64
from prover.snarkjs.wtns import read_wtns
from prover.snarkjs.zkey import read_zkey

FAKE = Path(__file__).with_name("fake_prover.py")


@pytest.fixture
def chain(vectors: Path, tmp_path: Path) -> CircuitFiles:
    return files_of_user(vectors / "chain.zkey", vectors / "chain.wtns", tmp_path)


@pytest.fixture
def home(vectors: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("proof.json", "public.json"):
        shutil.copy(vectors / name, folder / name)
    return folder


def fake(mode: str, home: Path, *, ours: bool = False) -> WholeProcess:
    files = ("{zkey}", "{wtns}", "{proof}", "{public}")
    return WholeProcess(Template(mode, (sys.executable, str(FAKE), mode, str(home), *files)), ours)


def run(
    chain: CircuitFiles, contestants: list[WholeProcess], folder: Path, *, repeat: int = 2
) -> list[Outcome]:
    judge = chain.judge
    return compare(contestants, chain.zkey, chain.wtns, judge, folder, repeat=repeat, limit_s=5.0)


def test_compare__everybody_runs_once_a_round_ours_first(
    chain: CircuitFiles, home: Path, tmp_path: Path
) -> None:
    contestants = [fake("honest", home, ours=True), fake("slow", home)]
    ours, slow = run(chain, contestants, tmp_path, repeat=3)
    calls = (home / "calls").read_text().splitlines()
    assert calls == ["honest chain.zkey chain.wtns", "slow chain.zkey chain.wtns"] * 4
    assert (len(ours.wall_s), len(slow.wall_s)) == (3, 3)  # the first round is not timed
    assert min(slow.wall_s) >= 0.2
    assert ours.failure is None and ours.memory is not None and ours.memory.resident > 0
    result = slow.as_json(ours.median_s)
    assert result["ratio"] == pytest.approx(slow.median_s / ours.median_s)
    assert result["min_s"] <= result["median_s"] <= result["max_s"]
    json.dumps(result)


FAILURES = {
    "wrong": "a proof that does not verify",
    "later wrong": "a proof that does not verify",
    "other statement": "public inputs that are not those of the witness",
    "garbage": "no readable proof",
    "idle": "no readable proof",
    "once": "no readable proof",
    "crash": "exit code 3: boom: out of cheese",
}


@pytest.mark.parametrize("mode", FAILURES)
def test_compare__a_bad_run_is_a_failure_without_times(
    mode: str, chain: CircuitFiles, home: Path, tmp_path: Path
) -> None:
    """`once` leaves the proof of an earlier run: it must not count again."""
    good, bad = run(chain, [fake("honest", home, ours=True), fake(mode, home)], tmp_path, repeat=3)
    assert good.failure is None and len(good.wall_s) == 3
    assert bad.failure is not None and FAILURES[mode] in bad.failure
    result = bad.as_json(good.median_s)
    assert result["wall_s"] == [] and result["median_s"] is None and result["ratio"] is None
    assert result["peak_resident_bytes"] is None
    calls = (home / "calls").read_text().splitlines()
    rounds = {"once": 2, "later wrong": 3}.get(mode, 1)
    assert len([call for call in calls if call.startswith(mode)]) == rounds  # not asked again


def test_compare__a_run_over_the_limit_is_killed_and_reported(
    chain: CircuitFiles, home: Path, tmp_path: Path
) -> None:
    contestants = [fake("honest", home, ours=True), fake("hang", home)]
    files = (chain.zkey, chain.wtns, chain.judge, tmp_path)
    good, hanging = compare(contestants, *files, repeat=1, limit_s=1.0)
    assert good.failure is None
    assert hanging.failure == "killed after the limit of 1 s"


def test_compare__without_ours_there_is_no_ratio(
    chain: CircuitFiles, home: Path, tmp_path: Path
) -> None:
    ours, other = run(chain, [fake("crash", home, ours=True), fake("honest", home)], tmp_path)
    assert other.failure is None and other.as_json(ours.median_s)["ratio"] is None


def test_compare__the_prover_that_stays_answers_every_round(
    chain: CircuitFiles, tmp_path: Path
) -> None:
    files = (chain.zkey, chain.wtns, chain.judge, tmp_path)
    (outcome,) = compare([Resident("stays", chain.key, 1)], *files, repeat=2, limit_s=60.0)
    assert outcome.failure is None and len(outcome.wall_s) == 2
    assert outcome.memory is not None and outcome.memory.anonymous > 0


def test_compare__a_worker_that_dies_is_a_failure(chain: CircuitFiles, tmp_path: Path) -> None:
    files = (chain.zkey, chain.wtns, chain.judge, tmp_path)
    (outcome,) = compare([Resident("dies", tmp_path / "absent", 1)], *files, repeat=1, limit_s=60.0)
    assert outcome.failure is not None and "no answer" in outcome.failure
    assert "absent" in outcome.failure  # what it said at the end


def test_files__of_a_circuit_of_ours_are_made_once_and_prove(
    chain_r1cs: R1CS, chain_witness: U64, tmp_path: Path
) -> None:
    made = make_files("chain", chain_r1cs, lambda: chain_witness, tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in (made.zkey, made.wtns, made.key)}
    again = make_files("chain", chain_r1cs, lambda: chain_witness, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in (again.zkey, again.wtns, again.key)} == stamps
    key = key_from_zkey(read_zkey(made.zkey), tmp_path / "again.key")
    proof = prove(key, read_wtns(made.wtns))
    (tmp_path / "p").write_text(proof.to_json())
    assert made.judge.key.digest() == key.verifying_key.digest()


def test_peers__from_a_template() -> None:
    peer = parse_peer("mine='/opt/my prover' --fast {zkey} {wtns} -o {proof} {public}")
    files = {name: Path(f"/tmp/{name}") for name in ("zkey", "wtns", "proof", "public")}
    expected = ["/opt/my prover", "--fast", "/tmp/zkey", "/tmp/wtns", "-o", "/tmp/proof"]
    assert (peer.name, peer.command(**files)) == ("mine", [*expected, "/tmp/public"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prover {zkey} {wtns} {proof} {public}", "expected NAME="),
        ("=prover {zkey} {wtns} {proof} {public}", "expected NAME="),
        ("p=prover {zkey} {wtns} {proof}", "does not name {public}"),
        ("p=", "does not name {zkey}"),
    ],
)
def test_peers__a_template_that_lacks_something_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_peer(text)


def test_peers__are_found_in_node_modules_and_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    monkeypatch.setenv("PATH", str(bin_folder))
    assert find_peers([tmp_path]) == []
    for name in ("node", "prover"):
        (bin_folder / name).write_text("#!/bin/sh\n")
        (bin_folder / name).chmod(0o755)
    (tmp_path / "node_modules/.bin").mkdir(parents=True)
    (tmp_path / "node_modules/snarkjs").mkdir()
    (tmp_path / "node_modules/.bin/snarkjs").write_text("#!/bin/sh\n")
    (tmp_path / "node_modules/snarkjs/package.json").write_text('{"version": "9.9.9"}')
    snarkjs, rapidsnark = find_peers([tmp_path])
    assert (snarkjs.name, snarkjs.version) == ("snarkjs", "9.9.9")
    assert snarkjs.words[1:3] == ("groth16", "prove")
    assert rapidsnark.words[0] == str(bin_folder / "prover")


def test_resident__that_ended_between_two_runs_is_a_failure(
    chain: CircuitFiles, tmp_path: Path
) -> None:
    files = Files(chain.zkey, chain.wtns, tmp_path / "p", tmp_path / "u")
    worker = Resident("stays", chain.key, 1)
    assert worker.run(files, limit_s=60.0, sampled=False).failure is None
    process = worker._process
    assert process is not None
    process.kill()
    process.wait()
    failure = worker.run(files, limit_s=60.0, sampled=False).failure
    assert failure is not None and "no answer" in failure
    worker.close()
