// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Message} from "../libraries/MessageLeaf.sol";

/// @title The relayer of ORMP v1
/// @notice On the source chain it quotes fees and is told of messages; on the destination its approved
/// accounts deliver them.
interface IRelayer {
    /// @dev Thrown when anyone but the endpoint assigns.
    error NotEndpoint(address caller);
    /// @dev Thrown when a message is assigned that the endpoint is not just sending: a forgery.
    error NotBeingSent(bytes32 msgHash);
    /// @dev Thrown when no price is set for messages to a chain.
    error ChainNotServed(uint256 chainId);
    /// @dev Thrown when compact proofs are not what the messages need: too short, too long, or an index
    /// and mask that cannot be.
    error MalformedProofs();

    /// @notice The endpoint gave a message to this relayer, with its fee and the proof of the message
    /// under the root that it made.
    event Assigned(bytes32 indexed msgHash, uint256 fee, bytes params, bytes32[32] proof);
    /// @notice One message of a batch could not be delivered; `reason` is the endpoint's error selector.
    event DeliveryRefused(bytes32 indexed msgHash, bytes4 reason);
    /// @notice Price of gas on a chain.
    event SetDstPrice(uint256 indexed chainId, uint128 dstPriceRatio, uint128 dstGasPriceInWei);
    /// @notice Gas that a delivery on a chain takes.
    event SetDstConfig(uint256 indexed chainId, uint64 baseGas, uint64 gasPerByte);

    /// @notice What the relayer takes for a message, in wei of this chain: with gas price p and the ratio r
    /// of the two chains' tokens in units of 10^-10, floor(p (baseGas + gasLimit) r / 10^10) +
    /// floor(gasPerByte · bytes of `encoded` · p r / 10^10). `ua` and `params` do not matter.
    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        view
        returns (uint256);

    /// @notice Called by the endpoint while it sends a message, with the fee as value.
    function assign(bytes32 msgHash, bytes calldata params) external payable;

    /// @notice Delivers a message through the endpoint; what the endpoint refuses reverts with its error,
    /// what the application does is not looked at. Approved accounts only.
    function relay(Message calldata message, bytes calldata proof) external;

    /// @notice Delivers messages one after another, all proven under the root of one block. A message
    /// that the endpoint refuses is skipped with an event, since somebody may have delivered it a moment
    /// ago, and the others are not to blame. Approved accounts only.
    /// @param compactProofs See CompactProofs.
    function relayBatch(Message[] calldata messages, bytes calldata compactProofs) external;

    /// @notice Sets the price of gas on a chain in its own token, and the ratio of its token's price to
    /// this chain's in units of 10^-10. Approved accounts only.
    function setDstPrice(uint256 chainId, uint128 dstPriceRatio, uint128 dstGasPriceInWei) external;

    /// @notice Sets the gas of a delivery without the application's, and that of a payload's byte; no
    /// messages are taken to a chain whose `baseGas` is zero. Approved accounts only.
    function setDstConfig(uint256 chainId, uint64 baseGas, uint64 gasPerByte) external;
}
