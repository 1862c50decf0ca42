// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IPortEndpoint} from "../../../verifier/contracts/interfaces/IPortEndpoint.sol";

/// @title An endpoint that believes the test: remembers what was sent, delivers what it is told
contract PostOffice is IPortEndpoint {
    error PriceNotPaid();

    struct Parcel {
        address ua;
        uint256 value;
        uint256 toChainId;
        address to;
        uint256 gasLimit;
        bytes encoded;
        address refund;
        bytes params;
    }

    struct Config {
        address oracle;
        address relayer;
    }

    Parcel private _last;
    bytes32 public nextHash;
    uint256 public price;
    bool public lastResult;
    uint256 public lastGasUsed;
    Config public defaultUC;
    mapping(address ua => Config) public getAppConfig;

    constructor(address oracle, address relayer) {
        defaultUC = Config(oracle, relayer);
    }

    function setNextHash(bytes32 hash) external {
        nextHash = hash;
    }

    function setPrice(uint256 price_) external {
        price = price_;
    }

    function setAppConfig(address oracle, address relayer) external {
        getAppConfig[msg.sender] = Config(oracle, relayer);
    }

    function send(
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        address refund,
        bytes calldata params
    ) external payable returns (bytes32) {
        if (msg.value < price) revert PriceNotPaid();
        _last = Parcel(msg.sender, msg.value, toChainId, to, gasLimit, encoded, refund, params);
        if (nextHash == 0) return keccak256(abi.encode(_last));
        return nextHash;
    }

    /// @notice As strange as it is recognisable: a price that shows every argument.
    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        pure
        returns (uint256)
    {
        return uint256(keccak256(abi.encode(toChainId, ua, gasLimit, encoded, params)));
    }

    function last() external view returns (Parcel memory) {
        return _last;
    }

    /// @notice Delivers, and reverts as the receiver does.
    function deliver(address to, bytes calldata encoded, bytes32 id, uint256 fromChainId, address from) external {
        (bool ok, bytes memory result) = to.call(abi.encodePacked(encoded, id, fromChainId, from));
        if (ok) return;
        assembly {
            revert(add(result, 0x20), mload(result))
        }
    }

    /// @notice Delivers with a gas limit, and never reverts: what an endpoint does.
    function attempt(
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        bytes32 id,
        uint256 fromChainId,
        address from
    ) external {
        bytes memory data = abi.encodePacked(encoded, id, fromChainId, from);
        uint256 before = gasleft();
        (lastResult,) = to.call{gas: gasLimit}(data);
        lastGasUsed = before - gasleft();
    }
}
