"""The one-file proving key: sizes, digests, conversion to and from .zkey."""

from __future__ import annotations

import dataclasses
import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from circuits.system.r1cs import R1CS
from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, fr_root_of_unity
from prover.errors import MalformedFileError
from prover.groth16 import setup
from prover.groth16.conversion import key_from_zkey, zkey_from_key
from prover.groth16.key_layout import PAGE
from prover.groth16.keys import ProvingKey, write_key
from prover.groth16.setup import unsafe_dev_setup
from prover.snarkjs.zkey import Zkey
from verifier.errors import DevelopmentKeyError, MalformedKeyError
from verifier.keys import VerifyingKey


def test_key__verification_key_is_that_of_snarkjs(chain_key: ProvingKey, vectors: Path) -> None:
    assert chain_key.verifying_key == VerifyingKey.read(vectors / "verification_key.json")
    assert chain_key.verifying_key.to_json() == (vectors / "verification_key.json").read_text()


def test_key__becomes_the_zkey_it_came_from(chain_key: ProvingKey, chain_zkey: Zkey) -> None:
    again = zkey_from_key(chain_key)
    for name in ("ic", "coefficients", "a", "b1", "b2", "c", "h", "alpha1", "delta2"):
        assert getattr(again, name).tobytes() == getattr(chain_zkey, name).tobytes(), name


def test_key__sections_start_on_pages_and_match_their_digests(chain_key: ProvingKey) -> None:
    chain_key.verify_sections()
    data = Path(chain_key.source).read_bytes()
    assert data[PAGE : PAGE + 64] == chain_key.points("alpha1").tobytes()
    assert chain_key.points("a").ctypes.data % PAGE == 0


def test_key__every_changed_page_is_noticed(chain_key: ProvingKey, tmp_path: Path) -> None:
    data = Path(chain_key.source).read_bytes()
    path = tmp_path / "changed.key"
    for page in range(0, len(data), PAGE):
        path.write_bytes(data[:page] + bytes([data[page] ^ 1]) + data[page + 1 :])
        with pytest.raises(MalformedFileError):
            ProvingKey(path).verify_sections()


def test_key__truncation_is_named(chain_key: ProvingKey, tmp_path: Path) -> None:
    data = Path(chain_key.source).read_bytes()
    path = tmp_path / "short.key"
    for size, message in ((0, "empty"), (100, "truncated"), (len(data) - PAGE, "of a file of")):
        path.write_bytes(data[:size])
        with pytest.raises(MalformedFileError, match=message):
            ProvingKey(path)


def test_key__digest_commits_to_the_content(chain_r1cs: R1CS, tmp_path: Path) -> None:
    seeds = (b"1", b"2", b"1")
    first, second, again = (
        unsafe_dev_setup(chain_r1cs, tmp_path / f"{i}.key", seed=seed)
        for i, seed in enumerate(seeds)
    )
    assert first.digest == again.digest != second.digest


def test_key__inconsistent_sizes_are_refused(chain_key: ProvingKey, tmp_path: Path) -> None:
    arrays = {name: chain_key.array(name) for name in chain_key.section_names}
    sizes = dataclasses.replace(chain_key.sizes, log_domain=9)
    with pytest.raises(MalformedFileError, match="h: 512 rows are expected, found 256"):
        write_key(tmp_path / "k", sizes, arrays)
    fewer = arrays | {"b2": arrays["b2"][1:]}
    with pytest.raises(MalformedFileError, match=r"b2: .* rows are expected"):
        write_key(tmp_path / "k", chain_key.sizes, fewer)
    incomplete = {name: array for name, array in arrays.items() if name != "C.wires"}
    with pytest.raises(MalformedFileError, match="matrix C is incomplete"):
        write_key(tmp_path / "k", chain_key.sizes, incomplete)
    del arrays["h"]
    with pytest.raises(MalformedFileError, match="h: missing"):
        write_key(tmp_path / "k", chain_key.sizes, arrays)


def test_key__wire_numbers_out_of_range_are_refused(chain_key: ProvingKey, tmp_path: Path) -> None:
    arrays = {name: chain_key.array(name) for name in chain_key.section_names}
    for name in ("a_wires", "B.wires", "A.coefs"):
        bad = arrays[name].copy()
        bad[-1] = 9999
        key = write_key(tmp_path / "k", chain_key.sizes, arrays | {name: bad})
        with pytest.raises(MalformedFileError, match=f"{name}: 9999 is not below"):
            key.wires("a_wires")
            _ = key.matrices


