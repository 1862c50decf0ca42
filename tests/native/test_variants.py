"""Choosing an implementation, and the one place where status codes become exceptions."""

from __future__ import annotations

import pytest

from native import api, variants
from native.errors import NativeError, raise_for_status


def test_portable_is_always_there_and_the_active_one_is_available() -> None:
    assert "portable" in variants.available()
    assert variants.active() in variants.available()


def test_forcing__holds_for_the_block_only() -> None:
    before = variants.active()
    with variants.forced("portable"):
        assert variants.active() == "portable"
    assert variants.active() == before


def test_forcing__an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="mmx"), variants.forced("mmx"):
        pass


@pytest.mark.skipif(set(variants.NAMES) == set(variants.available()), reason="all are there")
def test_forcing__a_variant_this_machine_lacks_changes_nothing() -> None:
    before = variants.active()
    missing = next(name for name in variants.NAMES if name not in variants.available())
    with pytest.raises(NativeError, match="variant"), variants.forced(missing):
        pass
    assert variants.active() == before
    assert api.fr_to_ints(api.fr_from_ints([5])) == [5]


@pytest.mark.parametrize(
    ("status", "kind"), [(1, ValueError), (2, ValueError), (3, NativeError), (99, NativeError)]
)
def test_status__becomes_an_exception_that_names_the_operation(
    status: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match="fr_add"):
        raise_for_status(status, "fr_add")
    raise_for_status(0, "fr_add")


def test_summary__names_each_variant_once() -> None:
    """In use, available and lacking."""
    text = variants.summary()
    assert text.startswith(f"kernels: {variants.active()}; ")
    there, lacking = text.split("; available: ")[1].split("; lacking on this machine: ")
    assert there.split(", ") == variants.available()
    assert {*there.split(", "), *lacking.split(", ")} - {"none"} == set(variants.NAMES)
