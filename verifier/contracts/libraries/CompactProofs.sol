// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {ZeroHashes} from "./ZeroHashes.sol";

/// @title Message proofs under one root, without what everybody knows
/// @notice `blockNumber (32 bytes) || entry || entry …`, one entry a message:
/// `index (4) || mask (4) || node (32) …`. Bit k of the mask says that the sibling of height k follows, the
/// lowest first; the others are the roots of empty subtrees, of which most siblings are in any real tree.
/// Numbers are big-endian. An entry is expanded to the 1088 bytes that MessageProof reads.
library CompactProofs {
    /// @dev Memory: where the expanded proof and the unread entries are.
    struct Reader {
        bytes proof;
        bytes zeros;
        uint256 offset;
        uint256 end;
        bool complete;
    }

    /// @notice Starts reading; `complete` turns false once an entry is missing or cut off.
    function open(bytes calldata compact) internal pure returns (Reader memory reader) {
        reader.complete = compact.length >= 32;
        reader.zeros = ZeroHashes.ALL;
        reader.proof = new bytes(1088);
        bytes memory proof = reader.proof;
        uint256 offset;
        assembly ("memory-safe") {
            offset := compact.offset // where the block number stands
            mstore(add(proof, 0x20), calldataload(offset)) // word 0 of every proof
        }
        reader.offset = offset + 32;
        reader.end = offset + compact.length;
    }

    /// @notice Expands the next entry into `reader.proof`.
    function next(Reader memory reader) internal pure {
        (bytes memory proof, bytes memory zeros) = (reader.proof, reader.zeros);
        (uint256 offset, uint256 end) = (reader.offset, reader.end);
        assembly ("memory-safe") {
            let head := calldataload(offset) // index and mask, if they are there
            offset := add(offset, 8) // after them
            mstore(add(proof, 0x40), shr(224, head)) // word 1: the index
            let sibling := add(proof, 0x60) // words 2 … 33
            mcopy(sibling, add(zeros, 0x20), 0x400) // empty subtrees everywhere
            let mask := and(shr(192, head), 0xffffffff) // which of them are replaced
            for {} mask { mask := shr(1, mask) } {
                if and(mask, 1) {
                    mstore(sibling, calldataload(offset)) // by the node that follows
                    offset := add(offset, 0x20) // after it
                }
                sibling := add(sibling, 0x20) // one level up
            }
        }
        reader.offset = offset;
        if (offset > end) reader.complete = false;
    }

    /// @notice Whether exactly the given bytes were read.
    function isDone(Reader memory reader) internal pure returns (bool) {
        return reader.complete && reader.offset == reader.end;
    }
}
