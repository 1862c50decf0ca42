// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpointV2} from "../../../verifier/contracts/interfaces/IEndpointV2.sol";
import {IMessageOracleV2} from "../../../verifier/contracts/interfaces/IMessageOracleV2.sol";
import {Message, MessageLeaf} from "../../../verifier/contracts/libraries/MessageLeaf.sol";

interface IRelayerV2 {
    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        view
        returns (uint256);
}

/// @title Behaves as the deployed ORMP v2.1.0 does, words of its reverts included
/// @notice Compared with the recorded rows by the tests; written from their description.
contract EndpointV2Double is IEndpointV2 {
    struct Config {
        address oracle;
        address relayer;
    }

    event MessageAccepted(bytes32 indexed msgHash, Message message);
    event MessageAssigned(
        bytes32 indexed msgHash,
        address indexed oracle,
        address indexed relayer,
        uint256 oracleFee,
        uint256 relayerFee,
        bytes params
    );
    event MessageDispatched(bytes32 indexed msgHash, bool dispatchResult);
    event HashImported(address indexed oracle, uint256 chainId, address channel, uint256 msgIndex, bytes32 hash);
    event AppConfigUpdated(address indexed ua, address oracle, address relayer);
    event DefaultConfigUpdated(address oracle, address relayer);
    event SetterChanged(address indexed oldSetter, address indexed newSetter);

    address public setter;
    uint256 public count;
    Config public defaultUC;
    mapping(address ua => Config) public ucOf;
    mapping(bytes32 msgHash => bool) public dones;
    mapping(address oracle => mapping(bytes32 lookupKey => bytes32)) public hashLookup;
    bool private transient _sending;
    bool private transient _receiving;

    constructor(address setter_) {
        setter = setter_;
    }

    function version() external pure returns (string memory) {
        return "2.1.0";
    }

    function LOCAL_CHAINID() external view returns (uint256) {
        return block.chainid;
    }

    function changeSetter(address next) external {
        require(msg.sender == setter, "!auth");
        emit SetterChanged(setter, next);
        setter = next;
    }

    function setDefaultConfig(address oracle, address relayer) external {
        require(msg.sender == setter, "!auth");
        defaultUC = Config(oracle, relayer);
        emit DefaultConfigUpdated(oracle, relayer);
    }

    function setAppConfig(address oracle, address relayer) external {
        ucOf[msg.sender] = Config(oracle, relayer);
        emit AppConfigUpdated(msg.sender, oracle, relayer);
    }

    function getAppConfig(address ua) public view returns (address oracle, address relayer) {
        Config memory config = ucOf[ua];
        oracle = config.oracle == address(0) ? defaultUC.oracle : config.oracle;
        relayer = config.relayer == address(0) ? defaultUC.relayer : config.relayer;
    }

    function importHash(uint256 chainId, address channel, uint256 msgIndex, bytes32 hash) external {
        hashLookup[msg.sender][keccak256(abi.encode(chainId, channel, msgIndex))] = hash;
        emit HashImported(msg.sender, chainId, channel, msgIndex, hash);
    }

    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        view
        returns (uint256)
    {
        (address oracle, address relayer) = getAppConfig(ua);
        uint256 relayerFee = IRelayerV2(relayer).fee(toChainId, ua, gasLimit, encoded, params);
        return relayerFee + IMessageOracleV2(oracle).fee(toChainId, ua);
    }

    function send(
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        address refund,
        bytes calldata params
    ) external payable returns (bytes32 msgHash) {
        require(!_sending, "!send-reentrancy");
        _sending = true;
        require(toChainId != block.chainid, "!cross-chain");
        Message memory message =
            Message(address(this), count, block.chainid, msg.sender, toChainId, to, gasLimit, encoded);
        msgHash = keccak256(abi.encode(message));
        emit MessageAccepted(msgHash, message);
        ++count;
        uint256 spent = _pay(msgHash, toChainId, gasLimit, encoded, params);
        require(msg.value >= spent, "!fee");
        if (msg.value > spent) _transfer(refund, msg.value - spent);
        _sending = false;
    }

    function recv(Message calldata message, bytes calldata proof) external returns (bool result) {
        require(!_receiving, "!recv-reentrancy");
        _receiving = true;
        (address oracle, address relayer) = getAppConfig(message.to);
        require(msg.sender == relayer, "!auth");
        bytes32 msgHash = MessageLeaf.hash(message);
        require(IMessageOracleV2(oracle).verifyMessageProof(message, proof), "!proof");
        require(message.toChainId == block.chainid, "!toChainId");
        require(!dones[msgHash], "done");
        dones[msgHash] = true;
        result = _dispatch(message, msgHash);
        emit MessageDispatched(msgHash, result);
        _receiving = false;
    }

    function _pay(
        bytes32 msgHash,
        uint256 toChainId,
        uint256 gasLimit,
        bytes calldata encoded,
        bytes calldata params
    ) private returns (uint256) {
        (address oracle, address relayer) = getAppConfig(msg.sender);
        uint256 relayerFee = IRelayerV2(relayer).fee(toChainId, msg.sender, gasLimit, encoded, params);
        _transfer(relayer, relayerFee);
        uint256 oracleFee = IMessageOracleV2(oracle).fee(toChainId, msg.sender);
        _transfer(oracle, oracleFee);
        emit MessageAssigned(msgHash, oracle, relayer, oracleFee, relayerFee, params);
        return relayerFee + oracleFee;
    }

    function _transfer(address to, uint256 amount) private {
        (bool paid,) = to.call{value: amount}("");
        require(paid, "!send");
    }

    function _dispatch(Message calldata message, bytes32 msgHash) private returns (bool ok) {
        bytes memory data = abi.encodePacked(message.encoded, msgHash, message.fromChainId, message.from);
        address to = message.to;
        uint256 gasLimit = message.gasLimit;
        uint256 left = gasleft() - 5000;
        require(left - left / 64 > gasLimit, "!gas");
        assembly ("memory-safe") {
            ok := call(gasLimit, to, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }
}
