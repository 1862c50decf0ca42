// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IMessageOracle} from "../../../verifier/contracts/interfaces/IMessageOracle.sol";
import {MessageProof} from "../../../verifier/contracts/libraries/MessageProof.sol";

/// @title An oracle that knows one root a chain, the latest, as ORMP's first oracles did
contract LatestRootOracle is IMessageOracle {
    mapping(uint256 chainId => bytes32) public latest;

    function set(uint256 chainId, bytes32 root) external {
        latest[chainId] = root;
    }

    function verifyMessageProof(uint256 fromChainId, bytes32 msgHash, bytes calldata proof)
        external
        view
        returns (bool)
    {
        (uint256 number, bytes32 computed) = MessageProof.root(msgHash, proof);
        return MessageProof.matches(merkleRoot(fromChainId, number), computed);
    }

    function merkleRoot(uint256 chainId, uint256) public view returns (bytes32) {
        return latest[chainId];
    }

    function fee(uint256, address) external pure returns (uint256) {
        return 0;
    }

    function assign(bytes32) external payable {}
}
