"""The verifier contract's text: one template, the key either as constants or as immutables.

`export_verifier` is for a chain of one's own choosing: a self-contained file that holds the key.
`verifier_with_immutable_key` takes the key at deployment, so that one compiled artifact serves
every key with that many public inputs and nobody needs a compiler.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from native.constants import FP_MODULUS, FR_MODULUS
from verifier.keys import VerifyingKey
from verifier.solidity import immutable_key

TEMPLATE_PATH = Path(__file__).with_name("groth16_verifier.sol.template")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def export_verifier(key: VerifyingKey, *, contract_name: str = "Groth16Verifier") -> str:
    """A self-contained Solidity file that verifies proofs under `key`.

    Raises `MalformedKeyError` for a key that would accept forgeries (γ = δ) and for points at
    infinity, off the curve or outside the subgroup; ValueError for a name Solidity cannot take.
    """
    key.validate()
    return render_constants(key, contract_name=contract_name)


def verifier_with_immutable_key(n_public: int, *, contract_name: str = "Groth16Verifier") -> str:
    """The same contract with its key as a constructor argument, which the constructor checks."""
    return _render(
        n_public,
        contract_name,
        key_notice="The verification key is given once, at deployment.",
        key_errors=immutable_key.errors(),
        key_declarations=immutable_key.declarations(key_names(n_public), n_public),
    )


def render_constants(key: VerifyingKey, *, contract_name: str) -> str:
    """The text for `key` as it is, nothing validated: `export_verifier` is the one to call."""
    constants = (
        f"    uint256 private constant {name} = {value};\n"
        for name, value in zip(key_names(key.n_public), key_words(key), strict=True)
    )
    return _render(
        key.n_public,
        contract_name,
        key_notice="The verification key is part of the code; its digest is\n/// 0x"
        + key.digest().hex(),
        key_errors="",
        key_declarations="".join(constants),
    )


def key_names(n_public: int) -> list[str]:
    """Solidity names of the key's words, in the order of `key_words`."""
    g2 = [f"{p}_{c}" for p in ("BETA", "GAMMA", "DELTA") for c in ("X1", "X0", "Y1", "Y0")]
    ic = [f"IC{i}_{c}" for i in range(n_public + 1) for c in ("X", "Y")]
    return ["ALPHA_X", "ALPHA_Y", *g2, *ic]


def key_words(key: VerifyingKey) -> list[int]:
    """The key's coordinates as the precompiles read them (the c1 half of G2 first)."""
    g2 = [half for point in (key.beta, key.gamma, key.delta) for xy in point for half in xy[::-1]]
    return [*key.alpha, *g2, *(c for point in key.ic for c in point)]


def _render(n_public: int, contract_name: str, **key_parts: str) -> str:
    if n_public < 1:
        raise ValueError(f"{n_public} public inputs: a verifier needs at least 1")
    if not _IDENTIFIER.fullmatch(contract_name):
        raise ValueError(f"contract name {contract_name!r} is no Solidity identifier")
    combine = (
        f"        _addMultiple(sum, IC{i + 1}_X, IC{i + 1}_Y, inputs[{i}], {i});"
        for i in range(n_public)
    )
    return Template(TEMPLATE_PATH.read_text(encoding="utf-8")).substitute(
        contract_name=contract_name,
        n_public=n_public,
        q=FP_MODULUS,
        r=FR_MODULUS,
        combine="\n".join(combine),
        **key_parts,
    )
