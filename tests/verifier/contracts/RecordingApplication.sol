// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpoint} from "../../../verifier/contracts/interfaces/IEndpoint.sol";
import {Message} from "../../../verifier/contracts/libraries/MessageLeaf.sol";

/// @title The receiver that the recorded deliveries were made to, rebuilt from what they show
/// @notice Unknown calls are counted and logged; the named functions misbehave as they are called.
contract RecordingApplication {
    event Got(address caller, uint256 value, uint256 gasIn, bytes data);
    event Reentered(bool ok, bytes ret);

    uint256 public received;

    fallback() external payable {
        _record();
    }

    receive() external payable {
        _record();
    }

    function boom() external pure {
        require(false, "boom");
    }

    function boomNoData() external pure {
        assembly {
            revert(0, 0)
        }
    }

    function panic() external pure {
        assert(false);
    }

    function invalid() external pure {
        assembly {
            invalid()
        }
    }

    function loop() external view {
        while (gasleft() >= 0) {}
    }

    function bigReturn() external pure {
        assembly {
            return(0, 100000)
        }
    }

    function bigRevert() external pure {
        assembly {
            revert(0, 100000)
        }
    }

    /// @notice Uses about that much gas, then records the call.
    function burn(uint256 amount) external {
        uint256 end = gasleft() > amount ? gasleft() - amount : 0;
        while (gasleft() > end) {}
        require(end > 0);
        _record();
    }

    /// @notice Delivers again from within a delivery.
    function reenter() external {
        Message memory message;
        message.to = address(this);
        (bool ok, bytes memory ret) = msg.sender.call(abi.encodeCall(IEndpoint.recv, (message, "")));
        emit Reentered(ok, ret);
    }

    /// @notice Sends a message in its own name.
    function sendVia(
        IEndpoint endpoint,
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        address refund,
        bytes calldata params
    ) external payable {
        endpoint.send{value: msg.value}(toChainId, to, gasLimit, encoded, refund, params);
    }

    function configure(IEndpoint endpoint, address oracle, address relayer) external {
        endpoint.setAppConfig(oracle, relayer);
    }

    function _record() private {
        uint256 gasIn = gasleft();
        ++received;
        emit Got(msg.sender, msg.value, gasIn, msg.data);
    }
}
