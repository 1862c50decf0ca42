// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IEndpoint} from "../interfaces/IEndpoint.sol";
import {IMessageOracle} from "../interfaces/IMessageOracle.sol";
import {IRelayer} from "../interfaces/IRelayer.sol";
import {Message, MessageLeaf} from "../libraries/MessageLeaf.sol";
import {MessageTree} from "../libraries/MessageTree.sol";
import {EndpointConfig} from "./EndpointConfig.sol";

/// @title An ORMP v1-compatible endpoint; see IEndpoint, and DIFFERENCES.md for what it does otherwise
contract Endpoint is EndpointConfig {
    /// @dev Gas kept back at a delivery: reaching a cold account (2,600) and, afterwards, the state of
    /// the message, the event and the return (under 5,000, with the 2,300 that a write needs left).
    uint256 private constant GAS_RESERVE = 8_000;
    /// @dev State of a message whose delivery is over.
    uint256 private constant DELIVERED = 1;

    /// @dev Of the tree of sent messages. All levels are filled at deployment, so that no send pays
    /// for the first write of one.
    bytes32[32] private _branch;
    /// @dev 0: not delivered. DELIVERED: done. DELIVERED with the address of the oracle that vouched for
    /// it above the low byte: the application failed.
    mapping(bytes32 msgHash => uint256) private _states;

    /// @dev Set during a delivery; forgotten at the transaction's end.
    bool private transient _delivering;
    /// @inheritdoc IEndpoint
    /// @dev Hash of the message that is being sent, the lock of `send`.
    bytes32 public transient sending;

    constructor(address setter_) EndpointConfig(setter_) {
        for (uint256 level = 0; level < MessageTree.DEPTH; ++level) _branch[level] = bytes32(uint256(1));
    }

    /// @dev One delivery at a time, and none from within a send.
    modifier delivers() {
        if (_delivering || sending != 0) revert DeliveryReentered();
        _delivering = true;
        _;
        _delivering = false;
    }

    /// @inheritdoc IEndpoint
    function send(
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        address refund,
        bytes calldata params
    ) external payable returns (bytes32 msgHash) {
        if (sending != 0) revert SendReentered();
        if (toChainId == block.chainid) revert SameChain(toChainId);
        msgHash = _accept(toChainId, to, gasLimit, encoded);
        sending = msgHash;
        uint256 due = _pay(msgHash, toChainId, gasLimit, encoded, params);
        if (msg.value > due) _refund(refund, msg.value - due);
        sending = 0;
    }

    /// @inheritdoc IEndpoint
    function recv(Message calldata message, bytes calldata proof) external delivers returns (bool dispatchResult) {
        (address oracle, address relayer) = _inCharge(message.to);
        if (msg.sender != relayer) revert NotRelayer(msg.sender, relayer);
        _refuseForbidden(message.to, oracle, relayer);
        bytes32 msgHash = MessageLeaf.hash(message);
        bool proven = IMessageOracle(oracle).verifyMessageProof(message.fromChainId, msgHash, proof);
        if (!proven) revert MessageNotProven(msgHash);
        if (message.toChainId != block.chainid) revert WrongDestination(message.toChainId);
        if (_states[msgHash] != 0) revert AlreadyDelivered(msgHash);
        _states[msgHash] = DELIVERED;
        dispatchResult = _dispatch(message, msgHash);
        if (!dispatchResult) _states[msgHash] = DELIVERED | (uint256(uint160(oracle)) << 8);
        emit MessageDispatched(msgHash, dispatchResult);
    }

    /// @inheritdoc IEndpoint
    function retry(Message calldata message) external delivers returns (bool dispatchResult) {
        bytes32 msgHash = MessageLeaf.hash(message);
        address vouched = failures(msgHash);
        if (vouched == address(0)) revert NotFailed(msgHash);
        if (!retryAllowed(message.to)) revert RetriesRefused(message.to);
        (address oracle, address relayer) = _inCharge(message.to);
        if (oracle != vouched) revert OracleReplaced(vouched, oracle);
        _refuseForbidden(message.to, oracle, relayer);
        if (message.toChainId != block.chainid) revert WrongDestination(message.toChainId);
        dispatchResult = _dispatch(message, msgHash);
        if (dispatchResult) _states[msgHash] = DELIVERED;
        emit MessageRetried(msgHash, dispatchResult);
    }

    /// @inheritdoc IEndpoint
    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        view
        returns (uint256)
    {
        (address oracle, address relayer) = _inCharge(ua);
        return IRelayer(relayer).fee(toChainId, ua, gasLimit, encoded, params)
            + IMessageOracle(oracle).fee(toChainId, ua);
    }

    /// @inheritdoc IEndpoint
    function dones(bytes32 msgHash) external view returns (bool) {
        return _states[msgHash] != 0;
    }

    /// @inheritdoc IEndpoint
    function failures(bytes32 msgHash) public view returns (address oracle) {
        return address(uint160(_states[msgHash] >> 8));
    }

    /// @inheritdoc IEndpoint
    function root() external view returns (bytes32) {
        return MessageTree.rootOf(_branch, _messageCount);
    }

    /// @inheritdoc IEndpoint
    function messageCount() external view returns (uint256) {
        return _messageCount;
    }

    /// @inheritdoc IEndpoint
    function imtBranch() external view returns (bytes32[32] memory branch) {
        for (uint256 level = 0; _messageCount >> level != 0; ++level) branch[level] = _branch[level];
    }

    /// @inheritdoc IEndpoint
    function prove() external view returns (bytes32[32] memory) {
        bytes32[32] memory siblings = MessageTree.proveLast(_branch, _messageCount);
        assembly ("memory-safe") {
            return(siblings, 0x400) // the ABI encoding of a static array is the array
        }
    }

    /// @inheritdoc IEndpoint
    function LOCAL_CHAINID() external view returns (uint256) {
        return block.chainid;
    }

    /// @dev Numbers the message, appends its hash to the tree and tells of both.
    function _accept(uint256 toChainId, address to, uint256 gasLimit, bytes calldata encoded)
        private
        returns (bytes32 msgHash)
    {
        uint256 index = _messageCount;
        bytes memory data;
        (msgHash, data) = MessageLeaf.hashAndEventData(
            address(this), index, block.chainid, msg.sender, toChainId, to, gasLimit, encoded
        );
        bytes32 newRoot = MessageTree.appendOne(_branch, index, msgHash);
        _messageCount = uint32(index + 1); // the tree takes no leaf that would overflow it
        bytes32 topic = MessageAccepted.selector;
        assembly ("memory-safe") {
            mstore(add(data, 0x20), newRoot) // first word of the event's data
            log2(add(data, 0x20), mload(data), topic, msgHash) // MessageAccepted
        }
    }

    /// @dev Gives the message to the sender's relayer and oracle, each with its fee. The caller's own
    /// value must cover both: nothing else that the endpoint may hold is spent.
    function _pay(bytes32 msgHash, uint256 toChainId, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        private
        returns (uint256 due)
    {
        (address oracle, address relayer) = _inCharge(msg.sender);
        uint256 relayerFee = IRelayer(relayer).fee(toChainId, msg.sender, gasLimit, encoded, params);
        uint256 oracleFee = IMessageOracle(oracle).fee(toChainId, msg.sender);
        due = relayerFee + oracleFee;
        if (msg.value < due) revert FeeTooLow(msg.value, due);
        IRelayer(relayer).assign{value: relayerFee}(msgHash, params);
        IMessageOracle(oracle).assign{value: oracleFee}(msgHash);
    }

    /// @dev Copies nothing back.
    function _refund(address to, uint256 amount) private {
        bool paid;
        assembly ("memory-safe") {
            paid := call(gas(), to, amount, 0, 0, 0, 0) // value without data
        }
        if (!paid) revert RefundFailed(to, amount);
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
