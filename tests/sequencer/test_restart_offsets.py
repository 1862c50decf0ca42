"""Restart with the journal cut at every byte: the state is that of the whole records before the
cut.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sequencer.journal.frame import FILE_HEADER_SIZE
from sequencer.sequencer import Sequencer, Status
from tests.sequencer.doubles import NOW_S, PUBLIC_KEYS, FileChain, World, config


def opened(folder: Path) -> Sequencer:
    return Sequencer.open(config(folder), clock=lambda: NOW_S)


def observed(sequencer: Sequencer) -> tuple[Status, int]:
    return sequencer.status(), sequencer._state.tree.root


def write_history(folder: Path) -> dict[int, tuple[Status, int]]:
    """A few batches; what is observed when the journal has each of its lengths."""
    chain = FileChain(folder / "chain.json")
    for key in PUBLIC_KEYS[:2]:
        chain.add_deposit(key, 1000)
    world = World(config(folder).domain.rollup_id())
    journal = folder / "data" / "journal"
    sequencer = Sequencer.open(config(folder), chain, clock=lambda: NOW_S)
    seen = {journal.stat().st_size: observed(sequencer)}

    def look() -> None:
        seen[journal.stat().st_size] = observed(sequencer)

    sequencer.ingest_deposits()
    look()
    sequencer.seal()
    look()
    sequencer.submit(world.transfer(0, 1, 10))
    look()
    sequencer.submit(world.message(1, b"x"))
    look()
    sequencer.close()
    return seen


def cut_copy(source: Path, target: Path, size: int) -> Path:
    """A directory with only the first `size` bytes of the journal, as after losing all else."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "data").mkdir(parents=True)
    shutil.copy(source / "receipt.key", target)
    whole = (source / "data" / "journal").read_bytes()
    (target / "data" / "journal").write_bytes(whole[:size])
    return target


def test_restart_at_every_journal_offset(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    seen = write_history(source)
    whole = (source / "data" / "journal").stat().st_size
    kept: list[int] = []
    for size in range(0, whole + 1, 37):
        with opened(cut_copy(source, tmp_path / "cut", size)) as sequencer:
            status, _ = observed(sequencer)
            kept.append(status.journal_records)
        repaired = (tmp_path / "cut" / "data" / "journal").stat().st_size
        assert repaired <= max(size, FILE_HEADER_SIZE)
    assert kept == sorted(kept)
    for size, expected in seen.items():
        with opened(cut_copy(source, tmp_path / "cut", size)) as sequencer:
            assert observed(sequencer) == expected


def test_a_restart_changes_nothing_on_disk(tmp_path: Path) -> None:
    write_history(tmp_path)
    journal = (tmp_path / "data" / "journal").read_bytes()
    for _ in range(3):
        opened(tmp_path).close()
    assert (tmp_path / "data" / "journal").read_bytes() == journal
