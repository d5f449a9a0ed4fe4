/** What is told of the input: doctor and effective. */
import { expect, test } from "vitest";
import { unknown } from "../../src/facts/unknown.ts";
import { renderDoctor } from "../../src/reports/doctor.ts";
import { type EffectiveService, effectiveData, renderEffective } from "../../src/reports/effective.ts";
import type { Report, ReportedListener } from "../../src/triage/report.ts";
import { clinic, contextOf, placeOf, sample } from "./sample.ts";

const options = { width: 80, color: false, unicode: true };

const listener: ReportedListener = {
  id: "orthanc/http",
  protocol: "http",
  port: 8042,
  bind: "0.0.0.0",
  reach: unknown("version", "it differs"),
  tls: { mode: "off", encrypts: false, minVersion: null, ciphers: null, clientCertificate: "none" },
  auth: { mode: "none", defaultCredentials: false, lockout: false },
  entries: [],
};

test("doctor tells how each file was taken, which release was assumed, and what was left out", () => {
  const report: Report = {
    ...sample,
    problems: [
      ...sample.problems,
      {
        kind: "unresolved",
        deployment: "clinic",
        message: "the variable AUTH is not set",
        location: placeOf(clinic, "clinic/orthanc.json", "false"),
      },
    ],
    deployments: sample.deployments.map((deployment) => ({
      ...deployment,
      services: [
        ...deployment.services.map((service) => ({ ...service, listeners: [listener] })),
        {
          name: "second",
          product: "orthanc" as const,
          version: { value: null, from: "assumed", candidates: ["1.5.8", "1.9.0", "1.12.0", "1.13.0"] },
          startup: {
            verdict: "refuses" as const,
            reasons: [
              {
                message: "the certificate is not there",
                location: placeOf(clinic, "clinic/orthanc.json", "true"),
              },
            ],
          },
          listeners: [],
        },
      ],
    })),
  };
  expect(renderDoctor(report, options)).toMatchInlineSnapshot(`
    "clinic   Docker Compose in clinic
      Orthanc
      ├─ release: 1.12.4, from the image's tag
      ├─ start: it would start
      ├─ http 8042: reach not known, not encrypted, no login
      └─ files: orthanc.json
      Orthanc (second)
      ├─ release: not known (assumed, as nothing says which one runs;
      │     --orthanc-version does); judged for each of 1.5.8, 1.9.0, 1.12.0, 1.13.0
      └─ start: it would not start
         └─ clinic/orthanc.json:4:26: the certificate is not there
      Who gets in from where
      └─ not known from where
         └─ orthanc:8042 → orthanc: http, not encrypted, no login
      Files
        clinic/compose.yml   compose
        clinic/orthanc.json  orthanc-json, used by orthanc
      Assumed: the network around this host is a hospital LAN.
      Problems
        unresolved    clinic/orthanc.json:5:28: the variable AUTH is not set

    Not part of a deployment
        unreadable    clinic/backup.json: permission denied; run as a user who may
                      read it
        skipped       clinic/logo.png: not a configuration file

    1 deployment, 2 files read, 3 problems.
    "
  `);
});

const json = clinic["clinic/orthanc.json"];
const at = (text: string) => ({
  file: "clinic/orthanc.json",
  start: json.indexOf(text),
  end: json.indexOf(text) + text.length,
});

const service: EffectiveService = {
  deployment: "clinic",
  service: "orthanc",
  product: "orthanc",
  releases: ["1.5.8", "1.9.0", "1.12.0", "1.13.0"],
  settings: [
    {
      path: "AuthenticationEnabled",
      security: true,
      values: [
        { shown: "false", isDefault: false, releases: [], origins: [{ kind: "place", at: at("false") }] },
      ],
    },
    {
      path: "RegisteredUsers.desk",
      security: true,
      values: [
        {
          shown: "••••",
          isDefault: false,
          releases: [],
          origins: [{ kind: "place", at: at('"Winter2019"'), via: [at("true")] }],
        },
      ],
    },
    {
      path: "DicomTlsRemoteCertificateRequired",
      security: true,
      values: [
        {
          shown: "true",
          isDefault: true,
          releases: ["1.9.0", "1.12.0", "1.13.0"],
          origins: [{ kind: "absent", by: "default of Orthanc 1.13.0" }],
        },
        {
          shown: "a value that is so long that it does not fit",
          isDefault: true,
          releases: ["1.5.8"],
          origins: [{ kind: "absent", by: "default of Orthanc 1.5.8" }],
        },
      ],
    },
    {
      path: "DicomWeb.Servers.the-hospital-across-the-street.Password",
      security: true,
      values: [
        { shown: "••••", isDefault: false, releases: [], origins: [{ kind: "place", at: at("true") }] },
      ],
    },
  ],
};

test("effective is a table of values and where they come from", () => {
  expect(renderEffective([service], contextOf(clinic), options)).toMatchInlineSnapshot(`
    "clinic / orthanc   Orthanc, release unknown (1.5.8 to 1.13.0)
      AuthenticationEnabled                 false                 clinic/orthanc.json:5
      RegisteredUsers.desk                  ••••                  clinic/orthanc.json:6
                                                                  by way of
                                                                  clinic/orthanc.json:4
      DicomTlsRemoteCertificateRequired     true                  default of Orthanc
                                                                  1.13.0, since 1.9.0
                                            a value that is so long that it does not
                                            fit
                                                                  default of Orthanc
                                                                  1.5.8, until 1.5.8
      DicomWeb.Servers.the-hospital-across-the-street.Password
                                            ••••                  clinic/orthanc.json:4
    "
  `);
  expect(renderEffective([service], contextOf(clinic), { ...options, unicode: false })).toContain("****");
});

test("effective for programs has locations and defaults", () => {
  expect(effectiveData([service], contextOf(clinic))).toMatchObject({
    services: [
      {
        settings: [
          {
            path: "AuthenticationEnabled",
            values: [{ value: "false", from: [{ file: "clinic/orthanc.json", line: 5, column: 28 }] }],
          },
          { values: [{ from: [{ line: 6, via: [{ line: 4 }] }] }] },
          { values: [{ from: [{ default: "default of Orthanc 1.13.0" }] }, { releases: ["1.5.8"] }] },
          {},
        ],
      },
    ],
  });
});
