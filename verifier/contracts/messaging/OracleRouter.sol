// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IMessageOracle} from "../interfaces/IMessageOracle.sol";
import {Assignable} from "./access/Assignable.sol";

/// @title One oracle out of several, by source chain
/// @notice An application has one oracle for everything it receives and sends. This one asks, for each
/// source chain, the oracle that was chosen for that chain at deployment: the proofs of a rollup for the
/// rollup, signers or a data service where no proof exists. A chain is served by one oracle or by none,
/// so none of them can vouch for another's chain. Nothing can be changed later; an application that
/// wants another table deploys another router.
contract OracleRouter is IMessageOracle, Assignable {
    /// @notice A source chain and the oracle that is asked about it.
    struct Route {
        uint256 chainId;
        IMessageOracle oracle;
    }

    /// @dev Thrown at deployment when an oracle has no code, or a chain has an oracle already.
    error RouteInvalid(uint256 chainId, address oracle);
    /// @dev Thrown when an application sends and no outbound oracle was chosen.
    error NoOutboundOracle();
    /// @dev Thrown when the outbound oracle did not take its fee.
    error FeeNotTaken(address oracle, uint256 amount);

    /// @notice The oracle that is paid for messages sent from here, whatever their destination: an
    /// assignment names no chain. Zero if nothing is sent.
    IMessageOracle public immutable outbound;
    /// @notice The oracle that is asked, by source chain.
    mapping(uint256 chainId => IMessageOracle) public oracleOf;

    constructor(address endpoint, IMessageOracle outbound_, Route[] memory routes) Assignable(endpoint) {
        bool pays = address(outbound_) != address(0);
        if (pays && address(outbound_).code.length == 0) revert RouteInvalid(block.chainid, address(outbound_));
        outbound = outbound_;
        for (uint256 i = 0; i < routes.length; ++i) {
            (uint256 chainId, IMessageOracle oracle) = (routes[i].chainId, routes[i].oracle);
            bool isFree = address(oracleOf[chainId]) == address(0);
            if (!isFree || address(oracle).code.length == 0) revert RouteInvalid(chainId, address(oracle));
            oracleOf[chainId] = oracle;
        }
    }

    /// @inheritdoc IMessageOracle
    function verifyMessageProof(uint256 fromChainId, bytes32 msgHash, bytes calldata proof)
        external
        view
        returns (bool)
    {
        IMessageOracle oracle = oracleOf[fromChainId];
        if (address(oracle) == address(0)) return false;
        return oracle.verifyMessageProof(fromChainId, msgHash, proof);
    }

    /// @inheritdoc IMessageOracle
    function merkleRoot(uint256 chainId, uint256 blockNumber) external view returns (bytes32) {
        IMessageOracle oracle = oracleOf[chainId];
        return address(oracle) == address(0) ? bytes32(0) : oracle.merkleRoot(chainId, blockNumber);
    }

    /// @inheritdoc IMessageOracle
    function fee(uint256 toChainId, address ua) external view returns (uint256) {
        if (address(outbound) == address(0)) revert NoOutboundOracle();
        return outbound.fee(toChainId, ua);
    }

    /// @inheritdoc IMessageOracle
    /// @dev The assignment is signalled here, since the outbound oracle hears only its endpoint, and the
    /// fee goes on to it as a plain transfer.
    function assign(bytes32 msgHash) external payable {
        if (address(outbound) == address(0)) revert NoOutboundOracle();
        _assigned(msgHash);
        (bool paid,) = address(outbound).call{value: msg.value}("");
        if (!paid) revert FeeNotTaken(address(outbound), msg.value);
    }
}
