/** One finding of the report: its lines, its edits, its state. */
import type { Fact } from "../facts/facts.ts";
import type { Json } from "../facts/json.ts";
import { placeOf } from "../facts/origin.ts";
import { proposeCommands } from "../fixes/commands.ts";
import { type ProposedEdit, proposeEdits } from "../fixes/propose.ts";
import type { Baseline } from "../policy/baseline.ts";
import { withoutSecrets } from "../products/secret-names.ts";
import { rank } from "../rules/evaluate.ts";
import { fill } from "../rules/message.ts";
import { type Place, placeKey } from "../text/text.ts";
import {
  fails,
  isHeard,
  type Judged,
  suppressionOf,
  type Thresholds,
  type TriageContext,
} from "./context.ts";
import { fingerprintOf, numbered } from "./fingerprint.ts";
import { type Locate, labelOf, linesOf, startOf } from "./locations.ts";
import type { MergedHit } from "./merge.ts";
import type { Finding, Related, ReportedCommand } from "./report.ts";

/** The findings of a deployment, worst first. */
export function findingsOf(judged: Judged, context: TriageContext): readonly Finding[] {
  const found = judged.merged.hits.map((hit) => findingOf(hit, judged, context)).sort(compareFindings);
  const times = new Map<string, number>();
  return found.map((finding) => {
    const earlier = times.get(finding.fingerprint) ?? 0;
    times.set(finding.fingerprint, earlier + 1);
    const fingerprint = numbered(finding.fingerprint, earlier, context.crypto);
    return withState({ ...finding, fingerprint }, context.thresholds);
  });
}

/** Suppressed before hidden before known: what the site decided is the same whoever looks. */
function withState(finding: Finding, thresholds: Thresholds): Finding {
  if (finding.suppression !== undefined) return { ...finding, state: "suppressed" };
  if (!isHeard(finding, thresholds)) return { ...finding, state: "hidden" };
  if (isKnown(finding, thresholds.baseline)) return { ...finding, state: "baselined" };
  return { ...finding, countsForExit: fails(finding, thresholds) };
}

/** Whether the baseline has it, and as bad as it is now. */
function isKnown({ fingerprint, severity }: Finding, baseline: Baseline | undefined): boolean {
  return (
    baseline?.entries.some(
      (entry) => entry.fingerprint === fingerprint && rank(entry.severity) >= rank(severity),
    ) === true
  );
}

function findingOf(hit: MergedHit, judged: Judged, context: TriageContext): Finding {
  const { rule, fact } = hit;
  const { locate } = context;
  const primary = hit.origins.find((origin) => placeOf(origin) !== undefined);
  const place = (primary && placeOf(primary)) ?? startOf(firstFile(judged));
  const profiles = profilesOf(fact, judged);
  return {
    rule: rule.id,
    severity: hit.severity,
    confidence: profiles.length > 0 ? "possible" : hit.confidence,
    audience: rule.audience,
    versions: hit.versions,
    message: withoutSecrets(`${hit.message}${startedBy(profiles)}`),
    expected: hit.expected,
    actual: withoutSecrets(hit.actual),
    location: locate(place),
    label: primary === undefined ? "" : labelOf(primary),
    related: relatedOf(hit, place, locate),
    deployment: judged.deployment.id,
    ...namesOf(fact),
    fact: fact.id,
    remediation: {
      text: hit.remediation === undefined ? "" : fill(hit.remediation.text, fact),
      edits: editsOf(hit, judged, context),
      ...commandsOf(hit, judged),
    },
    impact: rule.impact,
    controls: rule.controls,
    fingerprint: fingerprintOf(hit, context.seen(place.file), context.crypto),
    state: "open",
    ...suppressionOf(hit.decision, locate),
    countsForExit: false,
  };
}

/** The profiles of which one has to be started for the service to be there. */
function profilesOf({ service }: Fact, { deployment }: Judged): readonly string[] {
  return deployment.services.find(({ name }) => name === service)?.profiles ?? [];
}

function startedBy(profiles: readonly string[]): string {
  return profiles.length === 0 ? "" : ` The service starts with the profile ${profiles.join(" or ")} only.`;
}

