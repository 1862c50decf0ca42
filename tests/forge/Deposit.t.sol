// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {TestToken} from "../../verifier/contracts/TestToken.sol";
import {IDepositQueue} from "../../verifier/contracts/interfaces/IDepositQueue.sol";
import {IERC20} from "../../verifier/contracts/interfaces/IERC20.sol";
import {DepositGate} from "../../verifier/contracts/messaging/DepositGate.sol";
import {DepositPort} from "../../verifier/contracts/messaging/DepositPort.sol";
import {PostOffice} from "../verifier/contracts/PostOffice.sol";

/// @title A rollup's queue that only adds up
contract AddingQueue is IDepositQueue {
    IERC20 public immutable token;
    uint256 public total;

    constructor(IERC20 token_) {
        token = token_;
    }

    function deposit(uint64 amount, uint256, uint256) external {
        total += amount;
        token.transferFrom(msg.sender, address(this), amount);
    }
}

/// @title A gate and a port between which messages wait, arrive in any order, fail and are tried again
contract DepositHandler {
    uint256 private constant GATE_CHAIN = 46;
    uint256 private constant SETTLEMENT = 44;
    uint256 private constant SCALE = 10 ** 12;

    PostOffice private _office;
    TestToken private _locked;
    TestToken private _collateral;
    AddingQueue private _queue;
    DepositGate private _gate;
    DepositPort private _port;
    bytes[] private _deposits;
    bytes[] private _reports;
    uint64[] private _amounts;
    mapping(uint256 number => bool) private _isCredited;
    uint256 private _funded;

    constructor() {
        _office = new PostOffice(address(1), address(2));
        _locked = new TestToken();
        _collateral = new TestToken();
        _queue = new AddingQueue(_collateral);
        _port = new DepositPort(address(this), address(_office), address(0), address(0), _queue);
        DepositGate.Config memory config = DepositGate.Config(_locked, SCALE, SETTLEMENT, 300_000);
        _gate = new DepositGate(address(this), address(_office), address(0), address(0), config);
        _gate.setPeer(SETTLEMENT, address(_port));
        _port.setPeer(GATE_CHAIN, address(_gate));
    }

    function deposit(uint64 amount) external {
        amount %= 2 ** 61;
        _locked.mint(address(this), amount * SCALE);
        _locked.approve(address(_gate), amount * SCALE);
        bool fits = amount > 0 && uint256(_gate.locked()) + amount < 2 ** 63;
        try _gate.deposit(amount, 0, 1, address(this), "") {
            assert(fits);
            _deposits.push(_office.last().encoded);
            _amounts.push(amount);
        } catch {
            assert(!fits);
        }
    }

    function deliverDeposit(uint256 choice) external {
        if (_deposits.length == 0) return;
        choice %= _deposits.length;
        if (_isCredited[choice]) return; // an endpoint delivers once
        bool isFunded = _collateral.balanceOf(address(_port)) >= _amounts[choice];
        try _office.deliver(address(_port), _deposits[choice], bytes32(choice), GATE_CHAIN, address(_gate)) {
            assert(isFunded);
            _isCredited[choice] = true;
        } catch {
            assert(!isFunded);
        }
    }

    function fund(uint64 amount) external {
        _collateral.mint(address(this), amount);
        _collateral.approve(address(_port), amount);
        _port.fund(amount);
        _funded += amount;
    }

    function defund(uint256 amount) external {
        amount %= _collateral.balanceOf(address(_port)) + 1;
        _port.defund(address(3), amount);
        _funded -= amount;
    }

    function report() external {
        _port.report(GATE_CHAIN, address(this), "");
        _reports.push(_office.last().encoded);
    }

    function deliverReport(uint256 choice) external {
        if (_reports.length == 0) return;
        choice %= _reports.length;
        _office.deliver(address(_gate), _reports[choice], bytes32(0), SETTLEMENT, address(_port));
    }

    function collect(uint64 amount) external {
        uint64 collectable = _gate.credited() - _gate.collected();
        if (amount % 3 == 0) amount = collectable; // all of it, or mostly too much
        try _gate.collect(address(4), amount) {
            assert(amount <= collectable);
        } catch {
            assert(amount > collectable);
        }
    }

    /// @notice Nothing is credited that is not locked, nothing collected that is not credited.
    function check() external view {
        uint64 credited = _port.creditedOf(GATE_CHAIN);
        assert(_gate.collected() <= _gate.credited());
        assert(_gate.credited() <= credited && credited <= _gate.locked());
        assert(_queue.total() == credited && _collateral.balanceOf(address(_queue)) == credited);
        assert(_collateral.balanceOf(address(_port)) == _funded - credited);
        assert(_locked.balanceOf(address(_gate)) == (_gate.locked() - _gate.collected()) * SCALE);
        assert(_locked.balanceOf(address(4)) == _gate.collected() * SCALE);
    }
}

/// @title Deposits from another chain under any sequence of events
contract DepositTest {
    DepositHandler private _handler;

    function setUp() external {
        _handler = new DepositHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_EveryTokenIsAccountedFor() external view {
        _handler.check();
    }
}
