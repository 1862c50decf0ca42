"""What an operator or a node may put where the messages of a rollup are read from."""

from __future__ import annotations

import pytest

from sequencer.messages.watch.log import RawLog
from sequencer.messages.watch.rollups import _COMMIT, BATCH_COMMITTED, BATCH_PROVEN, _arguments
from tests.messages.fake_chain import ENDPOINT

ARGUMENTS = ([1, 2, 3], [b"payload", b""], 9)


def log(topics: tuple[bytes, ...], data: bytes) -> RawLog:
    return RawLog(ENDPOINT, topics, data, 1, bytes(32), bytes(32), 0)


@pytest.mark.parametrize("topic", [BATCH_COMMITTED, BATCH_PROVEN])
@pytest.mark.parametrize("number", [None, 2**64 - 1, 2**256 - 1, 2**63])
@pytest.mark.parametrize("data", [b"", b"\xff" * 31, b"\xff" * 64, b"\xff" * 2000, bytes(2000)])
def test_a_log_that_no_rollup_emits_is_an_error_of_the_node(
    topic: bytes, number: int | None, data: bytes
) -> None:
    topics = (topic,) if number is None else (topic, number.to_bytes(32, "big"))
    with pytest.raises(ValueError):
        _arguments(log(topics, data))


def test_call_data_that_a_contract_would_read_otherwise_is_never_guessed_at() -> None:
    """Dirty padding, which no contract looks at, is an error; what follows does not count."""
    plain = _COMMIT.encode(ARGUMENTS)
    assert _COMMIT.decode_arguments(plain + b"more") == ((1, 2, 3), (b"payload", b""), 9)
    dirty = plain.replace(b"payload" + bytes(25), b"payload" + b"\xee" * 25)
    with pytest.raises(ValueError, match="does not decode"):
        _COMMIT.decode_arguments(dirty)


@pytest.mark.parametrize("cut", [4, 5, 36, 100, 300])
def test_cut_call_data_is_an_error_with_a_name(cut: int) -> None:
    with pytest.raises(ValueError, match="does not decode"):
        _COMMIT.decode_arguments(_COMMIT.encode(ARGUMENTS)[:cut])


@pytest.mark.parametrize("word", [2**255, 2**63, 2**256 - 1, 10**6])
@pytest.mark.parametrize("position", [0, 1])
def test_absurd_offsets_are_errors_with_a_name(position: int, word: int) -> None:
    plain = _COMMIT.encode(ARGUMENTS)
    start = 4 + 32 * position
    data = plain[:start] + word.to_bytes(32, "big") + plain[start + 32 :]
    with pytest.raises(ValueError, match="does not decode"):
        _COMMIT.decode_arguments(data)
