"""The message tree in a file: the same answers as in memory, whatever happened to the file."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from native.errors import MalformedError
from sequencer.errors import LeafStoreError, LockedError, MessageError
from sequencer.messages import LeafStore, MessageTree, branch_root, leaf_store
from sequencer.messages.leaf_store import HEADER, NODE, leaves_in, nodes_of
from sequencer.messages.tree import EMPTY_ROOT, MAX_LEAVES

CHAIN, CHANNEL = 46, 0x00000000001523057A05D6293C1E5171EE33EE0A
VECTORS = Path(__file__).parents[1] / "vectors" / "ormp.json"


def leaf(number: int) -> bytes:
    return random.Random(number).randbytes(32)


def leaves(count: int) -> list[bytes]:
    return [leaf(i) for i in range(count)]


def opened(folder: Path, *, writes: bool = True) -> LeafStore:
    return LeafStore(folder / "tree", CHAIN, CHANNEL, writes=writes)


def write(folder: Path, count: int) -> Path:
    with opened(folder) as store:
        store.extend(leaves(count))
    return folder / "tree"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LeafStore]:
    with opened(tmp_path) as made:
        yield made


def same_answers(store: LeafStore, tree: MessageTree) -> None:
    assert store.count == tree.count
    for count in range(tree.count + 1):
        assert store.root(count) == tree.root(count)
        for index in range(count):
            assert store.prove(index, count) == tree.prove(index, count)
            assert store.leaf(index) == tree.leaf(index)


def test_every_proof__equals_that_of_the_tree_in_memory(store: LeafStore) -> None:
    store.extend(leaves(37))
    same_answers(store, MessageTree(leaves(37)))


def test_proofs__are_those_recorded_from_the_contracts(tmp_path: Path) -> None:
    recorded = json.loads(VECTORS.read_text())
    stores = {}
    for number, series in enumerate(recorded["imt"]["series"]):
        made = stores[series["kind"]] = LeafStore(tmp_path / str(number), CHAIN, CHANNEL)
        for row in series["insertions"]:
            assert made.append(bytes.fromhex(row["leaf"][2:])) == row["index"]
            assert made.root().hex() == row["root"][2:]
    assert len(recorded["proofs"]) == 25
    for row in recorded["proofs"]:
        siblings = stores[row["series"]].prove(row["index"], row["count"])
        assert [node.hex() for node in siblings] == [word[2:] for word in row["siblings"]]
    for made in stores.values():
        made.close()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("extend"), st.integers(0, 20)),
        st.tuples(st.just("truncate"), st.integers(0, 60)),
        st.tuples(st.just("reopen"), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(STEPS, st.integers(1, 7))
def test_any_course_of_growth_and_retreat__ends_in_the_same_tree(
    steps: list[tuple[str, int]], chunk: int
) -> None:
    kept: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(leaf_store, "CHUNK", chunk)
        store = opened(Path(folder))
        for name, number in steps:
            if name == "extend":
                more = [leaf(1000 * len(kept) + i) for i in range(number)]
                store.extend(more)
                kept += more
            elif name == "truncate":
                del kept[min(number, len(kept)) :]
                store.truncate(len(kept))
            else:
                store.close()
                store = opened(Path(folder))
            assert store.count == len(kept)
        assert store.verify() == MessageTree(kept).root()
        for index in range(len(kept)):
            siblings = store.prove(index)
            assert branch_root(kept[index], siblings, index) == store.root()
        store.close()


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 16])
def test_file_cut_at_any_byte__holds_a_prefix_and_grows_again(tmp_path: Path, count: int) -> None:
    data = write(tmp_path, count).read_bytes()
    tree = MessageTree(leaves(count))
    for size in range(len(data) + 1):
        (tmp_path / "tree").write_bytes(data[:size])
        with opened(tmp_path) as store:
            held = store.count
            whole = HEADER + NODE * nodes_of(held)
            assert held == 0 or (whole <= size and os.path.getsize(store.path) == whole)
            assert held == count or size < HEADER + NODE * nodes_of(held + 1)
            assert store.verify() == tree.root(held)
            store.extend(leaves(count)[held:])
            assert store.path.read_bytes() == data


def test_count__follows_from_the_number_of_nodes() -> None:
    sizes = [0]
    for i in range(300):
        sizes.append(sizes[-1] + 1 + len(bin(i)) - len(bin(i).rstrip("1")))
    assert [nodes_of(count) for count in range(301)] == sizes
    for nodes in range(sizes[-1]):
        assert sizes[leaves_in(nodes)] <= nodes < sizes[leaves_in(nodes) + 1]
    for count in (MAX_LEAVES, 2**32 - 2, 2**31, 2**31 - 1):
        assert leaves_in(nodes_of(count)) == count
        assert leaves_in(nodes_of(count) - 1) == count - 1


def test_empty_tree(store: LeafStore) -> None:
    assert (store.count, store.root(), store.verify()) == (0, EMPTY_ROOT, EMPTY_ROOT)
    store.extend([])
    assert store.count == 0
    with pytest.raises(MessageError, match="index"):
        store.prove(0)
    with pytest.raises(MessageError, match="index"):
        store.leaf(0)


def test_bounds_of_a_proof__are_named(store: LeafStore) -> None:
    store.extend(leaves(5))
    for ask, part in [
        (lambda: store.prove(5), "index: 5 is outside 0 … 4"),
        (lambda: store.prove(-1), "index"),
        (lambda: store.prove(3, 3), "index: 3 is outside 0 … 2"),
        (lambda: store.prove(0, 6), "count: 6 is outside 0 … 5"),
        (lambda: store.root(-1), "count"),
        (lambda: store.root(6), "count"),
        (lambda: store.leaf(5), "index"),
        (lambda: store.truncate(6), "count: 6 is outside 0 … 5"),
        (lambda: store.truncate(-1), "count"),
    ]:
        refused(ask, MessageError, part)
    assert store.count == 5


def refused(ask: Callable[[], object], kind: type[MalformedError], part: str) -> None:
    with pytest.raises(kind, match=part):
        ask()


@pytest.mark.parametrize("length", [0, 31, 33])
def test_leaf_of_another_length__is_refused_and_nothing_of_its_chunk_is_kept(
    store: LeafStore, length: int
) -> None:
    store.extend(leaves(3))
    with pytest.raises(MessageError, match=f"{length} bytes instead of 32"):
        store.extend([leaf(3), bytes(length)])
    assert store.count == 3


def test_full_tree__refuses_a_leaf(store: LeafStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LeafStore, "count", MAX_LEAVES)
    with pytest.raises(MessageError, match="full"):
        store.append(leaf(0))


def test_two_writers__the_second_is_refused_and_the_first_unharmed(tmp_path: Path) -> None:
    with opened(tmp_path) as first:
        first.extend(leaves(3))
        with pytest.raises(LockedError, match="being written by another process"):
            opened(tmp_path)
        first.append(leaf(3))
    with opened(tmp_path) as second:
        assert second.root() == MessageTree(leaves(4)).root()


def test_reader__follows_the_writer_and_cannot_write(tmp_path: Path) -> None:
    with opened(tmp_path) as writer, opened(tmp_path, writes=False) as reader:
        for count in range(1, 12):
            writer.append(leaf(count - 1))
            assert reader.count == count
            assert reader.prove(count // 2) == writer.prove(count // 2)
        writer.truncate(4)
        assert reader.root() == MessageTree(leaves(4)).root()
        for attempt in (
            lambda: reader.append(leaf(0)),
            lambda: reader.truncate(0),
            lambda: reader.sync(),
        ):
            refused(attempt, MessageError, "opened for reading")
        assert reader.verify() == writer.verify()


def test_reader__ignores_what_a_crash_left_unfinished(tmp_path: Path) -> None:
    path = write(tmp_path, 8)
    with path.open("r+b") as file:
        file.truncate(HEADER + NODE * nodes_of(8) - 1)
    size = path.stat().st_size
    with opened(tmp_path, writes=False) as reader:
        assert reader.verify() == MessageTree(leaves(7)).root()
    assert path.stat().st_size == size


def test_truncation_in_the_middle_of_a_proof__gives_a_proof_of_one_tree(tmp_path: Path) -> None:
    """Between any two reads of a proof the writer replaces the leaves from the third on."""
    other = [*leaves(2), *(leaf(i) for i in range(100, 111))]
    expected = [MessageTree(leaves(13)).prove(1, 13), MessageTree(other).prove(1, 13)]
    with opened(tmp_path) as writer:
        for moment in range(12):
            writer.truncate(0)
            writer.extend(leaves(13))
            with Interrupted(tmp_path / "tree", CHAIN, CHANNEL, writes=False) as reader:
                reader.moment, reader.act = moment, lambda: replace_from_the_third(writer, other)
                assert reader.prove(1, 13) in expected


def replace_from_the_third(writer: LeafStore, other: list[bytes]) -> None:
    writer.truncate(2)
    writer.extend(other[2:])


class Interrupted(LeafStore):
    """A reader whose n-th read of a node finds that the writer was there before."""

    moment = -1
    act: Callable[[], None]

    def _read(self, number: int, nodes: int) -> bytes:
        if self.moment == 0:
            self.act()
        self.moment -= 1
        return super()._read(number, nodes)


@pytest.mark.parametrize("chain, channel", [(CHAIN + 1, CHANNEL), (CHAIN, CHANNEL - 1)])
def test_tree_of_another_channel__is_refused(tmp_path: Path, chain: int, channel: int) -> None:
    path = write(tmp_path, 3)
    for writes in (True, False):
        with pytest.raises(LeafStoreError, match=f"0x{CHANNEL:040x} on chain {CHAIN}; name"):
            LeafStore(path, chain, channel, writes=writes)
    assert path.stat().st_size == HEADER + NODE * nodes_of(3)


@pytest.mark.parametrize("data", [b"x", b"SQLite format 3\0" + bytes(4096), bytes(64), b"\n" * 63])
def test_foreign_file__is_refused_and_left_as_it_is(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "tree").write_bytes(data)
    for writes in (True, False):
        with pytest.raises(LeafStoreError, match="not a message tree; name another file"):
            opened(tmp_path, writes=writes)
    assert (tmp_path / "tree").read_bytes() == data


def test_file_that_cannot_be_opened__is_named(tmp_path: Path) -> None:
    with pytest.raises(LeafStoreError, match=r"tree: file: cannot be opened: No such file"):
        opened(tmp_path, writes=False)
    with pytest.raises(LeafStoreError, match="No such file"):
        LeafStore(tmp_path / "missing" / "tree", CHAIN, CHANNEL)
    with pytest.raises(LeafStoreError, match="directory"):
        LeafStore(tmp_path, CHAIN, CHANNEL)


@pytest.mark.parametrize("chain, channel", [(-1, 0), (1 << 96, 0), (0, -1), (0, 1 << 160)])
def test_channel_outside_its_bounds__is_refused(tmp_path: Path, chain: int, channel: int) -> None:
    with pytest.raises(MessageError, match="channel"):
        LeafStore(tmp_path / "tree", chain, channel)


@pytest.mark.parametrize("count", [2, 7, 16, 37])
def test_verify__finds_every_damaged_node(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaf_store, "CHUNK", 4)
    path = write(tmp_path, count)
    data, root = path.read_bytes(), MessageTree(leaves(count)).root()
    for number in range(nodes_of(count)):
        damaged = bytearray(data)
        damaged[HEADER + NODE * number + number % NODE] ^= 1
        path.write_bytes(damaged)
        with opened(tmp_path, writes=False) as store:
            if number == nodes_of(count) - 1 and count % 2:  # a leaf that nothing covers yet
                assert store.verify() != root
            else:
                with pytest.raises(LeafStoreError, match="is not the hash of its children"):
                    store.verify()
    path.write_bytes(data)
    with opened(tmp_path) as store:
        assert store.verify() == root


def test_verify__names_the_node(tmp_path: Path) -> None:
    path = write(tmp_path, 8)
    data = bytearray(path.read_bytes())
    data[HEADER + NODE * 6] ^= 1  # leaves 0, 1, their parent, 2, 3, their parent, the parent of 4
    path.write_bytes(data)
    with (
        opened(tmp_path, writes=False) as store,
        pytest.raises(LeafStoreError, match="node 6: level 2 above leaf 3 is not the hash"),
    ):
        store.verify()


def test_lost_page_at_the_end__is_found_when_a_writer_opens(tmp_path: Path) -> None:
    path = write(tmp_path, 8)
    data = path.read_bytes()
    for lost in (1, 2, 3, 4, 5):
        path.write_bytes(data[: -NODE * lost] + bytes(NODE * lost))
        with pytest.raises(LeafStoreError, match="truncate the tree to fewer leaves or rebuild"):
            opened(tmp_path)


class Disk:
    """A disk with room for so many more bytes, which takes 40 at a time."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._write = os.pwrite

    def pwrite(self, file: int, data: memoryview, at: int) -> int:
        if not self.room:
            raise OSError(28, "No space left on device")
        done = self._write(file, data[: min(self.room, 40)], at)
        self.room -= done
        return done


