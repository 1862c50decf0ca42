// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IOrderedPort} from "../../../verifier/contracts/interfaces/IOrderedPort.sol";

/// @title A dapp that keeps every call it gets, and fails or calls others as told
contract RecordingDapp {
    error Unwilling();

    enum Mode {
        Willing,
        Failing,
        Flooding,
        Burning
    }

    Mode public mode;
    uint256 public count;
    uint256 public gasSeen;
    bool public planWorked;
    bytes public planResult;
    mapping(uint256 number => bytes) public received;
    mapping(uint256 number => address) public callers;
    address private _planTarget;
    bytes private _plan;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    /// @notice What to call from within the next delivery; the outcome is kept in `planWorked`.
    function plan(address target, bytes calldata data) external {
        _planTarget = target;
        _plan = data;
    }

    function skip(IOrderedPort port, IOrderedPort.OrderedMessage calldata message) external {
        port.skip(message);
    }

    fallback(bytes calldata data) external returns (bytes memory) {
        gasSeen = gasleft();
        if (mode == Mode.Failing) revert Unwilling();
        if (mode == Mode.Burning) {
            assembly {
                invalid()
            }
        }
        if (mode == Mode.Flooding) {
            assembly {
                return(0, 5000)
            }
        }
        received[count] = data;
        callers[count++] = msg.sender;
        if (_planTarget != address(0)) _carryOut();
        return "";
    }

    function _carryOut() private {
        address target = _planTarget;
        _planTarget = address(0);
        (planWorked, planResult) = target.call(_plan);
    }
}
