"""A relayer contract's price table, read from its chain."""

from __future__ import annotations

from sequencer.messages.fees import ChainPrice
from verifier.chain import Contract, Transport
from verifier.contracts import load_artifact


class RelayerPrices:
    """`PriceTable` over the v1 views `priceOf` and `configOf` of a relayer."""

    def __init__(self, transport: Transport, relayer: str) -> None:
        self._contract = Contract(transport, load_artifact("Relayer"), relayer)

    def price(self, chain_id: int) -> ChainPrice:
        """The row of a destination."""
        ratio_e10, gas_price_wei = self._contract.call("priceOf", chain_id)
        base_gas, gas_per_byte = self._contract.call("configOf", chain_id)
        return ChainPrice(ratio_e10, gas_price_wei, base_gas, gas_per_byte)
