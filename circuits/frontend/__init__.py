"""The circuit language: wires, gadgets traced once as templates, and the compiler.

from circuits.frontend import Builder, Wire, compile_circuit, template
"""

from circuits.frontend.builder import Builder
from circuits.frontend.compile import CompiledCircuit, compile_circuit
from circuits.frontend.errors import CircuitError, UnsatisfiedConstraint
from circuits.frontend.template import template
from circuits.frontend.wire import Wire

__all__ = [
    "Builder",
    "CircuitError",
    "CompiledCircuit",
    "UnsatisfiedConstraint",
    "Wire",
    "compile_circuit",
    "template",
]