function firstFile({ deployment }: Judged): string {
  return deployment.files[0]?.source.path ?? deployment.root;
}

/** What the fact is about, as far as it has a name of its own. */
function namesOf(fact: Fact): Pick<Finding, "service" | "listener" | "entry"> {
  return {
    ...(fact.service === undefined ? {} : { service: fact.service }),
    ...(fact.kind === "listener" ? { listener: fact.id } : {}),
    ...(fact.kind === "entry" ? { listener: fact.listener, entry: fact.id } : {}),
  };
}

/** The other lines that make it so, each once. */
function relatedOf(hit: MergedHit, first: Place, locate: Locate): readonly Related[] {
  const seen = new Set([placeKey(first)]);
  const lines = [hit, ...hit.others].flatMap(({ origins }) => origins.flatMap(linesOf));
  return lines.flatMap(({ place, label }): readonly Related[] => {
    const key = placeKey(place);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ location: locate(place), label }];
  });
}

/** The edits for all that a finding tells; of two that want the same characters the first one counts. */
function editsOf(
  hit: MergedHit,
  { analysis, deployment }: Judged,
  { sources, locate }: TriageContext,
): Finding["remediation"]["edits"] {
  // What one edit leaves to a person keeps the whole finding.
  if ([hit, ...hit.others].some(({ remediation }) => remediation?.edits === undefined)) return [];
  const newest = analysis.scenarios.at(-1)?.services ?? [];
  const edits: ProposedEdit[] = [];
  for (const { fact, remediation } of [hit, ...hit.others]) {
    const analysed = newest.find(({ service }) => service.name === fact.service);
    const proposed = proposeEdits(remediation, fact, {
      deployment,
      service: analysed?.service ?? deployment.services.find(({ name }) => name === fact.service),
      editable: analysed?.derived.editable,
      all: newest.map(({ service, derived }) => ({ service, editable: derived.editable })),
      get: (path) => sources.get(path),
    });
    if (!proposed.some((edit) => edits.some((other) => excludes(edit, other)))) edits.push(...proposed);
  }
  return edits.map(({ place, text, safety, logical, shown, needs, creates, chooses, shared = [] }) => ({
    location: locate(place),
    text,
    safety,
    logical: logical as Json,
    shown,
    ...(needs.length === 0 ? {} : { needs }),
    ...(creates.length === 0 ? {} : { creates }),
    ...(chooses.length === 0 ? {} : { chooses }),
    ...(shared.length === 0 ? {} : { shared }),
  }));
}

/** The commands for all that a finding tells, each once. */
function commandsOf(hit: MergedHit, { analysis }: Judged): Pick<Finding["remediation"], "commands"> {
  const newest = analysis.scenarios.at(-1)?.services ?? [];
  const commands = new Map<string, ReportedCommand>();
  for (const { fact, remediation } of [hit, ...hit.others]) {
    const analysed = newest.find(({ service }) => service.name === fact.service);
    for (const command of proposeCommands(remediation, fact, analysed?.derived.editable))
      commands.set(command.text, command);
  }
  return commands.size === 0 ? {} : { commands: [...commands.values()] };
}

/** Whether two edits change the same characters; those that begin the same new block are written into one. */
function excludes(one: ProposedEdit, other: ProposedEdit): boolean {
  const [left, right] = [one.place, other.place];
  if (left.file !== right.file || left.start >= right.end || right.start >= left.end) return false;
  const frame = ({ shared }: ProposedEdit): string => JSON.stringify(shared?.[0] ?? null);
  const isJoined = one.shared !== undefined && frame(one) === frame(other);
  return !(isJoined && left.start === right.start && left.end === right.end);
}

const certainty = ["certain", "likely", "possible"];

function compareFindings(left: Finding, right: Finding): number {
  return (
    rank(right.severity) - rank(left.severity) ||
    certainty.indexOf(left.confidence) - certainty.indexOf(right.confidence) ||
    compareText(left.location.file, right.location.file) ||
    left.location.line - right.location.line ||
    compareText(left.rule, right.rule)
  );
}

/** By code units: the same on every machine, whatever its language. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
