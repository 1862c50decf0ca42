// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IRollup} from "../../../verifier/contracts/interfaces/IRollup.sol";

/// @title A token that misbehaves as told: keeps a fee, returns false, or calls back into the rollup
contract HostileToken {
    enum Mode {
        Honest,
        KeepsFee,
        ReturnsFalse,
        ReturnsNothing,
        DepositsAgain
    }

    Mode public mode;
    mapping(address => uint256) public balanceOf;
    bool private _entered;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (mode == Mode.DepositsAgain && !_entered) {
            _entered = true;
            uint256 ax = 0; // (0, 1) is on the curve: the deposit itself is fine
            IRollup(to).deposit(uint64(amount), ax, 1);
            _entered = false;
        }
        // the outer call of the two moves nothing: it lives off the inner one's balance change
        if (mode == Mode.DepositsAgain && !_entered) return true;
        return _move(_entered ? address(this) : from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (mode == Mode.ReturnsFalse) return false;
        balanceOf[from] -= amount;
        balanceOf[to] += mode == Mode.KeepsFee ? amount - 1 : amount;
        if (mode == Mode.ReturnsNothing) {
            assembly {
                return(0, 0)
            }
        }
        return true;
    }
}
