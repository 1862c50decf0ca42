// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IPort} from "./IPort.sol";

/// @title A port that keeps order
/// @notice A lane is one sending dapp on one chain. The sending port numbers a lane's messages from 1, the
/// receiving port hands number n to its dapp only when all before it are done, and lanes know nothing of
/// each other. Number n is done when its dapp returned from the call, or when it was given up.
///
/// A message that comes early, or whose dapp fails, is held: the port keeps its hash, and the event
/// `MessageHeld` carries what `release` asks for. From then on anyone may release it, in its turn, with
/// as much gas as they like and never with less than the sender named. So nothing is lost with an endpoint
/// that never retries, and nobody needs the endpoint's retry.
///
/// A dapp that keeps failing stops its lane and no other. Two can give a number up: the dapp it is for
/// (`skip`), which may refuse what is addressed to it, and the dapp that sent it (`abandon`), which owns
/// the lane; else a message to a contract that is gone would stop the lane for ever. Nobody can give up
/// what is not next in turn: the order of what is delivered never changes.
interface IOrderedPort is IPort {
    /// @notice A message of a lane.
    /// @param msgId Hash of the ORMP message that brought it.
    /// @param fromChainId Chain of the sending dapp.
    /// @param fromDapp The sending dapp.
    /// @param nonce Its number in the lane, from 1.
    /// @param toDapp The dapp it is for.
    /// @param gasLimit Least gas for the dapp's call.
    /// @param message What the dapp is called with, before the tail.
    struct OrderedMessage {
        bytes32 msgId;
        uint256 fromChainId;
        address fromDapp;
        uint64 nonce;
        address toDapp;
        uint256 gasLimit;
        bytes message;
    }

    /// @dev Thrown when the gas for the dapp is no 64-bit number.
    error GasLimitTooHigh(uint256 gasLimit);
    /// @dev Thrown when the number was given up in this lane: its message came too late.
    error NonceDone(uint64 nonce, uint64 done);
    /// @dev Thrown when a message is to be released or given up out of turn.
    error NotNext(uint64 nonce, uint64 next);
    /// @dev Thrown when the message is not held, or was held with other content.
    error NotHeld(bytes32 msgId);
    /// @dev Thrown when a message with this number is held already.
    error AlreadyHeld(uint64 nonce);
    /// @dev Thrown when the lane is asked to move from within a delivery of its own.
    error LaneBusy();
    /// @dev Thrown when the dapp could not be given the gas that the sender named.
    error GasTooLow(uint256 available, uint256 required);
    /// @dev Thrown when anyone but the dapp that a message is for wants to skip it.
    error NotAddressee(address caller);
    /// @dev Thrown when a number is to be abandoned that was never given.
    error NonceUnknown(uint64 nonce);

    /// @notice The message of `MessageSent` got this number in its lane.
    event MessageNumbered(bytes32 indexed msgId, uint64 nonce);
    /// @notice A message is kept until it is released or given up.
    event MessageHeld(
        bytes32 indexed msgId, uint256 indexed fromChainId, address indexed fromDapp, OrderedMessage message
    );
    /// @notice Number `nonce` was given up, by the dapp it was for or by the one that sent it.
    event NonceGivenUp(uint256 indexed fromChainId, address indexed fromDapp, uint64 nonce);

    /// @notice Delivers held messages in the given order, all of them or none. Anyone may call.
    function release(OrderedMessage[] calldata messages) external;

    /// @notice Gives up a held message whose turn it is. Only the dapp it is for.
    function skip(OrderedMessage calldata message) external;

    /// @notice Gives up number `nonce` of the caller's lane to a chain, if it is next in turn when this
    /// arrives; else the delivery of this fails and can be retried. The value pays the fee.
    /// @param params abi.encode(address refund, bytes ormpParams).
    function abandon(uint256 toChainId, uint64 nonce, bytes calldata params)
        external
        payable
        returns (bytes32 msgId);

    /// @notice What `abandon` costs.
    function abandonFee(uint256 toChainId, uint64 nonce, bytes calldata params) external view returns (uint256);

    /// @notice Numbers given so far in the lane of `fromDapp` to a chain.
    function sentOf(uint256 toChainId, address fromDapp) external view returns (uint64);

    /// @notice How many numbers of an arriving lane are done.
    function doneOf(uint256 fromChainId, address fromDapp) external view returns (uint64);

    /// @notice keccak256 of the ABI encoding of a held message; zero if none is held.
    function heldOf(uint256 fromChainId, address fromDapp, uint64 nonce) external view returns (bytes32);
}
