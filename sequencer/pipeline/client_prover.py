"""Batches for a Groth16 prover: lays their inputs out as it expects them."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.rollup.inputs import BatchInputs
from native.api import fr_from_ints
from prover.client import ProverClient
from verifier.groth16 import verify
from verifier.proof import Proof


class ClientProver:
    """A `BatchProver` over any `ProverClient`, in this process or elsewhere."""

    def __init__(self, client: ProverClient) -> None:
        self._client = client

    def prove(self, inputs: BatchInputs) -> Proof:
        """The proof of the batch; the client has verified it."""
        values = (value for values in inputs.named_inputs().values() for value in values)
        return self._client.prove(fr_from_ints(values))

    def verify(self, public_inputs: Sequence[int], proof: Proof) -> bool:
        """Whether the proof is valid for [C, z, y] under the client's verification key."""
        return verify(self._client.verifying_key, public_inputs, proof)
