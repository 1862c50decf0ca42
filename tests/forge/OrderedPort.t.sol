// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IOrderedPort} from "../../verifier/contracts/interfaces/IOrderedPort.sol";
import {OrderedPort} from "../../verifier/contracts/messaging/OrderedPort.sol";
import {PostOffice} from "../verifier/contracts/PostOffice.sol";
import {vm} from "./Vm.sol";

/// @title A dapp that notices whether the numbers it gets always grow
contract CountingDapp {
    mapping(uint256 fromChainId => mapping(address from => uint64)) public lastOf;
    uint256 public calls;
    bool public failing;
    bool public surprised;

    function setFailing(bool failing_) external {
        failing = failing_;
    }

    function take(uint64 nonce) external {
        if (failing) revert();
        bytes calldata tail = msg.data[msg.data.length - 52:];
        (uint256 chainId, address from) = (uint256(bytes32(tail[:32])), address(bytes20(tail[32:])));
        if (nonce <= lastOf[chainId][from]) surprised = true;
        lastOf[chainId][from] = nonce;
        ++calls;
    }
}

/// @title One ordered port, two lanes; every message of a lane arrives once, in any order, at any time
contract OrderedPortHandler {
    uint64 private constant LANE_LENGTH = 6;
    uint256 private constant CHAIN = 46;
    address private constant PEER = address(0x9e9e);

    PostOffice private _office;
    OrderedPort public port;
    CountingDapp public dapp;
    mapping(address from => mapping(uint64 nonce => bool)) private _arrived;
    uint256 public givenUp;

    constructor() {
        _office = new PostOffice(address(1), address(2));
        port = new OrderedPort(address(this), address(_office), address(0), address(0));
        port.setPeer(CHAIN, PEER);
        dapp = new CountingDapp();
    }

    function lane(uint256 choice) public pure returns (address) {
        return choice % 2 == 0 ? address(0xda) : address(0xdb);
    }

    function arrive(uint256 choice, uint64 nonce) external {
        address from = lane(choice);
        nonce = nonce % LANE_LENGTH + 1;
        if (_arrived[from][nonce]) return;
        IOrderedPort.OrderedMessage memory m = message(from, nonce);
        bytes memory encoded = abi.encodeCall(port.recv, (from, m.toDapp, nonce, m.gasLimit, m.message));
        bool isGivenUp = nonce <= port.doneOf(CHAIN, from);
        try _office.deliver(address(port), encoded, m.msgId, CHAIN, PEER) {
            assert(!isGivenUp);
            _arrived[from][nonce] = true;
        } catch {
            assert(isGivenUp);
        }
    }

    function release(uint256 choice, uint64 nonce, uint64 more) external {
        address from = lane(choice);
        nonce = nonce % LANE_LENGTH + 1;
        IOrderedPort.OrderedMessage[] memory messages = new IOrderedPort.OrderedMessage[](more % 3 + 1);
        for (uint64 i = 0; i < messages.length; ++i) messages[i] = message(from, nonce + i);
        bool isTurn = nonce == port.doneOf(CHAIN, from) + 1 && port.heldOf(CHAIN, from, nonce) != 0;
        try port.release(messages) {
            assert(isTurn && !dapp.failing());
        } catch {
            assert(!isTurn || dapp.failing() || messages.length > 1);
        }
    }

    function setFailing(bool failing) external {
        dapp.setFailing(failing);
    }

    function skip(uint256 choice, uint64 nonce) external {
        address from = lane(choice);
        nonce = nonce % LANE_LENGTH + 1;
        bool isTurn = nonce == port.doneOf(CHAIN, from) + 1 && port.heldOf(CHAIN, from, nonce) != 0;
        vm.prank(address(dapp));
        try port.skip(message(from, nonce)) {
            assert(isTurn);
            ++givenUp;
        } catch {
            assert(!isTurn);
        }
    }

    function abandon(uint256 choice, uint64 nonce) external {
        if (nonce % 5 != 0) return; // rarely, or little else happens
        address from = lane(choice);
        nonce = nonce % LANE_LENGTH + 1;
        bool isTurn = nonce == port.doneOf(CHAIN, from) + 1;
        bytes memory encoded = abi.encodeCall(port.recvAbandon, (from, nonce));
        try _office.deliver(address(port), encoded, bytes32(0), CHAIN, PEER) {
            assert(isTurn);
            ++givenUp;
        } catch {
            assert(!isTurn);
        }
    }

    function message(address from, uint64 nonce) public view returns (IOrderedPort.OrderedMessage memory) {
        bytes memory body = abi.encodeCall(CountingDapp.take, (nonce));
        bytes32 id = keccak256(abi.encode(from, nonce));
        return IOrderedPort.OrderedMessage(id, CHAIN, from, nonce, address(dapp), 100_000, body);
    }

    function done() public view returns (uint256) {
        return uint256(port.doneOf(CHAIN, lane(0))) + port.doneOf(CHAIN, lane(1));
    }

    /// @notice Every number up to `done` was handed over or given up; what arrived beyond it is held.
    function check() external view {
        assert(!dapp.surprised() && dapp.calls() + givenUp == done());
        for (uint256 choice = 0; choice < 2; ++choice) {
            address from = lane(choice);
            uint64 reached = port.doneOf(CHAIN, from);
            assert(dapp.lastOf(CHAIN, from) <= reached);
            for (uint64 nonce = 1; nonce <= LANE_LENGTH; ++nonce) {
                bytes32 held = port.heldOf(CHAIN, from, nonce);
                bool isHeld = _arrived[from][nonce] && nonce > reached;
                assert(held == (isHeld ? keccak256(abi.encode(message(from, nonce))) : bytes32(0)));
            }
        }
    }
}

/// @title The ordered port under any sequence of events, and under any permutation
contract OrderedPortTest {
    OrderedPortHandler private _handler;

    function setUp() external {
        _handler = new OrderedPortHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_NumbersAreDeliveredOnceAndInOrder() external view {
        _handler.check();
    }

    /// @notice Whatever the permutation and whenever the dapp fails, in the end all were delivered.
    function testFuzz_AnyPermutationIsDeliveredInOrder(uint256 seed, uint8 failures) external {
        for (uint64 i = 0; i < 6; ++i) {
            _handler.setFailing((failures >> i) & 1 == 1);
            _handler.arrive(0, _pick(seed, i));
            _handler.check();
        }
        _handler.setFailing(false);
        for (uint64 nonce = 0; nonce < 6; ++nonce) _handler.release(0, nonce, 0);
        _handler.check();
        assert(_handler.dapp().calls() == 6);
    }

    /// @dev Entry `i` of a permutation of 0 … 5: sorted by hash of the seed.
    function _pick(uint256 seed, uint64 i) private pure returns (uint64 pick) {
        for (uint64 candidate = 0; candidate < 6; ++candidate) {
            uint64 rank = 0;
            for (uint64 other = 0; other < 6; ++other) {
                if (keccak256(abi.encode(seed, other)) < keccak256(abi.encode(seed, candidate))) ++rank;
            }
            if (rank == i) return candidate;
        }
    }
}
