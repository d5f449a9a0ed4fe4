/** A run over very many servers: what it knows of one is forgotten when the next one comes. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lintDeployments, surveyPaths } from "../../src/lint.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";

const open = `{ "Name": "Clinic", "RemoteAccessAllowed": true, "AuthenticationEnabled": false }\n`;

const bin = join(import.meta.dirname, "../../dist/pacslint.js");
const folder = mkdtempSync(join(tmpdir(), "pacslint-many-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

test.skipIf(!existsSync(bin))(
  "two thousand servers fit into 256 MB",
  () => {
    for (let index = 0; index < 2000; index++) {
      mkdirSync(join(folder, `site-${index}`));
      writeFileSync(join(folder, `site-${index}/orthanc.json`), open);
    }
    const argv = ["--max-old-space-size=256", bin, ".", "--orthanc-version", "1.12.7", "--quiet"];
    const options = { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
    const { status, stdout } = spawnSync(process.execPath, argv, options);
    expect(status).toBe(1);
    expect(stdout.match(/\(http-no-authentication\)/g)).toHaveLength(2000);
  },
  240_000,
);

test("deployments are judged when they are asked for", () => {
  const files = memoryFiles({ "a/orthanc.json": open, "b/orthanc.json": open, "c/orthanc.json": open });
  const judged: string[] = [];
  const options = {
    paths: ["."],
    rules: bundledRules,
    audience: "everyday",
    failOn: "high",
    orthancVersion: "1.12.7",
    envFiles: [],
    env: {},
    onHost: false,
    allowUndetermined: false,
  } as const;
  const survey = surveyPaths(options, { files, crypto: nodeCrypto, now: new Date(0) });
  for (const { report } of lintDeployments(survey, options)) {
    judged.push(report.deployment.id);
    if (judged.length === 2) break;
  }
  expect(judged).toEqual(["a/orthanc.json", "b/orthanc.json"]);
});
