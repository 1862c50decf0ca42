// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpointV2} from "../interfaces/IEndpointV2.sol";
import {IMessageOracleV2} from "../interfaces/IMessageOracleV2.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {Message, MessageLeaf} from "../libraries/MessageLeaf.sol";
import {ProvenRoots} from "./roots/ProvenRoots.sol";

/// @title An ORMP v2 oracle that believes proofs instead of signatures
/// @notice Version 2 endpoints know no roots. Anyone brings a message of the rollup with its proof under a
/// proven root, and this oracle imports the message's hash into the endpoint under its own address. What
/// it imports it has proven, there is no other way in, and nobody can import on its behalf.
contract ZkOracleV2 is IMessageOracleV2, ProvenRoots {
    /// @dev Thrown when the message was sent by another channel, or on another chain, than the rollup's.
    error WrongSource(uint256 fromChainId, address channel);
    /// @dev Thrown when the proof does not show the message under a proven root.
    error MessageNotProven(bytes32 msgHash);
    /// @dev Thrown when there is not one proof for each message.
    error ProofCountWrong(uint256 messages, uint256 proofs);

    /// @notice The ORMP v2 endpoint on this chain.
    IEndpointV2 public immutable PROTOCOL;

    constructor(IRollup rollup_, uint64 rollupChainId, IEndpointV2 endpoint) ProvenRoots(rollup_, rollupChainId) {
        PROTOCOL = endpoint;
    }

    /// @notice Imports a message's hash. Again does no harm: a rollup sends one message an index.
    /// @param proof 1088 bytes, as in ORMP v1; the block number is a batch number.
    function importMessage(Message calldata message, bytes calldata proof) external {
        _importMessage(message, proof);
    }

    /// @notice Imports several messages' hashes, all or none.
    function importMessages(Message[] calldata messages, bytes[] calldata proofs) external {
        if (messages.length != proofs.length) revert ProofCountWrong(messages.length, proofs.length);
        for (uint256 i = 0; i < messages.length; ++i) _importMessage(messages[i], proofs[i]);
    }

    /// @inheritdoc IMessageOracleV2
    function verifyMessageProof(Message calldata message, bytes calldata) external view returns (bool) {
        bytes32 imported = hashOf(message.fromChainId, message.channel, message.index);
        return imported != 0 && imported == MessageLeaf.hash(message);
    }

    /// @inheritdoc IMessageOracleV2
    function hashOf(uint256 chainId, address channel, uint256 msgIndex) public view returns (bytes32) {
        return PROTOCOL.hashLookup(address(this), keccak256(abi.encode(chainId, channel, msgIndex)));
    }

    /// @inheritdoc IMessageOracleV2
    /// @dev Always reverts: this oracle serves messages that come out of the rollup, and no others.
    function fee(uint256 toChainId, address) external pure returns (uint256) {
        revert OutboundUnsupported(toChainId);
    }

    /// @inheritdoc IMessageOracleV2
    function version() external pure returns (string memory) {
        return "2.1.0";
    }

    /// @dev Proves, then imports.
    function _importMessage(Message calldata message, bytes calldata proof) private {
        if (message.fromChainId != sourceChainId || message.channel != address(rollup)) {
            revert WrongSource(message.fromChainId, message.channel);
        }
        bytes32 msgHash = MessageLeaf.hash(message);
        if (!_isProven(message.fromChainId, msgHash, proof)) revert MessageNotProven(msgHash);
        PROTOCOL.importHash(message.fromChainId, message.channel, message.index, msgHash);
    }
}
