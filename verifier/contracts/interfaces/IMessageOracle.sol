// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title The oracle interface of ORMP v1
/// @notice An ORMP endpoint asks it whether a message was sent on another chain.
interface IMessageOracle {
    /// @notice Whether `msgHash` lies in the message tree of `fromChainId` that the proof names.
    /// @param fromChainId Chain id of the message's source.
    /// @param msgHash Leaf: the ORMP hash of the message, which includes its channel.
    /// @param proof ABI encoding of (uint256 blockNumber, uint256 messageIndex, bytes32[32] siblings):
    /// 1088 bytes; more are ignored, fewer revert.
    function verifyMessageProof(uint256 fromChainId, bytes32 msgHash, bytes calldata proof)
        external
        view
        returns (bool);

    /// @notice The message root of a chain at a block number, zero if there is none.
    function merkleRoot(uint256 chainId, uint256 blockNumber) external view returns (bytes32);

    /// @notice The fee in wei for serving a message to `toChainId`, sent by `ua`.
    function fee(uint256 toChainId, address ua) external view returns (uint256);

    /// @notice Called on the source chain by an endpoint that gives the oracle a message to serve.
    function assign(bytes32 msgHash) external payable;
}
