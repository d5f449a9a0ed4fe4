/** What changed between two reports of the same deployments. */
import type { AttackPath, Finding, Report, Undetermined } from "./report.ts";
import { leavesUnjudged } from "./summary.ts";

/** The same finding in both reports. */
export interface Changed {
  readonly before: Finding;
  readonly after: Finding;
  /** What differs, in words: "severity: medium, was high". */
  readonly what: readonly string[];
}

/** What two reports say differently. Only what is open counts: hidden findings are nobody's concern here. */
export interface Comparison {
  readonly fixed: readonly Finding[];
  /** Open now, and not before. */
  readonly new: readonly Finding[];
  readonly changed: readonly Changed[];
  /** Open before; now the check cannot be decided, or its input was not read. Nobody can say that they are fixed. */
  readonly lost: readonly Finding[];
  readonly closedPaths: readonly AttackPath[];
  readonly openedPaths: readonly AttackPath[];
  /** Ids of deployments that only one of the reports has. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** Whether the new run could not read everything. */
  readonly incomplete: boolean;
}

/** Compares what a run found with what an earlier one did. */
export function compare(before: Report, after: Report): Comparison {
  const ids = (report: Report) => new Set(report.deployments.map(({ id }) => id));
  const [old, now] = [ids(before), ids(after)];
  const pairs = paired(before.findings, after.findings);
  const matched = new Set(pairs.map(([one]) => one));
  const missing = before.findings.filter((finding) => finding.state === "open" && !matched.has(finding));
  const incomplete = after.problems.some(({ kind }) => leavesUnjudged(kind));
  const undecided = new Set(after.undetermined.map(checkKey));
  const isLost = (finding: Finding) =>
    !now.has(finding.deployment) || incomplete || undecided.has(checkKey(finding));
  const closed = pairs.filter(([one, other]) => one.state === "open" && other.state !== "open");
  const found = new Set(pairs.map(([, other]) => other));
  const opened = pairs.filter(([one, other]) => one.state !== "open" && other.state === "open");
  return {
    fixed: missing.filter((finding) => !isLost(finding)),
    new: [
      ...after.findings.filter((finding) => finding.state === "open" && !found.has(finding)),
      ...opened.map(([, other]) => other),
    ],
    changed: [
      ...pairs.filter(([one, other]) => one.state === "open" && other.state === "open"),
      ...closed,
    ].flatMap(([one, other]) => changeOf(one, other)),
    lost: missing.filter(isLost),
    closedPaths: pathsOnlyIn(before, after),
    openedPaths: pathsOnlyIn(after, before),
    gone: [...old].filter((id) => !now.has(id)),
    added: [...now].filter((id) => !old.has(id)),
    incomplete,
  };
}

type Pair = readonly [Finding, Finding];

/** By fingerprint first; what is left by what it is about, for a fingerprint changes with what the file says. */
function paired(before: readonly Finding[], after: readonly Finding[]): readonly Pair[] {
  const first = match(before, after, ({ deployment, fingerprint }) => `${deployment}\n${fingerprint}`);
  const olds = new Set(first.map(([one]) => one));
  const news = new Set(first.map(([, other]) => other));
  const rest = match(
    before.filter((finding) => !olds.has(finding)),
    after.filter((finding) => !news.has(finding)),
    ({ deployment, rule, fact, location }) => [deployment, rule, fact, location.file].join("\n"),
  );
  return [...first, ...rest];
}

function match(
  before: readonly Finding[],
  after: readonly Finding[],
  keyOf: (finding: Finding) => string,
): readonly Pair[] {
  const waiting = new Map<string, Finding[]>();
  for (const finding of after) waiting.set(keyOf(finding), [...(waiting.get(keyOf(finding)) ?? []), finding]);
  return before.flatMap((finding): readonly Pair[] => {
    const other = waiting.get(keyOf(finding))?.shift();
    return other === undefined ? [] : [[finding, other]];
  });
}

function checkKey({ deployment, rule, fact }: Finding | Undetermined): string {
  return [deployment, rule, fact].join("\n");
}

/** Where a line stands is no change: lines move. */
function changeOf(before: Finding, after: Finding): readonly Changed[] {
  const fields = ["state", "severity", "confidence", "actual"] as const;
  const what = fields.flatMap((field) =>
    before[field] === after[field]
      ? []
      : [`${field === "actual" ? "found" : field}: ${after[field]}, was ${before[field]}`],
  );
  return what.length === 0 ? [] : [{ before, after, what }];
}

function pathsOnlyIn(one: Report, other: Report): readonly AttackPath[] {
  const key = ({ deployment, entry, from, outcome }: AttackPath) =>
    [deployment, entry, from, outcome].join("\n");
  const known = new Set(other.attackPaths.map(key));
  return one.attackPaths.filter((path) => !known.has(key(path)));
}
