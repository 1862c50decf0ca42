// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title ORMP v1 message proofs
/// @notice A proof is the ABI encoding of (uint256 blockNumber, uint256 messageIndex, bytes32[32] siblings),
/// 1088 bytes. As in v1 trailing bytes are ignored, fewer revert without data, and only the low 32 bits
/// of the index count; the index is not trusted for anything, since the message itself carries its own.
library MessageProof {
    uint256 internal constant BYTES = 1088;

    /// @notice The root a proof names and the root it computes.
    function root(bytes32 msgHash, bytes calldata proof) internal pure returns (uint256 blockNumber, bytes32 computed) {
        assembly ("memory-safe") {
            if lt(proof.length, 1088) { revert(0, 0) } // too short to be decoded
            blockNumber := calldataload(proof.offset) // word 0
            let index := calldataload(add(proof.offset, 0x20)) // word 1: which side at each level
            let sibling := add(proof.offset, 0x40) // words 2 … 33
            let top := add(sibling, 0x400) // after 32 levels
            computed := msgHash // the climbing node
            for {} lt(sibling, top) { sibling := add(sibling, 0x20) } {
                let side := shl(5, and(index, 1)) // where the node goes: word 0 or word 1
                mstore(side, computed) // the node
                mstore(xor(side, 0x20), calldataload(sibling)) // its sibling on the other side
                computed := keccak256(0, 0x40) // one level up
                index := shr(1, index) // its index
            }
        }
    }

    /// @notice Whether a known root is the computed one. Zero stands for "no root" and matches nothing.
    function matches(bytes32 known, bytes32 computed) internal pure returns (bool) {
        return known != 0 && known == computed;
    }
}
