// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC20} from "./interfaces/IERC20.sol";

/// @title Test collateral: an ERC-20 with 6 decimals that anyone may mint. Worthless by design.
contract TestToken is IERC20 {
    /// @dev Thrown when a balance is too small.
    error BalanceTooSmall(uint256 balance, uint256 amount);
    /// @dev Thrown when an allowance is too small.
    error AllowanceTooSmall(uint256 allowed, uint256 amount);

    /// @notice Tokens moved.
    event Transfer(address indexed from, address indexed to, uint256 amount);
    /// @notice An allowance was set.
    event Approval(address indexed owner, address indexed spender, uint256 amount);

    string public constant name = "Tallystick test dollar";
    string public constant symbol = "TTD";
    uint8 public constant decimals = 6;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    /// @notice Makes `amount` for `to` out of nothing.
    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < amount) revert AllowanceTooSmall(allowed, amount);
        allowance[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
        return true;
    }

    function _move(address from, address to, uint256 amount) private {
        uint256 balance = balanceOf[from];
        if (balance < amount) revert BalanceTooSmall(balance, amount);
        balanceOf[from] = balance - amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}
