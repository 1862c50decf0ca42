"""Row 12: with γ = δ one valid proof becomes a proof of anything, so such keys are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from py_ecc import optimized_bn128 as bn

from tests.verifier.refusals import reverts
from tests.verifier.simulator import Simulator
from verifier.chain import Contract, EmbeddedChain, deploy_verifier
from verifier.chain.deployment import verifier_argument
from verifier.contracts import Artifact, load_artifact
from verifier.errors import MalformedKeyError
from verifier.keys import VerifyingKey
from verifier.points import G1Point
from verifier.proof import Proof
from verifier.solidity import export_verifier

HONEST = Simulator.from_seed(3)
DEGENERATE = replace(HONEST, gamma=HONEST.delta)


def forge(key: VerifyingKey, inputs: list[int], proof: Proof, wanted: list[int]) -> Proof:
    """From a proof of `inputs` one of `wanted`, by public knowledge: C takes the difference."""
    c = point(proof.c)
    for ic, old, new in zip(key.ic[1:], inputs, wanted, strict=True):
        c = bn.add(c, bn.multiply(point(ic), (old - new) % bn.curve_order))
    x, y = bn.normalize(c)
    return replace(proof, c=(int(x), int(y)))


def point(p: G1Point) -> tuple[bn.FQ, bn.FQ, bn.FQ]:
    return bn.FQ(p[0]), bn.FQ(p[1]), bn.FQ(1)


def without_the_check(chain: EmbeddedChain) -> Contract:
    """The shipped verifier with δ overwritten by γ in its deployed code."""
    contract, _ = deploy_verifier(chain, HONEST.key, sender=chain.accounts[0])
    code = chain.code(contract.address)
    halves = zip(HONEST.key.delta, HONEST.key.gamma, strict=True)
    for delta, gamma in ((d, g) for ds, gs in halves for d, g in zip(ds, gs, strict=True)):
        assert code.count(delta.to_bytes(32, "big")) == 1
        code = code.replace(delta.to_bytes(32, "big"), gamma.to_bytes(32, "big"))
    # PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN: create a contract of this code
    creation = bytes.fromhex(f"61{len(code):04x}80600a5f395ff3") + code
    abi = load_artifact("Groth16Verifier").abi
    patched = Artifact("Patched", [e for e in abi if e["type"] != "constructor"], creation)
    return Contract.deploy(chain, patched, sender=chain.accounts[0])[0]


def test_such_a_key_accepts_a_forgery() -> None:
    """The attack is real: this is what the refusals below prevent."""
    trapdoor = replace(HONEST, delta=HONEST.gamma)
    contract = without_the_check(EmbeddedChain())
    inputs, wanted = [1, 2, 3], [666, 667, 668]
    proof = trapdoor.prove(inputs)
    contract.call("verifyProof", *proof.solidity_arguments(), inputs)
    with reverts("ProofInvalid"):
        contract.call("verifyProof", *proof.solidity_arguments(), wanted)
    forged = forge(trapdoor.key, inputs, proof, wanted)
    contract.call("verifyProof", *forged.solidity_arguments(), wanted)


def test_the_forgery_fails_under_an_honest_key() -> None:
    chain = EmbeddedChain()
    contract, _ = deploy_verifier(chain, HONEST.key, sender=chain.accounts[0])
    inputs, wanted = [1, 2, 3], [666, 667, 668]
    forged = forge(HONEST.key, inputs, HONEST.prove(inputs), wanted)
    with reverts("ProofInvalid"):
        contract.call("verifyProof", *forged.solidity_arguments(), wanted)


def test_every_way_to_a_verifier_refuses_the_key() -> None:
    chain = EmbeddedChain()
    with pytest.raises(MalformedKeyError, match="forged"):
        export_verifier(DEGENERATE.key)
    with pytest.raises(MalformedKeyError, match="forged"):
        deploy_verifier(chain, DEGENERATE.key, sender=chain.accounts[0])
    artifact, argument = load_artifact("Groth16Verifier"), verifier_argument(DEGENERATE.key)
    with reverts("KeyDegenerate"):
        Contract.deploy(chain, artifact, argument, sender=chain.accounts[0])
