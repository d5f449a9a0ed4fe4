/** Repairs a configuration in memory: makes every edit that takes its finding away and does no harm. */
import type { Finding, Report, ReportedEdit } from "../triage/report.ts";
import { lookingAtAll } from "./narrow.ts";
import {
  attempt,
  harm,
  initialState,
  joinedStates,
  type Outcome,
  type Proposal,
  type State,
  type Subject,
  tryProposals,
  type Written,
  withoutPromises,
} from "./trial.ts";

/** What may be changed. */
export interface RepairScope {
  /** Also edits that may cut off somebody who works. */
  readonly unsafe: boolean;
  /** Ids of the only rules whose edits are made; all of them where it is empty. */
  readonly rules: readonly string[];
}

/** A finding that is gone, and the lines that were written for it, numbered as in the result. */
export interface Made {
  readonly finding: Finding;
  readonly written: readonly Written[];
  /** Variables that have to be set before the servers start. */
  readonly needs: readonly NeededVariable[];
  /** Files that have to be made before that. */
  readonly creates: readonly NeededFile[];
  /** What a person has to write in the place of what was written: clauses. */
  readonly chooses: readonly string[];
}

type NeededVariable = NonNullable<ReportedEdit["needs"]>[number];
type NeededFile = NonNullable<ReportedEdit["creates"]>[number];

/** A finding that is still there. */
export interface Left {
  readonly finding: Finding;
  readonly why: /** There is no edit for it, or the files at hand do not take it. */
    | { readonly kind: "by-hand" }
    /** Its edit may cut off somebody who works, and was not asked for. */
    | { readonly kind: "unsafe" }
    /** Its edit was tried, and not made because of this. */
    | { readonly kind: "refused"; readonly because: string }
    /** Not one of the rules that were asked for. */
    | { readonly kind: "not-asked" };
}

/** A finished repair, nothing of which is written yet. */
export interface Repair {
  readonly before: State;
  readonly after: State;
  readonly made: readonly Made[];
  readonly left: readonly Left[];
  /** That of a run over the result; worked out when it is asked for. */
  exitCode(): Report["exitCode"];
}

interface Progress {
  state: State;
  made: readonly Made[];
  readonly refused: Map<string, string>;
}

/**
 * Repairs what the scope allows, deployment by deployment. Each is judged by its own files; where these turn out not to
 * make the same deployment as all files together, everything is looked at after each edit.
 */
export function repair(subject: Subject, scope: RepairScope): Repair {
  const before = initialState(subject);
  const groups = groupsOf(before.report);
  const done = repairGroups(subject, scope, before, groups);
  if (before.narrow.held(groups, done.after.contents)) return done;
  return repairGroups(subject, scope, { ...before, narrow: lookingAtAll }, groups);
}

function repairGroups(
  subject: Subject,
  scope: RepairScope,
  before: State,
  groups: readonly ReadonlySet<string>[],
): Repair {
  const progress: Progress = { state: before, made: [], refused: new Map() };
  const ends: End[] = [];
  let after = before;
  for (const ids of groups) {
    // A secret is somebody's who runs the one deployment: another may have a variable of the same name.
    progress.state = { ...before, contents: after.contents, report: reportAbout(before.report, ids) };
    repairGroup(subject, scope, progress);
    after = joinedStates(after, progress.state, ids);
    ends.push({ ids, state: progress.state });
  }
  const left = after.report.findings
    .filter(({ state }) => state === "open")
    .map((finding): Left => ({ finding, why: reasonFor(finding, scope, progress) }));
  return { before, after, made: progress.made, left, exitCode: () => exitCodeOf(subject, after, ends) };
}

/** The deployments of a group, and their state at the end. */
interface End {
  readonly ids: ReadonlySet<string>;
  readonly state: State;
}

/** That of a run over the result as it lies there: with nothing in the variables that are still to be set. */
function exitCodeOf(subject: Subject, after: State, ends: readonly End[]): Report["exitCode"] {
  return ends.reduce((worst, { ids, state }) => {
    const bare = worst === 3 ? undefined : withoutPromises(subject, state, ids);
    return bare !== undefined && bare.report.exitCode > worst ? bare.report.exitCode : worst;
  }, after.report.exitCode);
}

/** Asks for findings again after each round: an edit may bring others to light. */
function repairGroup(subject: Subject, scope: RepairScope, progress: Progress): void {
  for (let round = 0; round < maximumRounds; round++) {
    const keys = proposalsIn(progress, scope).map(({ finding }) => keyOf(finding));
    if (keys.length === 0) return;
    makeAll(subject, scope, progress, keys);
  }
}

/** Deployments that share files, directly or by others between them, are one group. */
function groupsOf({ deployments }: Report): readonly ReadonlySet<string>[] {
  const groupOf = new Map<string, Set<string>>();
  const holders = new Map<string, string>();
  for (const { id, files } of deployments) {
    groupOf.set(id, new Set([id]));
    for (const { path } of files) {
      const other = groupOf.get(holders.get(path) ?? id);
      const own = groupOf.get(id);
      holders.set(path, id);
      if (own === undefined || other === undefined || own === other) continue;
      for (const member of other) groupOf.set(member, own.add(member));
    }
  }
  return [...new Set(groupOf.values())];
}

