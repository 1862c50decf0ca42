// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IMessageOracle} from "../interfaces/IMessageOracle.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {ProvenRoots} from "./roots/ProvenRoots.sol";

/// @title An ORMP v1 oracle that believes proofs instead of signatures
/// @notice Serves the message roots of exactly one rollup: "block number" is the batch number, and a root
/// exists because a validity proof put it there. No owner, no keys, nothing to import. A message of
/// another channel is another leaf, and only the rollup's own leaves are in its tree. An application
/// chooses it with `setAppConfig`, on this project's endpoint or on a deployed one of v1.5.0.
contract ZkOracle is IMessageOracle, ProvenRoots {
    /// @dev Thrown by `assign`: nobody assigns messages to this oracle, so no event of an assignment can
    /// ever be forged. No send gets here, since `fee` refuses first.
    error AssignmentUnsupported();

    constructor(IRollup rollup_, uint64 rollupChainId) ProvenRoots(rollup_, rollupChainId) {}

    /// @inheritdoc IMessageOracle
    function verifyMessageProof(uint256 fromChainId, bytes32 msgHash, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return _isProven(fromChainId, msgHash, proof);
    }

    /// @inheritdoc IMessageOracle
    function merkleRoot(uint256 chainId, uint256 blockNumber) external view returns (bytes32) {
        return _provenRoot(chainId, blockNumber);
    }

    /// @inheritdoc IMessageOracle
    /// @dev Always reverts: this oracle serves messages that come out of the rollup, and no others.
    function fee(uint256 toChainId, address) external pure returns (uint256) {
        revert OutboundUnsupported(toChainId);
    }

    /// @inheritdoc IMessageOracle
    function assign(bytes32) external payable {
        revert AssignmentUnsupported();
    }
}
