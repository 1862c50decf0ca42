"""Public data: packed words, sponge, challenge and polynomial against a second writing-out."""

from __future__ import annotations

import pytest
from eth_abi import encode as abi_encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from circuits.spec import public_data
from circuits.spec.domain import RollupDomain
from circuits.spec.slot_data import FIELD_BITS, SlotFields, unpack
from circuits.spec.transactions import TRANSACTIONS
from circuits.spec.types import TransactionType
from native.constants import FR_MODULUS
from native.reference.poseidon import poseidon_permute
from tests.circuits.rollup.world import CIRCUIT_ID, DOMAIN, World, message, transfer

KEY_FIELDS = ("key_x", "key_y")


@st.composite
def slots(draw: st.DrawFn) -> SlotFields:
    """Any fields that the type may have, at and between their bounds."""
    kind = draw(st.sampled_from(TransactionType))
    values = {
        name: draw(st.integers(0, (1 << bits) - 1) | st.just((1 << bits) - 1))
        for name, bits in FIELD_BITS.items()
    }
    values |= {name: draw(st.integers(0, FR_MODULUS - 1)) for name in KEY_FIELDS}
    used = TRANSACTIONS[kind].used
    return SlotFields(kind, **{name: value for name, value in values.items() if name in used})


@given(fields=slots())
def test_slot_words_are_below_the_modulus_and_come_back(fields: SlotFields) -> None:
    words = fields.words()
    assert all(0 <= word < FR_MODULUS for word in words)
    assert unpack(words) == fields


@given(fields=slots())
def test_slot_words_as_drawn(fields: SlotFields) -> None:
    e0, e1, e2, e3 = fields.words()
    drawn = (
        f"{fields.fee_e6:064b}{fields.amount_e6:064b}"
        f"{fields.b_index:032b}{fields.a_index:032b}{fields.type:08b}"
    )
    assert f"{e0:0200b}" == drawn
    if fields.type is TransactionType.DEPOSIT:
        assert (e1, e2, e3) == (fields.key_x, fields.key_y, 0)
    else:
        assert f"{e1:0224b}" == f"{fields.chain_id:064b}{fields.address:0160b}"
        assert f"{e2:0192b}" == f"{fields.gas_limit:064b}{fields.hash_hi:0128b}"
        assert e3 == fields.hash_lo


def test_header_words_as_drawn() -> None:
    header = public_data.BatchHeader(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    times = f"{6:032b}{5:064b}{4:064b}"
    counts = f"{10:064b}{9:064b}{8:032b}{7:032b}"
    assert header.words() == (1, 2, 3, int(times, 2), int(counts, 2))


@pytest.mark.parametrize("length", [1, 13, 16, 17, 32, 37, 133])
def test_the_commitment_is_the_sponge(length: int) -> None:
    data = [pow(7, i + 1, FR_MODULUS) for i in range(length)]
    padded = data + [0] * (-length % 16)
    state = [int.from_bytes(b"tallystick.public-data.v1", "big") * 2**32 + length] + [0] * 16
    for start in range(0, len(padded), 16):
        block = padded[start : start + 16]
        state = [state[0], *(word + more for word, more in zip(state[1:], block, strict=True))]
        [state] = poseidon_permute([state])
    assert public_data.commitment(data) == state[0]


def test_the_challenge_is_the_hash_of_the_abi_encoding() -> None:
    batch = World().batch(transfer(), message(nonce=1))
    data = b"".join(word.to_bytes(32, "big") for word in batch.public_data)
    encoded = abi_encode(
        ["bytes32", "uint256", "address", "bytes32", "uint256", "bytes32"],
        [
            keccak(b"tallystick.challenge.v1"),
            DOMAIN.l1_chain_id,
            f"0x{DOMAIN.contract:040x}",
            CIRCUIT_ID,
            batch.commitment,
            keccak(data),
        ],
    )
    z = int.from_bytes(keccak(encoded), "big") % FR_MODULUS
    powers = (word * pow(z, i, FR_MODULUS) for i, word in enumerate(batch.public_data))
    assert batch.challenge == z
    assert batch.evaluation == sum(powers) % FR_MODULUS


@pytest.mark.parametrize("name", ["l1_chain_id", "contract", "rollup_chain_id"])
def test_a_domain_out_of_range_is_refused(name: str) -> None:
    fine = {"l1_chain_id": 1, "contract": 1, "rollup_chain_id": 1}
    for wrong in (-1, 1 << 256):
        with pytest.raises(ValueError, match=name):
            RollupDomain(**fine | {name: wrong})


def test_a_circuit_id_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        public_data.challenge(DOMAIN, bytes(31), 0, [])
