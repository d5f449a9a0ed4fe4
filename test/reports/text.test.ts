import { expect, test } from "vitest";
import type { ReportOptions } from "../../src/reports/context.ts";
import { renderText } from "../../src/reports/text.ts";
import type { Report } from "../../src/triage/report.ts";
import { clinic, contextOf, empty, plainOptions, sample } from "./sample.ts";

const options = plainOptions;
const context = contextOf(clinic, ["Winter2019"]);

const escapeCharacter = String.fromCharCode(27);

const text = (report: Report, changed: Partial<ReportOptions> = {}) =>
  renderText(report, context, { ...options, ...changed });

test("problems come first, findings by service, counts and the next step last", () => {
  expect(text(sample)).toMatchInlineSnapshot(`
    "NOT READ  1 problem
        clinic/backup.json: permission denied; run as a user who may read it

    clinic   Orthanc 1.12.4 (from the image)   2 files

    CRITICAL  http-no-authentication
    Anyone who can reach this host on port 8042 can read, change and delete every
    study.

        clinic/orthanc.json
         5 │   "AuthenticationEnabled": false,
           │                            ───── no login is asked
         7 │     "ExecuteLuaEnabled": true
           │                          ──── and scripts run: commands on the server
        clinic/compose.yml
         5 │       - "8042:8042"
           │         ─────────── published on every address of the host

      Instead, clinic/orthanc.json line 5:
          "AuthenticationEnabled": true,
      May break: Viewers and scripts that use the REST API need the login from then
          on.
      More: pacslint explain http-no-authentication

    MEDIUM  http-weak-password   (likely, releases 1.5.8 to 1.12.7)
    The password of desk stands in the file, readable for everybody who may read the
    file or a copy of it.

        clinic/orthanc.json
         6 │   "RegisteredUsers": { "desk": "••••" },
           │                                ──────

      Instead: Take the password from a variable that has no default, and keep its
          value outside this folder.
      More: pacslint explain http-weak-password

    1 critical · 1 medium
    61 checks passed · 1 undetermined · 0 suppressed · 1 file skipped
    Assumed: the network around this host is a hospital LAN.
    Profile: baseline is not met: 1 finding to close.
    Exit 1: 1 finding at or above high (--fail-on).
    Next: name the release with --orthanc-version, as not all of this holds for
        every one.
    "
  `);
});

test("verbose adds what was expected and found, and every check that was not decided; ASCII draws with ASCII", () => {
  expect(text(sample, { verbose: true, unicode: false })).toMatchInlineSnapshot(`
    "NOT READ  1 problem
        clinic/backup.json: permission denied; run as a user who may read it

    clinic   Orthanc 1.12.4 (from the image)   2 files

    CRITICAL  http-no-authentication
    Anyone who can reach this host on port 8042 can read, change and delete every
    study.

        clinic/orthanc.json
         5 |   "AuthenticationEnabled": false,
           |                            ^^^^^ no login is asked
         7 |     "ExecuteLuaEnabled": true
           |                          ^^^^ and scripts run: commands on the server
        clinic/compose.yml
         5 |       - "8042:8042"
           |         ^^^^^^^^^^^ published on every address of the host

      Instead: Ask for a login, and take the password from a variable.
      In clinic/orthanc.json line 5:
          "AuthenticationEnabled": true,
      May break: Viewers and scripts that use the REST API need the login from then
          on.
      Expected: a login before any answer
      Found: no login
      Controls: http-auth-disabled
      More: pacslint explain http-no-authentication

    MEDIUM  http-weak-password   (likely, releases 1.5.8 to 1.12.7)
    The password of desk stands in the file, readable for everybody who may read the
    file or a copy of it.

        clinic/orthanc.json
         6 |   "RegisteredUsers": { "desk": "****" },
           |                                ^^^^^^

      Instead: Take the password from a variable that has no default, and keep its
          value outside this folder.
      Expected: a login before any answer
      Found: no login
      Controls: http-auth-disabled
      More: pacslint explain http-weak-password

    NOT DECIDED  1 check
        clinic/orthanc.json:4:26: tls-off (high): the variable TLS is not set in any
        file that was read

    PASSED  1 check, and what each looked at
        dicom-open: default of Orthanc 1.12.4

    NOT APPLICABLE  1 check had nothing to look at
        archive-default-user

    1 critical - 1 medium
    61 checks passed - 1 undetermined - 0 suppressed - 1 file skipped
    Assumed: the network around this host is a hospital LAN.
    Profile: baseline is not met: 1 finding to close.
    Exit 1: 1 finding at or above high (--fail-on).
    Next: name the release with --orthanc-version, as not all of this holds for
        every one.
    "
  `);
});

