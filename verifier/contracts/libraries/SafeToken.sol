// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IERC20} from "../interfaces/IERC20.sol";

/// @title Token transfers that cannot fail silently
/// @notice Accepts tokens that return nothing as well as those that return true.
library SafeToken {
    /// @dev Thrown when the token reverts, returns false, or is no contract.
    error TransferFailed(address token);

    /// @notice Sends `amount` to `to`.
    function send(IERC20 token, address to, uint256 amount) internal {
        _call(token, abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    /// @notice Fetches `amount` from `from`.
    function fetch(IERC20 token, address from, uint256 amount) internal {
        _call(token, abi.encodeCall(IERC20.transferFrom, (from, address(this), amount)));
    }

    /// @notice Lets `spender` fetch `amount`. Some tokens refuse to change an allowance that is not zero.
    function allow(IERC20 token, address spender, uint256 amount) internal {
        _call(token, abi.encodeCall(IERC20.approve, (spender, amount)));
    }

    function _call(IERC20 token, bytes memory data) private {
        (bool ok, bytes memory result) = address(token).call(data);
        if (!ok) revert TransferFailed(address(token));
        bool accepted = result.length == 0 ? address(token).code.length > 0 : abi.decode(result, (bool));
        if (!accepted) revert TransferFailed(address(token));
    }
}
