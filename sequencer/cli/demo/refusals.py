"""What must not work, tried for real: each attempt is refused, and the reason is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from circuits.spec.refusal import Refused
from sequencer.cli.demo import acts
from sequencer.cli.demo.world import World
from sequencer.pipeline.pipeline import batch_inputs
from verifier.chain.errors import ChainRevert
from verifier.proof import Proof


def at_admission(world: World) -> None:
    """An overdraft is refused before it reaches the journal."""
    alice, bob = world.people["alice"], world.people["bob"]
    overdraft = acts.transfer(alice, bob, 10**15).signed(
        alice.private_key, world.domain.rollup_id()
    )
    _refused(world, "alice's overdraft", Refused, lambda: world.sequencer.submit(overdraft))


def tampered_public_data(world: World, number: int) -> None:
    """Post the batch with one bit of one byte changed: the right proof does not fit it."""
    inputs = batch_inputs(world.sequencer.batch(number))
    tampered = list(inputs.public_data)
    tampered[2] ^= 1
    world.chain.commit_batch(tampered, inputs.payloads, inputs.commitment)
    proof = _proof(world, number)
    _refused(
        world,
        "a batch with one byte of public data changed",
        ChainRevert,
        lambda: world.chain.prove_batch(number, proof),
        why="the challenge z and the evaluation y are others, so the proof is of another statement",
    )
    world.chain.revert_batch(number)


def tampered_proof(world: World, number: int) -> None:
    """Replace a point of the proof by another point of the curve."""
    proof = _proof(world, number)
    other = Proof(proof.c, proof.b, proof.c)
    _refused(
        world,
        "a tampered proof",
        ChainRevert,
        lambda: world.chain.prove_batch(number, other),
        why="the pairing equation does not hold",
    )


def after_settlement(world: World) -> None:
    """Replay the last batch; forge the relayed message."""
    world.console.heading("Refusals on the chain")
    last = world.chain.proven_batches()
    posted, proof = world.chain.posted(last), _proof(world, last)
    attempts: list[tuple[str, Callable[[], object], str]] = [
        (
            "a batch posted again",
            lambda: world.chain.commit_batch(*posted),
            "it starts at a state root that is no longer the last",
        ),
        (
            "a proof sent again",
            lambda: world.chain.prove_batch(last, proof),
            "each batch is proved once, in order",
        ),
    ]
    message, proof_of_message = world.sequencer.prove_message(acts.NOTICE_INDEX)
    path = proof_of_message.encode()
    forged = replace(message, encoded=world.chain.notice_payload("send everything to mallory"))
    attempts += [
        (
            "a forged message",
            lambda: world.chain.relay(forged, path),
            "its hash is no leaf under the proven root",
        ),
        (
            "a message delivered twice",
            lambda: world.chain.relay(message, path),
            "the endpoint remembers what it delivered",
        ),
    ]
    for what, attempt, why in attempts:
        _refused(world, what, ChainRevert, attempt, why=why)


def _proof(world: World, number: int) -> Proof:
    proof = world.sequencer.proof(number)
    assert proof is not None, f"batch {number} has no proof yet"
    return proof


def _refused(
    world: World,
    what: str,
    error: type[Exception],
    attempt: Callable[[], object],
    *,
    why: str = "",
) -> None:
    try:
        attempt()
    except error as refusal:
        world.console.line(f"  refused: {what}: {refusal}")
        if why:
            world.console.line(f"           {why}")
        return
    acts.expect(False, f"{what} was accepted")
