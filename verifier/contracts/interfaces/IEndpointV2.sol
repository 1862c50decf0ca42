// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title What an oracle needs of an ORMP v2 endpoint
/// @notice Version 2 keeps no message tree: an oracle imports the hash of every single message, stored
/// under the oracle's own address.
interface IEndpointV2 {
    /// @notice Stores a message's hash under the caller.
    function importHash(uint256 chainId, address channel, uint256 msgIndex, bytes32 hash) external;

    /// @notice What `oracle` imported under keccak256(abi.encode(chainId, channel, msgIndex)); zero if
    /// nothing.
    function hashLookup(address oracle, bytes32 lookupKey) external view returns (bytes32);
}
