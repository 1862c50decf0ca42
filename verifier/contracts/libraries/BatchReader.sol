// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IRollup} from "../interfaces/IRollup.sol";
import {MessageLeaf} from "./MessageLeaf.sol";
import {WithdrawalMessage} from "./WithdrawalMessage.sol";

/// @title Reads a batch's public data, whose layout IRollup describes
/// @notice Takes out what the chain acts upon (counts, deposits, messages). All else in d
/// is between the circuit and those who rebuild the state.
library BatchReader {
    uint256 internal constant HEADER_WORDS = 5;
    uint256 internal constant SLOT_WORDS = 4;

    uint256 private constant DEPOSIT = 1;
    uint256 private constant TRANSFER = 2;
    uint256 private constant WITHDRAW = 3;
    uint256 private constant MESSAGE = 4;

    /// @notice Where a batch ends: all that the next one must continue.
    struct Head {
        uint64 number;
        uint64 timestamp;
        uint32 messageCount;
        uint64 depositCount;
        uint256 stateRoot;
    }

    /// @notice What the slots are read against.
    struct Context {
        uint64 rollupChainId;
        uint32 firstMessage;
        uint256 messageCount;
        uint256 depositCount;
        bytes32 depositPrefix;
    }

    /// @notice What the slots give the chain to do.
    struct Outbox {
        bytes32[] leaves;
        bytes32 depositPrefix;
    }

    /// @dev Counters while the slots are read.
    struct Progress {
        uint256 messages;
        uint256 payloads;
        uint256 deposits;
        bytes32 depositPrefix;
    }

    /// @notice Header of d, which must continue `last`.
    function nextHead(uint256[] calldata d, Head storage last) internal view returns (Head memory head) {
        uint256 lastRoot = last.stateRoot;
        if (d[1] != lastRoot) revert IRollup.StateRootDiscontinuous(d[1], lastRoot);
        if (d[3] >> 160 != 0) revert IRollup.PackingInvalid(3);
        if (d[4] >> 192 != 0) revert IRollup.PackingInvalid(4);
        head.stateRoot = d[2];
        head.number = uint64(d[3]);
        head.timestamp = uint64(d[3] >> 64);
        head.messageCount = uint32(d[4] >> 32);
        head.depositCount = uint64(d[4] >> 128);
        if (head.number != last.number + 1) revert IRollup.NotNextBatch(head.number, last.number + 1);
        if (head.timestamp < last.timestamp) revert IRollup.TimestampOutOfRange(head.timestamp);
        bool messagesContinue = uint32(d[4]) == last.messageCount && head.messageCount >= last.messageCount;
        if (!messagesContinue) revert IRollup.MessageCountWrong();
        bool depositsContinue = uint64(d[4] >> 64) == last.depositCount && head.depositCount >= last.depositCount;
        if (!depositsContinue) revert IRollup.DepositCountWrong();
    }

    /// @notice Messages and deposits of the slots, in order.
    function readSlots(uint256[] calldata d, bytes[] calldata payloads, Context memory context)
        internal
        view
        returns (Outbox memory outbox)
    {
        if (context.messageCount > d.length / SLOT_WORDS) revert IRollup.MessageCountWrong();
        Progress memory progress;
        progress.depositPrefix = context.depositPrefix;
        outbox.leaves = new bytes32[](context.messageCount);
        for (uint256 i = HEADER_WORDS; i < d.length; i = _plus(i, SLOT_WORDS)) {
            uint256 e0 = _word(d, i);
            uint256 kind = e0 & 0xff;
            if (e0 >> 200 != 0) revert IRollup.PackingInvalid(i);
            if (kind == MESSAGE || kind == WITHDRAW) {
                uint256 k = progress.messages;
                if (k == context.messageCount) revert IRollup.MessageCountWrong();
                progress.messages = _plus(k, 1);
                outbox.leaves[k] = kind == WITHDRAW
                    ? _withdrawalLeaf(d, i, context, k)
                    : _messageLeaf(d, i, _nextPayload(payloads, progress), context, k);
            } else if (kind == DEPOSIT) {
                _addDeposit(d, i, progress);
            } else if (kind != TRANSFER && e0 != 0) {
                revert IRollup.TransactionTypeUnknown((i - HEADER_WORDS) / SLOT_WORDS);
            }
        }
        if (progress.messages != context.messageCount) revert IRollup.MessageCountWrong();
        if (progress.payloads != payloads.length) revert IRollup.PayloadCountWrong();
        if (progress.deposits != context.depositCount) revert IRollup.DepositCountWrong();
        outbox.depositPrefix = progress.depositPrefix;
    }

    /// @notice Hash of the deposit queue with one deposit more.
    function extendPrefix(bytes32 prefix, uint256 ax, uint256 ay, uint64 amount) internal pure returns (bytes32) {
        return keccak256(abi.encode(prefix, ax, ay, amount));
    }

    /// @dev Payload of the next `message` transaction.
    function _nextPayload(bytes[] calldata payloads, Progress memory progress) private pure returns (bytes calldata) {
        uint256 position = progress.payloads;
        if (position == payloads.length) revert IRollup.PayloadCountWrong();
        progress.payloads = _plus(position, 1);
        return payloads[position];
    }

    /// @dev ORMP hash of message `k` of the batch, whose slot starts at element `i`.
    function _messageLeaf(
        uint256[] calldata d,
        uint256 i,
        bytes calldata payload,
        Context memory context,
        uint256 k
    ) private view returns (bytes32) {
        uint256 target = _word(d, i + 1);
        uint256 gasAndHigh = _word(d, i + 2);
        uint256 low = _word(d, i + 3);
        if (target >> 224 != 0) revert IRollup.PackingInvalid(i + 1);
        if (gasAndHigh >> 192 != 0) revert IRollup.PackingInvalid(i + 2);
        if (low >> 128 != 0) revert IRollup.PackingInvalid(i + 3);
        uint256 payloadHash = (gasAndHigh << 128) | low; // the gas limit falls off the top
        if (uint256(_hash(payload)) != payloadHash) revert IRollup.PayloadWrong(k);
        return MessageLeaf.hashFields({
            channel: address(this),
            index: _plus(context.firstMessage, k),
            fromChainId: context.rollupChainId,
            from: MessageLeaf.accountAddress(address(this), uint32(_word(d, i) >> 8)),
            toChainId: target >> 160,
            to: address(uint160(target)),
            gasLimit: gasAndHigh >> 128,
            encoded: payload
        });
    }

    /// @dev The same for the message that a withdrawal leaves as.
    function _withdrawalLeaf(uint256[] calldata d, uint256 i, Context memory context, uint256 k)
        private
        view
        returns (bytes32)
    {
        uint256 recipient = _word(d, i + 1);
        if (recipient >> 160 != 0) revert IRollup.PackingInvalid(i + 1);
        uint64 amount = uint64(_word(d, i) >> 72);
        uint32 index = uint32(_plus(context.firstMessage, k));
        return WithdrawalMessage.hash(context.rollupChainId, index, address(uint160(recipient)), amount);
    }

    /// @dev Goes one entry further in the queue.
    function _addDeposit(uint256[] calldata d, uint256 i, Progress memory progress) private pure {
        uint64 amount = uint64(_word(d, i) >> 72);
        ++progress.deposits;
        progress.depositPrefix = extendPrefix(progress.depositPrefix, _word(d, i + 1), _word(d, i + 2), amount);
    }

    /// @dev Element `i` of d, whose length was checked: a batch has hundreds, so no bounds check each.
    function _word(uint256[] calldata d, uint256 i) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(d.offset, shl(5, i))) // 32 bytes an element
        }
    }

    /// @dev Sum of positions in a batch and counts of 32 bits; cannot overflow.
    function _plus(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a + b;
        }
    }

    /// @dev keccak256 of calldata without keeping a copy.
    function _hash(bytes calldata data) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let scratch := mload(0x40) // free memory, not kept
            calldatacopy(scratch, data.offset, data.length) // the payload
            digest := keccak256(scratch, data.length) // its hash
        }
    }
}
