// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title A rollup of which only the token is known
contract TokenOnly {
    address public immutable token;

    constructor(address token_) {
        token = token_;
    }
}
