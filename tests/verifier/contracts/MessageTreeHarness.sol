// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Message, MessageLeaf} from "../../../verifier/contracts/libraries/MessageLeaf.sol";
import {MessageProof} from "../../../verifier/contracts/libraries/MessageProof.sol";
import {MessageTree} from "../../../verifier/contracts/libraries/MessageTree.sol";

/// @title Opens the ORMP libraries to tests: hash a message, fill a tree from any state, check a proof
contract MessageTreeHarness {
    bytes32[32] private _branch;
    uint256 public count;
    bytes32 public root;
    mapping(uint256 blockNumber => bytes32) public roots;

    /// @notice Puts the tree into a state.
    function load(bytes32[32] calldata branch_, uint256 count_) external {
        _branch = branch_;
        count = count_;
    }

    /// @notice Appends leaves in one go.
    function append(bytes32[] calldata leaves) external {
        root = MessageTree.append(_branch, count, leaves);
        count += leaves.length;
    }

    /// @notice Appends one leaf.
    function appendOne(bytes32 leaf) external {
        root = MessageTree.appendOne(_branch, count, leaf);
        ++count;
    }

    function rootOf() external view returns (bytes32) {
        return MessageTree.rootOf(_branch, count);
    }

    function proveLast() external view returns (bytes32[32] memory) {
        return MessageTree.proveLast(_branch, count);
    }

    function branch() external view returns (bytes32[32] memory) {
        return _branch;
    }

    function hashMessage(Message calldata message) external pure returns (bytes32) {
        return MessageLeaf.hash(message);
    }

    function hashFields(Message calldata m) external pure returns (bytes32) {
        return MessageLeaf.hashFields(
            m.channel, m.index, m.fromChainId, m.from, m.toChainId, m.to, m.gasLimit, m.encoded
        );
    }

    /// @notice What an oracle does that knows `root_` for `blockNumber`.
    function setRoot(uint256 blockNumber, bytes32 root_) external {
        roots[blockNumber] = root_;
    }

    function verify(bytes32 msgHash, bytes calldata proof) external view returns (bool, bytes32) {
        (uint256 blockNumber, bytes32 computed) = MessageProof.root(msgHash, proof);
        return (MessageProof.matches(roots[blockNumber], computed), computed);
    }
}
