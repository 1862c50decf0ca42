// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title A port: one address to which any dapp hands its messages, and from which any dapp gets them
/// @notice Functions and events that msgport's ports have too carry the same selectors, topics and bytes.
interface IPort {
    /// @notice A dapp's message went to the endpoint.
    event MessageSent(
        bytes32 indexed msgId, address fromDapp, uint256 toChainId, address toDapp, bytes message, bytes params
    );
    /// @notice A dapp was called with a message; `returnData` is cut after 1024 bytes.
    event MessageRecv(bytes32 indexed msgId, bool result, bytes returnData);

    /// @notice Sends `message` to a dapp on another chain. The value pays the fee.
    /// @param params abi.encode(uint256 gasLimit, address refund, bytes ormpParams): what the call at the
    /// other end may use, who gets the excess of the fee, and what the relayer is told.
    /// @return msgId Hash of the ORMP message, the last 84 bytes' first word at the other end.
    function send(uint256 toChainId, address toDapp, bytes calldata message, bytes calldata params)
        external
        payable
        returns (bytes32 msgId);

    /// @notice What `send` costs when `fromDapp` calls it with these arguments.
    function fee(
        uint256 toChainId,
        address fromDapp,
        address toDapp,
        bytes calldata message,
        bytes calldata params
    ) external view returns (uint256);
}
