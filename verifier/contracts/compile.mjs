// Solidity standard JSON in on stdin, out on stdout, through the npm compiler (solc-js).
import { readFileSync } from "node:fs";
import solc from "solc";

process.stdout.write(solc.compile(readFileSync(0, "utf8")));
