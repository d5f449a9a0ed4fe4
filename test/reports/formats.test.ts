import { describe, expect, test } from "vitest";
import { renderCsv } from "../../src/reports/csv.ts";
import { renderGithub } from "../../src/reports/github.ts";
import { renderGitlab } from "../../src/reports/gitlab.ts";
import { renderJunit } from "../../src/reports/junit.ts";
import { renderMarkdown } from "../../src/reports/markdown.ts";
import type { Finding, Report } from "../../src/triage/report.ts";
import { hostileReport } from "./hostile.ts";
import { clinic, empty, everyState, fullContext, sample } from "./sample.ts";

const context = fullContext(clinic, ["Winter2019"]);
const critical = sample.findings[0] as Finding;

/** Characters that turn the direction of text, and those that a terminal obeys, line ends aside. */
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe("JUnit", () => {
  const xml = renderJunit(everyState);

  test("a suite for each deployment, a test for each rule; passed ones say what they looked at", () => {
    expect(xml).toContain('<testsuite name="clinic" tests="4" failures="1" errors="1" skipped="1">');
    expect(xml).toContain(
      '<testcase classname="clinic" name="http-no-authentication" file="clinic/orthanc.json" line="5"><failure message="Anyone who can reach this host on port 8042 can read, change and delete every study." type="critical">',
    );
    expect(xml).toContain('name="dicom-open"><system-out>default of Orthanc 1.12.4</system-out>');
  });

  test("what is suppressed is skipped with its reason; what could not be decided too, or fails with the gate", () => {
    expect(xml).toContain('<skipped message="suppressed: a test server, off the network" type="suppressed">');
    const undecided =
      'could not be decided: the variable TLS is not set in any file that was read" type="undetermined"';
    expect(xml).toContain(`<error message="${undecided}`);
    expect(renderJunit(sample)).toContain(`<skipped message="${undecided}`);
  });

  test("what could not be read is an error in a suite of its own, and so is a run about nothing", () => {
    expect(xml).toContain('<testsuite name="input" tests="1" failures="0" errors="1" skipped="0">');
    const nothing = renderJunit({ ...empty, deployments: [] });
    expect(nothing).toContain('<testsuites name="pacslint" tests="1" failures="0" errors="1" skipped="0">');
  });

  test("hostile names make no markup", () => {
    const text = renderJunit(hostileReport);
    expect(text).not.toMatch(obeyed);
    expect(text).not.toContain("<script");
    expect(text).not.toContain("]]>");
    // Every tag is one of ours, and every & begins an entity.
    const tags = [...text.matchAll(/<\/?([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(tags)).toEqual(
      new Set(["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"]),
    );
    expect(text).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos|#10);)/);
  });
});

describe("GitHub annotations", () => {
  test("one command for each finding, worst first, then the counts", () => {
    expect(renderGithub({ ...sample, problems: [] }, context).split("\n")).toEqual([
      "::error file=clinic/orthanc.json,line=5,endLine=5,col=28,endColumn=32,title=pacslint critical%3A http-no-authentication::Anyone who can reach this host on port 8042 can read, change and delete every study.%0AInstead: Ask for a login, and take the password from a variable.",
      "::warning file=clinic/orthanc.json,line=6,endLine=6,col=32,endColumn=43,title=pacslint medium%3A http-weak-password::The password of desk stands in the file, readable for everybody who may read the file or a copy of it.%0AInstead: Take the password from a variable that has no default, and keep its value outside this folder.",
      "pacslint: 1 critical, 1 medium; 61 passed, 1 undetermined; exit code 1",
      "",
    ]);
  });

  test("what fails the run without being found is an error too", () => {
    const text = renderGithub(everyState, context);
    expect(text).toContain("::error title=pacslint not read::clinic/backup.json: permission denied");
    expect(text).toContain("title=pacslint tls-off::could not be decided: the variable TLS");
  });

  test("paths are from the root of the repository", () => {
    const workspace = { folder: "/work/deploy", root: "/work" };
    expect(renderGithub(sample, { ...context, workspace })).toContain("file=deploy/clinic/orthanc.json,");
  });

  test("hostile names start no command and end no property", () => {
    const lines = renderGithub(hostileReport, context).trimEnd().split("\n");
    for (const line of lines.slice(0, -1)) {
      const [, name, properties = ""] = /^::(error|warning|notice) ([^:]*)::/.exec(line) ?? [];
      expect(name).toBeDefined();
      expect(properties.split(",").map((property) => property.split("=")[0])).toEqual(
        properties.includes("file=")
          ? expect.arrayContaining(["file", "line", "endLine", "title"])
          : ["title"],
      );
      expect(line).not.toMatch(obeyed);
    }
    expect(lines.at(-1)).toMatch(/^pacslint: 1 critical/);
    expect(lines).toHaveLength(4);
  });
});

describe("GitLab", () => {
  test("the fields of the format, with severities of GitLab", () => {
    expect(JSON.parse(renderGitlab(sample, context))[0]).toEqual({
      type: "issue",
      check_name: "http-no-authentication",
      description: critical.message,
      content: { body: expect.stringContaining("May break: Viewers") },
      categories: ["Security"],
      fingerprint: "a1",
      severity: "blocker",
      location: { path: "clinic/orthanc.json", lines: { begin: 5, end: 5 } },
    });
    expect(JSON.parse(renderGitlab(empty, context))).toEqual([]);
  });

  test("fingerprints are unique: what two deployments share is told once", () => {
    const twice = { ...sample, findings: [critical, { ...critical, deployment: "other" }] };
    expect(JSON.parse(renderGitlab(twice, context))).toHaveLength(1);
  });
});

describe("Markdown", () => {
  test("the counts, a table, and each finding with its lines and what to write", () => {
    const text = renderMarkdown(sample, context);
    expect(text).toMatch(
      /^## pacslint: 1 critical, 1 medium\n\n61 passed, 1 undetermined\. \*\*The run fails\.\*\*\n/,
    );
    expect(text).toContain(
      "| critical | `http-no-authentication` | `clinic/orthanc.json:5` | Anyone who can reach",
    );
    expect(text).toContain("- `clinic/compose.yml:5`: published on every address of the host\n");
    expect(text).toContain('```\n  "AuthenticationEnabled": true,\n```');
    expect(text).toContain("- Not read: clinic/backup.json: permission denied");
  });

  test("no longer than GitHub takes, however much there is; what is left out is counted", () => {
    for (const many of [300, 5000]) {
      const findings = Array.from({ length: many }, (_, index) => ({
        ...critical,
        fingerprint: `f${index}`,
      }));
      const problems = Array.from({ length: many }, () => sample.problems[0]).flatMap((one) => one ?? []);
      const text = renderMarkdown({ ...sample, findings, problems }, context);
      expect(text.length).toBeLessThanOrEqual(65_536);
      expect(text).toMatch(/Without details here: \d+ findings/);
    }
  });

  test("hostile names are text: no link, no mention, no markup, no cell more", () => {
    const text = renderMarkdown(hostileReport, context);
    expect(text).not.toMatch(obeyed);
    const outside = text.replace(/^(`{3,}).*?^\1$/gms, "").replace(/(?<!\\)(`+)[^`].*?[^`]\1(?!`)/g, "CODE");
    expect(outside).not.toMatch(/(?<!\\)<script/);
    expect(outside).not.toMatch(/(?<!\\)\[x\]/);
    expect(outside).not.toMatch(/[@#]\w/);
    const [row] = text.split("\n").filter((line) => line.startsWith("| critical"));
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(5);
  });

  test("secrets beside an edit are masked", () => {
    const edits = critical.remediation.edits.map((edit) => ({ ...edit, shown: '{ "desk": "Winter2019" }' }));
    const finding = { ...critical, remediation: { text: "", edits } };
    const text = renderMarkdown({ ...sample, findings: [finding] }, context);
    expect(text).toContain('{ "desk": "••••" }');
    expect(text).not.toContain("Winter2019");
  });
});

describe("CSV", () => {
  /** RFC 4180, section 2. */
  function parse(text: string): string[][] {
    const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)];
    expect(cells.map(([all]) => all).join("")).toBe(text);
    const rows: string[][] = [[]];
    for (const [, cell = "", end] of cells) {
      rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
      if (end === "\r\n") rows.push([]);
    }
    return rows.slice(0, -1);
  }

  const table = (report: Report) => {
    const [head = [], ...rows] = parse(renderCsv(report));
    return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index]])));
  };

  test("a row for each finding, undecided and passed check, with the state first", () => {
    expect(table(everyState).map(({ result, rule, line }) => [result, rule, line])).toEqual([
      ["open", "http-no-authentication", "5"],
      ["suppressed", "http-weak-password", "6"],
      ["baselined", "http-weak-password", "6"],
      ["undetermined", "tls-off", "4"],
      ["passed", "dicom-open", ""],
    ]);
    expect(table(everyState)[1]).toMatchObject({
      reason: "a test server, off the network",
      "fails the run": "no",
    });
  });

  test("no cell is a formula, and each row has every cell", () => {
    const rows = parse(renderCsv(hostileReport));
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([19]));
    expect(rows.flat().filter((text) => /^\s*[=+\-@]/.test(text))).toEqual([]);
    expect(rows.flat()).toContain(`'=HYPERLINK("http://x","y")`);
    expect(renderCsv(hostileReport).replaceAll("\r\n", "\n")).not.toMatch(obeyed);
  });
});
