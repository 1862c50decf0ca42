// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {FeeCollector} from "./access/FeeCollector.sol";
import {FeeTable} from "./access/FeeTable.sol";
import {Owned} from "./access/Owned.sol";
import {Assignable} from "./access/Assignable.sol";
import {SignedRoots} from "./roots/SignedRoots.sol";

/// @title An ORMP v1 oracle of the data-service kind
/// @notice Its owner imports the message roots of source chains block by block, and may name signers of
/// whom m of n can do the same. Selectors and events are those of ORMP v1.5.0's pushed oracle. It differs
/// in what it refuses: a root is never overwritten, a zero or empty root is none, an assignment pays its
/// fee, and a new owner must accept. Who trusts this oracle trusts its owner.
contract Oracle is SignedRoots, FeeTable, FeeCollector {
    /// @notice The signers were dismissed: only the owner imports.
    event SignersDismissed();

    uint256 private _signerSet;

    constructor(address owner_, address endpoint) Owned(owner_) Assignable(endpoint) {}

    /// @notice Imports the root of a source chain's endpoint after a block. Owner only.
    function importMessageRoot(uint256 chainId, uint256 blockNumber, bytes32 root) external onlyOwner {
        _import(chainId, blockNumber, root);
    }

    /// @notice Sets the fee for messages to a chain; zero ends the service. Approved accounts only.
    function setFee(uint256 chainId, uint256 amount) external onlyApproved {
        _setFee(chainId, amount);
    }

    /// @notice Names the endpoint of a source chain whose roots signers may import, for ever. Owner only.
    function bindSource(uint256 chainId, address channel) external onlyOwner {
        _bindSource(chainId, channel);
    }

    /// @notice Puts a set of signers in force, in place of any before. Owner only.
    /// @param signers In ascending order.
    /// @param threshold How many of them must sign a root.
    function setSigners(address[] calldata signers, uint256 threshold) external onlyOwner {
        _signerSet = _defineSet(signers, threshold);
    }

    /// @notice Dismisses the signers, so that only the owner imports. Owner only.
    function dismissSigners() external onlyOwner {
        _signerSet = 0;
        emit SignersDismissed();
    }

    /// @inheritdoc SignedRoots
    function signerSet() public view override returns (uint256) {
        return _signerSet;
    }
}
