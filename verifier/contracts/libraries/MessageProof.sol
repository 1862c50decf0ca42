// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {MessageTree} from "./MessageTree.sol";

/// @title ORMP v1 message proofs
/// @notice A proof is the ABI encoding of (uint256 blockNumber, uint256 messageIndex, bytes32[32] siblings),
/// 1088 bytes. As in v1 trailing bytes are ignored, fewer revert without data, and only the low 32 bits
/// of the index count; the index is not trusted for anything, since the message itself carries its own.
library MessageProof {
    /// @notice The root a proof names and the root it computes.
    function root(bytes32 msgHash, bytes calldata proof) internal pure returns (uint256 blockNumber, bytes32 computed) {
        uint256 index;
        bytes32[32] memory siblings;
        (blockNumber, index, siblings) = abi.decode(proof, (uint256, uint256, bytes32[32]));
        computed = MessageTree.branchRoot(msgHash, siblings, index);
    }

    /// @notice Whether a known root is the computed one. Zero stands for "no root" and matches nothing.
    function matches(bytes32 known, bytes32 computed) internal pure returns (bool) {
        return known != 0 && known == computed;
    }
}