def test_key__of_another_circuit_is_refused(
    chain_zkey: Zkey, chain_r1cs: R1CS, tmp_path: Path
) -> None:
    doubled = api.fr_add(chain_r1cs.coefficients, chain_r1cs.coefficients)
    other = dataclasses.replace(chain_r1cs, coefficients=doubled)
    with pytest.raises(MalformedFileError, match="another circuit"):
        key_from_zkey(chain_zkey, tmp_path / "k", other)


def test_key__without_contribution_is_refused(chain_zkey_0: Zkey, tmp_path: Path) -> None:
    with pytest.raises(MalformedKeyError, match="equals vk_gamma_2"):
        key_from_zkey(chain_zkey_0, tmp_path / "k")


def test_dev_key__is_marked_in_file_and_verification_key(dev_key: ProvingKey) -> None:
    assert dev_key.development and dev_key.verifying_key.development
    flags = struct.unpack_from("<I", Path(dev_key.source).read_bytes(), 12)[0]
    assert flags == 1
    dev_key.refuse_outside_development(31337)
    for chain_id in (1, 10, None):
        with pytest.raises(DevelopmentKeyError, match="development verification key"):
            dev_key.refuse_outside_development(chain_id)


@pytest.mark.parametrize(("chunk", "threads"), [(7, 1), (64, 3)])
def test_dev_key__pieces_and_threads_do_not_change_it(
    chain_r1cs: R1CS,
    dev_key: ProvingKey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
    threads: int,
) -> None:
    monkeypatch.setattr(setup, "_CHUNK", chunk)
    key = unsafe_dev_setup(chain_r1cs, tmp_path / "pieces.key", seed=b"test", threads=threads)
    assert key.digest == dev_key.digest
    key.verify_sections()


def test_dev_key__points_are_those_of_the_plain_definition(
    chain_r1cs: R1CS, dev_key: ProvingKey
) -> None:
    """a, b1, b2 and h from the secrets, by sums over the matrices' terms in plain integers."""
    waste, log_n = setup.ToxicWaste.from_seed(b"test"), dev_key.sizes.log_domain
    n, table = 1 << log_n, api.fr_to_ints(dev_key.coefficients)
    for name, wires, section in (("A", "a_wires", "a"), ("B", "b_wires", "b1")):
        matrix, sums = dev_key.matrices[name], [0] * chain_r1cs.n_wires
        for row, (first, last) in enumerate(pairwise(matrix.indptr.tolist())):
            value = lagrange_value(waste.tau, row, log_n, n)
            for k in range(first, last):
                sums[int(matrix.wires[k])] += table[int(matrix.coefs[k])] * value
        expected = [value % FR_MODULUS for value in sums]
        present = [wire for wire, value in enumerate(expected) if value]
        assert dev_key.wires(wires).tolist() == present
        scalars = api.canonical_from_ints(expected[wire] for wire in present)
        bases = np.tile(G1_GENERATOR, (len(present), 1))
        assert (dev_key.points(section) == api.g1_mul(bases, scalars)).all()
    odd = [lagrange_value(waste.tau, 2 * i + 1, log_n + 1, 2 * n) for i in (0, 1, n - 1)]
    inverse = pow(waste.delta, -1, FR_MODULUS)
    scalars = api.canonical_from_ints(value * inverse % FR_MODULUS for value in odd)
    expected_h = api.g1_mul(np.tile(G1_GENERATOR, (3, 1)), scalars)
    assert (dev_key.points("h")[[0, 1, n - 1]] == expected_h).all()


def lagrange_value(tau: int, index: int, log_n: int, n: int) -> int:
    """L_index(τ) over the roots of unity, as the product over the other roots gives it."""
    root = pow(fr_root_of_unity(log_n), index, FR_MODULUS)
    vanishing = pow(tau, n, FR_MODULUS) - 1
    return vanishing * root * pow(n * (tau - root), -1, FR_MODULUS) % FR_MODULUS


@pytest.mark.parametrize("offset", [12, 16, 24, 32, 44, 48, 80])
def test_key__every_field_of_the_header_is_under_the_digest(
    dev_key: ProvingKey, tmp_path: Path, offset: int
) -> None:
    """Offset 12 holds the mark of a development key."""
    data = bytearray(Path(dev_key.source).read_bytes())
    data[offset] ^= 1
    (tmp_path / "changed.key").write_bytes(data)
    with pytest.raises(MalformedFileError, match="header: content does not match its digest"):
        ProvingKey(tmp_path / "changed.key")
