"""What a prover sees of a circuit: its constraint system, its witness program, their file."""

from circuits.system.r1cs import R1CS, SparseMatrix
from circuits.system.witness_program import WitnessProgram

__all__ = ["R1CS", "SparseMatrix", "WitnessProgram"]
