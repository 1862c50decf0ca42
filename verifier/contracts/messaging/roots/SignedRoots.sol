// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {SignerSets} from "../access/SignerSets.sol";
import {ImportedRoots} from "./ImportedRoots.sol";

/// @notice What a signer saw: the message tree of a source endpoint after a block.
/// @param chainId The source chain.
/// @param channel The endpoint there.
/// @param blockNumber The block, final when it was signed.
/// @param messageCount Leaves of the tree after the block.
/// @param messageRoot Its root after the block.
struct RootAttestation {
    uint256 chainId;
    address channel;
    uint256 blockNumber;
    uint256 messageCount;
    bytes32 messageRoot;
}

/// @title Message roots that m of n signers vouch for
/// @notice A v1 root names no channel, so each source chain is bound to one endpoint for ever, and every
/// signature names that endpoint. An attestation is a fact about the source: it does not age, and it
/// counts if enough of those who signed it belong to the set in force when it arrives.
abstract contract SignedRoots is ImportedRoots, SignerSets {
    /// @dev Thrown when a source is this chain, is bound already, or would be bound to the zero address.
    error SourceInvalid(uint256 chainId, address channel);
    /// @dev Thrown when the attestation is about another endpoint than the one bound to its chain.
    error WrongChannel(uint256 chainId, address channel);
    /// @dev Thrown when a tree cannot have so many messages: none, or more than 2^32 - 1.
    error MessageCountOutOfRange(uint256 messageCount);

    /// @notice Roots of a chain are those of this endpoint, from now on.
    event SourceBound(uint256 indexed chainId, address indexed channel);
    /// @notice A root was imported by signatures; it covers the first `messageCount` messages.
    event RootAttested(uint256 indexed chainId, uint256 indexed blockNumber, uint256 messageCount);

    bytes32 private constant ATTESTATION_TYPE = keccak256(
        "RootAttestation(uint256 chainId,address channel,uint256 blockNumber,uint256 messageCount,bytes32 messageRoot)"
    );
    uint256 private constant MAX_MESSAGES = 2 ** 32 - 1;

    /// @notice The endpoint whose roots are served, by source chain.
    mapping(uint256 chainId => address) public channelOf;

    /// @notice Imports a root that enough signers attest. Anyone may bring their signatures.
    /// @param signatures 65 bytes each (r, s, v), by ascending signer.
    function importSigned(RootAttestation calldata attestation, bytes calldata signatures) external {
        address channel = channelOf[attestation.chainId];
        if (channel == address(0) || channel != attestation.channel) {
            revert WrongChannel(attestation.chainId, attestation.channel);
        }
        uint256 count = attestation.messageCount;
        if (count == 0 || count > MAX_MESSAGES) revert MessageCountOutOfRange(count);
        _requireSigned(signerSet(), keccak256(abi.encode(ATTESTATION_TYPE, attestation)), signatures);
        _import(attestation.chainId, attestation.blockNumber, attestation.messageRoot);
        emit RootAttested(attestation.chainId, attestation.blockNumber, count);
    }

    /// @notice Number of the signer set in force; 0 for none.
    function signerSet() public view virtual returns (uint256);

    /// @dev Binds a source chain to its endpoint, once.
    function _bindSource(uint256 chainId, address channel) internal {
        bool foreign = chainId != block.chainid && channelOf[chainId] == address(0);
        if (!foreign || channel == address(0)) revert SourceInvalid(chainId, channel);
        channelOf[chainId] = channel;
        emit SourceBound(chainId, channel);
    }
}
