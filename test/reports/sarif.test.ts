import official from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import type { Log, Result, Run } from "sarif";
import { describe, expect, test } from "vitest";
import { renderSarif } from "../../src/reports/sarif/sarif.ts";
import type { Finding, Report } from "../../src/triage/report.ts";
import { hostile, hostileReport } from "./hostile.ts";
import { clinic, everyState, fullContext, sample } from "./sample.ts";

/** The official schema, which is of draft 4: only the name of its identifier differs from what ajv takes. */
const { $schema: _draft, id: _id, ...schema } = official;

const uriReference = /^(?:[\w\-.~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})*$/;

const validate = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: { uri: /^[a-z][a-z0-9+.-]*:/i, "uri-reference": uriReference, "date-time": true },
}).compile(schema);

const context = fullContext(clinic, ["Winter2019"]);

function log(report: Report, workspace = context.workspace): Run {
  const parsed: Log = JSON.parse(renderSarif(report, { ...context, workspace }));
  validate(parsed);
  expect(validate.errors ?? []).toEqual([]);
  const [run] = parsed.runs;
  if (run === undefined) throw new Error("no run");
  return run;
}

const results = (run: Run): readonly Result[] => run.results ?? [];

test("a finding: rule, level, line with columns, the other lines as links, fingerprint", () => {
  const run = log(sample);
  const [first] = results(run);
  expect(run.columnKind).toBe("utf16CodeUnits");
  expect(first).toMatchObject({
    ruleId: "http-no-authentication",
    kind: "fail",
    level: "error",
    partialFingerprints: { "pacslint/v1": "a1" },
    message: {
      text: "Anyone who can reach this host on port 8042 can read, change and delete every study.\n- [published on every address of the host](1)\n- [and scripts run: commands on the server](2)",
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "clinic/orthanc.json", uriBaseId: "%SRCROOT%" },
          // `  "AuthenticationEnabled": false,` is line 5; "false" takes the columns 28 to 32.
          region: { startLine: 5, startColumn: 28, endLine: 5, endColumn: 33 },
        },
      },
    ],
    fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: "true" } }] }] }],
  });
  expect(first?.relatedLocations?.map(({ id }) => id)).toEqual([1, 2]);
  const rule = run.tool.driver.rules?.[first?.ruleIndex ?? -1];
  expect(rule?.id).toBe("http-no-authentication");
  expect(rule?.help?.markdown).toContain("## What to write instead");
  expect(rule?.properties).toMatchObject({ "security-severity": "9.5", precision: "very-high" });
  expect(rule?.properties?.tags).toContain("external/cwe/cwe-306");
});

test("each control of a rule is in the taxonomy that it refers to", () => {
  const run = log(sample);
  const rules = run.tool.driver.rules ?? [];
  const targets = rules.flatMap(({ relationships }) => relationships ?? []).map(({ target }) => target);
  expect(targets.length).toBeGreaterThan(5);
  for (const { id, index, toolComponent } of targets) {
    const taxonomy = run.taxonomies?.[toolComponent?.index ?? -1];
    expect(taxonomy?.name).toBe(toolComponent?.name);
    expect(taxonomy?.taxa?.[index ?? -1]?.id).toBe(id);
  }
});

test("the attack path of an entry is a flow through its lines", () => {
  const { location, related } = sample.findings[0] as Finding;
  const path = {
    deployment: "clinic",
    service: "orthanc",
    listener: "orthanc/http",
    entry: "orthanc/http/direct",
    from: "network" as const,
    steps: [{ text: "network" }, { text: "0.0.0.0:8042", ...related[0] }, { text: "no login", location }].map(
      ({ text, location: at }: { text: string; location?: Finding["location"] }) =>
        at === undefined ? { text } : { text, location: at },
    ),
    outcome: "anyone can read every study",
    text: "network → 0.0.0.0:8042 (compose.yml:5) → no login (orthanc.json:5): anyone can read every study",
    versions: [],
  };
  const [first] = results(log({ ...sample, attackPaths: [path] }));
  const steps = first?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
  expect(
    steps.map(({ location: at }) => [at?.message?.text, at?.physicalLocation?.region?.startLine]),
  ).toEqual([
    ["network → 0.0.0.0:8042", 5],
    ["no login: anyone can read every study", 5],
  ]);
});

test("what was not read and not decided are notifications, and the run was not successful", () => {
  const [invocation] = log(everyState).invocations ?? [];
  expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 3 });
  expect(
    invocation?.toolExecutionNotifications?.map(({ descriptor, level }) => [descriptor?.id, level]),
  ).toEqual([
    ["unreadable", "error"],
    ["skipped", "note"],
    ["undetermined", "error"],
  ]);
});

