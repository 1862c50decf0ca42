// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @notice An ORMP v1 message.
/// @param channel The contract that sent it: for a rollup, the rollup contract.
/// @param index Its number among all messages of the channel, from 0.
/// @param fromChainId Chain id of the source.
/// @param from Who sent it.
/// @param toChainId Chain id of the destination.
/// @param to Whom to call there.
/// @param gasLimit How much gas that call gets.
/// @param encoded The call's data, to which 84 bytes are appended.
struct Message {
    address channel;
    uint256 index;
    uint256 fromChainId;
    address from;
    uint256 toChainId;
    address to;
    uint256 gasLimit;
    bytes encoded;
}

/// @title Hashes of ORMP v1 messages, which are the leaves of the message tree
library MessageLeaf {
    bytes32 internal constant ACCOUNT_TAG = keccak256("tallystick.account.v1");

    /// @notice keccak256 of the message's ABI encoding, with the outer offset word.
    function hash(Message calldata m) internal pure returns (bytes32) {
        return hashFields(m.channel, m.index, m.fromChainId, m.from, m.toChainId, m.to, m.gasLimit, m.encoded);
    }

    /// @notice The address that stands for a rollup account as the sender of messages.
    function accountAddress(address rollup, uint256 accountIndex) internal pure returns (address) {
        bytes32 digest;
        bytes32 tag = ACCOUNT_TAG;
        assembly ("memory-safe") {
            let p := mload(0x40) // three words of free memory, not kept
            mstore(p, tag) // what kind of address this is
            mstore(add(p, 0x20), shr(96, shl(96, rollup))) // low 160 bits only
            mstore(add(p, 0x40), and(accountIndex, 0xffffffff)) // low 32 bits only
            digest := keccak256(p, 0x60) // abi.encode of the three
        }
        return address(uint160(uint256(digest)));
    }

    /// @notice The same hash from the fields, with the payload in calldata and no memory kept.
    function hashFields(
        address channel,
        uint256 index,
        uint256 fromChainId,
        address from,
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded
    ) internal pure returns (bytes32 result) {
        uint256 p;
        assembly ("memory-safe") {
            p := mload(0x40) // free memory, not kept
        }
        uint256 size = _write(p, channel, index, fromChainId, from, toChainId, to, gasLimit, encoded);
        assembly ("memory-safe") {
            result := keccak256(p, size) // ten words and the payload
        }
    }

    /// @notice The hash, and the data of the event that tells of the message: the ABI encoding of (bytes32
    /// root, Message message), whose first word is left for the root.
    /// @dev But for what stands before the message the event's data is what is hashed: one layout
    /// serves both.
    function hashAndEventData(
        address channel,
        uint256 index,
        uint256 fromChainId,
        address from,
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded
    ) internal pure returns (bytes32 result, bytes memory data) {
        uint256 p;
        assembly ("memory-safe") {
            data := mload(0x40) // free memory, kept: length, root, offset, message
            p := add(data, 0x40) // where the offset stands
        }
        uint256 size = _write(p, channel, index, fromChainId, from, toChainId, to, gasLimit, encoded);
        assembly ("memory-safe") {
            result := keccak256(p, size) // the hash, over the offset of one value
            mstore(p, 0x40) // the event has two: the offset counts the root
            mstore(data, add(size, 0x20)) // length: root and what was hashed
            mstore(0x40, add(p, size)) // memory is free after it
        }
    }

    /// @dev Writes the ABI encoding of the message to memory and returns its size.
    function _write(
        uint256 p,
        address channel,
        uint256 index,
        uint256 fromChainId,
        address from,
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded
    ) private pure returns (uint256 size) {
        assembly ("memory-safe") {
            mstore(p, 0x20) // offset of the one tuple
            mstore(add(p, 0x20), shr(96, shl(96, channel))) // addresses: low 160 bits only
            mstore(add(p, 0x40), index) // number within the channel
            mstore(add(p, 0x60), fromChainId) // source chain
            mstore(add(p, 0x80), shr(96, shl(96, from))) // sender
            mstore(add(p, 0xa0), toChainId) // destination chain
            mstore(add(p, 0xc0), shr(96, shl(96, to))) // application
            mstore(add(p, 0xe0), gasLimit) // its gas
            mstore(add(p, 0x100), 0x100) // offset of the payload within the tuple
            mstore(add(p, 0x120), encoded.length) // payload length
            let data := add(p, 0x140) // payload start
            let padded := and(add(encoded.length, 0x1f), not(0x1f)) // length rounded up to words
            if padded { mstore(sub(add(data, padded), 0x20), 0) } // zero the last word: the padding
            calldatacopy(data, encoded.offset, encoded.length) // the payload over it
            size := add(0x140, padded) // ten words and the payload
        }
    }
}
