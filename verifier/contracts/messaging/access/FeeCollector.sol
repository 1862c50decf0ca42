// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Owned} from "./Owned.sol";

/// @title Approved accounts, and the fees they may withdraw
/// @notice What ORMP's oracles and relayers have in common. The owner is not approved by default.
abstract contract FeeCollector is Owned {
    /// @dev Thrown when the caller is not an approved account.
    error NotApproved(address caller);
    /// @dev Thrown when the fees could not be paid out: too few, or the receiver refused them.
    error WithdrawalFailed(address to, uint256 amount);

    /// @notice An account was approved, or is no longer.
    event SetApproved(address operator, bool approve);
    /// @notice Fees were paid out.
    event Withdrawal(address indexed to, uint256 amt);

    /// @notice Whether an account is approved.
    mapping(address operator => bool) public approvedOf;

    modifier onlyApproved() {
        if (!approvedOf[msg.sender]) revert NotApproved(msg.sender);
        _;
    }

    /// @notice Fees arrive without ceremony.
    receive() external payable {}

    /// @notice Approves an account, or takes the approval back. Owner only.
    function setApproved(address operator, bool approve) external onlyOwner {
        approvedOf[operator] = approve;
        emit SetApproved(operator, approve);
    }

    /// @notice Pays fees out. Approved accounts only.
    function withdraw(address to, uint256 amount) external onlyApproved {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert WithdrawalFailed(to, amount);
        emit Withdrawal(to, amount);
    }

    /// @notice Whether an account is approved.
    function isApproved(address operator) external view returns (bool) {
        return approvedOf[operator];
    }
}
