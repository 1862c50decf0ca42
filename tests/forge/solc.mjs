#!/usr/bin/env node
// The npm compiler behind the two calls that forge makes of a solc executable: `--version`, and standard
// JSON on stdin. The version is told without solc-js's suffix, which forge does not parse.
import { readFileSync } from "node:fs";
import solc from "solc";

const version = solc.version().replace(/\.Emscripten\.clang$/, ".Linux.g++");
const banner = `solc, the solidity compiler commandline interface\nVersion: ${version}\n`;
const isVersion = process.argv.includes("--version");
process.stdout.write(isVersion ? banner : solc.compile(readFileSync(0, "utf8")));
