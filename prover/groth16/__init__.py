"""Groth16 ("On the Size of Pairing-based Non-interactive Arguments", Eurocrypt 2016) on BN254."""
