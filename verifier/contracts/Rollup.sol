// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IERC20} from "./interfaces/IERC20.sol";
import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {BatchReader} from "./libraries/BatchReader.sol";
import {MessageTree} from "./libraries/MessageTree.sol";
import {PublicData} from "./libraries/PublicData.sol";
import {SafeToken} from "./libraries/SafeToken.sol";
import {BabyJubJub, R} from "./libraries/ScalarField.sol";
import {WithdrawalMessage} from "./libraries/WithdrawalMessage.sol";
import {MessageReceiver} from "./messaging/MessageReceiver.sol";
import {ZkOracle} from "./messaging/ZkOracle.sol";

/// @title The rollup contract; see IRollup for what each part means
contract Rollup is IRollup, MessageReceiver {
    using SafeToken for IERC20;

    /// @dev How far a batch's time may lie ahead of the block's.
    uint64 private constant MAX_CLOCK_LEAD = 15 minutes;
    /// @dev No account can then leave the circuit's range for balances.
    uint256 private constant COLLATERAL_CAP = 2 ** 63;

    /// @notice Verifies the batch circuit's proofs.
    IGroth16Verifier public immutable verifier;
    /// @notice The collateral token.
    IERC20 public immutable token;
    /// @notice Serves the message roots; the one oracle that this contract, as an application, believes.
    ZkOracle public immutable oracle;
    /// @notice Digest of the batch circuit.
    bytes32 public immutable circuitId;
    /// @notice What every batch and every signature names.
    uint256 public immutable rollupId;
    /// @inheritdoc IRollup
    uint64 public immutable rollupChainId;
    /// @notice Transactions in a batch.
    uint16 public immutable slots;

    /// @notice May commit and revert batches.
    address public operator;
    /// @notice May take over the operator role.
    address public nextOperator;

    /// @notice Collateral held for deposits and unclaimed withdrawals.
    uint64 public totalCollateral;
    /// @notice Deposits queued so far.
    uint64 public depositCount;
    /// @notice Hash of the first n deposits; depositPrefix[n] = keccak256(depositPrefix[n - 1], ax, ay, amount).
    mapping(uint64 n => bytes32) public depositPrefix;

    /// @dev Where the newest committed batch ends.
    BatchReader.Head private _committed;
    /// @dev Hash of each committed batch; number 0 is the genesis. Kept after the proof.
    mapping(uint64 number => bytes32) public batchHash;

    /// @notice Batches proven so far.
    uint64 public provenBatches;
    /// @notice Leaves of the message tree, which holds the messages of proven batches.
    uint32 public messageCount;
    /// @notice State root after the newest proven batch.
    uint256 public stateRoot;
    /// @dev Open subtrees of the message tree; filled with ones at deployment, so that no batch pays for
    /// fresh storage when the tree grows a level.
    bytes32[32] private _messageBranch;
    /// @inheritdoc IRollup
    mapping(uint64 number => bytes32) public messageRoots;

    /// @dev One bit a message: a withdrawal that was paid.
    mapping(uint256 word => uint256) private _paid;

    /// @dev Set while a token is called; forgotten at the transaction's end.
    bool private transient _entered;

    modifier locked() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    modifier onlyOperator() {
        if (msg.sender != operator) revert NotOperator(msg.sender);
        _;
    }

    constructor(Config memory config) MessageReceiver(address(config.endpoint)) {
        bool hasCode = address(config.verifier).code.length > 0 && address(config.token).code.length > 0
            && address(config.endpoint).code.length > 0;
        bool inRange = config.slots > 0 && config.slots <= 256 && config.genesisRoot < R;
        bool foreign = config.rollupChainId != 0 && config.rollupChainId != block.chainid;
        if (!hasCode || !inRange || !foreign || config.operator == address(0)) revert ConfigInvalid();
        verifier = config.verifier;
        token = config.token;
        circuitId = config.circuitId;
        rollupId = PublicData.rollupId(config.rollupChainId);
        rollupChainId = config.rollupChainId;
        slots = config.slots;
        operator = config.operator;
        Batch memory genesis;
        genesis.stateRoot = config.genesisRoot;
        batchHash[0] = keccak256(abi.encode(genesis));
        _committed.stateRoot = config.genesisRoot;
        stateRoot = config.genesisRoot;
        for (uint256 i = 0; i < 32; ++i) _messageBranch[i] = bytes32(uint256(1));
        oracle = new ZkOracle(this, config.rollupChainId);
        config.endpoint.setAppConfig(address(oracle), address(0));
    }

    // -- money in and out --

    /// @inheritdoc IRollup
    function deposit(uint64 amount, uint256 ax, uint256 ay) external locked {
        if (amount == 0) revert AmountZero();
        if (!BabyJubJub.isOnCurve(ax, ay)) revert PublicKeyInvalid();
        if (uint256(totalCollateral) + amount >= COLLATERAL_CAP) revert CollateralCapExceeded();
        totalCollateral += amount;
        uint64 index = depositCount++;
        bytes32 prefix = BatchReader.extendPrefix(depositPrefix[index], ax, ay, amount);
        depositPrefix[index + 1] = prefix;
        emit Deposited(index, msg.sender, ax, ay, amount, prefix);
        uint256 before = token.balanceOf(address(this));
        token.fetch(msg.sender, amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert AmountNotReceived(amount, received);
    }

    /// @inheritdoc IRollup
    function claimWithdrawal(uint32 index, address recipient, uint64 amount, bytes calldata proof) external locked {
        bytes32 leaf = WithdrawalMessage.hash(rollupChainId, index, recipient, amount);
        if (!oracle.verifyMessageProof(rollupChainId, leaf, proof)) revert WithdrawalNotProven();
        _pay(index, recipient, amount);
    }

    /// @inheritdoc IRollup
    /// @dev The oracle chosen in the constructor makes the endpoint deliver proven messages only, and the
    /// messages that are from this contract are its withdrawals.
    function payWithdrawal(uint32 index, address recipient, uint64 amount) external locked onlyEndpoint {
        (, uint256 fromChainId, address from) = _origin();
        if (fromChainId != rollupChainId || from != address(this)) revert NotOwnMessage(fromChainId, from);
        _pay(index, recipient, amount);
    }

    /// @notice Whether the withdrawal that left as this message was paid.
    function isPaid(uint32 index) public view returns (bool) {
        return (_paid[index >> 8] >> (index & 0xff)) & 1 == 1;
    }

    // -- batches --

    /// @inheritdoc IRollup
    function commitBatch(uint256[] calldata d, bytes[] calldata payloads, uint256 commitment) external onlyOperator {
        if (commitment >= R) revert CommitmentNotCanonical();
        uint256 expected = BatchReader.HEADER_WORDS + BatchReader.SLOT_WORDS * uint256(slots);
        if (d.length != expected) revert PublicDataLengthWrong(d.length, expected);
        if (d[0] != rollupId) revert RollupIdWrong(d[0]);
        BatchReader.Head memory head = BatchReader.nextHead(d, _committed);
        if (head.timestamp > block.timestamp + MAX_CLOCK_LEAD) revert TimestampOutOfRange(head.timestamp);
        BatchReader.Outbox memory outbox = BatchReader.readSlots(d, payloads, _context(head));
        _requireQueued(head.depositCount, outbox.depositPrefix);
        Batch memory batch = Batch({
            number: head.number,
            timestamp: head.timestamp,
            messageCount: head.messageCount,
            depositCount: head.depositCount,
            stateRoot: head.stateRoot,
            commitment: commitment,
            challenge: PublicData.challenge(circuitId, commitment, d),
            evaluation: 0,
            leavesHash: PublicData.packedHash(outbox.leaves)
        });
        batch.evaluation = PublicData.evaluate(d, batch.challenge);
        _committed = head;
        batchHash[head.number] = keccak256(abi.encode(batch));
        emit BatchCommitted(head.number, batch, outbox.leaves);
    }

    /// @inheritdoc IRollup
    function proveBatch(Batch calldata batch, bytes32[] calldata leaves, Proof calldata proof) external {
        uint64 number = batch.number;
        if (number != provenBatches + 1) revert NotNextBatch(number, provenBatches + 1);
        if (keccak256(abi.encode(batch)) != batchHash[number]) revert BatchNotCommitted(number);
        if (keccak256(abi.encodePacked(leaves)) != batch.leavesHash) revert LeavesWrong();
        uint256[3] memory inputs = [batch.commitment, batch.challenge, batch.evaluation];
        verifier.verifyProof(proof.a, proof.b, proof.c, inputs);
        bytes32 messageRoot = _appendMessages(number, leaves);
        provenBatches = number;
        stateRoot = batch.stateRoot;
        messageCount = batch.messageCount;
        emit BatchProven(number, batch.stateRoot, messageRoot);
    }

    /// @inheritdoc IRollup
    function revertBatch(uint64 number, Batch calldata previous) external onlyOperator {
        uint64 last = _committed.number;
        if (number <= provenBatches || number > last) revert BatchNotPending(number);
        bool precedes = previous.number == number - 1;
        if (!precedes || keccak256(abi.encode(previous)) != batchHash[number - 1]) {
            revert BatchNotCommitted(previous.number);
        }
        for (uint64 i = number; i <= last; ++i) delete batchHash[i];
        _committed = BatchReader.Head({
            number: previous.number,
            timestamp: previous.timestamp,
            messageCount: previous.messageCount,
            depositCount: previous.depositCount,
            stateRoot: previous.stateRoot
        });
        emit BatchesReverted(number, last);
    }

    /// @notice Batches committed so far, proven or pending.
    function committedBatches() external view returns (uint64) {
        return _committed.number;
    }

    // -- roles --

    /// @inheritdoc IRollup
    function proposeOperator(address next) external onlyOperator {
        nextOperator = next;
        emit OperatorProposed(operator, next);
    }

    /// @inheritdoc IRollup
    function acceptOperator() external {
        if (msg.sender != nextOperator) revert NotNextOperator(msg.sender);
        emit OperatorChanged(operator, msg.sender);
        operator = msg.sender;
        nextOperator = address(0);
    }

    // -- parts --

    /// @dev Pays a withdrawal that is proven, unless it was paid before.
    function _pay(uint32 index, address recipient, uint64 amount) private {
        if (isPaid(index)) revert WithdrawalPaidBefore(index);
        _paid[index >> 8] |= 1 << (index & 0xff);
        totalCollateral -= amount;
        emit WithdrawalPaid(index, recipient, amount);
        token.send(recipient, amount);
    }

    /// @dev What reading the slots of the batch that ends at `head` needs to know.
    function _context(BatchReader.Head memory head) private view returns (BatchReader.Context memory) {
        return BatchReader.Context({
            rollupChainId: rollupChainId,
            firstMessage: _committed.messageCount,
            messageCount: head.messageCount - _committed.messageCount,
            depositCount: head.depositCount - _committed.depositCount,
            depositPrefix: depositPrefix[_committed.depositCount]
        });
    }

    /// @dev The deposits of the batch are the queue's next ones exactly if the prefix hashes agree; no
    /// queue that ends earlier has a prefix there, since an unset one is zero.
    function _requireQueued(uint64 count, bytes32 prefix) private view {
        if (depositPrefix[count] != prefix) revert DepositsNotInQueue();
    }

    /// @dev Grows the tree and writes its root under the batch number, the only place that does. A batch
    /// without messages repeats the root before it; the empty tree's root is never written.
    function _appendMessages(uint64 number, bytes32[] calldata leaves) private returns (bytes32 root) {
        if (leaves.length > 0) root = MessageTree.append(_messageBranch, messageCount, leaves);
        else root = messageRoots[number - 1];
        if (root != 0) messageRoots[number] = root;
    }
}
