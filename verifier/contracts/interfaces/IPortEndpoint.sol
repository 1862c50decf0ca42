// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title What an application on top asks of an ORMP endpoint
/// @notice Selectors that v1 and v2 of ORMP share with ours, so that ports also work over deployed endpoints.
interface IPortEndpoint {
    /// @notice Sends a message in the caller's name, pays for it and refunds the excess to `refund`.
    /// @return msgHash The message's hash, which is also its id.
    function send(
        uint256 toChainId,
        address to,
        uint256 gasLimit,
        bytes calldata encoded,
        address refund,
        bytes calldata params
    ) external payable returns (bytes32 msgHash);

    /// @notice What `send` costs when `ua` calls it.
    function fee(uint256 toChainId, address ua, uint256 gasLimit, bytes calldata encoded, bytes calldata params)
        external
        view
        returns (uint256);

    /// @notice Chooses the caller's oracle and relayer; zero in either place means the default.
    function setAppConfig(address oracle, address relayer) external;

    /// @notice The oracle and relayer in charge of messages to `ua`.
    function getAppConfig(address ua) external view returns (address oracle, address relayer);

    /// @notice The oracle and relayer of applications that chose none.
    function defaultUC() external view returns (address oracle, address relayer);
}
