"""`tallystick bench` at its smallest sizes: every kind runs and its JSON feeds the report."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from prover.bench.markdown import BEGIN, END
from sequencer.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors" / "snarkjs"
FAKE = ROOT / "tests" / "prover" / "fake_prover.py"
CHAIN = ("--zkey", VECTORS / "chain.zkey", "--witness", VECTORS / "chain.wtns")


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def bench(tmp_path: Path, kind: str, *arguments: object) -> dict[str, Any]:
    assert run("bench", kind, *arguments, "--json", tmp_path / f"{kind}.json") == 0
    document: dict[str, Any] = json.loads((tmp_path / f"{kind}.json").read_text())
    assert (document["kind"], document["schema"]) == (kind, 1)
    machine = {"cpu", "cores", "flags", "kernel", "kernels", "date", "load", "python", "tallystick"}
    assert machine <= set(document["machine"])
    return document


@pytest.fixture
def fake_peer(tmp_path: Path) -> str:
    """--peer argument of a prover that copies a valid proof of the chain example."""
    for name in ("proof.json", "public.json"):
        shutil.copy(VECTORS / name, tmp_path / name)
    return f"{sys.executable} {FAKE} honest {tmp_path} {{zkey}} {{wtns}} {{proof}} {{public}}"


def test_compare__ours_and_a_peer_on_files_of_the_user(
    tmp_path: Path, fake_peer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    svg = tmp_path / "compare.svg"
    peers = ("--without", "snarkjs", "--without", "rapidsnark", "--peer", f"copy={fake_peer}")
    document = bench(tmp_path, "compare", *CHAIN, *peers, "--repeat", 1, "--svg", svg)
    (circuit,) = document["circuits"]
    provers = circuit["provers"]
    names = [prover["name"] for prover in provers]
    assert names == ["tallystick, .zkey", "copy", "tallystick, own key", "tallystick, in process"]
    assert [prover["ours"] for prover in provers] == [True, False, True, True]
    assert all(prover["failure"] is None and len(prover["wall_s"]) == 1 for prover in provers)
    assert all(prover["peak_resident_bytes"] > 0 for prover in provers)
    assert provers[0]["ratio"] == 1.0 and str(VECTORS / "chain.zkey") in provers[0]["command"]
    assert str(VECTORS / "chain.zkey") not in provers[2]["command"]
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")
    assert "copy" in capsys.readouterr().out


def test_compare__a_circuit_of_ours_without_peers_and_with_a_cache(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--without", "snarkjs", "--without", "rapidsnark", "--cache", tmp_path / "cache")
    names = ("poseidon-chain-8", "poseidon-chain-9")
    document = bench(
        *(tmp_path, "compare", "--circuit", *names, *options),
        *("--repeat", 1, "--threads", 1, "--svg", tmp_path / "c.svg"),
    )
    assert tuple(circuit["name"] for circuit in document["circuits"]) == names
    assert "no other prover found" in capsys.readouterr().out
    assert len(list((tmp_path / "cache").iterdir())) == 6


def test_compare__a_peer_that_fails_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    peers = ("--without", "snarkjs", "--without", "rapidsnark")
    peer = "liar=/bin/true {zkey} {wtns} {proof} {public}"
    document = bench(tmp_path, "compare", *CHAIN, *peers, "--peer", peer, "--repeat", 1)
    liar = document["circuits"][0]["provers"][1]
    assert liar["median_s"] is None and "no readable proof" in liar["failure"]
    assert "liar failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (CHAIN[:2], "go together"),
        ((*CHAIN, "--circuit", "poseidon-chain-8"), "not both"),
        (("--peer", "p=cmd {zkey}"), "does not name {wtns}"),
        (("--circuit", "nonsense"), "no circuit is named"),
        (("--zkey", "absent.zkey", "--witness", "absent.wtns"), "absent.zkey"),
    ],
)
def test_compare__wrong_usage_exits_2(
    arguments: tuple[object, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("bench", "compare", *arguments) == 2
    assert message in capsys.readouterr().err


def test_scale_kernels_and_report(tmp_path: Path) -> None:
    svg = tmp_path / "scale.svg"
    sizes = ("--log-sizes", 9, 8, "--threads", 1, "--repeat", 1)
    scale = bench(tmp_path, "scale", *sizes, "--svg", svg)
    assert [point["log_size"] for point in scale["points"]] == [8, 9]
    assert all(0 < point["floor_s"] < point["median_s"] for point in scale["points"])
    assert {"constant_s", "linear_s", "linearithmic_s"} <= set(scale["models"]["1"]["total"])
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")

    small = ("--log-size", 8, "--batch", 10, "--rollup", "tiny", "--threads", 1, 2, "--repeat", 1)
    kernels = bench(tmp_path, "kernels", *small)
    names = {row["name"] for row in kernels["rows"]}
    assert {"MSM G1 2^8", "MSM G2 2^6", "NTT 2^8, plain", "NTT 2^8, odd coset"} <= names
    assert {"compile poseidon-chain-8", "witness rollup-tiny", "verification of a proof"} <= names
    assert all(row["median_s"] > 0 for row in kernels["rows"])

    readme = tmp_path / "README.md"
    readme.write_text(f"# Title\n{BEGIN}\n{END}\nthe end\n")
    files = (tmp_path / "scale.json", tmp_path / "kernels.json")
    assert run("bench", "report", *files, "--into", readme) == 0
    text = readme.read_text()
    assert "| MSM G1 2^8 |" in text and "| 2^9 | 1 |" in text and text.endswith("\nthe end\n")


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"kind": "poem"}', '{"kind": "scale", "schema": 1}']
)
def test_report__what_is_no_measurement_exits_2(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text(content)
    assert run("bench", "report", tmp_path / "x.json") == 2
    assert "x.json" in capsys.readouterr().err


def test_readme__has_the_marks_of_the_measured_section() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
