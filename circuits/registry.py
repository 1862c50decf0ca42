"""The circuits that have a name: `poseidon-chain-N` and `rollup-tiny|small|mainnet`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from circuits.examples import poseidon_chain
from circuits.frontend import Builder, CircuitError, CompiledCircuit, compile_circuit
from circuits.frontend.compile import InputValues
from circuits.spec.params import PRESETS


@dataclass(frozen=True)
class NamedCircuit:
    """A circuit definition and a maker of valid example inputs for it."""

    name: str
    description: str
    define: Callable[[Builder], None]
    example_inputs: Callable[[], InputValues]

    def compile(self) -> CompiledCircuit:
        """Compile it."""
        return compile_circuit(self.define, name=self.name)


def _poseidon_chain(log_size: int) -> NamedCircuit:
    return NamedCircuit(
        name=f"poseidon-chain-{log_size}",
        description=f"a chain of Poseidon hashes, about 2^{log_size} constraints",
        define=partial(poseidon_chain.define, log_size=log_size),
        example_inputs=partial(poseidon_chain.example_inputs, log_size),
    )


def _rollup(preset_name: str) -> NamedCircuit:
    from circuits.examples import rollup_batch

    preset = PRESETS[preset_name]
    return NamedCircuit(
        name=f"rollup-{preset_name}",
        description=f"a batch of {preset.slots} transactions over 4^{preset.tree_depth} accounts",
        define=partial(rollup_batch.define, preset=preset),
        example_inputs=partial(rollup_batch.example_inputs, preset),
    )


def _makers() -> dict[str, Callable[[], NamedCircuit]]:
    sizes = range(poseidon_chain.MIN_LOG_SIZE, poseidon_chain.MAX_LOG_SIZE + 1)
    makers: dict[str, Callable[[], NamedCircuit]] = {
        f"rollup-{name}": partial(_rollup, name) for name in PRESETS
    }
    return makers | {f"poseidon-chain-{size}": partial(_poseidon_chain, size) for size in sizes}


NAMES: tuple[str, ...] = tuple(_makers())


def named_circuit(name: str) -> NamedCircuit:
    """The circuit of that name; CircuitError names the known ones."""
    maker = _makers().get(name)
    if maker is None:
        raise CircuitError(f"no circuit is named {name!r}; known: {', '.join(NAMES)}")
    return maker()


def compile_named(name: str) -> CompiledCircuit:
    """Compile the circuit of that name."""
    return named_circuit(name).compile()
