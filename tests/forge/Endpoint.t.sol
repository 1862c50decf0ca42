// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {Message, MessageLeaf} from "../../verifier/contracts/libraries/MessageLeaf.sol";
import {Endpoint} from "../../verifier/contracts/messaging/Endpoint.sol";
import {Oracle} from "../../verifier/contracts/messaging/Oracle.sol";
import {Relayer} from "../../verifier/contracts/messaging/Relayer.sol";
import {PlainTree} from "./PlainTree.sol";
import {vm} from "./Vm.sol";

/// @title An application that counts how often each message succeeded, and fails or burns gas as told
contract CountingApplication {
    mapping(bytes32 msgHash => uint256) public successes;
    bool public failing;

    function setFailing(bool failing_) external {
        failing = failing_;
    }

    function allowRetries(Endpoint endpoint, bool allowed) external {
        endpoint.setRetryAllowed(allowed);
    }

    fallback() external {
        if (failing) revert();
        ++successes[bytes32(msg.data[msg.data.length - 84:msg.data.length - 52])];
    }
}

/// @title One chain's contracts
struct Side {
    Endpoint endpoint;
    Oracle oracle;
    Relayer relayer;
}

/// @title Two chains in one: sends on one, deliveries and retries on the other
contract EndpointHandler {
    uint256 private constant HOME = 1001;
    uint256 private constant AWAY = 1002;
    uint256 private constant MOST_MESSAGES = 6;
    uint256 private constant ORACLE_FEE = 3;

    Side private _home;
    Side private _away;
    CountingApplication private _application;
    Message[] private _messages;
    bytes32[] private _hashes;
    uint256 private _roots;
    uint256 private _fees;
    bool private _retriesRefused;
    mapping(bytes32 msgHash => bool) private _delivered;
    mapping(bytes32 msgHash => bool) private _failed;

    constructor() {
        _home = _side(HOME);
        _away = _side(AWAY);
        _application = new CountingApplication();
        vm.deal(address(this), 2 ** 128);
    }

    receive() external payable {}

    // -- actions --

    function send(uint256 gasLimit, bytes calldata encoded, uint64 excess, bool underpaid) external {
        if (_messages.length == MOST_MESSAGES) return;
        gasLimit %= 200_000;
        vm.chainId(HOME);
        address to = address(_application);
        uint256 due = _home.endpoint.fee(AWAY, address(this), gasLimit, encoded, "");
        uint256 before = address(this).balance;
        uint256 value = underpaid ? due - 1 : due + excess;
        try _home.endpoint.send{value: value}(AWAY, to, gasLimit, encoded, address(this), "") returns (bytes32 id) {
            assert(!underpaid && before - address(this).balance == due);
            _fees += due;
            uint256 index = _messages.length;
            _messages.push(
                Message(address(_home.endpoint), index, HOME, address(this), AWAY, to, gasLimit, encoded)
            );
            _hashes.push(id);
            assert(this.hash(_messages[index]) == id);
        } catch {
            assert(underpaid && before == address(this).balance);
        }
    }

    function deliver(uint256 choice, uint256 lie) external {
        if (_messages.length == 0) return;
        choice %= _messages.length;
        Message memory m = _messages[choice];
        bytes32 id = _hashes[choice];
        bytes memory proof = abi.encode(_importRoot(), choice, PlainTree.path(_hashes, choice));
        bool isLie = lie % 4 == 0; // one in four
        if (isLie) m.gasLimit ^= 1;
        try _away.relayer.relay(m, proof) {
            assert(!isLie && !_delivered[id]);
            _delivered[id] = true;
            _failed[id] = _application.successes(id) == 0;
            assert(_failed[id] || !_application.failing());
        } catch {
            assert(isLie || _delivered[id]);
        }
    }

    function retry(uint256 choice) external {
        if (_messages.length == 0) return;
        choice %= _messages.length;
        bytes32 id = _hashes[choice];
        vm.chainId(AWAY);
        try _away.endpoint.retry(_messages[choice]) returns (bool worked) {
            assert(_failed[id] && !_retriesRefused);
            _failed[id] = !worked;
        } catch {
            assert(!_failed[id] || _retriesRefused);
        }
    }

    function setFailing(bool failing) external {
        _application.setFailing(failing);
    }

    function refuseRetries(uint8 chance) external {
        _retriesRefused = chance % 8 == 0; // rarely, or nothing is retried
        _application.allowRetries(_away.endpoint, !_retriesRefused);
    }

    // -- what always holds --

    function check() external view {
        assert(address(_home.endpoint).balance == 0 && address(_away.endpoint).balance == 0);
        assert(address(_home.oracle).balance + address(_home.relayer).balance == _fees);
        assert(_home.endpoint.messageCount() == _hashes.length);
        assert(_home.endpoint.root() == PlainTree.root(_hashes));
        for (uint256 i = 0; i < _hashes.length; ++i) _checkMessage(_hashes[i]);
    }

    function _checkMessage(bytes32 id) private view {
        bool succeeded = _delivered[id] && !_failed[id];
        assert(_application.successes(id) == (succeeded ? 1 : 0));
        assert(_away.endpoint.dones(id) == _delivered[id]);
        assert((_away.endpoint.failures(id) != address(0)) == _failed[id]);
    }

    // -- parts --

    function hash(Message calldata m) external pure returns (bytes32) {
        return MessageLeaf.hash(m);
    }

    /// @dev Imports the newest root under a new block number.
    function _importRoot() private returns (uint256) {
        vm.chainId(AWAY);
        _away.oracle.importMessageRoot(HOME, ++_roots, _home.endpoint.root());
        return _roots;
    }

    function _side(uint256 chainId) private returns (Side memory side) {
        vm.chainId(chainId);
        side.endpoint = new Endpoint(address(this));
        side.oracle = new Oracle(address(this), address(side.endpoint));
        side.relayer = new Relayer(address(this), address(side.endpoint));
        side.endpoint.setDefaultConfig(address(side.oracle), address(side.relayer));
        side.oracle.setApproved(address(this), true);
        side.relayer.setApproved(address(this), true);
        side.oracle.setFee(AWAY, ORACLE_FEE);
        side.relayer.setDstPrice(AWAY, 10 ** 10, 2);
        side.relayer.setDstConfig(AWAY, 100_000, 16);
    }
}

/// @title The endpoint under any sequence of sends, deliveries, lies, failures and retries
contract EndpointTest {
    EndpointHandler private _handler;

    function setUp() external {
        _handler = new EndpointHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_OneSuccessAMessageAndNoMoneyLeftBehind() external view {
        _handler.check();
    }
}
