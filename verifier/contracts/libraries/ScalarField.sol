// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @dev r, the order of BN254's groups: public inputs and public data are numbers below it.
uint256 constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

/// @title The BabyJubJub curve over the scalar field: a·x² + y² = 1 + d·x²·y²
library BabyJubJub {
    uint256 private constant A = 168700;
    uint256 private constant D = 168696;

    /// @notice Whether (x, y) is a point of the curve with both coordinates below r. Membership in the
    /// prime-order subgroup is not checked: a key outside it can sign nothing, to its owner's loss only.
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        if (x >= R || y >= R) return false;
        uint256 xx = mulmod(x, x, R);
        uint256 yy = mulmod(y, y, R);
        return addmod(mulmod(A, xx, R), yy, R) == addmod(1, mulmod(D, mulmod(xx, yy, R), R), R);
    }
}
