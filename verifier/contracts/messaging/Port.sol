// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IPort} from "../interfaces/IPort.sol";
import {IPortEndpoint} from "../interfaces/IPortEndpoint.sol";
import {DappCaller} from "./DappCaller.sol";
import {PeerApplication} from "./PeerApplication.sol";

/// @title A port without order; see IPort
/// @notice `gasLimit` of the parameters is that of the whole delivery: the port's own work (see the pinned
/// gas) comes out of it. A dapp that fails makes the port revert, so that the endpoint knows the delivery
/// as failed and anyone can retry it there.
contract Port is IPort, DappCaller {
    constructor(address owner_, address endpoint_, address oracle_, address relayer)
        PeerApplication(owner_, endpoint_, oracle_, relayer)
    {}

    /// @inheritdoc IPort
    function send(uint256 toChainId, address toDapp, bytes calldata message, bytes calldata params)
        external
        payable
        returns (bytes32 msgId)
    {
        (uint256 gasLimit, address refund, bytes memory ormpParams) = abi.decode(params, (uint256, address, bytes));
        bytes memory encoded = abi.encodeCall(Port.recv, (msg.sender, toDapp, message));
        msgId = IPortEndpoint(endpoint).send{value: msg.value}(
            toChainId, _peer(toChainId), gasLimit, encoded, refund, ormpParams
        );
        emit MessageSent(msgId, msg.sender, toChainId, toDapp, message, params);
    }

    /// @inheritdoc IPort
    function fee(
        uint256 toChainId,
        address fromDapp,
        address toDapp,
        bytes calldata message,
        bytes calldata params
    ) external view returns (uint256) {
        (uint256 gasLimit,, bytes memory ormpParams) = abi.decode(params, (uint256, address, bytes));
        bytes memory encoded = abi.encodeCall(Port.recv, (fromDapp, toDapp, message));
        return IPortEndpoint(endpoint).fee(toChainId, address(this), gasLimit, encoded, ormpParams);
    }

    /// @notice Hands a message to its dapp. Called by the endpoint with a message of the peer.
    function recv(address fromDapp, address toDapp, bytes calldata message) external {
        (bytes32 msgId, uint256 fromChainId) = _requirePeer();
        bytes memory refusal = _refusal(toDapp);
        if (refusal.length > 0) revert DappFailed(toDapp, refusal);
        bytes memory data = abi.encodePacked(message, msgId, fromChainId, fromDapp);
        (bool ok, bytes memory result) = _callDapp(toDapp, gasleft(), data);
        if (!ok) revert DappFailed(toDapp, result);
        emit MessageRecv(msgId, true, result);
    }
}
