"""The rollup circuit: `circuits/spec` as constraints, file for file.

A batch is N identical slots between two account roots, then one credit of the collected fees.

    types          one flag for each transaction type
    account        leaves, and the update of one leaf between two roots
    globals        the state root
    slot_data      widths, unused fields and packing of a slot's public words
    transactions/  what a type adds to the statement of every slot; `signed` for those A signs
    slot           any transaction between two account roots
    public_data    header words, and the binding to commitment, challenge and evaluation
    batch          the circuit
    inputs         BatchInputs, the values of the circuit's inputs (slot_witness, inputs_json)

Sizes, widths and shifts are those of `circuits.spec.params`, `.slot_data` and `.public_data`, where
the packed words are drawn bit by bit. Only `inputs` is meant for other packages: it carries a batch
from the specification to the prover.

A new transaction type: its number in `spec.types`; its dataclass, fields and rule in
`spec.transactions.<type>` and the table there; its constraints in `rollup.transactions.<type>` and
the table there. If it needs a new public field, add that to `spec.slot_data` (drawing, FIELD_BITS,
packing), `rollup.slot_data` and `rollup.inputs.PACKED_FIELDS`. Then `make pins`, and decode it in
the contract's batch reader. Tests: a refusal and a forgery for every rule, and a sample for the
test of all pairs of types.
"""
