// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpointV2} from "../../../verifier/contracts/interfaces/IEndpointV2.sol";
import {IMessageOracleV2} from "../../../verifier/contracts/interfaces/IMessageOracleV2.sol";
import {Message, MessageLeaf} from "../../../verifier/contracts/libraries/MessageLeaf.sol";

/// @title Behaves as the deployed oracle of ORMP v2.1.0, where recorded deliveries and sends need it
contract OracleV2Double is IMessageOracleV2 {
    IEndpointV2 public immutable PROTOCOL;
    address public immutable owner;
    mapping(uint256 chainId => uint256) public feeOf;

    constructor(IEndpointV2 endpoint, address owner_) {
        PROTOCOL = endpoint;
        owner = owner_;
    }

    receive() external payable {}

    function setFee(uint256 chainId, uint256 amount) external {
        feeOf[chainId] = amount;
    }

    function importMessageHash(uint256 chainId, address channel, uint256 msgIndex, bytes32 hash) external {
        require(msg.sender == owner, "!owner");
        PROTOCOL.importHash(chainId, channel, msgIndex, hash);
    }

    function verifyMessageProof(Message calldata message, bytes calldata) external view returns (bool) {
        bytes32 imported = hashOf(message.fromChainId, message.channel, message.index);
        return imported == MessageLeaf.hash(message);
    }

    function hashOf(uint256 chainId, address channel, uint256 msgIndex) public view returns (bytes32) {
        return PROTOCOL.hashLookup(address(this), keccak256(abi.encode(chainId, channel, msgIndex)));
    }

    function fee(uint256 toChainId, address) external view returns (uint256 amount) {
        amount = feeOf[toChainId];
        require(amount != 0, "!fee");
    }

    function version() external pure returns (string memory) {
        return "2.1.0";
    }
}
