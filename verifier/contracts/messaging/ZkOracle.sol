// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IMessageOracle} from "../interfaces/IMessageOracle.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {MessageProof} from "../libraries/MessageProof.sol";

/// @title An ORMP v1 oracle that believes proofs instead of signatures
/// @notice Serves the message roots of exactly one rollup: "block number" is the batch number, and a root
/// exists because a validity proof put it there. No owner, no keys, nothing to import. A message of
/// another channel is another leaf, and only the rollup's own leaves are in its tree.
contract ZkOracle is IMessageOracle {
    /// @dev Thrown by `assign`: messages leave a rollup by proof, nobody assigns them to this oracle, so
    /// no event of an assignment can ever be forged.
    error AssignmentUnsupported();

    /// @notice The rollup whose roots are served.
    IRollup public immutable rollup;
    /// @notice Its ORMP chain id.
    uint64 public immutable sourceChainId;

    /// @dev The rollup itself may be the deployer, and then has no code yet: it is not called here. A wrong
    /// chain id proves nothing, since each leaf of the rollup carries the right one.
    constructor(IRollup rollup_, uint64 rollupChainId) {
        rollup = rollup_;
        sourceChainId = rollupChainId;
    }

    /// @inheritdoc IMessageOracle
    function verifyMessageProof(uint256 fromChainId, bytes32 msgHash, bytes calldata proof)
        external
        view
        returns (bool)
    {
        (uint256 number, bytes32 computed) = MessageProof.root(msgHash, proof);
        if (msgHash == 0) return false; // the tree's empty positions are no messages
        return MessageProof.matches(merkleRoot(fromChainId, number), computed);
    }

    /// @inheritdoc IMessageOracle
    function merkleRoot(uint256 chainId, uint256 blockNumber) public view returns (bytes32) {
        if (chainId != sourceChainId || blockNumber > type(uint64).max) return 0;
        return rollup.messageRoots(uint64(blockNumber));
    }

    /// @inheritdoc IMessageOracle
    /// @dev Free: the rollup's fees pay for the proofs.
    function fee(uint256, address) external pure returns (uint256) {
        return 0;
    }

    /// @inheritdoc IMessageOracle
    function assign(bytes32) external payable {
        revert AssignmentUnsupported();
    }
}
