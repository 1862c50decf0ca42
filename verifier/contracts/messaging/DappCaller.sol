// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

import {IPortEndpoint} from "../interfaces/IPortEndpoint.sol";
import {PeerApplication} from "./PeerApplication.sol";

/// @title How a port calls the dapp that a message is for
/// @notice A dapp sees the port as its caller. So a port must own nothing and be approved nowhere, and it
/// calls nobody who gives its word a weight beyond that of a messenger: the endpoint, oracles, relayers.
abstract contract DappCaller is PeerApplication {
    /// @dev Thrown inside a delivery when the dapp is the port itself, the endpoint, or the oracle or
    /// relayer in charge.
    error ForbiddenDapp(address dapp);
    /// @dev Thrown inside a delivery when no contract lives at the dapp's address. Unlike a plain call,
    /// which would succeed and lose the message.
    error DappMissing(address dapp);
    /// @dev Thrown when the dapp reverted; `reason` is the start of what it returned.
    error DappFailed(address dapp, bytes reason);

    /// @dev How much returned data is kept: nobody pays for copying a flood.
    uint256 private constant KEPT_BYTES = 1024;

    /// @dev Why the dapp cannot be called, as an encoded error; empty if it can. Warms its address.
    function _refusal(address dapp) internal view returns (bytes memory) {
        if (_isForbidden(dapp)) return abi.encodeWithSelector(ForbiddenDapp.selector, dapp);
        if (dapp.code.length == 0) return abi.encodeWithSelector(DappMissing.selector, dapp);
        return "";
    }

    /// @dev Calls a dapp with its message and the tail, which dapps trust if it is the port that calls.
    function _callDapp(address dapp, uint256 gasLimit, bytes memory data)
        internal
        returns (bool ok, bytes memory result)
    {
        uint256 kept = KEPT_BYTES;
        assembly ("memory-safe") {
            // call without value; the answer is copied below
            ok := call(gasLimit, dapp, 0, add(data, 0x20), mload(data), 0, 0)
            if lt(returndatasize(), kept) { kept := returndatasize() } // the rest is dropped
            result := mload(0x40) // free memory
            mstore(result, kept) // length
            returndatacopy(add(result, 0x20), 0, kept) // content
            mstore(0x40, add(result, and(add(kept, 0x3f), not(0x1f)))) // now taken, whole words
        }
    }

    /// @dev Both the port's own choice and the defaults are forbidden: a message in the port's name must
    /// not reach whoever the endpoint listens to.
    function _isForbidden(address dapp) private view returns (bool) {
        if (dapp == endpoint || dapp == address(this)) return true;
        (address ownOracle, address ownRelayer) = IPortEndpoint(endpoint).getAppConfig(address(this));
        if (dapp == ownOracle || dapp == ownRelayer) return true;
        (address defaultOracle, address defaultRelayer) = IPortEndpoint(endpoint).defaultUC();
        return dapp == defaultOracle || dapp == defaultRelayer;
    }
}
