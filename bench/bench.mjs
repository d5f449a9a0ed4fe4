/** Times whole runs of the built command, start-up included: node bench/bench.mjs, after npm run build. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const root = join(import.meta.dirname, "..");
const bin = join(root, "dist/pacslint.js");
const folder = mkdtempSync(join(tmpdir(), "pacslint-bench-"));

const configuration = '{ "Name": "Clinic", "RemoteAccessAllowed": true, "AuthenticationEnabled": false }\n';

/** What is timed, with how often. A release is given where many servers would be judged at every one. */
const cases = [
  { name: "bare Node", argv: ["-e", "0"], runs: 5 },
  { name: "one small file", argv: [bin, join(folder, "small")], runs: 5 },
  { name: "the examples", argv: [bin, join(root, "examples")], runs: 3 },
  { name: "1,000 servers", argv: [bin, join(folder, "many"), "--orthanc-version", "1.12.7"], runs: 1 },
];

try {
  write("small", 1);
  write("many", 1000);
  for (const { name, argv, runs } of cases) {
    const times = Array.from({ length: runs }, () => time(argv)).sort((left, right) => left - right);
    const median = times[Math.floor(times.length / 2)];
    console.log(`${name.padEnd(16)} ${(median / 1000).toFixed(2)} s   (median of ${runs})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(name, count) {
  for (let index = 0; index < count; index++) {
    mkdirSync(join(folder, name, `site-${index}`), { recursive: true });
    writeFileSync(join(folder, name, `site-${index}/orthanc.json`), configuration);
  }
}

function time(argv) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0 && status !== 1 && status !== 3) throw new Error(`exit code ${status}: ${stderr}`);
  return performance.now() - started;
}
