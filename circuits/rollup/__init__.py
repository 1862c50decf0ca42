"""The rollup circuit: `circuits/spec` as constraints, file for file.

A batch is N identical slots between two account roots, then one credit of the collected fees. Only
`inputs` is meant for other packages: it carries a batch from the specification to the prover.
"""
