// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Message} from "../libraries/MessageLeaf.sol";

/// @title The receiving half of an ORMP v1 endpoint
/// @notice Message format, hash, proof, order of checks and the 84-byte tail are those of ORMP v1. Four
/// defects of v1 are closed: delivery takes no value, delivery needs the message's full gas limit, no
/// message reaches the endpoint, an oracle or a relayer, and a root cannot be overwritten (see IRollup).
interface IEndpoint {
    /// @dev Thrown when recv is entered again from within a delivery.
    error Reentered();
    /// @dev Thrown when the caller is not the relayer that the target application chose.
    error NotRelayer(address caller, address relayer);
    /// @dev Thrown when the target is this endpoint, or the oracle or relayer in charge: a call from the
    /// endpoint would carry an authority that no message may have.
    error ForbiddenTarget(address target);
    /// @dev Thrown when the oracle does not find the message under the root that the proof names.
    error MessageNotProven(bytes32 msgHash);
    /// @dev Thrown when the message is meant for another chain.
    error WrongDestination(uint256 toChainId);
    /// @dev Thrown when the message was delivered before, successfully or not.
    error AlreadyDelivered(bytes32 msgHash);
    /// @dev Thrown when the application could not be given the message's full gas limit. Nothing is
    /// lost: the same message can be delivered again with more gas.
    error InsufficientGas(uint256 available, uint256 required);
    /// @dev Thrown when the setter or one of the defaults would become the zero address.
    error ZeroAddress();
    /// @dev Thrown when an application has no oracle or no relayer: it chose none, and the defaults are
    /// not set yet.
    error NobodyInCharge(address ua);
    /// @dev Thrown when the caller is not the setter.
    error NotSetter(address caller);
    /// @dev Thrown when the caller was not proposed as the next setter.
    error NotNextSetter(address caller);

    /// @notice A message was delivered; `dispatchResult` tells whether the application returned.
    event MessageDispatched(bytes32 indexed msgHash, bool dispatchResult);
    /// @notice An application chose its oracle and relayer; zero stands for the default.
    event AppConfigUpdated(address indexed ua, address oracle, address relayer);
    /// @notice The defaults changed.
    event DefaultConfigUpdated(address oracle, address relayer);
    /// @notice The setter proposed a successor; zero takes a proposal back.
    event SetterProposed(address indexed setter, address indexed nextSetter);
    /// @notice There is a new setter.
    event SetterChanged(address indexed oldSetter, address indexed newSetter);

    /// @notice Delivers a proven message: calls `message.to` with `encoded || msgHash || fromChainId ||
    /// from` (84 bytes appended) and `message.gasLimit` gas. One delivery per message, whatever the
    /// application does with it.
    /// @return dispatchResult Whether the application's call succeeded.
    function recv(Message calldata message, bytes calldata proof) external returns (bool dispatchResult);

    /// @notice Chooses the caller's oracle and relayer; zero in either place means the default.
    function setAppConfig(address oracle, address relayer) external;

    /// @notice Chooses the oracle and relayer of everybody who chose none. Setter only.
    function setDefaultConfig(address oracle, address relayer) external;

    /// @notice Proposes the next setter, who must accept. Setter only.
    function changeSetter(address next) external;

    /// @notice Takes the setter's role over.
    function acceptSetter() external;

    /// @notice Who may change the defaults.
    function setter() external view returns (address);

    /// @notice Who may accept the setter's role.
    function nextSetter() external view returns (address);

    /// @notice The oracle and relayer of everybody who chose none; zero until they are set.
    function defaultUC() external view returns (address oracle, address relayer);

    /// @notice What an application chose; zero stands for the default.
    function ucOf(address ua) external view returns (address oracle, address relayer);

    /// @notice The oracle and relayer in charge of messages to `ua`, and of those it sends.
    function getAppConfig(address ua) external view returns (address oracle, address relayer);

    /// @notice Whether the message with this hash was delivered.
    function dones(bytes32 msgHash) external view returns (bool);
}
