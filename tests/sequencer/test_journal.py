"""The journal: what was synced comes back, a torn tail goes, damage is refused."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.errors import JournalCorruptError, SequencerError
from sequencer.journal import Journal, Record
from sequencer.journal.frame import FILE_HEADER_SIZE, frame_size

DOMAIN = bytes(range(32))


def write(path: Path, payloads: list[bytes]) -> list[Record]:
    with Journal.open(path, DOMAIN) as journal:
        records = [journal.append(1, payload) for payload in payloads]
        journal.sync()
    return records


def read(path: Path) -> list[bytes]:
    found: list[Record] = []
    Journal.open(path, DOMAIN, found.append).close()
    return [record.payload for record in found]


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_synced_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    written = write(path, payloads)
    found: list[Record] = []
    with Journal.open(path, DOMAIN, found.append) as journal:
        assert found == written == list(journal.records())
        assert journal.next_sequence == len(payloads)


def test_appending_continues_the_chain(tmp_path: Path) -> None:
    write(tmp_path / "j", [b"one"])
    write(tmp_path / "j", [b"two"])
    write(tmp_path / "twin", [b"one", b"two"])
    assert (tmp_path / "j").read_bytes() == (tmp_path / "twin").read_bytes()


def test_nothing_reaches_the_file_before_sync(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "j", DOMAIN)
    journal.append(1, b"pending")
    assert journal.durable_sequence == 0
    assert (tmp_path / "j").stat().st_size == FILE_HEADER_SIZE
    journal.sync()
    assert journal.durable_sequence == 1


def test_one_fsync_covers_a_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(os, "fdatasync", calls.append)
    with Journal.open(tmp_path / "j", DOMAIN) as journal:
        for _ in range(100):
            journal.append(1, b"x")
        journal.sync()
        journal.sync()
    assert len(calls) == 1


def test_threads_that_wait_together_share_one_fsync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, release, calls = threading.Event(), threading.Event(), []

    def slow_fsync(descriptor: int) -> None:
        calls.append(descriptor)
        started.set()
        release.wait(5)

    monkeypatch.setattr(os, "fdatasync", slow_fsync)
    journal = Journal.open(tmp_path / "j", DOMAIN)

    def acknowledge() -> None:
        journal.append(1, b"x")
        journal.sync()

    first = threading.Thread(target=acknowledge)
    first.start()
    started.wait(5)
    others = [threading.Thread(target=acknowledge) for _ in range(8)]
    for thread in others:
        thread.start()
    while journal.next_sequence < 9:
        pass
    release.set()
    for thread in [first, *others]:
        thread.join()
    assert journal.durable_sequence == 9
    assert len(calls) == 2


def test_every_truncation_restarts_with_the_whole_records_before_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    payloads = [b"a" * 5, b"", b"ccc"]
    write(tmp_path / "full", payloads)
    whole = (tmp_path / "full").read_bytes()
    ends = [FILE_HEADER_SIZE]
    for payload in payloads:
        ends.append(ends[-1] + frame_size(len(payload)))
    path = tmp_path / "cut"
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        caplog.clear()
        kept = max((i for i, end in enumerate(ends) if end <= size), default=0)
        assert read(path) == payloads[:kept], size
        assert bool(caplog.records) == (size not in ends), size
        write(path, [b"after"])
        assert read(path) == [*payloads[:kept], b"after"]


def test_a_repair_is_logged_with_offset_and_reason(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "j", [b"kept", b"torn"])
    size = (tmp_path / "j").stat().st_size
    os.truncate(tmp_path / "j", size - 1)
    with caplog.at_level(logging.WARNING):
        read(tmp_path / "j")
    end = FILE_HEADER_SIZE + frame_size(4)
    assert f"the file ends inside record 1; dropped {frame_size(4) - 1}" in caplog.text
    assert f"from offset {end} on, 1 records kept" in caplog.text


def test_an_unwritten_tail_of_zeros_is_dropped(tmp_path: Path) -> None:
    write(tmp_path / "j", [b"kept"])
    with (tmp_path / "j").open("ab") as file:
        file.write(bytes(100_000))
    assert read(tmp_path / "j") == [b"kept"]


def test_every_flipped_bit_is_refused_by_its_offset(tmp_path: Path) -> None:
    payloads = [b"first", b"second"]
    write(tmp_path / "full", payloads)
    whole = (tmp_path / "full").read_bytes()
    second = FILE_HEADER_SIZE + frame_size(5)
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        path = tmp_path / "damaged"
        path.write_bytes(damaged)
        with pytest.raises(JournalCorruptError) as caught:
            read(path)
        start = 0 if position < FILE_HEADER_SIZE else FILE_HEADER_SIZE
        assert caught.value.offset == (second if position >= second else start)
        assert caught.value.reason
        assert path.read_bytes() == damaged


def test_a_removed_or_repeated_record_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "full", [b"same", b"same", b"same"])
    whole = (tmp_path / "full").read_bytes()
    size = frame_size(4)
    path = tmp_path / "damaged"
    for damaged in (
        whole[:FILE_HEADER_SIZE] + whole[FILE_HEADER_SIZE + size :],
        whole[: FILE_HEADER_SIZE + size] + whole[FILE_HEADER_SIZE:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(JournalCorruptError, match="stands where record"):
            read(path)


def test_a_record_of_another_history_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "ours", [b"one", b"two"])
    write(tmp_path / "theirs", [b"ONE", b"two"])
    size = frame_size(3)
    ours, theirs = (tmp_path / "ours").read_bytes(), (tmp_path / "theirs").read_bytes()
    spliced = ours[: FILE_HEADER_SIZE + size] + theirs[FILE_HEADER_SIZE + size :]
    (tmp_path / "ours").write_bytes(spliced)
    with pytest.raises(JournalCorruptError, match="chain hash"):
        read(tmp_path / "ours")


def test_the_journal_of_another_deployment_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "j", [b"x"])
    with pytest.raises(JournalCorruptError, match="another deployment"):
        Journal.open(tmp_path / "j", bytes(32))


def test_after_a_failed_fsync_nothing_more_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("disk on fire")

    journal = Journal.open(tmp_path / "j", DOMAIN)
    journal.append(1, b"x")
    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(OSError, match="disk on fire"):
        journal.sync()
    monkeypatch.undo()
    assert journal.durable_sequence == 0
    with pytest.raises(SequencerError, match="open it again"):
        journal.append(1, b"y")
    journal.close()
