// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {Relayer} from "../../verifier/contracts/messaging/Relayer.sol";

/// @title The relayer's fee against the formula, overflow included
contract RelayerTest {
    uint256 private constant CHAIN = 5;
    uint256 private constant RATIO_ONE = 10 ** 10;

    Relayer private _relayer;

    function setUp() external {
        _relayer = new Relayer(address(this), address(1));
        _relayer.setApproved(address(this), true);
    }

    /// @notice Two floors, taken separately; a product beyond 256 bits is a Panic and never a low fee.
    function testFuzz_FeeIsTheFormula(
        uint128 ratio,
        uint128 gasPrice,
        uint64 baseGas,
        uint64 perByte,
        uint256 gasLimit,
        bytes calldata encoded
    ) external {
        _relayer.setDstPrice(CHAIN, ratio, gasPrice);
        _relayer.setDstConfig(CHAIN, baseGas == 0 ? 1 : baseGas, perByte);
        uint256 gas = _sum(baseGas == 0 ? 1 : baseGas, gasLimit);
        (bool fits, uint256 execution) = _product(gasPrice, gas, ratio);
        fits = fits && gas != type(uint256).max;
        (bool payloadFits, uint256 payload) = _product(uint256(perByte) * encoded.length, gasPrice, ratio);
        try _relayer.fee(CHAIN, address(2), gasLimit, encoded, encoded) returns (uint256 fee) {
            assert(fits && payloadFits);
            assert(fee == execution / RATIO_ONE + payload / RATIO_ONE);
        } catch (bytes memory reason) {
            assert(!fits || !payloadFits || execution / RATIO_ONE > type(uint256).max - payload / RATIO_ONE);
            assert(bytes4(reason) == bytes4(keccak256("Panic(uint256)")));
        }
    }

    /// @notice More gas or more bytes never cost less.
    function testFuzz_FeeGrowsWithGasAndBytes(
        uint64 ratio,
        uint64 gasPrice,
        uint64 gasLimit,
        uint32 moreGas,
        bytes calldata encoded,
        bytes calldata moreBytes
    ) external {
        _relayer.setDstPrice(CHAIN, ratio, gasPrice);
        _relayer.setDstConfig(CHAIN, 1, 16);
        uint256 less = _relayer.fee(CHAIN, address(2), gasLimit, encoded, "");
        bytes memory longer = abi.encodePacked(encoded, moreBytes);
        assert(_relayer.fee(CHAIN, address(2), uint256(gasLimit) + moreGas, longer, "") >= less);
    }

    /// @dev Sum, at most the largest number.
    function _sum(uint256 a, uint256 b) private pure returns (uint256) {
        return b > type(uint256).max - a ? type(uint256).max : a + b;
    }

    /// @dev a · b · c from the left, and whether each step fits.
    function _product(uint256 a, uint256 b, uint256 c) private pure returns (bool, uint256) {
        if (a != 0 && b > type(uint256).max / a) return (false, 0);
        uint256 ab = a * b;
        if (ab != 0 && c > type(uint256).max / ab) return (false, 0);
        return (true, ab * c);
    }
}
