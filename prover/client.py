"""What the rest of the system sees of the prover: inputs go in, a verified proof comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from circuits.system.encoding import read_circuit
from circuits.system.r1cs import R1CS
from circuits.system.witness_program import WitnessProgram
from prover.backends.protocol import Backend
from prover.errors import MalformedFileError
from prover.groth16.keys import ProvingKey
from prover.groth16.memory import memory_estimate
from prover.groth16.prove import prove
from prover.phases import Phases
from prover.snarkjs.container import U64
from verifier.keys import VerifyingKey
from verifier.proof import Proof

Circuit = tuple[R1CS, WitnessProgram]


class ProverClient(Protocol):
    """Proves one circuit, wherever the work is done."""

    @property
    def verifying_key(self) -> VerifyingKey:
        """The key under which the proofs verify."""

    def prove(self, inputs: U64) -> Proof:
        """A verified proof for the values of wires 1, 2, … (public, then private inputs)."""


class LocalProver:
    """Proves in this process, with the native library unless another backend is given.

    `circuit` is a compiled circuit (r1cs, program) or the path of its file, `key` an open proving
    key or its path. A development key needs the id of the chain it is for, and is refused unless
    that chain is on the development list.
    """

    def __init__(
        self,
        circuit: Circuit | str | Path,
        key: ProvingKey | str | Path,
        *,
        chain_id: int | None = None,
        backend: Backend | None = None,
        threads: int = 0,
    ) -> None:
        self.r1cs, self.program = circuit if isinstance(circuit, tuple) else read_circuit(circuit)
        self.program.prepare()
        self.key = key if isinstance(key, ProvingKey) else ProvingKey(key)
        self.key.refuse_outside_development(chain_id)
        _check_same_circuit(self.r1cs, self.key)
        self.backend = backend
        self.threads = threads
        self.last_phases = Phases()

    @property
    def verifying_key(self) -> VerifyingKey:
        """The key under which the proofs verify."""
        return self.key.verifying_key

    @property
    def memory_estimate(self) -> int:
        """Bytes of memory that a proof takes at most; print it before starting one."""
        return memory_estimate(self.key)

    def prove(self, inputs: U64) -> Proof:
        """Fill the witness and prove it; `last_phases` then tells where the time went.

        Raises UnsatisfiedError when the inputs do not satisfy the circuit.
        """
        phases = Phases()
        with phases.measure("witness"):
            witness = self.program.run(inputs, threads=self.threads)
        proof = prove(self.key, witness, backend=self.backend, threads=self.threads, phases=phases)
        self.last_phases = phases
        return proof


def _check_same_circuit(r1cs: R1CS, key: ProvingKey) -> None:
    digest = r1cs.digest()
    if key.sizes.circuit_id != digest:
        found = key.sizes.circuit_id.hex()
        reason = f"key of circuit {found}, the circuit given is {digest.hex()}"
        raise MalformedFileError(key.source, "header", reason)
