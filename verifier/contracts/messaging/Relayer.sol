// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IEndpoint} from "../interfaces/IEndpoint.sol";
import {IRelayer} from "../interfaces/IRelayer.sol";
import {CompactProofs} from "../libraries/CompactProofs.sol";
import {Message, MessageLeaf} from "../libraries/MessageLeaf.sol";
import {FeeCollector} from "./access/FeeCollector.sol";
import {Owned} from "./access/Owned.sol";

/// @title A relayer of ORMP v1; see IRelayer
/// @notice Keeps the fees until an approved account withdraws them. The owner approves accounts.
contract Relayer is IRelayer, FeeCollector {
    using CompactProofs for CompactProofs.Reader;

    struct Price {
        uint128 dstPriceRatio;
        uint128 dstGasPriceInWei;
    }

    struct Config {
        uint64 baseGas;
        uint64 gasPerByte;
    }

    /// @dev A token price ratio of one.
    uint256 private constant RATIO_ONE = 10 ** 10;
    /// @dev What a delivery in a batch may use beside the application: the oracle's check and the
    /// endpoint's own work, which take a tenth of it, and handling a byte of the payload.
    uint256 private constant DELIVERY_GAS = 300_000;
    uint256 private constant DELIVERY_GAS_PER_BYTE = 16;

    /// @notice The endpoint.
    address public immutable PROTOCOL;
    /// @notice Price of gas by chain.
    mapping(uint256 chainId => Price) public priceOf;
    /// @notice Gas that a delivery takes by chain.
    mapping(uint256 chainId => Config) public configOf;

    constructor(address owner_, address endpoint) Owned(owner_) {
        PROTOCOL = endpoint;
    }

    /// @inheritdoc IRelayer
    function setDstPrice(uint256 chainId, uint128 dstPriceRatio, uint128 dstGasPriceInWei) external onlyApproved {
        priceOf[chainId] = Price(dstPriceRatio, dstGasPriceInWei);
        emit SetDstPrice(chainId, dstPriceRatio, dstGasPriceInWei);
    }

    /// @inheritdoc IRelayer
    function setDstConfig(uint256 chainId, uint64 baseGas, uint64 gasPerByte) external onlyApproved {
        configOf[chainId] = Config(baseGas, gasPerByte);
        emit SetDstConfig(chainId, baseGas, gasPerByte);
    }

    /// @inheritdoc IRelayer
    function fee(uint256 toChainId, address, uint256 gasLimit, bytes calldata encoded, bytes calldata)
        external
        view
        returns (uint256)
    {
        Config memory config = configOf[toChainId];
        if (config.baseGas == 0) revert ChainNotServed(toChainId);
        Price memory price = priceOf[toChainId];
        (uint256 gasPrice, uint256 ratio) = (price.dstGasPriceInWei, price.dstPriceRatio);
        uint256 execution = gasPrice * (config.baseGas + gasLimit) * ratio / RATIO_ONE;
        uint256 payload = uint256(config.gasPerByte) * encoded.length * gasPrice * ratio / RATIO_ONE;
        return execution + payload;
    }

    /// @inheritdoc IRelayer
    function assign(bytes32 msgHash, bytes calldata params) external payable {
        if (msg.sender != PROTOCOL) revert NotEndpoint(msg.sender);
        bytes32 sending = IEndpoint(PROTOCOL).sending(); // zero if nothing is being sent
        if (sending == 0 || sending != msgHash) revert NotBeingSent(msgHash);
        emit Assigned(msgHash, msg.value, params, IEndpoint(PROTOCOL).prove());
    }

    /// @inheritdoc IRelayer
    /// @dev The arguments are those of the endpoint's recv, and are passed on as they are.
    function relay(Message calldata, bytes calldata) external onlyApproved {
        address endpoint = PROTOCOL;
        bytes4 selector = IEndpoint.recv.selector;
        assembly ("memory-safe") {
            let p := mload(0x40) // free memory, not kept
            mstore(p, selector) // another function
            calldatacopy(add(p, 4), 4, sub(calldatasize(), 4)) // of the same arguments
            if iszero(call(gas(), endpoint, 0, p, calldatasize(), 0, 0)) {
                returndatacopy(p, 0, returndatasize()) // the endpoint's error
                revert(p, returndatasize()) // is ours
            }
        }
    }

    /// @inheritdoc IRelayer
    function relayBatch(Message[] calldata messages, bytes calldata compactProofs) external onlyApproved {
        CompactProofs.Reader memory reader = CompactProofs.open(compactProofs);
        for (uint256 i = 0; i < messages.length; ++i) {
            reader.next();
            (bool delivered, bytes4 reason) = _deliver(messages[i], reader.proof);
            if (!delivered) emit DeliveryRefused(MessageLeaf.hash(messages[i]), reason);
        }
        if (!reader.isDone()) revert MalformedProofs();
    }

    /// @dev Calls recv and keeps neither memory nor more of an error than its selector.
    function _deliver(Message calldata message, bytes memory proof) private returns (bool ok, bytes4 reason) {
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40) // where memory is free now
        }
        bytes memory data = abi.encodeCall(IEndpoint.recv, (message, proof));
        address endpoint = PROTOCOL;
        uint256 gasLimit = _share(message);
        assembly ("memory-safe") {
            ok := call(gasLimit, endpoint, 0, add(data, 0x20), mload(data), 0, 0x20) // one word back
            if gt(mul(iszero(ok), returndatasize()), 3) {
                reason := and(mload(0), shl(224, 0xffffffff)) // the error's selector
            }
            mstore(0x40, free) // the call's data is not needed any more
        }
    }

    /// @dev Gas for one message of a batch: a hostile oracle or application cannot eat the others' share.
    /// An oracle that needs more is served by relay.
    function _share(Message calldata message) private view returns (uint256) {
        uint256 left = gasleft();
        if (message.gasLimit >= left) return left;
        return message.gasLimit + message.gasLimit / 63 + DELIVERY_GAS
            + DELIVERY_GAS_PER_BYTE * message.encoded.length;
    }
}
