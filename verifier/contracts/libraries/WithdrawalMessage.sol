// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IRollup} from "../interfaces/IRollup.sol";
import {Message} from "./MessageLeaf.sol";

/// @title The ORMP message that a withdrawal leaves the rollup as
/// @notice From the rollup contract to the rollup contract. Users' messages come from addresses that are
/// hashes of their accounts, so none of them can be taken for a withdrawal.
library WithdrawalMessage {
    /// @notice Gas for the payment: the collateral's transfer and, without it, under 50,000.
    uint256 internal constant GAS_LIMIT = 200_000;

    /// @notice Leaf of message `index` of this rollup, which pays `amount` to `recipient`.
    function hash(uint64 rollupChainId, uint32 index, address recipient, uint64 amount)
        internal
        view
        returns (bytes32)
    {
        Message memory message = Message({
            channel: address(this),
            index: index,
            fromChainId: rollupChainId,
            from: address(this),
            toChainId: block.chainid,
            to: address(this),
            gasLimit: GAS_LIMIT,
            encoded: abi.encodeCall(IRollup.payWithdrawal, (index, recipient, amount))
        });
        return keccak256(abi.encode(message));
    }
}
