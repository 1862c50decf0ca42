// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title An endpoint that says whatever it is told to say
contract ForgingEndpoint {
    address public oracleOf;

    function setAppConfig(address oracle, address) external {
        oracleOf = oracle;
    }

    /// @notice Calls with the tail of a message that nobody proved.
    function say(address to, bytes calldata encoded, uint256 fromChainId, address from) external {
        bytes memory data = abi.encodePacked(encoded, bytes32(uint256(1)), fromChainId, from);
        (bool ok, bytes memory returned) = to.call(data);
        if (ok) return;
        assembly {
            revert(add(returned, 0x20), mload(returned))
        }
    }
}
