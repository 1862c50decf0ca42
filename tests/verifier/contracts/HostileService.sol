// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpoint} from "../../../verifier/contracts/interfaces/IEndpoint.sol";

/// @title An oracle and relayer that does, when it is asked or assigned, whatever it was told to
contract HostileService {
    enum Verdict {
        Yes,
        No,
        Burn,
        Flood
    }

    uint256 public price;
    Verdict public verdict;
    /// @notice What the planned call came to, and what was being sent meanwhile.
    bool public calledOk;
    bytes public calledRet;
    bytes32 public seenSending;
    address private _target;
    bytes private _data;
    bool private _withFee;

    function set(uint256 price_, Verdict verdict_) external {
        (price, verdict) = (price_, verdict_);
    }

    /// @notice What to call when a message is assigned, and whether to spend the fee on it.
    function plan(address target, bytes calldata data, bool withFee) external {
        (_target, _data, _withFee) = (target, data, withFee);
    }

    function fee(uint256, address) external view returns (uint256) {
        return price;
    }

    function fee(uint256, address, uint256, bytes calldata, bytes calldata) external view returns (uint256) {
        return price;
    }

    function assign(bytes32) external payable {
        _strike();
    }

    function assign(bytes32, bytes calldata) external payable {
        _strike();
    }

    function verifyMessageProof(uint256, bytes32, bytes calldata) external view returns (bool) {
        if (verdict == Verdict.Burn) {
            assembly {
                invalid()
            }
        }
        if (verdict == Verdict.Flood) {
            assembly {
                revert(0, 1000000)
            }
        }
        return verdict == Verdict.Yes;
    }

    receive() external payable {
        _strike();
    }

    function _strike() private {
        if (_target == address(0)) return;
        (calledOk, calledRet) = _target.call{value: _withFee ? msg.value : 0}(_data);
        seenSending = IEndpoint(msg.sender).sending();
    }
}
