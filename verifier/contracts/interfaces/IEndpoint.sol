// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Message} from "../libraries/MessageLeaf.sol";

/// @title An endpoint of ORMP v1
/// @notice Sends an application's messages to other chains and delivers those that oracles vouch for.
/// Functions, events, message hash, tree and proof are those of ORMP v1.5.0; what v1 got wrong is done
/// otherwise, and a failed delivery can be retried: messaging/DIFFERENCES.md lists every difference.
interface IEndpoint {
    // -- sending --

    /// @dev Thrown when send is entered again from within a send.
    error SendReentered();
    /// @dev Thrown when a message is addressed to the chain it is sent from.
    error SameChain(uint256 toChainId);
    /// @dev Thrown when the value sent along does not cover the fees of relayer and oracle.
    error FeeTooLow(uint256 paid, uint256 due);
    /// @dev Thrown when the refund address does not take what was paid too much.
    error RefundFailed(address refund, uint256 amount);

    /// @notice A message was accepted; `root` is the root of the tree with it as the last leaf.
    event MessageAccepted(bytes32 indexed msgHash, bytes32 root, Message message);

    /// @notice Sends a message: `to` on chain `toChainId` will be called with `encoded` and 84 bytes more
    /// (see recv) and gets `gasLimit` gas. The value must cover `fee`; what is too much goes to `refund`.
    /// @param params Passed on to the relayer.
    /// @return msgHash Hash of the message, by which it is known everywhere.
    function send(
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        address refund,
        bytes calldata params
    ) external payable returns (bytes32 msgHash);

    /// @notice What `ua` pays for such a message, in wei: relayer's and oracle's fee.
    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        view
        returns (uint256);

    /// @notice Hash of the message that is being sent by the current transaction, zero outside of `send`.
    /// An assignment of any other message is forged.
    function sending() external view returns (bytes32 msgHash);

    /// @notice Root of the tree of all messages sent from here.
    function root() external view returns (bytes32);

    /// @notice How many there are.
    function messageCount() external view returns (uint256);

    /// @notice The tree's branch: roots of its last complete subtrees by height, as ORMP v1 stores them.
    function imtBranch() external view returns (bytes32[32] memory);

    /// @notice Siblings of the last message in the tree; Panic 0x11 if there is none.
    function prove() external view returns (bytes32[32] memory);

    // -- delivery --

    /// @dev Thrown when a delivery is started from within a delivery or a send.
    error DeliveryReentered();
    /// @dev Thrown when the caller is not the relayer that the target application chose.
    error NotRelayer(address caller, address relayer);
    /// @dev Thrown when the target is this endpoint, or an oracle or relayer in charge: a call from the
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
    /// @dev Thrown by a retry of a message that was not delivered, or whose delivery did not fail.
    error NotFailed(bytes32 msgHash);
    /// @dev Thrown by a retry if the application does not want any.
    error RetriesRefused(address ua);
    /// @dev Thrown by a retry if the application's oracle is not the one that vouched for the message.
    error OracleReplaced(address vouched, address oracle);

    /// @notice A message was delivered; `dispatchResult` tells whether the application returned.
    event MessageDispatched(bytes32 indexed msgHash, bool dispatchResult);
    /// @notice A failed message was tried again; `dispatchResult` tells whether the application returned.
    event MessageRetried(bytes32 indexed msgHash, bool dispatchResult);
    /// @notice An application switched retries of its messages on or off.
    event RetryAllowed(address indexed ua, bool allowed);

    /// @notice Delivers a proven message: calls `message.to` with `encoded || msgHash || fromChainId ||
    /// from` (84 bytes appended) and `message.gasLimit` gas. One delivery per message, whatever the
    /// application does with it.
    /// @return dispatchResult Whether the application's call succeeded.
    function recv(Message calldata message, bytes calldata proof) external returns (bool dispatchResult);

    /// @notice Calls the application once more with a message whose delivery failed. Anyone may, unless
    /// the application switched retries off; a success is final, a failure can be tried again.
    /// @return dispatchResult Whether the application's call succeeded.
    function retry(Message calldata message) external returns (bool dispatchResult);

    /// @notice Switches retries of messages to the caller on (as at the start) or off.
    function setRetryAllowed(bool allowed) external;

    /// @notice Whether failed messages to `ua` may be retried.
    function retryAllowed(address ua) external view returns (bool);

    /// @notice Whether the message with this hash was delivered, successfully or not.
    function dones(bytes32 msgHash) external view returns (bool);

    /// @notice The oracle that vouched for a message whose delivery failed and that no retry mended;
    /// zero for all others.
    function failures(bytes32 msgHash) external view returns (address oracle);

    // -- oracles and relayers --

    /// @dev Thrown when the setter or one of the defaults would become the zero address.
    error ZeroAddress();
    /// @dev Thrown when an application has no oracle or no relayer: it chose none, and the defaults are
    /// not set yet.
    error NobodyInCharge(address ua);
    /// @dev Thrown when the caller is not the setter.
    error NotSetter(address caller);
    /// @dev Thrown when the caller was not proposed as the next setter.
    error NotNextSetter(address caller);

    /// @notice An application chose its oracle and relayer; zero stands for the default.
    event AppConfigUpdated(address indexed ua, address oracle, address relayer);
    /// @notice The defaults changed.
    event DefaultConfigUpdated(address oracle, address relayer);
    /// @notice The setter proposed a successor; zero takes a proposal back.
    event SetterProposed(address indexed setter, address indexed nextSetter);
    /// @notice There is a new setter.
    event SetterChanged(address indexed oldSetter, address indexed newSetter);

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

    /// @notice The chain that this endpoint is on.
    function LOCAL_CHAINID() external view returns (uint256);
}
