// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IRollup} from "../../interfaces/IRollup.sol";
import {MessageProof} from "../../libraries/MessageProof.sol";

/// @title Message roots that a validity proof vouches for: those of exactly one rollup
/// @notice "Block number" is the batch number. Nothing is imported, nobody owns anything, and the rollup
/// writes each root once.
abstract contract ProvenRoots {
    /// @dev Thrown when an application asks what sending costs: messages leave a rollup by proof, so there
    /// is nothing on this chain that this oracle could be paid for. An application that also sends from
    /// here chooses an OracleRouter.
    error OutboundUnsupported(uint256 toChainId);

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

    /// @dev The root after a proven batch; zero for other chains, other batches and the empty tree.
    function _provenRoot(uint256 chainId, uint256 batch) internal view returns (bytes32) {
        if (chainId != sourceChainId || batch > type(uint64).max) return 0;
        return rollup.messageRoots(uint64(batch));
    }

    /// @dev Whether the proof leads from the message to the proven root that it names.
    function _isProven(uint256 fromChainId, bytes32 msgHash, bytes calldata proof) internal view returns (bool) {
        (uint256 batch, bytes32 computed) = MessageProof.root(msgHash, proof);
        if (msgHash == 0) return false; // the tree's empty positions are no messages
        return MessageProof.matches(_provenRoot(fromChainId, batch), computed);
    }
}
