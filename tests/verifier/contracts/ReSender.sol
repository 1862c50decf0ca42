// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IEndpoint} from "../../../verifier/contracts/interfaces/IEndpoint.sol";

/// @title Sends, and from within the refund sends again; takes no refund of anybody else's send
contract ReSender {
    event Reentered(bool ok, bytes ret);

    IEndpoint private _endpoint;
    uint256 private _toChainId;

    function go(IEndpoint endpoint, uint256 toChainId) external payable {
        (_endpoint, _toChainId) = (endpoint, toChainId);
        endpoint.send{value: msg.value}(toChainId, address(1), 0, "", address(this), "");
        _endpoint = IEndpoint(address(0));
    }

    receive() external payable {
        require(address(_endpoint) != address(0));
        bytes memory data = abi.encodeCall(IEndpoint.send, (_toChainId, address(1), 0, "", address(this), ""));
        (bool ok, bytes memory ret) = address(_endpoint).call{value: msg.value}(data);
        emit Reentered(ok, ret);
    }
}
