// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IDepositGate} from "../interfaces/IDepositGate.sol";
import {IDepositPort} from "../interfaces/IDepositPort.sol";
import {IDepositQueue} from "../interfaces/IDepositQueue.sol";
import {IERC20} from "../interfaces/IERC20.sol";
import {IPortEndpoint} from "../interfaces/IPortEndpoint.sol";
import {SafeToken} from "../libraries/SafeToken.sol";
import {PeerApplication} from "./PeerApplication.sol";

/// @title The port for deposits from other chains; see IDepositPort
contract DepositPort is IDepositPort, PeerApplication {
    using SafeToken for IERC20;

    /// @dev Gas of a report at the gate.
    uint256 private constant REPORT_GAS = 60_000;

    /// @notice The rollup whose queue is filled.
    IDepositQueue public immutable rollup;
    /// @notice Its collateral, of which the reserve is made.
    IERC20 public immutable token;
    /// @notice Sum of what was credited for each chain.
    mapping(uint256 chainId => uint64) public creditedOf;

    constructor(address owner_, address endpoint_, address oracle_, address relayer, IDepositQueue rollup_)
        PeerApplication(owner_, endpoint_, oracle_, relayer)
    {
        rollup = rollup_;
        token = rollup_.token();
    }

    /// @inheritdoc IDepositPort
    /// @dev A call back from the token finds nothing to gain: only the endpoint gets in here, and what this
    /// deposit takes is counted before the token moves.
    function credit(uint64 amount, uint256 ax, uint256 ay) external {
        (bytes32 msgId, uint256 fromChainId) = _requirePeer();
        uint256 reserve = token.balanceOf(address(this));
        if (reserve < amount) revert ReserveTooSmall(reserve, amount);
        creditedOf[fromChainId] += amount;
        emit DepositCredited(msgId, fromChainId, ax, ay, amount);
        token.allow(address(rollup), amount);
        rollup.deposit(amount, ax, ay);
    }

    /// @inheritdoc IDepositPort
    function fund(uint256 amount) external {
        uint256 before = token.balanceOf(address(this));
        token.fetch(msg.sender, amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert AmountNotReceived(amount, received);
        emit Funded(msg.sender, amount);
    }

    /// @inheritdoc IDepositPort
    function defund(address to, uint256 amount) external onlyOwner {
        emit Defunded(to, amount);
        token.send(to, amount);
    }

    /// @inheritdoc IDepositPort
    function report(uint256 chainId, address refund, bytes calldata ormpParams)
        external
        payable
        returns (bytes32 msgId)
    {
        uint64 credited = creditedOf[chainId];
        msgId = IPortEndpoint(endpoint).send{value: msg.value}(
            chainId, _peer(chainId), REPORT_GAS, _confirm(credited), refund, ormpParams
        );
        emit CreditsReported(msgId, chainId, credited);
    }

    /// @inheritdoc IDepositPort
    function reportFee(uint256 chainId, bytes calldata ormpParams) external view returns (uint256) {
        return IPortEndpoint(endpoint).fee(chainId, address(this), REPORT_GAS, _confirm(0), ormpParams);
    }

    /// @dev The report's payload.
    function _confirm(uint64 credited) private pure returns (bytes memory) {
        return abi.encodeCall(IDepositGate.confirm, (credited));
    }
}
