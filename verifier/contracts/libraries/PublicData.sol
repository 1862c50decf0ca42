// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {R} from "./ScalarField.sol";

/// @title A batch's public data, its challenge and its evaluation
library PublicData {
    /// @dev Thrown when an element is not below r.
    error ElementNotCanonical();

    bytes32 internal constant CHALLENGE_TAG = keccak256("tallystick.challenge.v1");
    bytes32 internal constant ROLLUP_TAG = keccak256("tallystick.rollup.v1");

    /// @notice The id that signatures and batches name, so that they are worthless elsewhere.
    function rollupId(uint64 rollupChainId) internal view returns (uint256) {
        return uint256(keccak256(abi.encode(ROLLUP_TAG, block.chainid, address(this), rollupChainId))) >> 8;
    }

    /// @notice keccak256 of the words one after the other, without keeping a copy.
    function packedHash(bytes32[] memory words) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(add(words, 0x20), mul(mload(words), 0x20)) // they stand after their number
        }
    }

    /// @notice z: fixed only after both copies of d are, the circuit's through C and this one.
    function challenge(bytes32 circuitId, uint256 commitment, uint256[] calldata d) internal view returns (uint256) {
        bytes32 digest;
        assembly ("memory-safe") {
            let scratch := mload(0x40) // free memory, not kept
            let size := mul(d.length, 0x20) // bytes of d
            calldatacopy(scratch, d.offset, size) // the words of d
            digest := keccak256(scratch, size) // keccak256(d_0 || d_1 || …)
        }
        bytes memory preimage =
            abi.encode(CHALLENGE_TAG, block.chainid, address(this), circuitId, commitment, digest);
        return uint256(keccak256(preimage)) % R;
    }

    /// @notice y = Σ d_i z^i by Horner's rule from the last element; every element must be below r.
    function evaluate(uint256[] calldata d, uint256 z) internal pure returns (uint256 y) {
        bool canonical = true;
        assembly ("memory-safe") {
            let r := R // the modulus
            let position := add(d.offset, mul(d.length, 0x20)) // one past the last element
            for {} gt(position, d.offset) {} {
                position := sub(position, 0x20) // step to the element before
                let element := calldataload(position) // d_i
                canonical := and(canonical, lt(element, r)) // no element may be r or more
                y := addmod(mulmod(y, z, r), element, r) // y = y·z + d_i
            }
        }
        if (!canonical) revert ElementNotCanonical();
    }
}
