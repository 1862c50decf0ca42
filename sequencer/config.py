"""The sequencer's configuration: a frozen dataclass, read from TOML and checked field by field.

data_dir = "var/sequencer"          # journal, state and database; relative to the file
receipt_key_file = "receipt.key"    # 32 bytes in hex, mode 0600; relative to the file

[rollup]
preset = "small"                    # tiny, small or mainnet
l1_chain_id = "31337"               # numbers are decimal strings or TOML integers below 2^53
contract = "0x…"                    # 20 bytes
rollup_chain_id = "7001"            # the rollup's own chain id in its messages
circuit_id = "0x…"                  # 32 bytes
operator_index = "0"                # the account that is credited the fees
deposit_confirmations = "0"         # blocks on top of a deposit's before it is taken

[sealing]
max_transactions = "8"              # not more than the preset has slots
max_age_s = "10"                    # seal a batch this old even if it is not full
max_value_e6 = "1000000000000"      # seal once transfers and withdrawals add up to this

[fees]                              # without this table any fee will do
relayer = "0x…"                     # the contract whose price table says what a delivery costs
e6_per_ether = "3000000000"         # collateral (10^-6) for 10^18 wei of that table
proof_wei = "0"                     # a message's share of the batch's gas and of the proof
refresh_s = "30"                    # how often the table is read
valid_s = "120"                     # how long a quote is honoured
max_age_s = "600"                   # prices older than this are not used; the table is away
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from circuits.spec.domain import RollupDomain
from circuits.spec.params import PRESETS, Preset
from sequencer.errors import ConfigError
from sequencer.toml_section import Section, load_toml

_U32, _U63, _U64 = (1 << 32) - 1, (1 << 63) - 1, (1 << 64) - 1
_U256 = (1 << 256) - 1


@dataclass(frozen=True)
class SealingPolicy:
    """When an open batch is sealed: full, old, or worth enough."""

    max_transactions: int
    max_age_s: int = 10
    max_value_e6: int = 10**12


@dataclass(frozen=True)
class FeeTerms:
    """What a message or a withdrawal has to pay, and how long prices hold.

    `e6_per_ether` units of collateral are worth 10^18 wei of the relayer's price table.
    """

    relayer: str
    e6_per_ether: int
    proof_wei: int = 0
    refresh_s: int = 30
    valid_s: int = 120
    max_age_s: int = 600

    def __post_init__(self) -> None:
        section = Section("config", "fees", {})
        section.bounded("e6_per_ether", self.e6_per_ether, 1, _U63)
        section.bounded("proof_wei", self.proof_wei, 0, _U256)
        section.bounded("refresh_s", self.refresh_s, 0, _U32)
        section.bounded("valid_s", self.valid_s, 0, _U32)
        section.bounded("max_age_s", self.max_age_s, self.refresh_s, _U32)


@dataclass(frozen=True)
class Config:
    """Everything that a sequencer needs to know before it starts."""

    data_dir: Path
    receipt_key_file: Path
    preset: Preset
    l1_chain_id: int
    contract: int
    rollup_chain_id: int
    circuit_id: bytes
    sealing: SealingPolicy
    operator_index: int = 0
    deposit_confirmations: int = 0
    fees: FeeTerms | None = None

    def __post_init__(self) -> None:
        section = Section("config", "rollup", {})
        section.bounded("l1_chain_id", self.l1_chain_id, 1, _U256)
        section.bounded("contract", self.contract, 1, (1 << 160) - 1)
        section.bounded("rollup_chain_id", self.rollup_chain_id, 1, _U64)
        section.bounded("operator_index", self.operator_index, 0, self.preset.max_accounts - 1)
        section.bounded("deposit_confirmations", self.deposit_confirmations, 0, _U32)
        if len(self.circuit_id) != 32:
            raise section.error("circuit_id", f"{len(self.circuit_id)} bytes instead of 32")
        if self.rollup_chain_id == self.l1_chain_id:
            raise section.error("rollup_chain_id", "equals l1_chain_id; the rollup needs its own")
        sealing = Section("config", "sealing", {})
        sealing.bounded("max_transactions", self.sealing.max_transactions, 1, self.preset.slots)
        sealing.bounded("max_age_s", self.sealing.max_age_s, 0, _U32)
        sealing.bounded("max_value_e6", self.sealing.max_value_e6, 1, _U63)

    @property
    def domain(self) -> RollupDomain:
        """Which rollup this is."""
        return RollupDomain(self.l1_chain_id, self.contract, self.rollup_chain_id)


def load_config(path: Path) -> Config:
    """Read and check a TOML file. ConfigError names the file, the field and what is wrong."""
    top = load_toml(path)
    rollup, sealing = top.table("rollup"), top.table("sealing")
    fees = top.table("fees") if top.has("fees") else None
    base = path.parent
    data_dir, key_file = base / top.text("data_dir"), base / top.text("receipt_key_file")
    preset = _preset(rollup, "preset")
    try:
        config = Config(
            data_dir=data_dir,
            receipt_key_file=key_file,
            preset=preset,
            l1_chain_id=rollup.integer("l1_chain_id"),
            contract=int.from_bytes(rollup.hexadecimal("contract", 20), "big"),
            rollup_chain_id=rollup.integer("rollup_chain_id"),
            circuit_id=rollup.hexadecimal("circuit_id", 32),
            operator_index=rollup.integer("operator_index", 0),
            deposit_confirmations=rollup.integer("deposit_confirmations", 0),
            fees=None if fees is None else _fee_terms(fees),
            sealing=SealingPolicy(
                sealing.integer("max_transactions", preset.slots),
                sealing.integer("max_age_s", SealingPolicy.max_age_s),
                sealing.integer("max_value_e6", SealingPolicy.max_value_e6),
            ),
        )
    except ConfigError as error:
        raise ConfigError(str(path), error.section, error.reason) from None
    top.refuse_unread()
    return config


def _fee_terms(section: Section) -> FeeTerms:
    return FeeTerms(
        relayer=section.address("relayer"),
        e6_per_ether=section.integer("e6_per_ether"),
        proof_wei=section.integer("proof_wei", FeeTerms.proof_wei),
        refresh_s=section.integer("refresh_s", FeeTerms.refresh_s),
        valid_s=section.integer("valid_s", FeeTerms.valid_s),
        max_age_s=section.integer("max_age_s", FeeTerms.max_age_s),
    )


def _preset(section: Section, key: str) -> Preset:
    name = section.text(key)
    if name not in PRESETS:
        raise section.error(key, f"{name!r} is none of {', '.join(PRESETS)}")
    return PRESETS[name]
