import { describe, expect, test } from "vitest";
import { type Severity, severities } from "../../src/rules/rule.ts";
import type { Finding, Report } from "../../src/triage/report.ts";
import { exitCodeOf } from "../../src/triage/summary.ts";
import { cli } from "../cli/fake.ts";
import { lintFiles } from "../inspect.ts";

const exposed = `{
  "Name": "Clinic",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "RegisteredUsers": { "desk": "Winter-in-2019" }
}
`;

function findings(text: string, options: Parameters<typeof lintFiles>[1] = {}): readonly Finding[] {
  return lintFiles({ "orthanc.json": text }, { orthancVersion: "1.12.7", ...options }).report.findings;
}

describe("what is heard and what counts", () => {
  test("findings for another audience are in the report, hidden, and do not count", () => {
    const everyday = findings(exposed, { failOn: "info" });
    const audit = findings(exposed, { failOn: "info", audience: "audit" });
    const hidden = everyday.filter(({ state }) => state === "hidden");
    expect(hidden.length).toBeGreaterThan(0);
    expect(new Set(hidden.map(({ audience }) => audience))).toEqual(new Set(["strict", "audit"]));
    expect(hidden.filter(({ countsForExit }) => countsForExit)).toEqual([]);
    expect(audit.map(({ rule }) => rule)).toEqual(everyday.map(({ rule }) => rule));
    expect(audit.every(({ state }) => state === "open")).toBe(true);
  });

  test.each(severities)("with --fail-on %s, what is that bad or worse counts", (failOn) => {
    const counted = findings(exposed, { failOn, audience: "audit" });
    const wanted = severities.slice(severities.indexOf(failOn));
    for (const { severity, countsForExit } of counted) expect(countsForExit).toBe(wanted.includes(severity));
  });

  test("the summary counts what is open by its severity, and what is hidden apart", () => {
    const { report } = lintFiles({ "orthanc.json": exposed }, { orthancVersion: "1.12.7" });
    const open = report.findings.filter(({ state }) => state === "open");
    const count = (severity: Severity) => open.filter((finding) => finding.severity === severity).length;
    for (const severity of severities) expect(report.summary[severity]).toBe(count(severity));
    expect(report.summary.hidden).toBe(report.findings.length - open.length);
    expect(report.summary.passed).toBe(report.passed.length);
  });

  test("the worst stand first", () => {
    const ranks = findings(exposed).map(({ severity }) => severities.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((left, right) => right - left));
  });

  test("a rule is in one of findings, undetermined and passed only", () => {
    const { report } = lintFiles({ "orthanc.json": exposed });
    const told = new Set([...report.findings, ...report.undetermined].map(({ rule }) => rule));
    expect(report.passed.filter(({ rule }) => told.has(rule))).toEqual([]);
  });
});

describe("a check that could not be decided", () => {
  const variable = `{ "Name": "Clinic", "RemoteAccessAllowed": true, "AuthenticationEnabled": \${AUTH} }`;
  const report = (options: Parameters<typeof lintFiles>[1]) =>
    lintFiles({ "orthanc.json": variable }, { orthancVersion: "1.12.7", ...options }).report;
  const open = ({ undetermined }: Report) =>
    undetermined.find(({ rule }) => rule === "http-no-authentication");

  test("fails the run where an input is missing, and says which", () => {
    const run = report({});
    expect(open(run)).toMatchObject({ input: true, countsForExit: true, severity: "critical" });
    expect(open(run)?.reason).toContain("AUTH");
    expect(open(run)?.location).toMatchObject({ file: "orthanc.json", line: 1 });
    expect(run.exitCode).toBe(3);
  });

  test("does not where that was allowed, or nobody asked for it", () => {
    expect(report({ allowUndetermined: true }).undetermined.some((check) => check.countsForExit)).toBe(false);
    const counting = report({ failOn: "critical" }).undetermined.filter((check) => check.countsForExit);
    expect(new Set(counting.map(({ severity }) => severity))).toEqual(new Set(["critical"]));
  });

  test("does not where no input is missing: the release is not known", () => {
    const { undetermined } = lintFiles({
      "orthanc.json": `{ "Name": "Clinic", "RemoteAccessAllowed": true }`,
    }).report;
    const others = undetermined.filter(({ input }) => !input);
    expect(others.filter(({ countsForExit }) => countsForExit)).toEqual([]);
  });
});

