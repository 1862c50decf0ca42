// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IMessageOracle} from "../../interfaces/IMessageOracle.sol";
import {MessageProof} from "../../libraries/MessageProof.sol";
import {ZeroHashes} from "../../libraries/ZeroHashes.sol";

/// @title Message roots that somebody vouches for, by source chain and block
/// @notice A root is written once. A second root under the same key would make proofs against the first
/// worthless, or make a forgery out of a chain's reorganisation; so it is refused, whoever sends it.
abstract contract ImportedRoots is IMessageOracle {
    /// @dev Thrown when the root is zero, which stands for "no root".
    error RootZero();
    /// @dev Thrown when the root is that of a tree without messages: it can prove empty positions only.
    error RootOfEmptyTree();
    /// @dev Thrown when another root is already stored for this block.
    error RootAlreadyImported(uint256 chainId, uint256 blockNumber, bytes32 stored);

    /// @notice The root at a block of a source chain became known.
    event ImportedMessageRoot(uint256 indexed chainId, uint256 indexed blockHeight, bytes32 messageRoot);

    mapping(uint256 chainId => mapping(uint256 blockNumber => bytes32)) private _roots;

    /// @inheritdoc IMessageOracle
    function verifyMessageProof(uint256 fromChainId, bytes32 msgHash, bytes calldata proof)
        external
        view
        returns (bool)
    {
        (uint256 number, bytes32 computed) = MessageProof.root(msgHash, proof);
        if (msgHash == 0) return false; // the tree's empty positions are no messages
        return MessageProof.matches(_roots[fromChainId][number], computed);
    }

    /// @inheritdoc IMessageOracle
    function merkleRoot(uint256 chainId, uint256 blockNumber) external view returns (bytes32) {
        return _roots[chainId][blockNumber];
    }

    /// @dev Stores a root. The same root again changes nothing, says nothing and does no harm: whoever
    /// imports may do so again after losing track of what arrived.
    function _import(uint256 chainId, uint256 blockNumber, bytes32 root) internal {
        if (root == 0) revert RootZero();
        if (root == ZeroHashes.EMPTY_ROOT) revert RootOfEmptyTree();
        bytes32 stored = _roots[chainId][blockNumber];
        if (stored == root) return;
        if (stored != 0) revert RootAlreadyImported(chainId, blockNumber, stored);
        _roots[chainId][blockNumber] = root;
        emit ImportedMessageRoot(chainId, blockNumber, root);
    }
}
