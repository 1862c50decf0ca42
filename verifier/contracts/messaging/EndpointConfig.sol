// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IEndpoint} from "../interfaces/IEndpoint.sol";

/// @title Which oracle and relayer serve which application
/// @notice The setter names the defaults; every application may choose others for itself.
abstract contract EndpointConfig is IEndpoint {
    /// @dev What an application chose. The flags share the oracle's slot, so that one read tells an
    /// application that chose nothing.
    struct Choice {
        address oracle;
        bool hasRelayer;
        bool refusesRetries;
        address relayer;
    }

    /// @inheritdoc IEndpoint
    address public setter;
    /// @inheritdoc IEndpoint
    address public nextSetter;

    address private _defaultOracle;
    /// @dev Leaves of the message tree. Beside the default oracle, which each send reads anyway.
    uint32 internal _messageCount;
    address private _defaultRelayer;
    mapping(address ua => Choice) private _choices;

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
        _defaultOracle = oracle;
        _defaultRelayer = relayer;
        emit DefaultConfigUpdated(oracle, relayer);
    }

    /// @inheritdoc IEndpoint
    function setAppConfig(address oracle, address relayer) external {
        Choice storage choice = _choices[msg.sender];
        choice.oracle = oracle;
        choice.hasRelayer = relayer != address(0);
        choice.relayer = relayer;
        emit AppConfigUpdated(msg.sender, oracle, relayer);
    }

    /// @inheritdoc IEndpoint
    function setRetryAllowed(bool allowed) external {
        _choices[msg.sender].refusesRetries = !allowed;
        emit RetryAllowed(msg.sender, allowed);
    }

    /// @inheritdoc IEndpoint
    function retryAllowed(address ua) public view returns (bool) {
        return !_choices[ua].refusesRetries;
    }

    /// @inheritdoc IEndpoint
    function defaultUC() external view returns (address oracle, address relayer) {
        return (_defaultOracle, _defaultRelayer);
    }

    /// @inheritdoc IEndpoint
    function ucOf(address ua) external view returns (address oracle, address relayer) {
        return (_choices[ua].oracle, _choices[ua].relayer);
    }

    /// @inheritdoc IEndpoint
    function getAppConfig(address ua) public view returns (address oracle, address relayer) {
        Choice storage choice = _choices[ua];
        oracle = choice.oracle;
        if (oracle == address(0)) oracle = _defaultOracle;
        relayer = choice.hasRelayer ? choice.relayer : _defaultRelayer;
    }

    /// @dev The oracle and relayer in charge of an application; there are both.
    function _inCharge(address ua) internal view returns (address oracle, address relayer) {
        (oracle, relayer) = getAppConfig(ua);
        if (oracle == address(0) || relayer == address(0)) revert NobodyInCharge(ua);
    }

    /// @dev A message must not speak with the endpoint's voice to those who trust it. The defaults are
    /// named beside the target's own choice, so that choosing others opens no way to them.
    function _refuseForbidden(address to, address oracle, address relayer) internal view {
        bool forbidden = to == address(this) || to == oracle || to == relayer
            || to == _defaultOracle || to == _defaultRelayer;
        if (forbidden) revert ForbiddenTarget(to);
    }
}
