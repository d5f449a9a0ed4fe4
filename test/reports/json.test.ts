import { expect, test } from "vitest";
import validateReport from "../../generated/validate-report.js";
import { unknown } from "../../src/facts/unknown.ts";
import { renderJson } from "../../src/reports/json.ts";
import type { Report, ReportedListener } from "../../src/triage/report.ts";
import { empty, sample } from "./sample.ts";

const open = unknown("input", "the variable is not set");

const listener: ReportedListener = {
  id: "orthanc/http",
  protocol: "http",
  port: open,
  bind: open,
  reach: open,
  tls: { mode: open, encrypts: open, minVersion: open, ciphers: open, clientCertificate: open },
  auth: { mode: open, defaultCredentials: open, lockout: open, lockedOut: open },
  anonymous: {
    read: open,
    write: open,
    delete: open,
    execute: open,
    writeFiles: open,
    dicomweb: open,
    webdav: open,
  },
  spoofedPeer: { CT1: { echo: true, store: true, find: open, findWorklist: false, get: false, move: false } },
  entries: [
    {
      id: "orthanc/http/direct",
      through: "direct",
      address: open,
      port: 8042,
      paths: ["/"],
      reach: "network",
      sourceSeen: open,
      tls: { mode: "off", encrypts: false, minVersion: null, ciphers: null, clientCertificate: "none" },
      auth: { mode: "none", defaultCredentials: false, lockout: false },
      via: [],
    },
  ],
};

const withUnknowns: Report = {
  ...sample,
  deployments: sample.deployments.map((deployment) => ({
    ...deployment,
    services: deployment.services.map((service) => ({
      ...service,
      startup: { verdict: open, reasons: [{ message: "no users" }] },
      listeners: [listener],
    })),
  })),
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
