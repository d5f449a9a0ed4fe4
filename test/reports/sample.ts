/** A report made by hand, over files in memory: what the renderers are tested with. */

import controls from "../../generated/controls.js";
import { nodeCrypto } from "../../src/node/crypto.ts";
import type { RenderContext, ReportContext, ReportOptions } from "../../src/reports/context.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import type { Finding, Location, Report } from "../../src/triage/report.ts";

export const clinic = {
  "clinic/compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    ports:
      - "8042:8042"
      - "4242:4242"
`,
  "clinic/orthanc.json": `{
  // Front desk
  "Name": "Clinic",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "RegisteredUsers": { "desk": "Winter2019" },
\t"ExecuteLuaEnabled": true
}
`,
};

/** A context over files in memory; a secret is named by its text, which has to occur once. */
export function contextOf(
  files: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): RenderContext {
  const sources = createSources(memoryFiles(files), nodeCrypto);
  for (const path of Object.keys(files)) sources.open(path);
  const places = secrets.map((secret) => {
    const [file, text] = Object.entries(files).find(([, content]) => content.includes(secret)) ?? ["", ""];
    const start = text.indexOf(secret);
    return { file, start, end: start + secret.length };
  });
  return { sources, secrets: places };
}

/** The same with all that formats may want. The repository is the working directory. */
export function fullContext(
  files: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): ReportContext {
  return completed(contextOf(files, secrets));
}

/** What a run knows besides, behind any files. */
export function completed(context: RenderContext): ReportContext {
  const workspace = { folder: "/work", root: "/work" };
  const now = new Date("2026-11-22T10:12:00Z");
  return { ...context, rules: bundledRules, controls, workspace, now, crypto: nodeCrypto };
}

/** What formats are asked for by default. */
export const plainOptions: ReportOptions = {
  width: 80,
  color: false,
  unicode: true,
  quiet: false,
  verbose: false,
  audience: "everyday",
  failOn: "high",
  paths: ["clinic"],
};

/** The place of a text within a line of a file. */
export function placeOf(files: Readonly<Record<string, string>>, file: string, text: string): Location {
  const lines = (files[file] ?? "").split("\n");
  const index = lines.findIndex((line) => line.includes(text));
  const column = (lines[index] ?? "").indexOf(text) + 1;
  return { file, line: index + 1, column, endLine: index + 1, endColumn: column + text.length };
}

const open: Finding = {
  rule: "http-no-authentication",
  severity: "critical",
  confidence: "certain",
  audience: "everyday",
  versions: [],
  message: "Anyone who can reach this host on port 8042 can read, change and delete every study.",
  expected: "a login before any answer",
  actual: "no login",
  location: placeOf(clinic, "clinic/orthanc.json", "false"),
  label: "no login is asked",
  related: [
    {
      location: placeOf(clinic, "clinic/compose.yml", '"8042:8042"'),
      label: "published on every address of the host",
    },
    {
      location: {
        ...placeOf(clinic, "clinic/orthanc.json", "true"),
        line: 7,
        endLine: 7,
        column: 23,
        endColumn: 27,
      },
      label: "and scripts run: commands on the server",
    },
  ],
  deployment: "clinic",
  service: "orthanc",
  listener: "orthanc/http",
  entry: "orthanc/http/direct",
  fact: "entry:orthanc/http/direct",
  remediation: {
    text: "Ask for a login, and take the password from a variable.",
    edits: [
      {
        location: placeOf(clinic, "clinic/orthanc.json", "false"),
        text: "true",
        safety: "unsafe",
        logical: { set: "AuthenticationEnabled", to: true },
        shown: '  "AuthenticationEnabled": true,',
      },
    ],
  },
  impact: "Viewers and scripts that use the REST API need the login from then on.",
  controls: ["http-auth-disabled"],
  fingerprint: "a1",
  state: "open",
  countsForExit: true,
};

const weakPassword: Finding = {
  ...open,
  rule: "http-weak-password",
  severity: "medium",
  confidence: "likely",
  versions: ["1.5.8", "1.9.0", "1.12.0", "1.12.7"],
  message:
    "The password of desk stands in the file, readable for everybody who may read the file or a copy of it.",
  location: placeOf(clinic, "clinic/orthanc.json", '"Winter2019"'),
  label: "",
  related: [],
  remediation: {
    text: "Take the password from a variable that has no default, and keep its value outside this folder.",
    edits: [],
  },
  impact: "",
  fingerprint: "b2",
  countsForExit: false,
};

const sha256 = "0".repeat(64);

/** One deployment with two findings, a problem and an undecided check. */
export const sample: Report = {
  version: 1,
  tool: { name: "pacslint", version: "0.1.0", rules: 2 },
  deployments: [
    {
      id: "clinic",
      root: "clinic",
      form: "compose",
      files: [
        { path: "clinic/compose.yml", kind: "compose", sha256, linked: null },
        { path: "clinic/orthanc.json", kind: "orthanc-json", sha256, linked: "orthanc" },
      ],
      services: [
        {
          name: "orthanc",
          product: "orthanc",
          version: { value: "1.12.4", from: "image", candidates: ["1.12.4"] },
          startup: { verdict: "starts", reasons: [] },
          listeners: [],
        },
      ],
    },
  ],
  attackPaths: [],
  findings: [open, weakPassword],
  undetermined: [
    {
      rule: "tls-off",
      severity: "high",
      audience: "everyday",
      deployment: "clinic",
      service: "orthanc",
      fact: "listener:orthanc/http",
      reason: "the variable TLS is not set in any file that was read",
      location: placeOf(clinic, "clinic/orthanc.json", "true"),
      input: true,
      countsForExit: false,
    },
  ],
  passed: [{ rule: "dicom-open", deployment: "clinic", looked: ["default of Orthanc 1.12.4"], more: 0 }],
  notApplicable: [{ deployment: "clinic", rules: ["archive-default-user"] }],
  problems: [
    {
      kind: "unreadable",
      deployment: null,
      message: "clinic/backup.json: permission denied; run as a user who may read it",
    },
    { kind: "skipped", deployment: null, message: "clinic/logo.png: not a configuration file" },
  ],
  assumptions: [{ deployment: "clinic", message: "the network around this host is a hospital LAN." }],
  configuration: null,
  suppressions: [],
  baseline: null,
  profile: { asked: null, met: null, next: { name: "baseline", steps: 1, undecided: 0 } },
  summary: {
    critical: 1,
    high: 0,
    medium: 1,
    low: 0,
    info: 0,
    hidden: 0,
    suppressed: 0,
    baselined: 0,
    undetermined: 1,
    accepted: 0,
    passed: 61,
  },
  exitCode: 1,
};

const suppression = {
  reason: "a test server, off the network",
  location: placeOf(clinic, "clinic/orthanc.json", "// Front desk"),
};

/** One finding in each state, a check that fails the gate, and a run that could not see everything. */
export const everyState: Report = {
  ...sample,
  findings: [
    open,
    { ...weakPassword, state: "suppressed", suppression },
    { ...weakPassword, fingerprint: "c3", state: "baselined" },
    { ...weakPassword, fingerprint: "d4", state: "hidden" },
  ],
  undetermined: sample.undetermined.map((check) => ({ ...check, countsForExit: true })),
  suppressions: [
    { ...suppression, rule: weakPassword.rule, from: "comment", state: "used", findings: 1, undetermined: 0 },
  ],
  baseline: { file: "baseline.json", entries: 1, gone: 0 },
  summary: { ...sample.summary, medium: 0, suppressed: 1, baselined: 1, hidden: 1, passed: 1 },
  exitCode: 3,
};

/** A report about nothing. */
export const empty: Report = {
  ...sample,
  findings: [],
  undetermined: [],
  problems: [],
  assumptions: [],
  profile: { asked: null, met: "vendor-qa", next: null },
  summary: {
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    info: 0,
    hidden: 0,
    suppressed: 0,
    baselined: 0,
    undetermined: 0,
    accepted: 0,
    passed: 61,
  },
  exitCode: 0,
};
