/** Standards: what is said of a control, and that the identifiers lead to topics and rules that there are. */
import { describe, expect, test } from "vitest";
import controlData from "../../data/controls.json" with { type: "json" };
import policies from "../../generated/policies.js";
import type { LintOptions } from "../../src/lint.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import { complianceOf } from "../../src/triage/compliance.ts";
import type { CompliancePolicy } from "../../src/triage/compliance-policy.ts";
import type { ComplianceControl } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

const topics = new Map(controlData.controls.map((control) => [control.topic, control]));
const ids = new Set(bundledRules.map(({ id }) => id));

/** Which field of data/controls.json has the identifiers of a policy. */
const fields = {
  hipaa: "hipaa",
  "nist-800-53": "nist80053",
  "nist-csf": "csf2",
  "iso-27001": "iso27001",
  "iec-62443": "iec62443",
  "dicom-ps3.15": "dicom",
  mds2: "mds2",
} as const;

describe("the policies", () => {
  test("are those that the help names", () => {
    expect(policies.map(({ name }) => name).toSorted()).toEqual(
      [...Object.keys(fields), "cis-docker", "gdpr-32"].toSorted(),
    );
  });

  test.each(policies.map((policy): [string, CompliancePolicy] => [policy.name, policy]))(
    "%s: every control has an identifier of its own, topics and rules that there are, or is manual",
    (_name, { controls }) => {
      expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
      for (const { id, topics: named = [], rules = [], manual } of controls) {
        expect(named.filter((topic) => !topics.has(topic))).toEqual([]);
        const tests = rules.map((rule) => (typeof rule === "string" ? rule : rule.rule));
        expect(tests.filter((rule) => !ids.has(rule))).toEqual([]);
        if (named.length + rules.length === 0) expect(manual, id).toBeDefined();
      }
    },
  );

  test.each(Object.entries(fields))("%s agrees with data/controls.json", (name, field) => {
    const policy = policies.find((candidate) => candidate.name === name);
    const known = new Set(controlData.controls.flatMap((control): readonly string[] => control[field]));
    const listed = new Set(policy?.controls.map(({ id }) => id));
    expect([...known].filter((id) => !listed.has(id))).toEqual([]);
    for (const { id, topics: named = [] } of policy?.controls ?? []) {
      const leading = controlData.controls.filter((control) => {
        const own: readonly string[] = control[field];
        return own.includes(id);
      });
      const mapped = leading.map(({ topic }) => topic);
      expect(
        named.filter((topic) => !mapped.includes(topic)),
        id,
      ).toEqual([]);
    }
  });
});

/** The controls of a small policy over one Orthanc. */
function judged(
  source: string,
  controls: CompliancePolicy["controls"],
  options: Partial<LintOptions> = {},
): readonly ComplianceControl[] {
  const { report } = lintFiles({ "orthanc.json": source }, { orthancVersion: "1.12.7", ...options });
  const policy: CompliancePolicy = {
    name: "test",
    title: "Test",
    edition: "1",
    source: "https://example.org/",
    scope: "All of it.",
    kind: "questions",
    controls,
  };
  const [view] = complianceOf(report, [policy], bundledRules);
  return view?.controls ?? [];
}

const login = { id: "A", title: "Login", rules: ["http-no-authentication"] };
const open = '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false\n}\n';
const closed = '{\n  "RemoteAccessAllowed": false,\n  "DicomAlwaysAllowFind": false\n}\n';

describe("a control", () => {
  test("fails where one of its rules found something, with the line", () => {
    const [control] = judged(open, [{ ...login, answers: { fail: "No", pass: "Yes" } }]);
    expect(control).toMatchObject({ id: "A", state: "fail", answer: "No", more: 0 });
    expect(control?.evidence).toHaveLength(1);
    expect(control?.evidence[0]?.locations[0]).toMatchObject({ file: "orthanc.json", line: 3 });
  });

  test("fails also by what the audience does not hear of", () => {
    const hidden = { id: "B", title: "Limit", rules: ["dicom-find-unlimited"] };
    const [heard] = judged(open, [hidden], { audience: "audit" });
    const [unheard] = judged(open, [hidden], { audience: "everyday" });
    expect(unheard?.state).toBe(heard?.state);
  });

  test("passes where all that looked found nothing, with what was looked at", () => {
    const [control] = judged(closed, [{ ...login, answers: { fail: "No", pass: "Yes" } }]);
    expect(control).toMatchObject({ state: "pass", answer: "Yes" });
    expect(control?.evidence.map(({ rule }) => rule)).toEqual(["http-no-authentication"]);
  });

  test("is not applicable where there was nothing to look at, and no answer is made up", () => {
    const [control] = judged(closed, [{ id: "C", title: "Containers", rules: ["container-privileged"] }]);
    expect(control).toMatchObject({ state: "not-applicable", answer: "See note", evidence: [] });
  });

  test("is manual where no rule tests it", () => {
    const [control] = judged(closed, [{ id: "D", title: "Backups", manual: "The backups." }]);
    expect(control).toMatchObject({ state: "manual", answer: "See note", manual: "The backups." });
  });

  test("is undetermined where a rule could not be decided", () => {
    const [control] = judged('{ "RemoteAccessAllowed": true, "AuthenticationEnabled": ${AUTH} }', [login]);
    expect(control?.state).toBe("undetermined");
  });

  test("is neither failed nor passed by what is only to be noted: somebody has to look", () => {
    const source =
      '{ "RemoteAccessAllowed": true, "AuthenticationEnabled": true, "RegisteredUsers": { "a": "long-enough-and-own" } }';
    const port = { id: "E", title: "Port", rules: ["http-port-open"], answers: { pass: "Yes" } } as const;
    const [control] = judged(source, [port]);
    expect(control).toMatchObject({ state: "manual", answer: "See note" });
    expect(control?.evidence[0]?.text).toMatch(/^to be noted: /);
    const [both] = judged(source, [{ ...port, rules: ["http-port-open", "http-no-authentication"] }]);
    expect(both).toMatchObject({ state: "pass", answer: "See note" });
  });

  test("of a rule about several things counts the words that belong to it", () => {
    const compose = "services:\n  orthanc:\n    image: orthancteam/orthanc:24.6.2\n    read_only: true\n";
    const { report } = lintFiles({ "compose.yml": compose });
    const [view] = complianceOf(
      report,
      policies.filter(({ name }) => name === "cis-docker"),
      bundledRules,
    );
    const state = (id: string) => view?.controls.find((control) => control.id === id)?.state;
    expect(state("5.13")).toBe("pass");
    expect(state("5.26")).toBe("fail");
    expect(state("5.4")).toBe("fail");
    expect(state("5.5")).toBe("pass");
  });
});
