// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpoint} from "./IEndpoint.sol";
import {IERC20} from "./IERC20.sol";
import {IGroth16Verifier} from "./IGroth16Verifier.sol";

/// @title A validity-proof rollup: deposits in, proven batches, withdrawals and messages out
/// @notice A batch passes two steps. `commitBatch` (operator) posts the public data d, checks all that
/// can be checked without a proof and keeps one hash. `proveBatch` (anyone, in order) checks the proof
/// and finalises. Public data, as field elements, 5 + 4·slots of them:
///
///   d0  rollup id                    d1  state root before            d2  state root after
///   d3  batch number (64 bits) | timestamp_s << 64 (64) | operator index << 128 (32)
///   d4  messages before (32) | messages after << 32 (32) | deposits before << 64 (64)
///       | deposits after << 128 (64)
///   then four words a slot:
///   e0  type (8) | a index << 8 (32) | b index << 40 (32) | amount_e6 << 72 (64)
///       | fee_e6 << 136 (64)
///   type 0 noop; 1 deposit: e1, e2 = key; 2 transfer; 3 withdraw: e1 = recipient;
///   4 message: e1 = to (160) | toChainId << 160 (64), e2 = payload hash's upper half (128)
///   | gasLimit << 128 (64), e3 = payload hash's lower half.
///
/// Messages are what leaves: those of `message` transactions and, since a withdrawal leaves as a message
/// of the rollup to itself, those of `withdraw` transactions, together in slot order.
///
/// The proof's public inputs are [commitment, challenge, evaluation]: a Poseidon hash C of d made in the
/// circuit, z = keccak256(tag, chain id, contract, circuit id, C, keccak256(d)) mod r, and y = Σ d_i z^i.
interface IRollup {
    /// @notice What the rollup is built with; all of it but the operator is for ever.
    /// @param verifier Verifies proofs of the batch circuit.
    /// @param token The collateral.
    /// @param endpoint Delivers withdrawals that nobody claimed. The rollup chooses an oracle of its own
    /// proofs there, for ever.
    /// @param circuitId Digest of the batch circuit.
    /// @param genesisRoot State root before the first batch.
    /// @param rollupChainId ORMP chain id of the rollup itself, unequal to this chain's id.
    /// @param slots Transactions in a batch.
    /// @param operator May commit and revert batches.
    struct Config {
        IGroth16Verifier verifier;
        IERC20 token;
        IEndpoint endpoint;
        bytes32 circuitId;
        uint256 genesisRoot;
        uint64 rollupChainId;
        uint16 slots;
        address operator;
    }

    /// @notice What is kept of a committed batch, as a hash.
    /// @param number Batch number, from 1; number 0 is the genesis.
    /// @param timestamp Time of the batch, seconds.
    /// @param messageCount Messages sent by all batches up to this one.
    /// @param depositCount Deposits consumed by all batches up to this one.
    /// @param stateRoot State root after the batch.
    /// @param commitment C, first public input.
    /// @param challenge z, second public input.
    /// @param evaluation y, third public input.
    /// @param leavesHash keccak256 of the batch's message leaves, packed.
    struct Batch {
        uint64 number;
        uint64 timestamp;
        uint32 messageCount;
        uint64 depositCount;
        uint256 stateRoot;
        uint256 commitment;
        uint256 challenge;
        uint256 evaluation;
        bytes32 leavesHash;
    }

    /// @notice A Groth16 proof as the verifier reads it.
    struct Proof {
        uint256[2] a;
        uint256[2][2] b;
        uint256[2] c;
    }

    // -- errors: construction and roles --

    /// @dev Thrown at deployment when a configuration value cannot work.
    error ConfigInvalid();
    /// @dev Thrown when the caller lacks the role.
    error NotOperator(address caller);
    /// @dev Thrown when the caller was not named as the next operator.
    error NotNextOperator(address caller);

    // -- errors: deposits and withdrawals --

    /// @dev Thrown when the token calls back into a deposit or a claim.
    error Reentered();
    /// @dev Thrown when the deposited amount is zero.
    error AmountZero();
    /// @dev Thrown when all collateral together would reach 2^63.
    error CollateralCapExceeded();
    /// @dev Thrown when (ax, ay) is no canonical point of the BabyJubJub curve.
    error PublicKeyInvalid();
    /// @dev Thrown when the token moved another amount than asked (fee on transfer, re-entrancy).
    error AmountNotReceived(uint256 expected, uint256 received);
    /// @dev Thrown when the proof does not show this withdrawal under the root of a proven batch.
    error WithdrawalNotProven();
    /// @dev Thrown when the delivered message is not from the rollup itself.
    error NotOwnMessage(uint256 fromChainId, address from);
    /// @dev Thrown when the withdrawal was paid before, in whichever way.
    error WithdrawalPaidBefore(uint32 index);

    // -- errors: commitBatch --

