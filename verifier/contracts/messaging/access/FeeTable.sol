// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IMessageOracle} from "../../interfaces/IMessageOracle.sol";
import {Assignable} from "./Assignable.sol";

/// @title An oracle's flat fees by destination chain
abstract contract FeeTable is IMessageOracle, Assignable {
    /// @dev Thrown when no fee is set for the destination: the oracle does not serve it.
    error FeeUnset(uint256 toChainId);

    /// @notice The fee for a destination changed; zero ends the service.
    event SetFee(uint256 indexed chainId, uint256 fee);

    /// @notice Fee in wei by destination chain; zero where the oracle does not serve.
    mapping(uint256 chainId => uint256) public feeOf;

    /// @inheritdoc IMessageOracle
    function assign(bytes32 msgHash) external payable {
        _assigned(msgHash);
    }

    /// @inheritdoc IMessageOracle
    function fee(uint256 toChainId, address) external view returns (uint256 amount) {
        amount = feeOf[toChainId];
        if (amount == 0) revert FeeUnset(toChainId);
    }

    /// @dev Sets a fee.
    function _setFee(uint256 chainId, uint256 amount) internal {
        feeOf[chainId] = amount;
        emit SetFee(chainId, amount);
    }
}
