#!/usr/bin/env node
/**
 * The entry of the command. Short, and in the language of old releases, so that Node 14 can still read it and say
 * which release is needed.
 */
import process from "node:process";

const oldest = 20;

if (Number(process.versions.node.split(".")[0]) < oldest) {
  process.stderr.write(`pacslint needs Node ${oldest} or newer; this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  import("./command.ts").then(({ main }) => main());
}
