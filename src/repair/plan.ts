/** What is to be done, step by step, with what each step takes away: worked out by judging the configuration with its edit. */
import { type Severity, severities } from "../rules/rule.ts";
import type { Finding, Location, Report, ReportedEdit } from "../triage/report.ts";
import { type Chain, withFollowers } from "./repair.ts";
import { attempt, type Proposal, type State, type Subject } from "./trial.ts";

/** One thing to do. */
export interface Step {
  /** The findings that it is for. */
  readonly findings: readonly Finding[];
  /** Its edits; empty where a person has to write or decide. */
  readonly edits: readonly ReportedEdit[];
  /** Rules whose edits have to be made with it, because it alone would open what they close. */
  readonly together: readonly string[];
  /** Why its edits are not made by themselves; null where they are. */
  readonly because: string | null;
  readonly effect: Effect;
}

/** What is gone after a step, and what is new. */
export interface Effect {
  /** Open findings that are gone. */
  readonly removed: readonly Finding[];
  /** Milder findings that take their place. */
  readonly added: readonly Finding[];
  /** Ways for strangers that are closed. */
  readonly closedPaths: number;
}

/** The steps from a state on, those with the largest effect first. */
export function planOf(subject: Subject, state: State): readonly Step[] {
  const open = state.report.findings.filter((finding) => finding.state === "open");
  const steps = [...groups(open).values()].map((findings) => stepOf(subject, state, findings));
  return steps.toSorted((left, right) => weightOf(right.effect) - weightOf(left.effect));
}

/** Findings with the same edits are one step; so are those of one rule that have none and are told the same. */
function groups(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const steps = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { edits, text } = finding.remediation;
    const key = edits.length === 0 ? `${finding.rule}\n${text}` : JSON.stringify(edits.map(editKey).sort());
    steps.set(key, [...(steps.get(key) ?? []), finding]);
  }
  return steps;
}

function editKey({ location, text }: ReportedEdit): string {
  return JSON.stringify([location.file, location.line, location.column, location.endColumn, text]);
}

function stepOf(subject: Subject, state: State, findings: readonly Finding[]): Step {
  const byHand: Effect = { removed: findings, added: [], closedPaths: 0 };
  const edits = findings[0]?.remediation.edits ?? [];
  const none = { findings, edits, together: [], because: null, effect: byHand };
  if (edits.length === 0) return none;
  const proposals = findings.map((finding): Proposal => ({ finding, edits: finding.remediation.edits }));
  const outcome = attempt(subject, state, proposals);
  const chain = "because" in outcome ? withFollowers(subject, everything, state, proposals) : undefined;
  const after = "because" in outcome ? chain?.steps.at(-1)?.outcome.state : outcome.state;
  if (after === undefined) return { ...none, because: "because" in outcome ? outcome.because : null };
  const followers = chain === undefined ? [] : followersOf(chain);
  return {
    ...none,
    edits: [...edits, ...followers.flatMap((follower) => follower.edits)],
    together: [...new Set(followers.map(({ finding }) => finding.rule))],
    effect: effectOf(state.report, after.report),
  };
}

const everything = { unsafe: true, rules: [] } as const;

/** The proposals behind the first, with their lines as they are before anything is changed. */
function followersOf({ steps }: Chain): readonly Proposal[] {
  return steps.slice(1).flatMap(({ proposals }, index) => {
    const earlier = steps.slice(0, index + 1).map(({ outcome }) => outcome);
    return proposals.map(({ finding, edits }) => ({
      finding,
      edits: edits.map((edit) => ({ ...edit, location: movedBack(edit.location, earlier) })),
    }));
  });
}

function movedBack(location: Location, outcomes: Chain["steps"][number]["outcome"][]): Location {
  const line = outcomes.reduceRight((current, { moved }) => {
    let before = current;
    while (before > 1 && moved(location.file, before) > current) before--;
    return before;
  }, location.line);
  return { ...location, line, endLine: line + location.endLine - location.line };
}

function effectOf(before: Report, after: Report): Effect {
  const openIn = ({ findings }: Report): readonly Finding[] =>
    findings.filter(({ state }) => state === "open");
  return {
    removed: beyond(openIn(before), openIn(after)),
    added: beyond(openIn(after), openIn(before)),
    closedPaths: Math.max(0, before.attackPaths.length - after.attackPaths.length),
  };
}

/** The items of the first list that the second does not have, as often as they are missing. */
function beyond(first: readonly Finding[], second: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const finding of second) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return first.filter((finding) => {
    const left = counts.get(keyOf(finding)) ?? 0;
    counts.set(keyOf(finding), left - 1);
    return left <= 0;
  });
}

function keyOf({ rule, deployment, service, severity }: Finding): string {
  return [rule, deployment, service ?? "", severity].join("\n");
}

/** Each severity counts more than any usual number of the one below it. */
function weightOf({ removed, added, closedPaths }: Effect): number {
  const sum = (findings: readonly Finding[]): number =>
    findings.reduce((total, { severity }) => total + weight(severity), 0);
  return sum(removed) - sum(added) + closedPaths;
}

function weight(severity: Severity): number {
  return 10 ** severities.indexOf(severity) / 10;
}
