// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Message} from "../libraries/MessageLeaf.sol";

/// @title The oracle interface of ORMP v2.1.0
interface IMessageOracleV2 {
    /// @notice Whether the imported hash for the message's source, channel and index is the message's.
    /// @param proof Ignored.
    function verifyMessageProof(Message calldata message, bytes calldata proof) external view returns (bool);

    /// @notice The imported hash of a message, zero if there is none.
    function hashOf(uint256 chainId, address channel, uint256 msgIndex) external view returns (bytes32);

    /// @notice The fee in wei for serving a message to `toChainId`, sent by `ua`.
    function fee(uint256 toChainId, address ua) external view returns (uint256);

    /// @notice The version of ORMP that this oracle speaks.
    function version() external pure returns (string memory);
}
