// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IOrderedPort} from "../interfaces/IOrderedPort.sol";
import {IPort} from "../interfaces/IPort.sol";
import {IPortEndpoint} from "../interfaces/IPortEndpoint.sol";
import {DappCaller} from "./DappCaller.sol";
import {PeerApplication} from "./PeerApplication.sol";

/// @title A port that keeps order; see IOrderedPort
/// @notice Here `gasLimit` of the parameters is the dapp's alone; the port adds what its own work may need.
contract OrderedPort is IOrderedPort, DappCaller {
    /// @dev State of an arriving lane, one storage slot. `busy` is set while a dapp is called.
    struct Lane {
        uint64 done;
        bool busy;
    }

    /// @dev What a delivery costs beside the dapp's call, pinned by a test: ahead of the call, and to hold
    /// the message after it; each with a share for every byte of the message.
    uint256 private constant GAS_BEFORE = 75_000;
    uint256 private constant GAS_TO_HOLD = 40_000;
    uint256 private constant GAS_PER_BYTE = 16;
    /// @dev Gas of the message that gives a number up.
    uint256 private constant ABANDON_GAS = 70_000;

    /// @inheritdoc IOrderedPort
    mapping(uint256 toChainId => mapping(address fromDapp => uint64)) public sentOf;
    /// @inheritdoc IOrderedPort
    mapping(uint256 fromChainId => mapping(address fromDapp => mapping(uint64 nonce => bytes32))) public heldOf;
    mapping(uint256 fromChainId => mapping(address fromDapp => Lane)) private _lanes;

    constructor(address owner_, address endpoint_, address oracle_, address relayer)
        PeerApplication(owner_, endpoint_, oracle_, relayer)
    {}

    // -- sending --

    /// @inheritdoc IPort
    function send(uint256 toChainId, address toDapp, bytes calldata message, bytes calldata params)
        external
        payable
        returns (bytes32 msgId)
    {
        (uint256 gasLimit, address refund, bytes memory ormpParams) = abi.decode(params, (uint256, address, bytes));
        uint64 nonce = ++sentOf[toChainId][msg.sender];
        bytes memory encoded = abi.encodeCall(OrderedPort.recv, (msg.sender, toDapp, nonce, gasLimit, message));
        msgId = IPortEndpoint(endpoint).send{value: msg.value}(
            toChainId, _peer(toChainId), _deliveryGas(gasLimit, message.length), encoded, refund, ormpParams
        );
        emit MessageSent(msgId, msg.sender, toChainId, toDapp, message, params);
        emit MessageNumbered(msgId, nonce);
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
        uint64 nonce = sentOf[toChainId][fromDapp] + 1;
        bytes memory encoded = abi.encodeCall(OrderedPort.recv, (fromDapp, toDapp, nonce, gasLimit, message));
        uint256 deliveryGas = _deliveryGas(gasLimit, message.length);
        return IPortEndpoint(endpoint).fee(toChainId, address(this), deliveryGas, encoded, ormpParams);
    }

    /// @inheritdoc IOrderedPort
    function abandon(uint256 toChainId, uint64 nonce, bytes calldata params)
        external
        payable
        returns (bytes32 msgId)
    {
        if (nonce == 0 || nonce > sentOf[toChainId][msg.sender]) revert NonceUnknown(nonce);
        (address refund, bytes memory ormpParams) = abi.decode(params, (address, bytes));
        bytes memory encoded = abi.encodeCall(OrderedPort.recvAbandon, (msg.sender, nonce));
        return IPortEndpoint(endpoint).send{value: msg.value}(
            toChainId, _peer(toChainId), ABANDON_GAS, encoded, refund, ormpParams
        );
    }

    /// @inheritdoc IOrderedPort
    function abandonFee(uint256 toChainId, uint64 nonce, bytes calldata params) external view returns (uint256) {
        (, bytes memory ormpParams) = abi.decode(params, (address, bytes));
        bytes memory encoded = abi.encodeCall(OrderedPort.recvAbandon, (msg.sender, nonce));
        return IPortEndpoint(endpoint).fee(toChainId, address(this), ABANDON_GAS, encoded, ormpParams);
    }

    // -- arriving --

    /// @notice Delivers a message if it is its turn, else holds it. Called by the endpoint with a message
    /// of the peer.
    function recv(address fromDapp, address toDapp, uint64 nonce, uint256 gasLimit, bytes calldata message)
        external
    {
        (bytes32 msgId, uint256 fromChainId) = _requirePeer();
        Lane storage lane = _lanes[fromChainId][fromDapp];
        if (nonce <= lane.done) revert NonceDone(nonce, lane.done);
        if (heldOf[fromChainId][fromDapp][nonce] != 0) revert AlreadyHeld(nonce);
        OrderedMessage memory arrived =
            OrderedMessage(msgId, fromChainId, fromDapp, nonce, toDapp, gasLimit, message);
        bool isTurn = nonce == lane.done + 1 && !lane.busy;
        if (!isTurn || !_tryDelivery(lane, arrived)) _hold(arrived);
    }

    /// @notice Gives a number up on its sender's word. Called by the endpoint with a message of the peer.
    function recvAbandon(address fromDapp, uint64 nonce) external {
        (, uint256 fromChainId) = _requirePeer();
        _giveUp(fromChainId, fromDapp, nonce);
    }

    /// @inheritdoc IOrderedPort
    function release(OrderedMessage[] calldata messages) external {
        for (uint256 i = 0; i < messages.length; ++i) _release(messages[i]);
    }

    /// @inheritdoc IOrderedPort
    function skip(OrderedMessage calldata message) external {
        if (msg.sender != message.toDapp) revert NotAddressee(msg.sender);
        _requireHeld(message);
        _giveUp(message.fromChainId, message.fromDapp, message.nonce);
    }

    /// @inheritdoc IOrderedPort
    function doneOf(uint256 fromChainId, address fromDapp) external view returns (uint64) {
        return _lanes[fromChainId][fromDapp].done;
    }

    // -- parts --

    /// @dev Gas for a whole delivery. The EVM passes on 63/64 of what is left, hence the division.
    function _deliveryGas(uint256 gasLimit, uint256 length) private pure returns (uint256) {
        if (gasLimit > type(uint64).max) revert GasLimitTooHigh(gasLimit);
        return GAS_BEFORE + 2 * GAS_PER_BYTE * length + GAS_TO_HOLD + gasLimit + gasLimit / 63 + 1;
    }

    /// @dev Calls the dapp with the gas that its sender named, and says whether the message is done. With
    /// less gas than that the dapp is not called at all: whoever relays cannot make it fail.
    function _tryDelivery(Lane storage lane, OrderedMessage memory arrived) private returns (bool done) {
        bytes memory result = _refusal(arrived.toDapp);
        if (result.length == 0) {
            bytes memory data = _withTail(arrived);
            lane.busy = true;
            if (_passable(GAS_TO_HOLD + GAS_PER_BYTE * data.length) < arrived.gasLimit) {
                result = abi.encodeWithSelector(GasTooLow.selector, gasleft(), arrived.gasLimit);
            } else {
                (done, result) = _callDapp(arrived.toDapp, arrived.gasLimit, data);
            }
            lane.busy = false;
        }
        if (done) lane.done = arrived.nonce;
        emit MessageRecv(arrived.msgId, done, result);
    }

    /// @dev Delivers a held message with all gas there is; a failing dapp undoes the whole release.
    function _release(OrderedMessage calldata message) private {
        Lane storage lane = _requireTurn(message.fromChainId, message.fromDapp, message.nonce);
        _requireHeld(message);
        delete heldOf[message.fromChainId][message.fromDapp][message.nonce];
        bytes memory result = _refusal(message.toDapp);
        if (result.length > 0) revert DappFailed(message.toDapp, result);
        bytes memory data = _withTail(message);
        lane.busy = true;
        uint256 passable = _passable(GAS_TO_HOLD);
        if (passable < message.gasLimit) revert GasTooLow(passable, message.gasLimit);
        bool ok;
        (ok, result) = _callDapp(message.toDapp, passable, data);
        if (!ok) revert DappFailed(message.toDapp, result);
        lane.busy = false;
        lane.done = message.nonce;
        emit MessageRecv(message.msgId, true, result);
    }

    function _hold(OrderedMessage memory message) private {
        heldOf[message.fromChainId][message.fromDapp][message.nonce] = keccak256(abi.encode(message));
        emit MessageHeld(message.msgId, message.fromChainId, message.fromDapp, message);
    }

    function _giveUp(uint256 fromChainId, address fromDapp, uint64 nonce) private {
        Lane storage lane = _requireTurn(fromChainId, fromDapp, nonce);
        delete heldOf[fromChainId][fromDapp][nonce];
        lane.done = nonce;
        emit NonceGivenUp(fromChainId, fromDapp, nonce);
    }

    /// @dev The lane, if it stands still and this number is its next.
    function _requireTurn(uint256 fromChainId, address fromDapp, uint64 nonce)
        private
        view
        returns (Lane storage lane)
    {
        lane = _lanes[fromChainId][fromDapp];
        if (lane.busy) revert LaneBusy();
        if (nonce != lane.done + 1) revert NotNext(nonce, lane.done + 1);
    }

    function _requireHeld(OrderedMessage calldata message) private view {
        bytes32 held = heldOf[message.fromChainId][message.fromDapp][message.nonce];
        if (held == 0 || held != keccak256(abi.encode(message))) revert NotHeld(message.msgId);
    }

    /// @dev Gas that a call can get if `kept` is to remain after it.
    function _passable(uint256 kept) private view returns (uint256) {
        uint256 left = gasleft();
        if (left <= kept) return 0;
        return (left - kept) - (left - kept) / 64;
    }

    function _withTail(OrderedMessage memory message) private pure returns (bytes memory) {
        return abi.encodePacked(message.message, message.msgId, message.fromChainId, message.fromDapp);
    }
}
