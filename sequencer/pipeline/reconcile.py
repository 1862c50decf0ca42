"""On a start: is what the chain holds a prefix of what this journal produced?"""

from __future__ import annotations

from sequencer.errors import ChainDisagreementError
from sequencer.pipeline.protocols import SettlementChain
from sequencer.store import Stage, Store


def check_chain(store: Store, genesis_root: int, chain: SettlementChain) -> None:
    """Compare the chain with the database; ChainDisagreementError where they cannot both be right.

    Batches that the chain holds and the database does not know as posted are fine: a crash between
    the transaction and its note. The pipeline notices when it gets to them.
    """
    committed, settled = chain.committed_batches(), chain.settled_batches()
    last = store.last_batch()
    known = 0 if last is None else last.number
    if committed > known:
        raise ChainDisagreementError(
            f"the chain holds {committed} batches, this journal only {known}: it is not the "
            "journal of this rollup, or it lost its end"
        )
    roots = (
        ("committed", committed, chain.committed_state_root()),
        ("settled", settled, chain.settled_state_root()),
    )
    for name, number, on_chain in roots:
        here = store.batch(number).new_state_root if number else genesis_root
        if here != on_chain:
            raise ChainDisagreementError(
                f"the last {name} batch, {number}, leads to state root {on_chain} on chain and "
                f"to {here} here"
            )
    lost = [n for n, stage in store.stages().items() if stage is Stage.SETTLED and n > settled]
    if lost:
        raise ChainDisagreementError(
            f"batch {lost[0]} was settled, but the chain's last settled batch is {settled}"
        )
