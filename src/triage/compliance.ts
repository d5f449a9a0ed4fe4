/** Holds a report against a standard, control by control. Nothing here says that a standard is met as a whole. */
import type { Rule } from "../rules/rule.ts";
import type { Answer, CompliancePolicy, PolicyControl } from "./compliance-policy.ts";
import type {
  ComplianceControl,
  ComplianceState,
  ComplianceView,
  Evidence,
  Finding,
  Location,
  Passed,
  Report,
  Undetermined,
} from "./report.ts";

/** How many findings or checks are named for one control. */
const mostEvidence = 12;

/** How many lines are named of one check. */
const mostLocations = 3;

/** What a report has for each rule. */
interface Results {
  readonly rules: readonly Rule[];
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly undetermined: ReadonlyMap<string, readonly Undetermined[]>;
  readonly passed: ReadonlyMap<string, readonly Passed[]>;
}

/** The views of a report through some policies. Findings count whoever hears of them, suppressed ones too. */
export function complianceOf(
  report: Report,
  policies: readonly CompliancePolicy[],
  rules: readonly Rule[],
): readonly ComplianceView[] {
  const results: Results = {
    rules,
    findings: byRule(report.findings),
    undetermined: byRule(report.undetermined),
    passed: byRule(report.passed),
  };
  return policies.map((policy) => {
    const controls = policy.controls.map((control) => judge(control, policy, results));
    const { name, title, edition, source, scope } = policy;
    return { policy: name, title, edition, source, scope, controls, counts: countsOf(controls) };
  });
}

function byRule<T extends { readonly rule: string }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.rule);
    if (group === undefined) groups.set(item.rule, [item]);
    else group.push(item);
  }
  return groups;
}

/** A rule that tests a control; `found`, a regular expression, narrows its findings. */
interface Test {
  readonly rule: Rule;
  readonly found: string;
}

function testsOf({ topics = [], rules: named = [] }: PolicyControl, rules: readonly Rule[]): readonly Test[] {
  const byTopic = rules.filter((rule) => rule.controls.some((topic) => topics.includes(topic)));
  const tests = named.flatMap((test): readonly Test[] => {
    const { rule: id, found } = typeof test === "string" ? { rule: test, found: "" } : test;
    return rules.filter((rule) => rule.id === id).map((rule) => ({ rule, found }));
  });
  return [...tests, ...byTopic.map((rule) => ({ rule, found: "" }))];
}

function judge(control: PolicyControl, policy: CompliancePolicy, results: Results): ComplianceControl {
  const tests = testsOf(control, results.rules);
  const { state, evidence } = stateOf(tests, results);
  const { id, title, manual } = control;
  const noted = evidence.some(({ text }) => text.startsWith("to be noted: "));
  return {
    id,
    title,
    state,
    ...(policy.kind === "questions" ? { answer: noted ? "See note" : answerOf(control, state) } : {}),
    ...(manual === undefined ? {} : { manual }),
    evidence: evidence.slice(0, mostEvidence),
    more: Math.max(0, evidence.length - mostEvidence),
  };
}

/** A finding decides, then a doubt; what passed or is only noted counts where there is neither. */
function stateOf(
  tests: readonly Test[],
  { findings, undetermined, passed }: Results,
): { readonly state: ComplianceState; readonly evidence: readonly Evidence[] } {
  if (tests.length === 0) return { state: "manual", evidence: [] };
  const about = tests.flatMap(({ rule, found }) =>
    (findings.get(rule.id) ?? []).map((finding) => ({
      finding,
      fits: new RegExp(found, "u").test(finding.actual),
    })),
  );
  const failing = about.filter(({ finding, fits }) => fits && finding.severity !== "info");
  if (failing.length > 0)
    return { state: "fail", evidence: failing.map(({ finding }) => ofFinding(finding)) };
  const open = tests.flatMap(({ rule }) => (undetermined.get(rule.id) ?? []).map(ofDoubt));
  if (open.length > 0) return { state: "undetermined", evidence: open };
  const noted = about
    .filter(({ fits }) => fits)
    .map(({ finding }) => ofNoted(finding, `to be noted: ${finding.message}`));
  const good = [
    ...tests.flatMap(({ rule }) => (passed.get(rule.id) ?? []).map((check) => ofPassed(check, rule))),
    ...about.filter(({ fits }) => !fits).map(({ finding }) => ofNoted(finding, `only: ${finding.actual}`)),
  ];
  if (good.length > 0) return { state: "pass", evidence: [...noted, ...good] };
  // What is only to be noted fails nothing, and shows nothing: somebody has to look at it.
  return { state: noted.length > 0 ? "manual" : "not-applicable", evidence: noted };
}

function ofNoted(finding: Finding, text: string): Evidence {
  return { ...ofFinding(finding), text };
}

function ofFinding({ rule, deployment, message, location, suppression }: Finding): Evidence {
  const accepted = suppression === undefined ? "" : ` (suppressed: ${suppression.reason})`;
  return { rule, deployment, text: `${message}${accepted}`, locations: [location] };
}

function ofDoubt({ rule, deployment, reason, location }: Undetermined): Evidence {
  return { rule, deployment, text: reason, locations: location === undefined ? [] : [location] };
}

function ofPassed({ deployment, looked }: Passed, { id, title }: Rule): Evidence {
  const locations = looked.filter((place): place is Location => typeof place !== "string");
  const defaults = looked.filter((place) => typeof place === "string").slice(0, 1);
  return {
    rule: id,
    deployment,
    text: [`not found: ${title}`, ...defaults].join("; "),
    locations: locations.slice(0, mostLocations),
  };
}

/** An answer is given only where the configuration shows it. */
function answerOf({ answers = {} }: PolicyControl, state: ComplianceState): Answer {
  if (state === "pass" || state === "fail") return answers[state] ?? "See note";
  return "See note";
}

function countsOf(controls: readonly ComplianceControl[]): ComplianceView["counts"] {
  const count = (state: ComplianceState): number =>
    controls.filter((control) => control.state === state).length;
  return {
    fail: count("fail"),
    pass: count("pass"),
    undetermined: count("undetermined"),
    "not-applicable": count("not-applicable"),
    manual: count("manual"),
  };
}
