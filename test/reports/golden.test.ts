/**
 * One example in every format, kept as it was read by eye. A change of these files is a change for everybody who reads
 * reports: look at the difference before `npx vitest run test/reports/golden.test.ts -u`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formats } from "../../src/reports/formats.ts";
import { cli } from "../cli/fake.ts";

const folder = join(import.meta.dirname, "../../examples/exposed-clinic");
const files = Object.fromEntries(
  readdirSync(folder).map((name) => [
    `examples/exposed-clinic/${name}`,
    readFileSync(join(folder, name), "utf8"),
  ]),
);

const endings: Readonly<Record<string, string>> = {
  text: "txt",
  json: "json",
  sarif: "sarif",
  junit: "junit.xml",
  github: "github.txt",
  gitlab: "gitlab.json",
  markdown: "md",
  csv: "csv",
  ndjson: "ndjson",
  html: "html",
  mermaid: "mmd",
  "compliance-csv": "compliance.csv",
};

test("every format has its example", () => {
  expect(Object.keys(endings).sort()).toEqual(Object.keys(formats).sort());
});

test.each(Object.keys(endings))("%s", async (format) => {
  const argv = [
    "examples/exposed-clinic",
    "--orthanc-version",
    "1.12.7",
    "--compliance",
    "hipaa",
    "--format",
    format,
  ];
  const { code, stdout, stderr } = await cli(argv, { files });
  expect(code).toBe(1);
  expect(stderr).toBe("");
  await expect(stdout).toMatchFileSnapshot(`golden/exposed-clinic.${endings[format]}`);
});
