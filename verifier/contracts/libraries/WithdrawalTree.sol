// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {MessageTree} from "./MessageTree.sol";

/// @title The Merkle tree of one batch's withdrawals
/// @notice One leaf a slot, 0 where the slot is no withdrawal, padded with 0 to a power of two. A leaf
/// hashes four words and a node two, so that neither can be shown as the other.
library WithdrawalTree {
    /// @notice Leaf of the withdrawal in `slot` of batch `number`.
    function leaf(uint64 number, uint256 slot, address recipient, uint64 amount) internal pure returns (bytes32) {
        return keccak256(abi.encode(number, slot, recipient, amount));
    }

    /// @notice Levels above the leaves for this many slots.
    function depth(uint256 slots) internal pure returns (uint256 levels) {
        while (1 << levels < slots) ++levels;
    }

    /// @notice Root over the leaves, whose number is a power of two. Overwrites them.
    function root(bytes32[] memory nodes) internal pure returns (bytes32) {
        for (uint256 n = nodes.length / 2; n > 0; n /= 2) {
            for (uint256 i = 0; i < n; ++i) nodes[i] = MessageTree.hashPair(nodes[2 * i], nodes[2 * i + 1]);
        }
        return nodes[0];
    }

    /// @notice Root of the tree in which `node` stands at `index` with these siblings.
    function rootFrom(bytes32 node, uint256 index, bytes32[] calldata path) internal pure returns (bytes32) {
        for (uint256 level = 0; level < path.length; ++level) {
            bool isRight = (index >> level) & 1 == 1;
            node = isRight ? MessageTree.hashPair(path[level], node) : MessageTree.hashPair(node, path[level]);
        }
        return node;
    }
}
