// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {MessageReceiver} from "./MessageReceiver.sol";

/// @title A sample application: keeps the last notice that a message brought
contract NoticeBoard is MessageReceiver {
    /// @notice A notice arrived.
    event NoticePosted(bytes32 indexed msgHash, uint256 indexed fromChainId, address indexed from, string text);

    /// @notice Notices so far.
    uint256 public count;
    /// @notice Who sent the last one.
    address public lastFrom;
    /// @notice What it says.
    string public lastText;

    constructor(address endpoint_) MessageReceiver(endpoint_) {}

    /// @notice Keeps a notice. A message carries this call, ABI encoded, as its payload.
    function post(string calldata text) external onlyEndpoint {
        (bytes32 msgHash, uint256 fromChainId, address from) = _origin();
        ++count;
        lastFrom = from;
        lastText = text;
        emit NoticePosted(msgHash, fromChainId, from, text);
    }
}
