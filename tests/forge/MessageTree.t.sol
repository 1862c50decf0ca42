// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {MessageProof} from "../../verifier/contracts/libraries/MessageProof.sol";
import {MessageTree} from "../../verifier/contracts/libraries/MessageTree.sol";
import {PlainTree} from "./PlainTree.sol";

/// @title The message tree and its proofs against the plain definition
contract MessageTreeTest {
    uint256 private constant MOST_LEAVES = 40;

    bytes32[32] private _many;
    bytes32[32] private _single;

    /// @notice Leaves appended in two goes, one by one and defined plainly have one root.
    function testFuzz_AppendIsThePlainTree(uint256 seed, uint256 first, uint256 second) external {
        first %= MOST_LEAVES;
        second = second % MOST_LEAVES + 1;
        bytes32[] memory leaves = _leaves(seed, first + second);
        bytes32 plain = PlainTree.root(leaves);
        if (first > 0) this.append(_slice(leaves, 0, first), 0);
        assert(this.append(_slice(leaves, first, second), first) == plain);
        assert(MessageTree.rootOf(_many, leaves.length) == plain);
        bytes32 single;
        for (uint256 i = 0; i < leaves.length; ++i) single = MessageTree.appendOne(_single, i, leaves[i]);
        assert(single == plain);
        assert(MessageTree.rootOf(_single, leaves.length) == plain);
    }

    /// @notice The proof of the newest leaf is its path in the plain tree.
    function testFuzz_LastLeafIsProven(uint256 seed, uint256 count) external {
        count = count % MOST_LEAVES + 1;
        bytes32[] memory leaves = _leaves(seed, count);
        for (uint256 i = 0; i < count; ++i) MessageTree.appendOne(_single, i, leaves[i]);
        bytes32[32] memory path = PlainTree.path(leaves, count - 1);
        assert(keccak256(abi.encode(MessageTree.proveLast(_single, count))) == keccak256(abi.encode(path)));
    }

    /// @notice A path of the plain tree leads to its root; with a bit changed anywhere it does not.
    function testFuzz_AProofHoldsForItsLeafOnly(uint256 seed, uint256 count, uint256 position, uint256 bit)
        external
        view
    {
        count = count % MOST_LEAVES + 1;
        position %= count;
        bytes32[] memory leaves = _leaves(seed, count);
        bytes32 root = PlainTree.root(leaves);
        bytes memory proof = abi.encode(seed, position, PlainTree.path(leaves, position));
        (uint256 number, bytes32 computed) = this.proofRoot(leaves[position], proof);
        assert(number == seed && computed == root);
        (, computed) = this.proofRoot(leaves[position] ^ bytes32(1 << (bit % 256)), proof);
        assert(computed != root);
        uint256 sibling = 64 + bit % 1024; // past the block number and the index
        proof[sibling] ^= bytes1(uint8(1));
        (, computed) = this.proofRoot(leaves[position], proof);
        assert(computed != root);
    }

    /// @notice Only the low 32 bits of the index count, and bytes after the proof do not.
    function testFuzz_ProofsAreReadAsInVersion1(uint256 seed, uint256 position, uint256 high, bytes calldata more)
        external
        view
    {
        bytes32[] memory leaves = _leaves(seed, MOST_LEAVES);
        position %= MOST_LEAVES;
        uint256 index = position | high << 32;
        bytes memory proof = abi.encode(seed, index, PlainTree.path(leaves, position));
        (, bytes32 computed) = this.proofRoot(leaves[position], abi.encodePacked(proof, more));
        assert(computed == PlainTree.root(leaves));
    }

    function append(bytes32[] calldata leaves, uint256 count) external returns (bytes32) {
        return MessageTree.append(_many, count, leaves);
    }

    function proofRoot(bytes32 leaf, bytes calldata proof) external pure returns (uint256, bytes32) {
        return MessageProof.root(leaf, proof);
    }

    function _leaves(uint256 seed, uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = keccak256(abi.encode(seed, i));
    }

    function _slice(bytes32[] memory leaves, uint256 start, uint256 count)
        private
        pure
        returns (bytes32[] memory part)
    {
        part = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) part[i] = leaves[start + i];
    }
}
