// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC20} from "./IERC20.sol";

/// @title What the deposit port needs of a rollup; see IRollup
interface IDepositQueue {
    /// @notice The collateral.
    function token() external view returns (IERC20);

    /// @notice Takes `amount` of the caller's collateral and queues it for the account with this key.
    function deposit(uint64 amount, uint256 ax, uint256 ay) external;
}
