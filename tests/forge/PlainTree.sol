// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

/// @title The plain definition of the message tree: all leaves in a row, zeros after them, hashed in pairs
library PlainTree {
    uint256 private constant DEPTH = 32;

    function root(bytes32[] memory nodes) internal pure returns (bytes32) {
        bytes32 empty;
        for (uint256 level = 0; level < DEPTH; ++level) {
            nodes = _parents(nodes, empty);
            empty = keccak256(abi.encode(empty, empty));
        }
        return nodes.length == 0 ? empty : nodes[0];
    }

    /// @notice Siblings of a leaf, from the leaf up.
    function path(bytes32[] memory nodes, uint256 position) internal pure returns (bytes32[32] memory siblings) {
        bytes32 empty;
        for (uint256 level = 0; level < DEPTH; ++level) {
            uint256 sibling = position ^ 1;
            siblings[level] = sibling < nodes.length ? nodes[sibling] : empty;
            nodes = _parents(nodes, empty);
            empty = keccak256(abi.encode(empty, empty));
            position /= 2;
        }
    }

    /// @dev The level above: neighbours hashed together, the empty subtree where one is missing.
    function _parents(bytes32[] memory nodes, bytes32 empty) private pure returns (bytes32[] memory parents) {
        parents = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i = 0; i < parents.length; ++i) {
            bytes32 right = 2 * i + 1 < nodes.length ? nodes[2 * i + 1] : empty;
            parents[i] = keccak256(abi.encode(nodes[2 * i], right));
        }
    }
}
