// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {CompactProofs} from "../../../verifier/contracts/libraries/CompactProofs.sol";

/// @title Opens CompactProofs to tests: expands so many entries
contract CompactProofsHarness {
    using CompactProofs for CompactProofs.Reader;

    function expand(bytes calldata compact, uint256 count) external pure returns (bytes[] memory proofs, bool done) {
        proofs = new bytes[](count);
        CompactProofs.Reader memory reader = CompactProofs.open(compact);
        for (uint256 i = 0; i < count; ++i) {
            reader.next();
            proofs[i] = bytes.concat(reader.proof);
        }
        done = reader.isDone();
    }
}