test("quiet has one line for each problem and finding", () => {
  expect(text(sample, { quiet: true })).toMatchInlineSnapshot(`
    "clinic/backup.json: permission denied; run as a user who may read it
    clinic/orthanc.json:5:28: critical: Anyone who can reach this host on port 8042 can read, change and delete every study. (http-no-authentication)
    clinic/orthanc.json:6:32: medium: The password of desk stands in the file, readable for everybody who may read the file or a copy of it. (http-weak-password)
    "
  `);
});

test("a clean run prints its summary only, and quietly nothing", () => {
  expect(text(empty)).toMatchInlineSnapshot(`
    "No findings in 2 files      61 checks passed · 0 undetermined · 0 suppressed
    Profile: vendor-qa is met, which is the last one.
    Next: pacslint --audience strict clinic
    "
  `);
  expect(text(empty, { quiet: true })).toBe("");
});

test("a run in which nothing was read is not praised", () => {
  const nothing: Report = {
    ...empty,
    deployments: [],
    exitCode: 3,
    summary: { ...empty.summary, passed: 0 },
  };
  expect(text(nothing)).toMatchInlineSnapshot(`
    "Nothing was read      0 checks passed · 0 undetermined · 0 suppressed
    Exit 3: nothing was read.
    Next: pacslint doctor clinic
    "
  `);
});

test("a check that fails the gate because it could not be decided is listed without being asked for", () => {
  const undetermined = sample.undetermined.map((check) => ({ ...check, countsForExit: true }));
  const report: Report = {
    ...empty,
    undetermined,
    profile: { asked: null, met: null, next: { name: "baseline", steps: 0, undecided: 1 } },
    exitCode: 3,
    summary: { ...empty.summary, undetermined: 1 },
  };
  expect(text(report)).toMatchInlineSnapshot(`
    "NOT DECIDED  1 check
        clinic/orthanc.json:4:26: tls-off (high): the variable TLS is not set in any
        file that was read

    No findings in 2 files      61 checks passed · 1 undetermined · 0 suppressed
    Profile: nobody can tell whether baseline is met: 1 check could not be decided.
    Exit 3: 1 check could not be decided; --allow-undetermined accepts that.
    Next: give the missing values with --env-file or --env; pacslint doctor clinic
        lists what was read.
    "
  `);
});

test("the same finding in an alternative deployment is told once", () => {
  const findings = sample.findings.flatMap((finding) => [
    finding,
    { ...finding, deployment: "clinic (compose.test.yml)" },
  ]);
  const told = text({ ...sample, findings });
  expect(told.split("CRITICAL").length).toBe(2);
  expect(told).toContain("  Also in: clinic (compose.test.yml)\n");
});