describe("the exit code", () => {
  const clean = { deployments: [{}], problems: [], undetermined: [], findings: [] };
  const counts = { countsForExit: true };
  const cases: readonly (readonly [string, object, number])[] = [
    ["nothing is wrong", clean, 0],
    ["a finding does not count", { ...clean, findings: [{ countsForExit: false }] }, 0],
    ["a finding counts", { ...clean, findings: [counts] }, 1],
    ["a check counts that could not be decided", { ...clean, undetermined: [counts] }, 3],
    ["both count", { ...clean, undetermined: [counts], findings: [counts] }, 3],
    ["a file was not read", { ...clean, problems: [{ kind: "unreadable" }], findings: [counts] }, 3],
    ["a file has a mistake", { ...clean, problems: [{ kind: "syntax" }] }, 3],
    ["a file is too large", { ...clean, problems: [{ kind: "limit" }] }, 3],
    ["a file is linked to nothing", { ...clean, problems: [{ kind: "unlinked" }] }, 0],
    ["nothing was found", { ...clean, deployments: [] }, 3],
  ];
  test.each(cases)("%s", (_name, report, code) => {
    expect(exitCodeOf(report as Parameters<typeof exitCodeOf>[0])).toBe(code);
  });

  test("a mistake of the caller's beats a missing file, and a mistake of ours everything", async () => {
    expect((await cli(["gone.json", "--env", "x"])).code).toBe(2);
    const crypto = {
      sha256: () => {
        throw new TypeError("a test");
      },
      certificates: () => [],
    };
    const files = { "orthanc.json": exposed };
    expect((await cli(["orthanc.json", "gone.json"], { files, crypto })).code).toBe(4);
  });
});

describe("a fingerprint", () => {
  const prints = (text: string) =>
    new Set(findings(text, { audience: "audit" }).map((finding) => finding.fingerprint));
  const users = `"RegisteredUsers": { "desk": "Winter-in-2019", "orthanc": "orthanc" }`;
  const whole = `{
  "Name": "Clinic",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "ExecuteLuaEnabled": true,
  "DicomModalities": { "ct": { "AET": "CT1", "Host": "10.0.0.7", "Port": 104 } },
  "OrthancPeers": { "hub": ["http://hub.example/", "alice", "Summer-in-2018"] },
  ${users}
}
`;

  test("stays when lines move and the file is laid out anew", () => {
    const before = prints(whole);
    expect(before.size).toBeGreaterThan(8);
    expect(prints(`// moved\n\n${whole.replaceAll("\n", "\r\n")}`)).toEqual(before);
    expect(prints(JSON.stringify(JSON.parse(whole)))).toEqual(before);
    const turned = Object.fromEntries(Object.entries(JSON.parse(whole)).reverse());
    expect(prints(JSON.stringify(turned, null, 4))).toEqual(before);
  });

  test("is different for another file, and gone with its cause", () => {
    const other = lintFiles({ "b.json": whole }, { orthancVersion: "1.12.7" }).report.findings;
    for (const { fingerprint } of other) expect(prints(whole)).not.toContain(fingerprint);
    const open = findings(whole).find(({ rule }) => rule === "http-no-authentication");
    const closed = whole.replace('"AuthenticationEnabled": false', '"AuthenticationEnabled": true');
    expect(prints(whole)).toContain(open?.fingerprint);
    expect(prints(closed)).not.toContain(open?.fingerprint);
  });

  test("is made of no secret: another password leaves it as it is", () => {
    const other = whole
      .replace("Winter-in-2019", "Spring-in-2023")
      .replace("Summer-in-2018", "Autumn-of-2021");
    expect(prints(other)).toEqual(prints(whole));
  });
});
