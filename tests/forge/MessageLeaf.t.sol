// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {Message, MessageLeaf} from "../../verifier/contracts/libraries/MessageLeaf.sol";

/// @title Message hashes against the encoding written out word by word
contract MessageLeafTest {
    /// @notice Both hashes are keccak256 of the ten words and the padded payload.
    function testFuzz_HashIsTheWordsInARow(Message calldata m) external pure {
        bytes memory head = abi.encodePacked(
            uint256(0x20), uint256(uint160(m.channel)), m.index, m.fromChainId, uint256(uint160(m.from)), m.toChainId
        );
        bytes memory rest = abi.encodePacked(uint256(uint160(m.to)), m.gasLimit, uint256(0x100), m.encoded.length);
        bytes memory padding = new bytes((32 - m.encoded.length % 32) % 32);
        bytes32 plain = keccak256(abi.encodePacked(head, rest, m.encoded, padding));
        assert(MessageLeaf.hash(m) == plain);
        assert(_fieldsHash(m) == plain);
        _checkEventData(m, plain);
    }

    /// @notice Two messages that differ anywhere have two hashes; even in the length of zeros.
    function testFuzz_AnyChangeChangesTheHash(Message calldata m, uint256 field, uint256 lie) external view {
        Message memory other = m;
        lie = lie == 0 ? 1 : lie;
        address changed = address(uint160(lie));
        field %= 8;
        if (field == 0) other.channel = _xor(m.channel, changed);
        if (field == 1) other.index = m.index ^ lie;
        if (field == 2) other.fromChainId = m.fromChainId ^ lie;
        if (field == 3) other.from = _xor(m.from, changed);
        if (field == 4) other.toChainId = m.toChainId ^ lie;
        if (field == 5) other.to = _xor(m.to, changed);
        if (field == 6) other.gasLimit = m.gasLimit ^ lie;
        if (field == 7) other.encoded = abi.encodePacked(m.encoded, uint8(0));
        assert(this.hash(other) != MessageLeaf.hash(m));
    }

    function hash(Message calldata m) external pure returns (bytes32) {
        return MessageLeaf.hash(m);
    }

    /// @dev What the event of a send carries, with a root put in its place.
    function _checkEventData(Message calldata m, bytes32 plain) private pure {
        (bytes32 hashed, bytes memory data) = MessageLeaf.hashAndEventData(
            m.channel, m.index, m.fromChainId, m.from, m.toChainId, m.to, m.gasLimit, m.encoded
        );
        assembly ("memory-safe") {
            mstore(add(data, 0x20), plain) // some root
        }
        assert(hashed == plain && keccak256(data) == keccak256(abi.encode(plain, m)));
    }

    function _fieldsHash(Message calldata m) private pure returns (bytes32) {
        return MessageLeaf.hashFields(
            m.channel, m.index, m.fromChainId, m.from, m.toChainId, m.to, m.gasLimit, m.encoded
        );
    }

    function _xor(address a, address b) private pure returns (address) {
        uint160 difference = uint160(b) == 0 ? 1 : uint160(b);
        return address(uint160(a) ^ difference);
    }
}