test("a syntax error that a finding tells is not told twice", () => {
  const [finding] = sample.findings;
  if (finding === undefined) throw new Error("the sample has no finding");
  const syntax = {
    kind: "syntax" as const,
    deployment: "clinic",
    message: "a comma is missing",
    location: finding.location,
  };
  const fault = { ...finding, message: "The server does not start, because a comma is missing." };
  expect(text({ ...sample, findings: [fault], problems: [syntax] })).not.toContain("NOT READ");
  expect(text({ ...sample, problems: [syntax] })).toContain("NOT READ");
  expect(text({ ...sample, findings: [], problems: [syntax] })).toContain(
    "NOT READ  1 problem\n    clinic/orthanc.json:5:28: a comma is missing\n",
  );
});

test("hidden, suppressed and baselined findings are counted and not shown", () => {
  const findings = sample.findings.map((finding) => ({ ...finding, state: "suppressed" as const }));
  const told = text({
    ...sample,
    problems: [],
    findings,
    summary: { ...empty.summary, suppressed: 2, hidden: 3, baselined: 1 },
  });
  expect(told).toContain("61 checks passed · 0 undetermined · 2 suppressed · 1 in the baseline · 3 hidden");
  expect(told).not.toContain("CRITICAL");
});

test("the exit line says why a gate stays green although something was found", () => {
  expect(text({ ...sample, exitCode: 0 }, { failOn: "critical" })).toContain(
    "Exit 0: nothing at or above critical (--fail-on).\n",
  );
});

test("secrets are printed nowhere, also in lines that an edit repeats", () => {
  const findings = sample.findings.map((finding) => ({
    ...finding,
    remediation: {
      text: "",
      edits: finding.remediation.edits.map((edit) => ({
        ...edit,
        shown: '"AuthenticationEnabled": true, "RegisteredUsers": { "desk": "Winter2019" }',
      })),
    },
  }));
  for (const verbose of [false, true])
    expect(text({ ...sample, findings }, { verbose })).not.toContain("Winter2019");
});

test("a key that is called like the password beside it stays readable", () => {
  const files = {
    "clinic/orthanc.json": '{ "a": "^[(-/.*\\\\]$", "RegisteredUsers": { "orthanc": "orthanc" } }\n',
  };
  const start = files["clinic/orthanc.json"].lastIndexOf("orthanc");
  const secrets = [
    { file: "clinic/orthanc.json", start: start - 1, end: start + 8 },
    { file: "clinic/orthanc.json", start: 7, end: 19 },
  ];
  const findings = sample.findings.slice(0, 1).map((finding) => ({
    ...finding,
    related: [],
    remediation: {
      text: "",
      edits: finding.remediation.edits.map((edit) => ({ ...edit, shown: '"orthanc": "orthanc", "x": true' })),
    },
  }));
  const told = renderText({ ...sample, findings }, { ...contextOf(files), secrets }, options);
  expect(told).toContain('      "orthanc": "••••", "x": true\n');
});

test("no line is wider than the terminal, apart from lines to copy", () => {
  for (const width of [60, 80, 100]) {
    const wide = text(sample, { width })
      .split("\n")
      .filter((line) => line.length > width);
    expect(wide).toEqual([]);
  }
});

test("colours are of the sixteen and leave no other trace", () => {
  const colored = text(sample, { color: true });
  expect(colored).not.toContain(`${escapeCharacter}[38`);
  expect(colored.replaceAll(new RegExp(`${escapeCharacter}\\[\\d+m`, "g"), "")).toBe(text(sample));
});

test("escape sequences in a configuration or a message never reach the terminal", () => {
  const files = { "clinic/orthanc.json": '{ "Name": "\u001b[2J\u202egone" }\n' };
  const [finding] = sample.findings;
  if (finding === undefined) throw new Error("the sample has no finding");
  const location = { file: "clinic/orthanc.json", line: 1, column: 3, endLine: 1, endColumn: 9 };
  const report: Report = {
    ...sample,
    findings: [{ ...finding, location, related: [], message: "The name \u001b]0;x\u0007 is odd." }],
  };
  const told = renderText(report, contextOf(files), options);
  expect(told).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  expect(told).toContain("\\u{1b}[2J\\u{202e}gone");
});
