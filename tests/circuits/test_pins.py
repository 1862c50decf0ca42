"""Costs and digests change only on purpose (`make pins`)."""

from __future__ import annotations

import pytest

from circuits import pins
from circuits.pins.catalogue import GADGETS, PINNED_CIRCUITS
from circuits.registry import compile_named


@pytest.mark.parametrize("name", GADGETS)
def test_gadget_costs_what_is_pinned(name: str) -> None:
    assert GADGETS[name]().cost == pins.pinned()["gadgets"][name]


@pytest.mark.parametrize("name", PINNED_CIRCUITS)
def test_circuit_has_the_pinned_digest(name: str) -> None:
    r1cs = compile_named(name).r1cs
    pin = pins.pinned()["circuits"][name]
    assert (r1cs.n_constraints, r1cs.digest().hex()) == (pin["constraints"], pin["digest"])


def test_no_pin_is_left_behind() -> None:
    assert set(pins.pinned()["gadgets"]) == set(GADGETS)
    assert set(pins.pinned()["circuits"]) == set(PINNED_CIRCUITS)


def test_mainnet_slot_stays_below_25000_constraints() -> None:
    assert pins.pinned()["circuits"]["rollup-mainnet"]["constraints"] < 32 * 25_000


def test_a_changed_pin_is_named() -> None:
    old = {"gadgets": {"is_zero": 3, "select": 1}}
    new = {"gadgets": {"is_zero": 2, "mux4": 3}}
    assert pins.differences(old, new) == [
        "gadgets/is_zero: 3 -> 2",
        "gadgets/mux4: None -> 3",
        "gadgets/select: 1 -> None",
    ]
