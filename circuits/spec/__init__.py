"""The executable specification of the rollup on plain integers.

It is never optimised and is the single truth about what a batch does: the sequencer executes it,
the circuit in `circuits/rollup` proves it, and the contracts decode the public data it defines.
Each file mirrors the file of the same name in `circuits/rollup`.

    params         sizes of the presets and widths of the packed fields
    types          the transaction types
    account        one leaf of the state
    tree           the 4-ary Poseidon tree of the accounts
    globals        the hashed fields beside the tree, and the state root
    transactions/  one file a type: its fields, its slot data, its rule
    slot           one transaction applied to a tree
    public_data    what a batch posts: encoding, commitment C, challenge z, evaluation y
    batch          BatchBuilder: transactions in, BatchInputs out
    rebuild        the whole state from posted data alone
    codec          strict JSON values
    refusal        why a transaction is refused
"""
