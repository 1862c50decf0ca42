// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

/// @title Numbered sets of signers, and m-of-n signatures over EIP-712 data
/// @notice Signers are plain accounts. A set never changes once it is defined; which one is in force is
/// the deriving contract's business. A signature counts only in one encoding (low s, v 27 or 28), for
/// one contract on one chain, and once: signers stand in ascending order.
abstract contract SignerSets {
    /// @dev Thrown when a set's signers are not in strictly ascending order, or one is zero.
    error SignersNotAscending(address signer);
    /// @dev Thrown when a set would need no signature, or more than it has signers.
    error ThresholdOutOfRange(uint256 threshold, uint256 signers);
    /// @dev Thrown when no signer set is in force.
    error NoSignerSet();
    /// @dev Thrown when the signatures are not 65 bytes each.
    error SignaturesLengthWrong(uint256 length);
    /// @dev Thrown when there are fewer signatures than the set asks for.
    error SignaturesTooFew(uint256 given, uint256 threshold);
    /// @dev Thrown when a signature has a high s, a v that is not 27 or 28, or no signer.
    error SignatureInvalid(uint256 position);
    /// @dev Thrown when a signature is not by a greater signer than the one before it.
    error SignaturesNotAscending(uint256 position, address signer);
    /// @dev Thrown when a signature is by somebody outside the set.
    error NotSigner(address signer);

    /// @notice A signer set was defined; it is not necessarily in force.
    event SignerSetDefined(uint256 indexed number, address[] signers, uint256 threshold);

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME_HASH = keccak256("Tallystick message oracle");
    bytes32 private constant VERSION_HASH = keccak256("1");
    /// @dev Half the order of secp256k1: of s and order - s, only the smaller one counts.
    uint256 private constant MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    uint256 private constant SIGNATURE_BYTES = 65;

    /// @notice Sets defined so far; they are numbered from 1.
    uint256 public setCount;
    /// @notice How many signatures a set asks for; zero if there is no such set.
    mapping(uint256 set => uint256) public thresholdOf;
    /// @notice Whether an account belongs to a set.
    mapping(uint256 set => mapping(address signer => bool)) public isSigner;

    /// @notice The EIP-712 domain of all signatures for this contract.
    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, NAME_HASH, VERSION_HASH, block.chainid, address(this)));
    }

    /// @dev Defines the next set and returns its number.
    function _defineSet(address[] memory signers, uint256 threshold) internal returns (uint256 number) {
        if (threshold == 0 || threshold > signers.length) revert ThresholdOutOfRange(threshold, signers.length);
        number = ++setCount;
        thresholdOf[number] = threshold;
        address previous;
        for (uint256 i = 0; i < signers.length; ++i) {
            if (signers[i] <= previous) revert SignersNotAscending(signers[i]);
            previous = signers[i];
            isSigner[number][previous] = true;
        }
        emit SignerSetDefined(number, signers, threshold);
    }

    /// @dev Returns if enough members of the set signed the struct with this EIP-712 hash. More
    /// signatures than needed do no harm, but each must be good.
    function _requireSigned(uint256 set, bytes32 structHash, bytes calldata signatures) internal view {
        uint256 threshold = thresholdOf[set];
        if (threshold == 0) revert NoSignerSet();
        if (signatures.length % SIGNATURE_BYTES != 0) revert SignaturesLengthWrong(signatures.length);
        uint256 count = signatures.length / SIGNATURE_BYTES;
        if (count < threshold) revert SignaturesTooFew(count, threshold);
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domainSeparator(), structHash));
        address previous;
        for (uint256 i = 0; i < count; ++i) {
            address signer = _recover(digest, signatures[i * SIGNATURE_BYTES:], i);
            if (signer <= previous) revert SignaturesNotAscending(i, signer);
            if (!isSigner[set][signer]) revert NotSigner(signer);
            previous = signer;
        }
    }

    /// @dev The signer of a digest, by the first 65 bytes of `signature`; never zero.
    function _recover(bytes32 digest, bytes calldata signature, uint256 position) private pure returns (address signer) {
        bytes32 r = bytes32(signature[:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        bool canonical = uint256(s) <= MAX_S && (v == 27 || v == 28);
        signer = canonical ? ecrecover(digest, v, r, s) : address(0);
        if (signer == address(0)) revert SignatureInvalid(position);
    }
}
