/** What counts as looked at: a check passes only where there was something that it is about. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

function checks(files: Readonly<Record<string, string>>, orthancVersion?: string) {
  const { report } = lintFiles(files, orthancVersion === undefined ? {} : { orthancVersion });
  const [rest] = report.notApplicable;
  return {
    report,
    passed: new Map(report.passed.map((check) => [check.rule, check])),
    notApplicable: new Set(rest?.rules),
  };
}

const safe = `{
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": true,
  "RegisteredUsers": { "desk": "a-long-one-of-its-own" },
  "DicomAlwaysAllowFind": false
}
`;

describe("a passed check", () => {
  test("names the line of the option that it is about, and no other", () => {
    const { passed } = checks(
      {
        "orthanc.json":
          '{\n  "Name": "Clinic",\n  "DeidentifyLogs": true,\n  "UnknownSopClassAccepted": false\n}\n',
      },
      "1.12.7",
    );
    expect(passed.get("dicom-unknown-objects")).toEqual({
      rule: "dicom-unknown-objects",
      deployment: "orthanc.json",
      looked: [{ file: "orthanc.json", line: 4, column: 30, endLine: 4, endColumn: 35 }],
      more: 0,
    });
  });

  test("names the default, and the file where the key belongs, where nothing is written", () => {
    const { passed } = checks({ "orthanc.json": safe }, "1.12.7");
    expect(passed.get("dicom-unknown-objects")?.looked).toEqual(["default of Orthanc 1.12.7 (orthanc.json)"]);
  });

  test("lists ten places and counts the others", () => {
    const keys = Array.from(
      { length: 14 },
      (_, index) => `  "Modality${index}": ["M${index}", "10.0.0.${index}", 104]`,
    );
    const { passed } = checks(
      { "orthanc.json": `{\n"DicomModalities": {\n${keys.join(",\n")}\n}\n}\n` },
      "1.12.7",
    );
    const looked = passed.get("dicom-host-is-a-name");
    expect(looked?.looked).toHaveLength(10);
    expect(looked?.more).toBe(4);
  });
});

describe("a check that had nothing to look at is not applicable", () => {
  test.each([
    ["archive-default-user", "a rule about dcm4chee"],
    ["proxy-supplies-login", "a rule about proxies"],
    ["proxy-can-be-bypassed", "a rule about ways around proxies"],
    ["tls-old-version", "a rule about TLS, which is off"],
    ["container-privileged", "a rule about containers"],
    ["dicom-host-is-a-name", "a rule about listed modalities, of which there are none"],
  ])("%s: %s", (rule) => {
    const { passed, notApplicable } = checks({ "orthanc.json": safe }, "1.12.7");
    expect(passed.has(rule)).toBe(false);
    expect(notApplicable).toContain(rule);
  });

  test("each rule is in exactly one list: found, undetermined, silenced, passed or not applicable", () => {
    const { report, passed, notApplicable } = checks({ "orthanc.json": safe });
    const told = new Set([...report.findings, ...report.undetermined].map(({ rule }) => rule));
    for (const rule of notApplicable) expect(passed.has(rule) || told.has(rule)).toBe(false);
    expect(report.tool.rules).toBeGreaterThanOrEqual(told.size + passed.size + notApplicable.size);
  });
});

describe("a search for mistakes", () => {
  test("passes by the file that was searched", () => {
    const { passed } = checks({ "orthanc.json": safe }, "1.12.7");
    expect(passed.get("unknown-key")?.looked).toEqual(["the whole configuration (orthanc.json)"]);
  });
});

test("a check that fails at one of the releases that may run has not passed", () => {
  // From 1.12.9 on no account is made up; before, an empty list means one with a published password.
  const { report } = checks({ "orthanc.json": '{ "RemoteAccessAllowed": true, "RegisteredUsers": {} }\n' });
  const likely = report.findings.filter(({ versions }) => versions.length > 0).map(({ rule }) => rule);
  expect(likely.length).toBeGreaterThan(0);
  expect(report.passed.filter(({ rule }) => likely.includes(rule))).toEqual([]);
});
