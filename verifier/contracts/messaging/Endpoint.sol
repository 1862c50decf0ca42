// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IEndpoint} from "../interfaces/IEndpoint.sol";
import {IMessageOracle} from "../interfaces/IMessageOracle.sol";
import {Message, MessageLeaf} from "../libraries/MessageLeaf.sol";
import {EndpointConfig} from "./EndpointConfig.sol";

/// @title An ORMP v1-compatible endpoint that receives; see IEndpoint
contract Endpoint is EndpointConfig {
    /// @dev Gas kept back at a delivery: reaching a cold account (2,600) and, afterwards, the event and
    /// the return (under 3,000).
    uint256 private constant GAS_RESERVE = 8_000;

    /// @inheritdoc IEndpoint
    mapping(bytes32 msgHash => bool) public dones;

    /// @dev Set during a delivery; forgotten at the transaction's end.
    bool private transient _entered;

    constructor(address setter_) EndpointConfig(setter_) {}

    /// @inheritdoc IEndpoint
    function recv(Message calldata message, bytes calldata proof) external returns (bool dispatchResult) {
        if (_entered) revert Reentered();
        _entered = true;
        (Pair memory chosen, Pair memory defaults) = _inCharge(message.to);
        if (msg.sender != chosen.relayer) revert NotRelayer(msg.sender, chosen.relayer);
        _refuseForbidden(message.to, chosen, defaults);
        bytes32 msgHash = MessageLeaf.hash(message);
        bool proven = IMessageOracle(chosen.oracle).verifyMessageProof(message.fromChainId, msgHash, proof);
        if (!proven) revert MessageNotProven(msgHash);
        if (message.toChainId != block.chainid) revert WrongDestination(message.toChainId);
        if (dones[msgHash]) revert AlreadyDelivered(msgHash);
        dones[msgHash] = true;
        dispatchResult = _dispatch(message, msgHash);
        emit MessageDispatched(msgHash, dispatchResult);
        _entered = false;
    }

    /// @dev A message must not speak with the endpoint's voice to those who trust it. The defaults are
    /// named beside the target's own choice, so that choosing others opens no way to them.
    function _refuseForbidden(address to, Pair memory chosen, Pair memory defaults) private view {
        bool forbidden = to == address(this) || to == chosen.oracle || to == chosen.relayer
            || to == defaults.oracle || to == defaults.relayer;
        if (forbidden) revert ForbiddenTarget(to);
    }

    /// @dev Calls the application with its full gas limit or not at all, and copies nothing back.
    function _dispatch(Message calldata message, bytes32 msgHash) private returns (bool ok) {
        bytes memory data = abi.encodePacked(message.encoded, msgHash, message.fromChainId, message.from);
        address to = message.to;
        uint256 gasLimit = message.gasLimit;
        _requireGas(gasLimit);
        assembly ("memory-safe") {
            // call without value, and with no room for returned data
            ok := call(gasLimit, to, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }

    /// @dev The EVM passes on at most 63/64 of what is left: that must cover the limit.
    function _requireGas(uint256 gasLimit) private view {
        uint256 left = gasleft();
        uint256 usable = left > GAS_RESERVE ? left - GAS_RESERVE : 0;
        uint256 available = usable - usable / 64;
        if (available < gasLimit) revert InsufficientGas(available, gasLimit);
    }
}
