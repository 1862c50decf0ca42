// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {Message} from "../../../verifier/contracts/libraries/MessageLeaf.sol";

interface IReceivingEndpoint {
    function recv(Message calldata message, bytes calldata proof) external returns (bool);
}

/// @title Behaves as the deployed relayer of ORMP v2.1.0, where recorded deliveries and sends need it
contract RelayerV2Double {
    IReceivingEndpoint public immutable PROTOCOL;
    address public immutable operator;
    uint256 public immutable servedChainId;
    uint256 public immutable ratio;
    uint256 public immutable gasPriceWei;
    uint256 public immutable baseGas;
    uint256 public immutable gasPerByte;

    constructor(IReceivingEndpoint endpoint, address operator_, uint256[5] memory prices) {
        PROTOCOL = endpoint;
        operator = operator_;
        (servedChainId, ratio, gasPriceWei, baseGas, gasPerByte) =
            (prices[0], prices[1], prices[2], prices[3], prices[4]);
    }

    receive() external payable {}

    function relay(Message calldata message) external {
        require(msg.sender == operator, "!approve");
        PROTOCOL.recv(message, "");
    }

    function fee(uint256 toChainId, address, uint256 gasLimit, bytes calldata encoded, bytes calldata)
        external
        view
        returns (uint256)
    {
        require(toChainId == servedChainId, "!baseGas");
        uint256 execution = gasPriceWei * (baseGas + gasLimit) * ratio / 1e10;
        return execution + gasPerByte * encoded.length * gasPriceWei * ratio / 1e10;
    }
}
