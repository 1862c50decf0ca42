// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IEndpoint} from "../interfaces/IEndpoint.sol";

/// @title Which oracle and relayer serve which application
/// @notice The setter names the defaults; every application may choose others for itself.
abstract contract EndpointConfig is IEndpoint {
    /// @dev An oracle and a relayer; of an application, zero means the default.
    struct Pair {
        address oracle;
        address relayer;
    }

    /// @inheritdoc IEndpoint
    address public setter;
    /// @inheritdoc IEndpoint
    address public nextSetter;
    /// @inheritdoc IEndpoint
    Pair public defaultUC;
    /// @inheritdoc IEndpoint
    mapping(address ua => Pair) public ucOf;

    modifier onlySetter() {
        if (msg.sender != setter) revert NotSetter(msg.sender);
        _;
    }

    constructor(address setter_) {
        if (setter_ == address(0)) revert ZeroAddress();
        setter = setter_;
        emit SetterChanged(address(0), setter_);
    }

    /// @inheritdoc IEndpoint
    function changeSetter(address next) external onlySetter {
        nextSetter = next;
        emit SetterProposed(msg.sender, next);
    }

    /// @inheritdoc IEndpoint
    function acceptSetter() external {
        if (msg.sender != nextSetter) revert NotNextSetter(msg.sender);
        emit SetterChanged(setter, msg.sender);
        setter = msg.sender;
        nextSetter = address(0);
    }

    /// @inheritdoc IEndpoint
    function setDefaultConfig(address oracle, address relayer) external onlySetter {
        if (oracle == address(0) || relayer == address(0)) revert ZeroAddress();
        defaultUC = Pair(oracle, relayer);
        emit DefaultConfigUpdated(oracle, relayer);
    }

    /// @inheritdoc IEndpoint
    function setAppConfig(address oracle, address relayer) external {
        ucOf[msg.sender] = Pair(oracle, relayer);
        emit AppConfigUpdated(msg.sender, oracle, relayer);
    }

    /// @inheritdoc IEndpoint
    function getAppConfig(address ua) external view returns (address oracle, address relayer) {
        Pair memory chosen = _withDefaults(ucOf[ua], defaultUC);
        return (chosen.oracle, chosen.relayer);
    }

    /// @dev The pair in charge of an application, and the defaults. Both parts of the first are set.
    function _inCharge(address ua) internal view returns (Pair memory chosen, Pair memory defaults) {
        defaults = defaultUC;
        chosen = _withDefaults(ucOf[ua], defaults);
        if (chosen.oracle == address(0) || chosen.relayer == address(0)) revert NobodyInCharge(ua);
    }

    function _withDefaults(Pair memory chosen, Pair memory defaults) private pure returns (Pair memory) {
        return Pair(
            chosen.oracle == address(0) ? defaults.oracle : chosen.oracle,
            chosen.relayer == address(0) ? defaults.relayer : chosen.relayer
        );
    }
}
