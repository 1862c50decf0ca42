"""Generated Solidity: pinned text, refused keys, and what npm's compiler makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.anvil import running_anvil
from tests.verifier.simulator import Simulator, g2
from tests.verifier.test_groth16_verifier_contract import outside_subgroup
from tests.verifier.world import CLOCK_S, SIMULATOR
from verifier.chain import ChainRevert, Contract, EmbeddedChain, Transport
from verifier.contracts.build import CONTRACTS, PUBLIC_INPUTS
from verifier.contracts.solidity_compiler import CompilerMissingError, compile_solidity
from verifier.errors import MalformedKeyError
from verifier.groth16 import verify
from verifier.keys import VerifyingKey
from verifier.proof import Proof, read_public
from verifier.solidity import export_verifier, verifier_with_immutable_key

FOLDER = Path(__file__).parent
SNARKJS = FOLDER.parent / "vectors/snarkjs"
SNARKJS_KEY = SNARKJS / "verification_key.json"
GOLDEN = FOLDER / "golden/ChainVerifier.sol"
COUNTS = (1, 2, 5)


def test_exported_verifier_is_the_golden_file() -> None:
    text = export_verifier(VerifyingKey.read(SNARKJS_KEY), contract_name="ChainVerifier")
    assert text == GOLDEN.read_text()


def test_shipped_verifier_is_what_the_generator_writes() -> None:
    shipped = (CONTRACTS / "Groth16Verifier.sol").read_text()
    assert shipped == verifier_with_immutable_key(PUBLIC_INPUTS)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"gamma": SIMULATOR.key.delta}, "forged"),
        ({"alpha": (1, 3)}, "not on the curve"),
        ({"beta": outside_subgroup()}, "subgroup"),
        ({"delta": ((0, 0), (0, 0))}, "infinity"),
        ({"ic": ()}, "no points"),
    ],
)
def test_generator_refuses(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedKeyError, match=reason):
        export_verifier(replace(SIMULATOR.key, **change))


@pytest.mark.parametrize("name", ["", "1st", "A;contract B", "a b"])
def test_contract_name_must_be_an_identifier(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        export_verifier(SIMULATOR.key, contract_name=name)


def test_a_verifier_needs_a_public_input() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        verifier_with_immutable_key(0)


@pytest.fixture(scope="module")
def compiled() -> dict[str, Any]:
    """Exported verifiers for several numbers of public inputs, one run of the compiler."""
    simulators = {f"Verifier{n}.sol": Simulator.from_seed(n, n_public=n) for n in COUNTS}
    sources = {
        path: export_verifier(simulator.key, contract_name=path.removesuffix(".sol"))
        for path, simulator in simulators.items()
    }
    sources["ChainVerifier.sol"] = GOLDEN.read_text()
    try:
        return compile_solidity(sources)
    except CompilerMissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=["pyrevm", "anvil"])
def chain(request: pytest.FixtureRequest) -> Iterator[Transport]:
    with ExitStack() as stack:
        if request.param == "pyrevm":
            yield EmbeddedChain()
        else:
            yield stack.enter_context(running_anvil(timestamp_s=CLOCK_S))


@pytest.mark.node
@pytest.mark.parametrize("n_public", COUNTS)
def test_compiled_export_agrees_with_the_native_check(
    compiled: dict[str, Any], chain: Transport, n_public: int
) -> None:
    simulator = Simulator.from_seed(n_public, n_public=n_public)
    artifact = compiled[f"Verifier{n_public}.sol"]
    contract, _ = Contract.deploy(chain, artifact, sender=chain.accounts[0])
    inputs = list(range(3, 3 + n_public))
    good = simulator.prove(inputs)
    wrong_inputs = [*inputs[:-1], inputs[-1] + 1]
    for candidate, proof in (
        (inputs, good),
        (wrong_inputs, good),
        (inputs, replace(good, b=g2(5))),
    ):
        accepted = verify(simulator.key, candidate, proof)
        assert accepts(contract, candidate, proof) is accepted


@pytest.mark.node
def test_exported_verifier_accepts_the_proof_that_snarkjs_made(
    compiled: dict[str, Any], chain: Transport
) -> None:
    key = VerifyingKey.read(SNARKJS_KEY)
    proof = Proof.read(SNARKJS / "proof.json")
    inputs = read_public(SNARKJS / "public.json")
    contract, _ = Contract.deploy(chain, compiled["ChainVerifier.sol"], sender=chain.accounts[0])
    for position in range(-1, len(inputs)):
        candidate = [x + (i == position) for i, x in enumerate(inputs)]
        accepted = verify(key, candidate, proof)
        assert accepted is (position == -1)
        assert accepts(contract, candidate, proof) is accepted


def accepts(contract: Contract, inputs: list[int], proof: Proof) -> bool:
    try:
        contract.call("verifyProof", *proof.solidity_arguments(), inputs)
    except ChainRevert as revert:
        assert revert.name == "ProofInvalid"
        return False
    return True
