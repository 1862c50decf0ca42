// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

/// @title The few cheatcodes that these tests use
interface Vm {
    function prank(address caller) external;
    function deal(address account, uint256 balance) external;
    function chainId(uint256 id) external;
    function assume(bool condition) external pure;
    function expectRevert(bytes4 selector) external;
    function expectRevert() external;
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
