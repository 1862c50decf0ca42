"""Row 34: big integers rounded by JSON parsers.

In transactions and batches every integer is a decimal string; a JSON number is refused wherever it
stands, and so is every second spelling of an integer.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from circuits.rollup.inputs import BatchInputs
from circuits.spec.refusal import MalformedTransactionError, PublicDataError, RefusalCode
from circuits.spec.transaction_json import transaction_from_json, transaction_to_json
from circuits.spec.transactions import Noop, Transaction
from native.constants import FR_MODULUS
from native.errors import MalformedError
from tests.circuits.rollup.world import ALICE, World, deposit, message, transfer, withdraw

TRANSACTIONS = [Noop(), deposit(ALICE), transfer(), withdraw(), message()]
SPELLINGS = ["", " 1", "1 ", "+1", "-1", "01", "1.0", "1e3", "0x1", "١", "1_0", "9" * 79]
Place = list[str | int]


def strings(value: Any, place: Place | None = None) -> Iterator[Place]:
    """The places of all decimal strings in a JSON value."""
    place = place or []
    if isinstance(value, str):
        if value.isdecimal():
            yield place
        return
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children:
        yield from strings(child, [*place, key])


def replaced(document: Any, place: Place, value: Any) -> Any:
    """A copy of the document with another value at one place."""
    result = copy.deepcopy(document)
    *path, last = place
    parent = result
    for key in path:
        parent = parent[key]
    parent[last] = value
    return result


def at(document: Any, place: Place) -> Any:
    """The value at one place."""
    for key in place:
        document = document[key]
    return document


@pytest.mark.parametrize("transaction", TRANSACTIONS, ids=lambda t: t.type.name.lower())
def test_transactions_survive_the_round_trip(transaction: Transaction) -> None:
    text = json.dumps(transaction_to_json(transaction))
    assert transaction_from_json(json.loads(text)) == transaction
    assert not any(character.isdigit() for character in text.replace('"', "\0").split("\0")[::2])


@pytest.mark.parametrize("transaction", TRANSACTIONS[1:], ids=lambda t: t.type.name.lower())
def test_a_number_is_refused_in_every_place_of_a_transaction(transaction: Transaction) -> None:
    document = transaction_to_json(transaction)
    places = list(strings(document))
    assert len(places) >= 4
    for place in places:
        number = int(at(document, place))
        for wrong in (number, float(number), [str(number)], None, True):
            with pytest.raises(MalformedTransactionError) as refused:
                transaction_from_json(replaced(document, place, wrong))
            assert refused.value.code is RefusalCode.MALFORMED


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_only_one_spelling_of_an_integer(spelling: str) -> None:
    document = transaction_to_json(transfer())
    for place in strings(document):
        with pytest.raises(MalformedTransactionError):
            transaction_from_json(replaced(document, place, spelling))


def test_a_number_is_refused_in_every_place_of_a_batch() -> None:
    document = World().batch(transfer(), message(nonce=1)).to_json()
    places = list(strings(document))
    assert len(places) > 80
    for place in places:
        for wrong in (int(at(document, place)), str(FR_MODULUS << 4)):
            with pytest.raises(PublicDataError):
                BatchInputs.from_json(replaced(document, place, wrong))


WRONG_DOCUMENTS: list[Any] = [
    None,
    [],
    "transfer",
    1,
    {},
    {"type": "transfer"},
    {"type": "loan"},
    {"type": 2},
    {"type": ["transfer"]},
    transaction_to_json(transfer()) | {"memo": "hello"},
    transaction_to_json(transfer()) | {"signature": {"r8x": "1", "r8y": "1"}},
    transaction_to_json(transfer()) | {"signature": ["1", "1", "1"]},
    transaction_to_json(transfer()) | {"signature": {"r8x": "1", "r8y": "1", "s": "1", "v": "1"}},
    transaction_to_json(message()) | {"payload": "hello"},
    transaction_to_json(message()) | {"payload": "0xABCD"},
    transaction_to_json(message()) | {"payload": "0xabc"},
    transaction_to_json(message()) | {"payload": "0x" + "00" * 65537},
    transaction_to_json(deposit(ALICE)) | {"public_key": ["1"]},
    transaction_to_json(deposit(ALICE)) | {"public_key": ["0", "0"]},
    transaction_to_json(deposit(ALICE)) | {"amount_e6": str(1 << 63)},
]


@pytest.mark.parametrize("document", WRONG_DOCUMENTS, ids=lambda d: repr(d)[:40])
def test_a_wrong_document_is_malformed(document: Any) -> None:
    with pytest.raises(MalformedError) as refused:
        transaction_from_json(document)
    assert str(refused.value).startswith("transaction: ")


WRONG_BATCHES: dict[str, Any] = {
    "format": "another",
    "preset": "huge",
    "public_data": ["0"],
    "slots": [],
    "payloads": [1],
    "circuit_id": "0x00",
    "operator": {"account": ["1"] * 6},
    "domain": {"l1_chain_id": "1", "contract": "1"},
    "unknown": "1",
}


@pytest.mark.parametrize("name", WRONG_BATCHES)
def test_a_wrong_batch_names_its_member(name: str) -> None:
    document = World().batch().to_json()
    with pytest.raises(PublicDataError) as refused:
        BatchInputs.from_json(document | {name: WRONG_BATCHES[name]}, "some.json")
    assert str(refused.value).startswith("some.json")
    for missing in document:
        with pytest.raises(PublicDataError, match="missing"):
            BatchInputs.from_json({key: document[key] for key in document if key != missing})
