// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpoint} from "../../../verifier/contracts/interfaces/IEndpoint.sol";

/// @title An application that takes or refuses messages as its mood is, and may call somebody meanwhile
contract MoodyApplication {
    enum Mood {
        Willing,
        Unwilling,
        Burning,
        Flooding
    }

    Mood public mood;
    uint256 public received;
    uint256 public gasSeen;
    /// @notice What the planned call came to.
    bool public calledOk;
    bytes public calledRet;
    address private _target;
    bytes private _data;
    uint256 private _value;

    function setMood(Mood mood_) external {
        mood = mood_;
    }

    /// @notice What to call at each message.
    function plan(address target, bytes calldata data, uint256 value) external payable {
        (_target, _data, _value) = (target, data, value);
    }

    function choose(IEndpoint endpoint, address oracle, address relayer) external {
        endpoint.setAppConfig(oracle, relayer);
    }

    function allowRetries(IEndpoint endpoint, bool allowed) external {
        endpoint.setRetryAllowed(allowed);
    }

    receive() external payable {
        if (mood == Mood.Flooding) {
            assembly {
                return(0, 1000000)
            }
        }
    }

    fallback() external payable {
        uint256 gasNow = gasleft();
        if (mood == Mood.Unwilling) revert("not now");
        if (mood == Mood.Burning) {
            assembly {
                invalid()
            }
        }
        if (mood == Mood.Flooding) {
            assembly {
                revert(0, 1000000)
            }
        }
        (received, gasSeen) = (received + 1, gasNow);
        if (_target == address(0)) return;
        (calledOk, calledRet) = _target.call{value: _value}(_data);
    }
}