/** What a report says of some deployments. */
function reportAbout(report: Report, ids: ReadonlySet<string>): Report {
  const isAbout = ({ deployment }: { readonly deployment: string | null }): boolean =>
    deployment !== null && ids.has(deployment);
  return {
    ...report,
    deployments: report.deployments.filter(({ id }) => ids.has(id)),
    findings: report.findings.filter(isAbout),
    undetermined: report.undetermined.filter(isAbout),
    attackPaths: report.attackPaths.filter(isAbout),
    passed: report.passed.filter(isAbout),
    problems: report.problems.filter(isAbout),
  };
}

/** Every round makes an edit or refuses one for good; this is a bound for what nobody thought of. */
const maximumRounds = 50;

/** Findings that are told apart by what they are about, whatever lines have moved. */
function keyOf({ rule, deployment, service, fact, location }: Finding): string {
  return [rule, deployment, service ?? "", fact, location.file].join("\n");
}

function proposalsIn({ state, refused }: Progress, scope: RepairScope): readonly Proposal[] {
  return state.report.findings.flatMap((finding) => {
    const proposal = refused.has(keyOf(finding)) ? undefined : proposalFor(finding, scope);
    return proposal === undefined ? [] : [proposal];
  });
}

function proposalFor(finding: Finding, { unsafe, rules }: RepairScope): Proposal | undefined {
  const { edits } = finding.remediation;
  if (finding.state !== "open" || edits.length === 0) return undefined;
  if (rules.length > 0 && !rules.includes(finding.rule)) return undefined;
  if (!unsafe && edits.some(({ safety }) => safety === "unsafe")) return undefined;
  return { finding, edits };
}

/** All at once where that does no harm; otherwise in halves, so that one bad edit does not keep the others out. */
function makeAll(subject: Subject, scope: RepairScope, progress: Progress, keys: readonly string[]): void {
  const wanted = new Set(keys);
  const proposals = proposalsIn(progress, scope).filter(({ finding }) => wanted.has(keyOf(finding)));
  const [only] = proposals;
  if (only === undefined) return;
  const outcome = attempt(subject, progress.state, proposals);
  if (!("because" in outcome)) {
    accept(progress, proposals, outcome);
    return;
  }
  if (proposals.length === 1) {
    const helped = withFollowers(subject, scope, progress.state, [only]);
    if (helped === undefined) progress.refused.set(keyOf(only.finding), outcome.because);
    for (const step of helped?.steps ?? []) accept(progress, step.proposals, step.outcome);
    return;
  }
  const middle = Math.ceil(proposals.length / 2);
  const half = (from: number, to?: number): readonly string[] =>
    proposals.slice(from, to).map(({ finding }) => keyOf(finding));
  makeAll(subject, scope, progress, half(0, middle));
  makeAll(subject, scope, progress, half(middle));
}

function accept(progress: Progress, proposals: readonly Proposal[], outcome: Outcome): void {
  progress.state = outcome.state;
  progress.made = joined(progress.made, proposals, outcome);
}

/** What was made before, with its lines where they are now, and what was made just now. */
function joined(made: readonly Made[], proposals: readonly Proposal[], outcome: Outcome): readonly Made[] {
  const earlier = made.map((one) => ({
    ...one,
    written: one.written.map((line) => ({ ...line, line: outcome.moved(line.file, line.line) })),
  }));
  const added = proposals.map(({ finding, edits }) => ({
    finding,
    written: edits.flatMap((edit) => outcome.written.get(edit) ?? []),
    needs: edits.flatMap(({ needs }) => needs ?? []),
    creates: edits.flatMap(({ creates }) => creates ?? []),
    chooses: edits.flatMap(({ chooses }) => chooses ?? []),
  }));
  return [...earlier, ...added];
}

/** Steps that are made one after the other, and only together. */
export interface Chain {
  readonly steps: readonly { readonly proposals: readonly Proposal[]; readonly outcome: Outcome }[];
}

/** How many times edits are made for what an edit brought to light. */
const maximumFollowers = 3;

/** Makes edits together with those for the findings that they bring to light, if all in all nothing is worse. */
export function withFollowers(
  subject: Subject,
  scope: RepairScope,
  state: State,
  first: readonly Proposal[],
): Chain | undefined {
  const known = new Set(state.report.findings.filter((one) => one.state === "open").map(keyOf));
  const steps: Chain["steps"][number][] = [];
  let current = state;
  let proposals = first;
  for (let follower = 0; follower <= maximumFollowers && proposals.length > 0; follower++) {
    const outcome = tryProposals(subject, current, proposals);
    if ("because" in outcome) return undefined;
    steps.push({ proposals, outcome });
    current = outcome.state;
    if (harm(state, current, first) === undefined) return { steps };
    proposals = proposalsIn({ state: current, made: [], refused: new Map() }, scope).filter(
      ({ finding }) => !known.has(keyOf(finding)),
    );
  }
  return undefined;
}

function reasonFor(finding: Finding, { unsafe, rules }: RepairScope, { refused }: Progress): Left["why"] {
  const because = refused.get(keyOf(finding));
  if (because !== undefined) return { kind: "refused", because };
  if (rules.length > 0 && !rules.includes(finding.rule)) return { kind: "not-asked" };
  const { edits } = finding.remediation;
  if (!unsafe && edits.some(({ safety }) => safety === "unsafe")) return { kind: "unsafe" };
  return { kind: "by-hand" };
}
