// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Where a deposit into a rollup on another chain begins
/// @notice The gate locks a depositor's tokens and sends an ORMP message to the deposit port on the
/// settlement chain, which credits the same amount to the rollup's inbound queue out of its reserve.
///
/// Who can take what: the tokens in the gate belong to whoever fills the reserve, the gate's owner, but
/// only from when their deposits have been credited: the port reports the sum of all credits, and no more
/// than the last reported sum can ever be collected. A depositor cannot take a deposit back; it is
/// credited once its message is delivered, and until then the tokens stay locked. So a depositor relies on
/// the message system, and on a reserve that is filled sooner or later, but on no promise to be honest.
interface IDepositGate {
    /// @dev Thrown at deployment when the scale is zero, there is no token, or the settlement chain is this one.
    error GateInvalid();
    /// @dev Thrown when the deposited amount is zero.
    error AmountZero();
    /// @dev Thrown when all deposits together would reach 2^63: no rollup could hold them.
    error LockCapExceeded();
    /// @dev Thrown when (ax, ay) is no canonical point of the BabyJubJub curve: the rollup would refuse it.
    error PublicKeyInvalid();
    /// @dev Thrown when the token moved another amount than asked (fee on transfer, re-entrancy).
    error AmountNotReceived(uint256 expected, uint256 received);
    /// @dev Thrown when the token calls back.
    error Reentered();
    /// @dev Thrown when a report comes from another chain than the settlement chain.
    error NotSettlementChain(uint256 fromChainId);
    /// @dev Thrown when a report claims more credits than there are deposits.
    error CreditsExceedDeposits(uint64 credited, uint64 locked);
    /// @dev Thrown when more is to be collected than was credited and not collected yet.
    error NotCollectable(uint64 amount, uint64 collectable);

    /// @notice Tokens were locked, and the message that credits them was sent.
    event DepositSent(bytes32 indexed msgId, address indexed depositor, uint256 ax, uint256 ay, uint64 amount);
    /// @notice The port reported that deposits of this sum were credited.
    event CreditsConfirmed(uint64 credited);
    /// @notice Tokens of credited deposits left the gate.
    event Collected(address indexed to, uint64 amount);

    /// @notice Locks `amount` (times `scale`) of the caller's tokens and has it credited to the rollup account
    /// with this key. The value pays for the message; what is too much goes to `refund`.
    function deposit(uint64 amount, uint256 ax, uint256 ay, address refund, bytes calldata ormpParams)
        external
        payable
        returns (bytes32 msgId);

    /// @notice What `deposit` costs.
    function fee(bytes calldata ormpParams) external view returns (uint256);

    /// @notice Learns how much was credited. Called by the endpoint with a message of the deposit port.
    function confirm(uint64 credited_) external;

    /// @notice Pays out tokens of credited deposits. Owner only.
    function collect(address to, uint64 amount) external;
}
