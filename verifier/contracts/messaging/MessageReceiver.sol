// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Base of applications that receive ORMP messages
/// @notice An endpoint appends 84 bytes to a call's data: message hash, source chain id and sender. They
/// mean something only if the caller is the endpoint.
abstract contract MessageReceiver {
    /// @dev Thrown when anyone but the endpoint calls.
    error NotEndpoint(address caller);

    uint256 private constant TAIL_BYTES = 84;

    /// @notice The endpoint whose word counts.
    address public immutable endpoint;

    modifier onlyEndpoint() {
        if (msg.sender != endpoint) revert NotEndpoint(msg.sender);
        _;
    }

    constructor(address endpoint_) {
        endpoint = endpoint_;
    }

    /// @dev Where the message came from, out of the last 84 bytes of calldata.
    function _origin() internal pure returns (bytes32 msgHash, uint256 fromChainId, address from) {
        bytes calldata tail = msg.data[msg.data.length - TAIL_BYTES:];
        msgHash = bytes32(tail[:32]);
        fromChainId = uint256(bytes32(tail[32:64]));
        from = address(bytes20(tail[64:84]));
    }
}
