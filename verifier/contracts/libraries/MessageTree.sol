// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ZeroHashes} from "./ZeroHashes.sol";

/// @title The incremental Merkle tree of ORMP v1, filled one leaf or many at a time
/// @notice Depth 32, node = keccak256(left || right), empty leaf = 0. Of a tree with n leaves only the
/// branch is kept: branch[k], where bit k of n is set, is the root of the last complete subtree of
/// height k. Where the bit is clear, branch[k] means nothing.
library MessageTree {
    /// @dev Thrown when a leaf would be number 2^32 - 1 or more.
    error MessageTreeFull();

    uint256 internal constant DEPTH = 32;
    uint256 internal constant CAPACITY = 2 ** 32 - 1;

    /// @notice Appends leaves to a tree with `count` leaves and returns the new root.
    /// @dev Level by level, up to the last that has complete subtrees: `nodes` holds the new nodes of the current level, from index `start` on. An
    /// odd start takes its left sibling from the branch; an odd end leaves its last node to the branch.
    /// Each slot is read once at most and written only if it changes.
    function append(bytes32[32] storage branch, uint256 count, bytes32[] calldata leaves)
        internal
        returns (bytes32 root)
    {
        uint256 end = count + leaves.length;
        if (end > CAPACITY) revert MessageTreeFull();
        assembly ("memory-safe") {
            let nodes := mload(0x40) // free memory: room for one sibling, then the nodes; not kept
            let first := add(nodes, 0x20) // where the nodes of the level start
            let n := leaves.length // how many there are
            calldatacopy(first, leaves.offset, mul(n, 0x20)) // level 0: the leaves
            let zero := 0 // root of an empty subtree of this height
            let start := count // index of the first node on this level
            let level := 0 // height of the nodes
            for {} end { level := add(level, 1) } {
                let sibling := 0 // branch of this level, read if needed
                if and(start, 1) {
                    sibling := sload(add(branch.slot, level)) // the complete subtree to the left
                    if n {
                        first := sub(first, 0x20) // the first node gets a left sibling
                        mstore(first, sibling) // which stands before it
                        n := add(n, 1) // and counts
                    }
                }
                if and(end, 1) {
                    if n {
                        n := sub(n, 1) // the last node has no right sibling yet
                        sibling := mload(add(first, mul(n, 0x20))) // it completes a subtree
                        sstore(add(branch.slot, level), sibling) // so it is the branch of this level
                    }
                }
                switch and(end, 1)
                case 1 {
                    mstore(0, sibling) // left: the complete subtree
                    mstore(0x20, root) // right: the unfinished rest
                }
                default {
                    mstore(0, root) // left: the unfinished rest
                    mstore(0x20, zero) // right: nothing yet
                }
                root := keccak256(0, 0x40) // root of the unfinished part, one level up
                n := shr(1, n) // pairs on this level: nodes of the next
                let parent := nodes // the level above starts one word further,
                for { let last := add(nodes, mul(n, 0x20)) } lt(parent, last) { first := add(first, 0x40) } {
                    parent := add(parent, 0x20) // over children already read
                    mstore(parent, keccak256(first, 0x40)) // of the two children
                }
                first := add(nodes, 0x20) // the level above starts there
                start := shr(1, start) // index of the first of them
                end := shr(1, end) // one past the last of them
                mstore(0, zero) // two empty subtrees
                mstore(0x20, zero) // side by side
                zero := keccak256(0, 0x40) // make a higher one
            }
            for {} lt(level, 32) { level := add(level, 1) } {
                mstore(0, root) // left: all leaves
                mstore(0x20, zero) // right: nothing
                root := keccak256(0, 0x40) // one level up
                mstore(0, zero) // two empty subtrees
                zero := keccak256(0, 0x40) // make a higher one
            }
        }
    }

    /// @notice Appends one leaf to a tree with `count` leaves and returns the new root.
    /// @dev Climbs from the leaf to the root. A set bit of the leaf's index means that a complete
    /// subtree stands to its left, which the branch holds; where the bit is clear nothing stands to
    /// its right yet. At the first clear bit the climbing node completes a subtree: the only write.
    function appendOne(bytes32[32] storage branch, uint256 count, bytes32 leaf) internal returns (bytes32 root) {
        if (count >= CAPACITY) revert MessageTreeFull();
        bytes memory zeros = ZeroHashes.ALL;
        assembly ("memory-safe") {
            let zero := add(zeros, 0x20) // empty subtree of this level
            let top := add(zero, 0x400) // after 32 levels
            let slot := branch.slot // branch of this level
            let bits := count // index of the climbing node on this level
            let complete := 1 // so far only complete subtrees
            root := leaf // the climbing node
            for {} lt(zero, top) {} {
                switch and(bits, 1)
                case 1 {
                    mstore(0, sload(slot)) // left: the complete subtree
                    mstore(0x20, root) // right: the node
                }
                default {
                    if complete {
                        sstore(slot, root) // the last complete subtree of this height
                        complete := 0 // all higher ones wait for more leaves
                    }
                    mstore(0, root) // left: the node
                    mstore(0x20, mload(zero)) // right: nothing yet
                }
                root := keccak256(0, 0x40) // one level up
                zero := add(zero, 0x20) // its empty subtree
                slot := add(slot, 1) // its branch
                bits := shr(1, bits) // its index
            }
        }
    }

    /// @notice Root of a tree with `count` leaves.
    function rootOf(bytes32[32] storage branch, uint256 count) internal view returns (bytes32 root) {
        bytes memory zeros = ZeroHashes.ALL;
        for (uint256 level = 0; level < DEPTH; ++level) {
            bytes32 zero;
            assembly ("memory-safe") {
                zero := mload(add(add(zeros, 0x20), shl(5, level))) // empty subtree of this height
            }
            root = (count >> level) & 1 == 1 ? hashPair(branch[level], root) : hashPair(root, zero);
        }
    }

    /// @notice Siblings of the last of `count` leaves, if appendOne brought it; Panic 0x11 if there is
    /// none, as in ORMP v1.
    /// @dev Of a group of leaves append keeps only what later leaves need: siblings of its last are
    /// missing. After appendOne in the same transaction all that is read here is warm.
    function proveLast(bytes32[32] storage branch, uint256 count) internal view returns (bytes32[32] memory siblings) {
        uint256 index = count - 1;
        bytes memory zeros = ZeroHashes.ALL;
        assembly ("memory-safe") {
            siblings := add(zeros, 0x20) // the table without its length: right for every clear bit
            let slot := branch.slot // branch of this level
            let sibling := siblings // sibling on this level
            for {} index {} {
                if and(index, 1) { mstore(sibling, sload(slot)) } // the complete subtree to the left
                slot := add(slot, 1) // one level up
                sibling := add(sibling, 0x20) // likewise
                index := shr(1, index) // likewise; zero: nothing stands further left
            }
        }
    }

    /// @notice keccak256(left || right)
    function hashPair(bytes32 left, bytes32 right) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            mstore(0, left) // scratch word 0
            mstore(0x20, right) // scratch word 1
            node := keccak256(0, 0x40) // both
        }
    }
}
