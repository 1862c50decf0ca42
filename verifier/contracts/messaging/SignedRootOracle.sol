// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Assignable} from "./access/Assignable.sol";
import {FeeTable} from "./access/FeeTable.sol";
import {SignedRoots} from "./roots/SignedRoots.sol";

/// @title An ORMP v1 oracle between two chains that nobody owns
/// @notice Roots are what m of n signers read from the source endpoint after a final block. The set
/// changes only by its own signatures, and only after a delay in which everybody can see the next set, an
/// application can choose another oracle, and the set can take the change back. The treasurer sets the
/// fees of messages that leave and keeps them; it has no say about roots or signers.
/// Trust: m signers together can forge any message of the bound sources. A validity proof needs no such
/// trust; this is for sources that have none.
contract SignedRootOracle is SignedRoots, FeeTable {
    /// @notice A source chain and the one endpoint there whose roots are served.
    struct Source {
        uint256 chainId;
        address channel;
    }

    /// @notice What the oracle is built with; all of it but the signer set is for ever.
    /// @param endpoint The endpoint on this chain.
    /// @param treasurer Sets and keeps the fees.
    /// @param rotationDelay_s How long the next signer set waits, in seconds.
    /// @param signers The first set, ascending.
    /// @param threshold How many of them must sign.
    /// @param sources Where roots come from.
    struct Config {
        address endpoint;
        address treasurer;
        uint32 rotationDelay_s;
        address[] signers;
        uint256 threshold;
        Source[] sources;
    }

    /// @dev Thrown at deployment when the treasurer is the zero address.
    error TreasurerZero();
    /// @dev Thrown at deployment when the next set would not have to wait.
    error RotationDelayZero();
    /// @dev Thrown when the caller is not the treasurer.
    error NotTreasurer(address caller);
    /// @dev Thrown when the fees could not be paid out: too few, or the receiver refused them.
    error WithdrawalFailed(address to, uint256 amount);
    /// @dev Thrown when a set is proposed while another one waits.
    error RotationPending(uint256 number);
    /// @dev Thrown when there is no waiting set to cancel; one that is in force waits no more.
    error NoRotationPending();

    /// @notice Set `number` comes into force at `from_s`, unless it is cancelled before.
    event RotationProposed(uint256 indexed number, uint256 from_s);
    /// @notice Set `number` will not come into force.
    event RotationCancelled(uint256 indexed number);
    /// @notice Fees were paid out.
    event Withdrawal(address indexed to, uint256 amt);

    bytes32 private constant SIGNER_SET_TYPE =
        keccak256("SignerSet(uint256 number,address[] signers,uint256 threshold)");
    bytes32 private constant CANCELLATION_TYPE = keccak256("SignerSetCancellation(uint256 number)");

    /// @notice Sets and keeps the fees.
    address public immutable treasurer;
    /// @notice How long the next signer set waits, in seconds.
    uint32 public immutable rotationDelay_s;

    /// @dev The set in force until `_nextFrom_s`.
    uint64 private _present;
    /// @dev The set in force from then on; zero if there is none.
    uint64 private _next;
    uint64 private _nextFrom_s;

    modifier onlyTreasurer() {
        if (msg.sender != treasurer) revert NotTreasurer(msg.sender);
        _;
    }

    constructor(Config memory config) Assignable(config.endpoint) {
        if (config.treasurer == address(0)) revert TreasurerZero();
        if (config.rotationDelay_s == 0) revert RotationDelayZero();
        treasurer = config.treasurer;
        rotationDelay_s = config.rotationDelay_s;
        _present = uint64(_defineSet(config.signers, config.threshold));
        for (uint256 i = 0; i < config.sources.length; ++i) {
            _bindSource(config.sources[i].chainId, config.sources[i].channel);
        }
    }

    /// @notice Fees arrive without ceremony.
    receive() external payable {}

    // -- fees --

    /// @notice Sets the fee for messages to a chain; zero ends the service. Treasurer only.
    function setFee(uint256 chainId, uint256 amount) external onlyTreasurer {
        _setFee(chainId, amount);
    }

    /// @notice Pays fees out. Treasurer only.
    function withdraw(address to, uint256 amount) external onlyTreasurer {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert WithdrawalFailed(to, amount);
        emit Withdrawal(to, amount);
    }

    // -- signers --

    /// @notice Proposes the next signer set. Anyone may bring the signatures of the set in force; they
    /// name the number of the new set, which is used once, so that none of them counts again.
    function proposeRotation(address[] calldata signers, uint256 threshold, bytes calldata signatures) external {
        uint256 present = signerSet();
        if (_next > present) revert RotationPending(_next);
        bytes32 members = keccak256(abi.encodePacked(signers));
        bytes32 proposal = keccak256(abi.encode(SIGNER_SET_TYPE, setCount + 1, members, threshold));
        _requireSigned(present, proposal, signatures);
        _present = uint64(present);
        _next = uint64(_defineSet(signers, threshold));
        _nextFrom_s = uint64(block.timestamp) + rotationDelay_s;
        emit RotationProposed(_next, _nextFrom_s);
    }

    /// @notice Cancels the waiting set. Anyone may bring the signatures of the set in force.
    function cancelRotation(bytes calldata signatures) external {
        uint256 present = signerSet();
        uint256 waiting = _next;
        if (waiting <= present) revert NoRotationPending();
        _requireSigned(present, keccak256(abi.encode(CANCELLATION_TYPE, waiting)), signatures);
        _next = 0;
        emit RotationCancelled(waiting);
    }

    /// @inheritdoc SignedRoots
    function signerSet() public view override returns (uint256) {
        return _next != 0 && block.timestamp >= _nextFrom_s ? _next : _present;
    }

    /// @notice The set that waits and the time from which it is in force; zeros if none waits.
    function pendingRotation() external view returns (uint256 number, uint256 from_s) {
        if (_next > signerSet()) (number, from_s) = (_next, _nextFrom_s);
    }
}