    /// @dev Thrown when d has another length than 5 + 4·slots.
    error PublicDataLengthWrong(uint256 length, uint256 expected);
    /// @dev Thrown when the commitment is not below r.
    error CommitmentNotCanonical();
    /// @dev Thrown when d0 names another rollup.
    error RollupIdWrong(uint256 rollupId);
    /// @dev Thrown when the old state root is not the one of the batch before.
    error StateRootDiscontinuous(uint256 given, uint256 expected);
    /// @dev Thrown when a packed word of the header or a slot has bits where none belong.
    error PackingInvalid(uint256 element);
    /// @dev Thrown when the batch is not the next one in order.
    error NotNextBatch(uint64 given, uint64 expected);
    /// @dev Thrown when the time is before the previous batch's or too far ahead of this block's.
    error TimestampOutOfRange(uint64 timestamp);
    /// @dev Thrown when the message count does not continue, or does not grow by the messages in d.
    error MessageCountWrong();
    /// @dev Thrown when the deposit count does not continue, or does not grow by the deposits in d.
    error DepositCountWrong();
    /// @dev Thrown when the deposits in d are not the queue's next ones in order.
    error DepositsNotInQueue();
    /// @dev Thrown when a slot has a type that does not exist.
    error TransactionTypeUnknown(uint256 slot);
    /// @dev Thrown when there are more or fewer payloads than `message` transactions.
    error PayloadCountWrong();
    /// @dev Thrown when a payload is not the one whose hash stands in d.
    error PayloadWrong(uint256 message);

    // -- errors: proveBatch and revertBatch --

    /// @dev Thrown when the batch is not the one that was committed under its number.
    error BatchNotCommitted(uint64 number);
    /// @dev Thrown when the leaves are not those of the committed batch.
    error LeavesWrong();
    /// @dev Thrown when a batch is to be reverted that is already proven, or never was committed.
    error BatchNotPending(uint64 number);

    // -- events --

    /// @notice A deposit entered the queue at `index`; `prefix` hashes the queue up to and with it.
    event Deposited(
        uint64 indexed index, address indexed sender, uint256 ax, uint256 ay, uint64 amount, bytes32 prefix
    );
    /// @notice A batch was committed. Both arguments are what `proveBatch` will ask for.
    event BatchCommitted(uint64 indexed number, Batch batch, bytes32[] leaves);
    /// @notice A batch was proven: its state, its withdrawals and its messages are final.
    event BatchProven(uint64 indexed number, uint256 stateRoot, bytes32 messageRoot);
    /// @notice The pending batches `first` to `last` were dropped.
    event BatchesReverted(uint64 indexed first, uint64 last);
    /// @notice The withdrawal that left as message `index` was paid.
    event WithdrawalPaid(uint32 indexed index, address indexed recipient, uint64 amount);
    /// @notice `next` may take over the operator role.
    event OperatorProposed(address indexed current, address indexed next);
    /// @notice The operator role changed hands.
    event OperatorChanged(address indexed previous, address indexed current);

    // -- actions --

    /// @notice Takes `amount` of the caller's collateral and queues it for the account with this key.
    function deposit(uint64 amount, uint256 ax, uint256 ay) external;

    /// @notice Posts the next batch. Operator only.
    /// @param d Public data.
    /// @param payloads The payloads of the `message` transactions in slot order.
    /// @param commitment C, the circuit's hash of d.
    function commitBatch(uint256[] calldata d, bytes[] calldata payloads, uint256 commitment) external;

    /// @notice Finalises the oldest pending batch. Anyone may call. Nothing is remembered of a failed
    /// attempt, nor of the proof's bytes: Groth16 proofs are malleable.
    function proveBatch(Batch calldata batch, bytes32[] calldata leaves, Proof calldata proof) external;

    /// @notice Drops the pending batch `number` and all after it. Operator only.
    /// @param previous The batch before `number`, proven or not.
    function revertBatch(uint64 number, Batch calldata previous) external;

    /// @notice Pays a withdrawal of a proven batch to its recipient. Anyone may call; no relayer and no
    /// endpoint is needed. A withdrawal is paid once, here or by `payWithdrawal`.
    /// @param index Index of the message that the withdrawal left as.
    /// @param proof ORMP's proof of that message under the root of a proven batch, as relayers make it.
    function claimWithdrawal(uint32 index, address recipient, uint64 amount, bytes calldata proof) external;

    /// @notice Pays a withdrawal whose message the endpoint delivers. Endpoint only.
    function payWithdrawal(uint32 index, address recipient, uint64 amount) external;

    /// @notice Names the next operator. Operator only.
    function proposeOperator(address next) external;

    /// @notice Takes over the operator role.
    function acceptOperator() external;

    // -- views --

    /// @notice The rollup's own ORMP chain id.
    function rollupChainId() external view returns (uint64);

    /// @notice Root of the ORMP message tree after a proven batch; zero while no message was ever sent.
    /// Written once, when the batch is proven.
    function messageRoots(uint64 number) external view returns (bytes32);
}
