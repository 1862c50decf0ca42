// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Assignments of messages by one endpoint, as ORMP v1 signals them
/// @notice An assignment brings its fee. That is more than a price: an endpoint that delivers messages
/// can be made to call `assign` by a message aimed at this contract, but its deliveries carry no value. (On
/// a deployed v1.5.0 endpoint they may: there an assignment proves only that somebody paid.)
abstract contract Assignable {
    /// @dev Thrown at deployment when the endpoint is the zero address.
    error EndpointZero();
    /// @dev Thrown when anyone but the endpoint assigns.
    error NotEndpoint(address caller);
    /// @dev Thrown when an assignment pays nothing: no send does that, but a forgery would.
    error AssignmentUnpaid(bytes32 msgHash);

    /// @notice The endpoint gave this oracle a message to serve.
    event Assigned(bytes32 indexed msgHash, uint256 fee);

    /// @notice The endpoint on this chain.
    address public immutable PROTOCOL;

    constructor(address endpoint) {
        if (endpoint == address(0)) revert EndpointZero();
        PROTOCOL = endpoint;
    }

    /// @dev Checks and signals an assignment.
    function _assigned(bytes32 msgHash) internal {
        if (msg.sender != PROTOCOL) revert NotEndpoint(msg.sender);
        if (msg.value == 0) revert AssignmentUnpaid(msgHash);
        emit Assigned(msgHash, msg.value);
    }
}
