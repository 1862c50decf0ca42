// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IDepositGate} from "../interfaces/IDepositGate.sol";
import {IDepositPort} from "../interfaces/IDepositPort.sol";
import {IERC20} from "../interfaces/IERC20.sol";
import {IPortEndpoint} from "../interfaces/IPortEndpoint.sol";
import {SafeToken} from "../libraries/SafeToken.sol";
import {BabyJubJub} from "../libraries/ScalarField.sol";
import {PeerApplication} from "./PeerApplication.sol";

/// @title The gate for deposits on another chain than the rollup's; see IDepositGate
contract DepositGate is IDepositGate, PeerApplication {
    using SafeToken for IERC20;

    /// @notice What a gate is built with, for ever.
    /// @param token What depositors lock.
    /// @param scale Smallest units of the token that are worth one unit of the rollup's collateral: 1 if
    /// both have 6 decimals, 10^12 if the token has 18.
    /// @param settlementChainId Where the rollup and its deposit port are.
    /// @param creditGas Gas for crediting a deposit there.
    struct Config {
        IERC20 token;
        uint256 scale;
        uint256 settlementChainId;
        uint256 creditGas;
    }

    /// @dev The rollup's own bound for all collateral.
    uint256 private constant LOCK_CAP = 2 ** 63;

    /// @notice What depositors lock.
    IERC20 public immutable token;
    /// @notice Smallest units of the token in one unit of the rollup's collateral.
    uint256 public immutable scale;
    /// @notice Where the rollup is.
    uint256 public immutable settlementChainId;
    /// @notice Gas for crediting a deposit.
    uint256 public immutable creditGas;

    /// @notice Sum of all deposits.
    uint64 public locked;
    /// @notice Sum of the deposits known to be credited.
    uint64 public credited;
    /// @notice How much of that was paid out.
    uint64 public collected;

    /// @dev Set while a token is called; forgotten at the transaction's end.
    bool private transient _entered;

    modifier guarded() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    constructor(address owner_, address endpoint_, address oracle_, address relayer, Config memory config)
        PeerApplication(owner_, endpoint_, oracle_, relayer)
    {
        bool inRange = config.scale > 0 && config.scale <= type(uint128).max;
        bool hasToken = address(config.token).code.length > 0;
        if (!inRange || !hasToken || config.settlementChainId == block.chainid) revert GateInvalid();
        token = config.token;
        scale = config.scale;
        settlementChainId = config.settlementChainId;
        creditGas = config.creditGas;
    }

    /// @inheritdoc IDepositGate
    function deposit(uint64 amount, uint256 ax, uint256 ay, address refund, bytes calldata ormpParams)
        external
        payable
        guarded
        returns (bytes32 msgId)
    {
        if (amount == 0) revert AmountZero();
        if (!BabyJubJub.isOnCurve(ax, ay)) revert PublicKeyInvalid();
        if (uint256(locked) + amount >= LOCK_CAP) revert LockCapExceeded();
        locked += amount;
        _lock(amount * scale);
        msgId = IPortEndpoint(endpoint).send{value: msg.value}(
            settlementChainId, _peer(settlementChainId), creditGas, _credit(amount, ax, ay), refund, ormpParams
        );
        emit DepositSent(msgId, msg.sender, ax, ay, amount);
    }

    /// @inheritdoc IDepositGate
    function fee(bytes calldata ormpParams) external view returns (uint256) {
        return IPortEndpoint(endpoint).fee(settlementChainId, address(this), creditGas, _credit(0, 0, 0), ormpParams);
    }

    /// @inheritdoc IDepositGate
    /// @dev Sums only grow, so a report that was overtaken by a later one changes nothing.
    function confirm(uint64 credited_) external {
        (, uint256 fromChainId) = _requirePeer();
        if (fromChainId != settlementChainId) revert NotSettlementChain(fromChainId);
        if (credited_ > locked) revert CreditsExceedDeposits(credited_, locked);
        if (credited_ <= credited) return;
        credited = credited_;
        emit CreditsConfirmed(credited_);
    }

    /// @inheritdoc IDepositGate
    function collect(address to, uint64 amount) external onlyOwner guarded {
        uint64 collectable = credited - collected;
        if (amount > collectable) revert NotCollectable(amount, collectable);
        collected += amount;
        emit Collected(to, amount);
        token.send(to, amount * scale);
    }

    /// @dev Fetches exactly `units` of the caller's tokens.
    function _lock(uint256 units) private {
        uint256 before = token.balanceOf(address(this));
        token.fetch(msg.sender, units);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != units) revert AmountNotReceived(units, received);
    }

    /// @dev The message's payload.
    function _credit(uint64 amount, uint256 ax, uint256 ay) private pure returns (bytes memory) {
        return abi.encodeCall(IDepositPort.credit, (amount, ax, ay));
    }
}