@pytest.mark.parametrize("room", range(0, NODE * 4, 8))
def test_full_disk__the_next_leaf_takes_the_place_of_the_failed_one(
    store: LeafStore, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    store.extend(leaves(7))
    with monkeypatch.context() as patch:
        patch.setattr(leaf_store.os, "pwrite", Disk(room).pwrite)
        with pytest.raises(OSError, match="No space"):
            store.append(leaf(7))
    assert store.count == 7
    store.extend([leaf(7), leaf(8)])
    assert store.verify() == MessageTree(leaves(9)).root()
    assert store.path.stat().st_size == HEADER + NODE * nodes_of(9)


def test_a_chunk_and_its_neighbours__are_hashed_alike(tmp_path: Path) -> None:
    """Across the true size of a chunk, in one call and leaf by leaf."""
    count = leaf_store.CHUNK + 3
    data = random.Random(1).randbytes(32 * count)
    all_leaves = [data[32 * i : 32 * i + 32] for i in range(count)]
    with opened(tmp_path) as store, LeafStore(tmp_path / "other", CHAIN, CHANNEL) as other:
        store.extend(all_leaves)
        other.extend(all_leaves[:-6])
        for one in all_leaves[-6:]:
            other.append(one)
        assert store.path.read_bytes() == other.path.read_bytes()
        tree = MessageTree(all_leaves)
        for index in (0, 1, count // 2, count - 4, count - 3, count - 1):
            assert store.prove(index) == tree.prove(index)
        assert store.verify() == tree.root()


def test_closed_store__can_be_closed_again(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.close()
    store.close()
