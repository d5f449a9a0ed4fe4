import { expect, test } from "vitest";
import { audienceOf, needs, profiles, verdictOf } from "../../src/triage/profile.ts";
import type { Finding, Report } from "../../src/triage/report.ts";
import { empty, sample } from "../reports/sample.ts";

const [finding] = sample.findings;
const [check] = sample.undetermined;

function judged(findings: readonly Partial<Finding>[], rest: Partial<Report> = {}) {
  if (finding === undefined) throw new Error("the sample has findings");
  return verdictOf({ ...empty, findings: findings.map((part) => ({ ...finding, ...part })), ...rest });
}

test("the ladder goes up in this order, and each rung hears more", () => {
  expect(profiles.map(({ name }) => name)).toEqual(["baseline", "hospital", "internet-facing", "vendor-qa"]);
  expect(profiles.map(audienceOf)).toEqual(["everyday", "everyday", "strict", "audit"]);
});

test("what one profile needs, the ones after it need too", () => {
  const critical = { rule: "http-no-authentication", severity: "critical", audience: "everyday" } as const;
  expect(profiles.map((profile) => needs(profile, critical))).toEqual([true, true, true, true]);
  const weakCipher = { rule: "tls-weak-cipher", severity: "low", audience: "strict" } as const;
  expect(profiles.map((profile) => needs(profile, weakCipher))).toEqual([false, false, true, true]);
  const floatingTag = { rule: "image-floating-tag", severity: "low", audience: "strict" } as const;
  expect(profiles.map((profile) => needs(profile, floatingTag))).toEqual([false, false, false, true]);
});

test("steps are distinct findings; suppressed ones are none, those of the baseline are", () => {
  const medium = { severity: "medium", audience: "everyday" } as const;
  expect(
    judged([
      { ...medium, fingerprint: "a" },
      { ...medium, fingerprint: "a" },
      { ...medium, fingerprint: "b" },
    ]),
  ).toEqual({
    met: "baseline",
    next: { name: "hospital", steps: 2, undecided: 0 },
  });
  expect(judged([{ ...medium, state: "suppressed" }])).toEqual({ met: "vendor-qa", next: null });
  expect(judged([{ ...medium, state: "baselined" }]).next?.steps).toBe(1);
});

test("a check that is not decided leaves open whether the profile is met, until somebody accepts it", () => {
  if (check === undefined) throw new Error("the sample has an undetermined check");
  const undetermined = [{ ...check, severity: "high", audience: "everyday" } as const];
  expect(judged([], { undetermined })).toEqual({
    met: null,
    next: { name: "baseline", steps: 0, undecided: 1 },
  });
  const suppression = {
    reason: "checked by hand",
    location: check.location ?? { file: "a", line: 1, column: 1, endLine: 1, endColumn: 1 },
  };
  expect(judged([], { undetermined: undetermined.map((one) => ({ ...one, suppression })) }).met).toBe(
    "vendor-qa",
  );
});

test("what could not be read is never met", () => {
  expect(judged([], { problems: [{ kind: "unreadable", deployment: null, message: "no" }] }).met).toBeNull();
  expect(judged([], { deployments: [] })).toEqual({
    met: null,
    next: { name: "baseline", steps: 0, undecided: 1 },
  });
});
