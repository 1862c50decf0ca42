// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpoint} from "../../../verifier/contracts/interfaces/IEndpoint.sol";
import {Message} from "../../../verifier/contracts/libraries/MessageLeaf.sol";

/// @title An application that misbehaves in every way a message can ask for
contract HostileApplication {
    uint256 public gasSeen;

    function fail() external pure {
        revert("no");
    }

    function burn() external pure {
        assembly {
            invalid()
        }
    }

    /// @notice Returns a megabyte, which the caller should not copy.
    function flood() external pure {
        assembly {
            return(0, 1000000)
        }
    }

    function measure() external {
        gasSeen = gasleft();
    }

    /// @notice Delivers again from within a delivery.
    function reenter(IEndpoint endpoint, Message calldata message, bytes calldata proof) external {
        endpoint.recv(message, proof);
    }

    function choose(IEndpoint endpoint, address oracle, address relayer) external {
        endpoint.setAppConfig(oracle, relayer);
    }
}
