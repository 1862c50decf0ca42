"""How it is proved: Groth16 setup, ceremony, keys and proofs, and the file formats of snarkjs."""
