// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title An owner who hands over in two steps
/// @notice `owner` and `changeOwner` have the selectors of ORMP; but a new owner must accept, so that a
/// mistyped address cannot take a contract away from everybody.
abstract contract Owned {
    /// @dev Thrown when the caller is not the owner.
    error NotOwner(address caller);
    /// @dev Thrown when the caller was not proposed as the next owner.
    error NotNextOwner(address caller);
    /// @dev Thrown at deployment when the owner is the zero address.
    error OwnerZero();

    /// @notice The owner proposed a successor; zero takes a proposal back.
    event OwnershipProposed(address indexed owner, address indexed nextOwner);
    /// @notice The ownership changed hands.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// @notice Who may change settings.
    address public owner;
    /// @notice Who may accept the ownership.
    address public nextOwner;

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    constructor(address owner_) {
        if (owner_ == address(0)) revert OwnerZero();
        owner = owner_;
        emit OwnershipTransferred(address(0), owner_);
    }

    /// @notice Proposes the next owner. Owner only.
    function changeOwner(address next) external onlyOwner {
        nextOwner = next;
        emit OwnershipProposed(owner, next);
    }

    /// @notice Takes the ownership over.
    function acceptOwner() external {
        if (msg.sender != nextOwner) revert NotNextOwner(msg.sender);
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        nextOwner = address(0);
    }
}
