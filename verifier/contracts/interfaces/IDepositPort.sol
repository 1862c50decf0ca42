// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Where deposits from other chains arrive
/// @notice Credits what the gates of other chains have locked to the rollup's inbound queue, out of a reserve
/// of the rollup's collateral: all that the port holds. Anyone may add to the reserve, by `fund` or by naming
/// the port as the recipient of a withdrawal from the rollup; the owner may take what is not spent. That
/// moves nothing that a depositor owns: a deposit that finds the reserve too small fails, its tokens stay
/// locked in its gate, and the delivery is retried when the reserve has been filled.
///
/// Each delivered message credits exactly what its gate locked, and the endpoint delivers each once; so the
/// sum credited for a chain is at most the sum locked there.
interface IDepositPort {
    /// @dev Thrown when the reserve cannot pay for the deposit now.
    error ReserveTooSmall(uint256 reserve, uint64 amount);
    /// @dev Thrown when the token moved another amount than asked.
    error AmountNotReceived(uint256 expected, uint256 received);

    /// @notice A deposit made on another chain entered the rollup's queue.
    event DepositCredited(bytes32 indexed msgId, uint256 indexed fromChainId, uint256 ax, uint256 ay, uint64 amount);
    /// @notice Somebody added to the reserve.
    event Funded(address indexed provider, uint256 amount);
    /// @notice The owner took from the reserve.
    event Defunded(address indexed to, uint256 amount);
    /// @notice The sum of credits was reported to the gate of a chain.
    event CreditsReported(bytes32 indexed msgId, uint256 indexed chainId, uint64 credited);

    /// @notice Credits a deposit. Called by the endpoint with a message of a gate.
    function credit(uint64 amount, uint256 ax, uint256 ay) external;

    /// @notice Adds to the reserve, for good as far as the caller is concerned. Anyone may call.
    function fund(uint256 amount) external;

    /// @notice Takes from the reserve. Owner only.
    function defund(address to, uint256 amount) external;

    /// @notice Tells the gate of a chain how much was credited, so that it can be collected there. Anyone may
    /// call; the value pays for the message.
    function report(uint256 chainId, address refund, bytes calldata ormpParams)
        external
        payable
        returns (bytes32 msgId);

    /// @notice What `report` costs.
    function reportFee(uint256 chainId, bytes calldata ormpParams) external view returns (uint256);
}
