// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IMessageOracle} from "../../../verifier/contracts/interfaces/IMessageOracle.sol";
import {IRelayer} from "../../../verifier/contracts/interfaces/IRelayer.sol";
import {Message, MessageLeaf} from "../../../verifier/contracts/libraries/MessageLeaf.sol";

/// @title Behaves as the deployed ORMP v1.5.0 does towards oracles, its defects and words included
/// @notice Delivery is whole and compared with the recorded rows by the tests. A send goes as far as an
/// oracle sees it: the fees and the assignments, but no message tree.
contract EndpointV1Double {
    struct Config {
        address oracle;
        address relayer;
    }

    event MessageDispatched(bytes32 indexed msgHash, bool dispatchResult);
    event AppConfigUpdated(address indexed ua, address oracle, address relayer);
    event DefaultConfigUpdated(address oracle, address relayer);

    address public setter;
    Config public defaultUC;
    mapping(address ua => Config) public ucOf;
    mapping(bytes32 msgHash => bool) public dones;
    bool private transient _receiving;

    constructor(address setter_) {
        setter = setter_;
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

    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        view
        returns (uint256)
    {
        (address oracle, address relayer) = getAppConfig(ua);
        uint256 relayerFee = IRelayer(relayer).fee(toChainId, ua, gasLimit, encoded, params);
        return relayerFee + IMessageOracle(oracle).fee(toChainId, ua);
    }

    function send(
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        address refund,
        bytes calldata params
    ) external payable returns (bytes32 msgHash) {
        Message memory message = Message(address(this), 0, block.chainid, msg.sender, toChainId, to, gasLimit, encoded);
        msgHash = keccak256(abi.encode(message));
        (address oracle, address relayer) = getAppConfig(msg.sender);
        uint256 relayerFee = IRelayer(relayer).fee(toChainId, msg.sender, gasLimit, encoded, params);
        IRelayer(relayer).assign{value: relayerFee}(msgHash, params);
        uint256 oracleFee = IMessageOracle(oracle).fee(toChainId, msg.sender);
        IMessageOracle(oracle).assign{value: oracleFee}(msgHash);
        uint256 spent = relayerFee + oracleFee;
        if (msg.value > spent) {
            (bool paid,) = refund.call{value: msg.value - spent}("");
            require(paid, "!refund");
        }
    }

    function recv(Message calldata message, bytes calldata proof) external payable returns (bool result) {
        require(!_receiving, "!recv-reentrancy");
        _receiving = true;
        (address oracle, address relayer) = getAppConfig(message.to);
        require(msg.sender == relayer, "!auth");
        bytes32 msgHash = MessageLeaf.hash(message);
        require(IMessageOracle(oracle).verifyMessageProof(message.fromChainId, msgHash, proof), "!proof");
        require(message.toChainId == block.chainid, "!toChainId");
        require(!dones[msgHash], "done");
        dones[msgHash] = true;
        result = _dispatch(message, msgHash);
        emit MessageDispatched(msgHash, result);
        _receiving = false;
    }

    function _dispatch(Message calldata message, bytes32 msgHash) private returns (bool ok) {
        bytes memory data = abi.encodePacked(message.encoded, msgHash, message.fromChainId, message.from);
        address to = message.to;
        uint256 gasLimit = message.gasLimit;
        assembly ("memory-safe") {
            ok := call(gasLimit, to, callvalue(), add(data, 0x20), mload(data), 0, 0)
        }
    }
}
