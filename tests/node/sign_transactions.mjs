// Signs a file of transactions with circomlibjs (EdDSA-Poseidon on BabyJubJub), not with our code.
//
//     node sign_transactions.mjs < unsigned.json > signed.json
//
// Input:  {"rollup_id": "…", "private_keys": ["<64 hex digits>", …], "transactions": [{…}, …]}
//         a transaction is our JSON object without "signature"; sender_index selects the key
// Output: {"public_keys": [["…", "…"], …], "transactions": [{…, "signature": {r8x, r8y, s}}, …]}
//
// Slot words and signed message are packed here once more, from the format's description.
import { readFileSync } from "node:fs";
import { buildEddsa } from "circomlibjs";
import { utils } from "ethers";

const TYPES = { transfer: 2n, withdraw: 3n, message: 4n };
const HALF = 1n << 128n;

function slotWords(tx) {
  const integer = (name) => BigInt(tx[name] ?? "0");
  const e0 =
    TYPES[tx.type] |
    (integer("sender_index") << 8n) |
    (integer("receiver_index") << 40n) |
    (integer("amount_e6") << 72n) |
    (integer("fee_e6") << 136n);
  if (tx.type === "transfer") return [e0, 0n, 0n, 0n];
  if (tx.type === "withdraw") return [e0, integer("recipient"), 0n, 0n];
  const hash = BigInt(utils.keccak256(tx.payload));
  const target = integer("to") | (integer("to_chain_id") << 160n);
  return [e0, target, (hash / HALF) | (integer("gas_limit") << 128n), hash % HALF];
}

function signedMessage(poseidon, rollupId, tx) {
  const [e0, e1, e2, e3] = slotWords(tx);
  const validity = BigInt(tx.nonce) | (BigInt(tx.expiry_s) << 32n);
  return poseidon([BigInt(rollupId), e0, validity, e1, e2, e3]);
}

const eddsa = await buildEddsa();
const { F } = eddsa.babyJub;
const decimal = (element) => F.toObject(element).toString();

const input = JSON.parse(readFileSync(0, "utf8"));
const keys = input.private_keys.map((hex) => Buffer.from(hex, "hex"));

const transactions = input.transactions.map((tx) => {
  const message = signedMessage(eddsa.poseidon, input.rollup_id, tx);
  const { R8, S } = eddsa.signPoseidon(keys[Number(tx.sender_index)], message);
  return { ...tx, signature: { r8x: decimal(R8[0]), r8y: decimal(R8[1]), s: S.toString() } };
});
const publicKeys = keys.map((key) => eddsa.prv2pub(key).map(decimal));

console.log(JSON.stringify({ public_keys: publicKeys, transactions }, null, 1));