test("hidden findings are left out; what is suppressed or in the baseline is told as such", () => {
  const told = results(log(everyState)).map(({ baselineState, suppressions }) => [
    baselineState,
    suppressions?.length,
  ]);
  expect(told).toEqual([
    ["new", 0],
    ["new", 1],
    ["unchanged", 1],
  ]);
  expect(results(log(everyState))[1]?.suppressions?.[0]).toMatchObject({
    kind: "inSource",
    justification: "a test server, off the network",
    location: { physicalLocation: { region: { startLine: 2 } } },
  });
  expect(results(log(sample))[0]).not.toHaveProperty("suppressions");
  expect(results(log(sample))[0]).not.toHaveProperty("baselineState");
});

describe("paths", () => {
  const uriIn = (folder: string, root: string, file: string) => {
    const finding = { ...(sample.findings[0] as Finding), related: [] };
    const report = { ...sample, findings: [{ ...finding, location: { ...finding.location, file } }] };
    const [first] = results(log(report, { folder, root }));
    return first?.locations?.[0]?.physicalLocation?.artifactLocation;
  };

  test.each([
    ["a folder below the root", "/src/app/deploy", "/src/app", "a.json", "deploy/a.json"],
    ["a path that leads up, but not out", "/src/app/deploy", "/src/app", "../b/a.json", "b/a.json"],
    ["an absolute path inside", "/src/app", "/src/app", "/src/app/c/a.json", "c/a.json"],
    ["Windows", "C:/src/app/x", "C:/src/app", "a.json", "x/a.json"],
    [
      "spaces, percent signs, hashes and other scripts",
      "/r",
      "/r",
      "a b/50%#?é.json",
      "a%20b/50%25%23%3F%C3%A9.json",
    ],
    ["a colon that would make a scheme", "/r", "/r", "c:d.json", "c%3Ad.json"],
    ["no known root", ".", ".", "a/b.json", "a/b.json"],
  ])("%s: relative to the root", (_name, folder, root, file, uri) => {
    expect(uriIn(folder, root, file)).toEqual({ uri, uriBaseId: "%SRCROOT%" });
  });

  test.each([
    ["up and out", "/src/app", "/src/app", "../other/a b.json", "file:///src/other/a%20b.json"],
    ["absolute", "/src/app", "/src/app", "/etc/orthanc/orthanc.json", "file:///etc/orthanc/orthanc.json"],
    [
      "a name that only begins like the root",
      "/src/app",
      "/src/app",
      "/src/application/a",
      "file:///src/application/a",
    ],
    ["another drive", "C:/src", "C:/src", "D:/x/a.json", "file:///D:/x/a.json"],
  ])("%s: a file of its own", (_name, folder, root, file, uri) => {
    expect(uriIn(folder, root, file)).toEqual({ uri });
  });

  test("the command line is in no file: the deployment's first file stands for it", () => {
    expect(uriIn("/r", "/r", "(command line)")).toEqual({
      uri: "clinic/compose.yml",
      uriBaseId: "%SRCROOT%",
    });
  });
});

test("hostile names stay text", () => {
  const run = log(hostileReport);
  expect(results(run)[0]?.message.text).toContain("\\[x\\](javascript:alert(1))");
  expect(results(run)[0]?.message.text).toContain("{{0}}");
  // What goes into a file goes there as it is.
  const shown = JSON.stringify(run, (key, value: unknown) => (key === "insertedContent" ? undefined : value));
  expect(shown.includes("\u202e")).toBe(false);
  expect(hostile).toContain("\u202e");
});

test("an edit that would repeat a secret of the file is left out", () => {
  const finding = sample.findings[0] as Finding;
  const edits = finding.remediation.edits.map((edit) => ({
    ...edit,
    text: 'true, "Password": "Winter2019"',
  }));
  const report = { ...sample, findings: [{ ...finding, remediation: { text: "", edits } }] };
  expect(results(log(report))[0]).not.toHaveProperty("fixes");
});

describe("what GitHub takes", () => {
  test("25,000 results, the worst of them; what is left out is told", () => {
    const [critical, medium] = sample.findings as readonly [Finding, Finding];
    const findings = [
      ...Array.from({ length: 25_000 }, () => ({ ...medium, remediation: { text: "", edits: [] } })),
      critical,
    ];
    const run = log({ ...sample, findings });
    expect(results(run)).toHaveLength(25_000);
    expect(results(run)[0]?.ruleId).toBe("http-no-authentication");
    expect(JSON.stringify(run.invocations)).toContain("1 finding more than a service takes");
  });

  test("100 locations of a result, 20 tags and 1,024 characters of a rule", () => {
    const finding = sample.findings[0] as Finding;
    const related = Array.from({ length: 300 }, () => finding.related[0]).flatMap((one) => one ?? []);
    const [first] = results(log({ ...sample, findings: [{ ...finding, related }] }));
    expect(first?.relatedLocations).toHaveLength(99);
    const all = context.rules.map(({ id }) => ({ ...finding, rule: id }));
    for (const rule of log({ ...sample, findings: all }).tool.driver.rules ?? []) {
      expect(rule.properties?.tags?.length).toBeLessThanOrEqual(20);
      expect(rule.shortDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(rule.fullDescription?.text.length).toBeLessThanOrEqual(1024);
    }
  });
});
