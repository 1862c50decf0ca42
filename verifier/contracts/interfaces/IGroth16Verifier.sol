// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title What the rollup needs of a proof verifier
interface IGroth16Verifier {
    /// @notice Returns if the proof is valid for the public inputs, reverts otherwise.
    /// @param a A in G1.
    /// @param b B in G2 as [[x.c1, x.c0], [y.c1, y.c0]].
    /// @param c C in G1.
    /// @param inputs [commitment, challenge, evaluation], each below r.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[3] calldata inputs
    ) external view;
}
