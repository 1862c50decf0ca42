"""The oracle contract on a target chain, as the daemon uses it: what is stored, who may sign, and
the calls that import.
"""

from __future__ import annotations

from sequencer.messages.oracle.errors import ImportRefusedError
from sequencer.messages.oracle.route import Route
from sequencer.messages.watch import fields
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.view import ChainView, reverted_by
from verifier.chain import abi
from verifier.chain.attestation import RootAttestation, join_signatures
from verifier.chain.transport import ExecutionReverted
from verifier.contracts import load_artifact

GAS_MARGIN_PERCENT = 25
"""Added to the node's estimate: an import meets warmer or colder storage than the estimate did."""


class OracleContract:
    """The contract at the end of a route, through the target's view."""

    def __init__(self, view: ChainView, route: Route) -> None:
        self._view = view
        self._route = route
        self._functions = abi.functions(load_artifact("Oracle").abi)

    def root(self, source_block: int) -> bytes:
        """What it holds for a block of the source, zero if nothing."""
        return self._word("merkleRoot", self._route.source_chain_id, source_block)

    def threshold(self) -> int:
        """How many signatures it asks for; 0 when no signer set is in force."""
        return int.from_bytes(self._word("thresholdOf", self._signer_set()), "big")

    def is_signer(self, account: str) -> bool:
        """Whether the account belongs to the signer set in force."""
        return any(self._word("isSigner", self._signer_set(), account))

    def owner_import(self, attestation: RootAttestation) -> bytes:
        """Call data of the owner's import."""
        key = (attestation.chain_id, attestation.block_number, attestation.message_root)
        return self._functions["importMessageRoot"].encode(key)

    def signed_import(self, attestation: RootAttestation, signatures: dict[str, bytes]) -> bytes:
        """Call data of an import by signatures."""
        arguments = (attestation.argument, join_signatures(signatures))
        return self._functions["importSigned"].encode(arguments)

    def gas(self, data: bytes, sender: str) -> int:
        """Try an import out: the gas to give it. ImportRefusedError when it would revert."""
        request = {"from": sender, "to": self._route.oracle, "data": "0x" + data.hex()}
        try:
            answer = self._view.request("eth_estimateGas", request)
        except NodeRefused as refused:
            reverted = reverted_by(refused)
            if reverted is None:
                raise
            reason = abi.decode_revert(reverted)
            raise ImportRefusedError(f"route {self._route}: {reason}") from None
        try:
            return fields.number(answer, "gas") * (100 + GAS_MARGIN_PERCENT) // 100
        except ValueError as error:
            raise self._view.disagreement(str(error)) from None

    def _signer_set(self) -> int:
        return int.from_bytes(self._word("signerSet"), "big")

    def _word(self, function: str, *arguments: object) -> bytes:
        try:
            answer = self._view.call(
                self._route.oracle, self._functions[function].encode(arguments)
            )
        except ExecutionReverted as reverted:
            reason = abi.decode_revert(reverted)
            raise ImportRefusedError(f"route {self._route}: {function}: {reason}") from None
        if len(answer) < 32:
            raise ImportRefusedError(
                f"route {self._route}: no oracle contract answers {function} there"
            )
        return answer[:32]
