// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title A token without bookkeeping of allowances that makes one call during the next transfer
contract CallingToken {
    mapping(address => uint256) public balanceOf;
    bool public worked;
    address private _target;
    bytes private _data;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    /// @notice What to call, with the token as the caller.
    function callOnce(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        address target = _target;
        _target = address(0);
        if (target != address(0)) (worked,) = target.call(_data);
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}
