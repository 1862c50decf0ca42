"""The file formats of snarkjs, read strictly and written bit-compatibly, one format a file."""
