import { expect, test } from "vitest";
import validateReport from "../../generated/validate-report.js";
import type { AnonymousHttp, Auth, DicomOperations, Tls } from "../../src/facts/facts.ts";
import { unknown } from "../../src/facts/unknown.ts";
import { renderJson } from "../../src/reports/json.ts";
import type { AttackPath, Report, ReportedEntry, ReportedListener } from "../../src/triage/report.ts";
import { empty, sample } from "./sample.ts";

const open = unknown("input", "the variable is not set");

// With every optional field, so that the compiler tells when the schema is behind the types.
const tls: Required<Tls> = {
  mode: open,
  encrypts: open,
  minVersion: open,
  ciphers: open,
  cipherVerdict: open,
  clientCertificate: open,
};
const auth: Required<Auth> = {
  mode: open,
  defaultCredentials: open,
  credentialsSupplied: true,
  lockout: open,
  lockedOut: open,
  suppliedByProxy: open,
  scripted: open,
  users: open,
};
const anonymous: Required<AnonymousHttp> = {
  read: open,
  write: open,
  delete: open,
  execute: open,
  writeFiles: open,
  dicomweb: open,
  webdav: open,
};
const operations: Required<DicomOperations> = {
  echo: true,
  store: open,
  find: open,
  findWorklist: false,
  get: false,
  move: open,
};
const abilities = { anonymous, unknownPeer: operations, spoofedPeer: { CT1: operations } };

const entry: Required<ReportedEntry> = {
  id: "orthanc/http/direct",
  through: "direct",
  address: open,
  port: 8042,
  paths: ["/"],
  reach: "network",
  sourceSeen: open,
  tls,
  auth,
  ...abilities,
  via: [],
};
const listener: Required<ReportedListener> = {
  id: "orthanc/http",
  protocol: "http",
  role: "viewer",
  purpose: "a viewer",
  port: open,
  bind: open,
  reach: open,
  tls,
  auth,
  ...abilities,
  entries: [entry],
};

const listed = { file: "clinic/pacslint.yaml", line: 3, column: 5, endLine: 3, endColumn: 9 };

const attackPath: Required<AttackPath> = {
  deployment: "clinic",
  service: "orthanc",
  listener: "orthanc/http",
  entry: "orthanc/http/direct",
  from: "network",
  steps: [{ text: "network" }],
  outcome: "anyone can read every study",
  text: "network: anyone can read every study",
  versions: ["1.12.4"],
  suppression: { reason: "a test server", until: "2027-01-31", location: listed },
};

const withUnknowns: Report = {
  ...sample,
  configuration: { file: listed.file, says: [{ text: "http-no-tls counts as low", location: listed }] },
  suppressions: [
    {
      rule: "http-no-tls",
      reason: "a test server",
      until: "2027-01-31",
      location: listed,
      from: "configuration",
      state: "used",
      findings: 1,
      undetermined: 1,
    },
  ],
  baseline: { file: "pacslint-baseline.json", entries: 3, gone: 1 },
  undetermined: sample.undetermined.map((check) => ({
    ...check,
    suppression: { reason: "a test server", location: listed },
  })),
  deployments: sample.deployments.map((deployment) => ({
    ...deployment,
    services: deployment.services.map((service) => ({
      ...service,
      startup: { verdict: open, reasons: [{ message: "no users" }] },
      listeners: [listener],
      image: "orthancteam/orthanc:24.6.2",
      network: { kind: open, networks: ["default"] },
      routes: [{ through: "nginx: location /", to: open, paths: ["/"], login: open }],
    })),
  })),
  attackPaths: [attackPath],
};

test("every report agrees with its schema", () => {
  for (const report of [sample, empty, withUnknowns]) {
    const json: unknown = JSON.parse(renderJson(report));
    validateReport(json);
    expect(validateReport.errors).toBeNull();
  }
});

test("what is not known reads unknown", () => {
  const json = renderJson(withUnknowns);
  expect(json).toContain('"verdict": "unknown"');
  expect(json).toContain('"read": "unknown"');
  expect(json.endsWith("}\n")).toBe(true);
});

test("the schema refuses what it does not describe", () => {
  expect(validateReport({ ...sample, extra: 1 })).toBe(false);
  expect(validateReport({ ...sample, exitCode: 5 })).toBe(false);
});
