// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IPortEndpoint} from "../interfaces/IPortEndpoint.sol";
import {MessageReceiver} from "./MessageReceiver.sol";
import {Owned} from "./access/Owned.sol";

/// @title Base of applications that talk to one contract of their kind on each other chain
/// @notice What its owner may do is little, so that whoever relies on the contract relies on code:
///
/// * a chain's peer is named once and never changed. A peer that could be exchanged would let the owner
///   put any message into any sender's mouth; the price is that a mistake needs a new contract;
/// * the oracle is chosen at deployment and never changed, for the same reason. Zero follows the
///   endpoint's default, and then the endpoint's setter can do what the owner cannot;
/// * the relayer can be replaced, since it delivers but vouches for nothing.
///
/// What is left to trust: whoever names the peer of a new chain speaks for that chain, so a sender must
/// always be read together with its chain id.
abstract contract PeerApplication is MessageReceiver, Owned {
    /// @dev Thrown when the chain has no peer yet.
    error PeerUnknown(uint256 chainId);
    /// @dev Thrown when the chain's peer was named before.
    error PeerKnown(uint256 chainId, address peer);
    /// @dev Thrown when the named peer is the zero address, or its chain is this one.
    error PeerInvalid(uint256 chainId, address peer);
    /// @dev Thrown when a message was not sent by the peer of the chain it comes from.
    error NotPeer(uint256 fromChainId, address from);

    /// @notice A chain's peer was named.
    event PeerSet(uint256 chainId, address peer);

    /// @notice Whom the endpoint asks about messages to this contract; zero stands for its default.
    address public immutable oracle;
    /// @notice The contract of this kind on each other chain.
    mapping(uint256 chainId => address) public peerOf;

    constructor(address owner_, address endpoint_, address oracle_, address relayer)
        MessageReceiver(endpoint_)
        Owned(owner_)
    {
        oracle = oracle_;
        IPortEndpoint(endpoint_).setAppConfig(oracle_, relayer);
    }

    /// @notice Names the peer of a chain, once and for all. Owner only.
    function setPeer(uint256 chainId, address peer) external onlyOwner {
        if (peer == address(0) || chainId == block.chainid) revert PeerInvalid(chainId, peer);
        if (peerOf[chainId] != address(0)) revert PeerKnown(chainId, peerOf[chainId]);
        peerOf[chainId] = peer;
        emit PeerSet(chainId, peer);
    }

    /// @notice Chooses another relayer; zero means the endpoint's default. Owner only.
    function setRelayer(address relayer) external onlyOwner {
        IPortEndpoint(endpoint).setAppConfig(oracle, relayer);
    }

    /// @dev The peer to send to.
    function _peer(uint256 chainId) internal view returns (address peer) {
        peer = peerOf[chainId];
        if (peer == address(0)) revert PeerUnknown(chainId);
    }

    /// @dev Id and chain of the message being delivered, which a peer must have sent.
    function _requirePeer() internal view returns (bytes32 msgId, uint256 fromChainId) {
        if (msg.sender != endpoint) revert NotEndpoint(msg.sender);
        address from;
        (msgId, fromChainId, from) = _origin();
        if (from == address(0) || from != peerOf[fromChainId]) revert NotPeer(fromChainId, from);
    }
}
