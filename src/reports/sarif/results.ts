/** Findings as SARIF results: lines, attack paths, edits, state. */

import type {
  CodeFlow,
  Fix,
  Message,
  Result,
  Location as SarifLocation,
  Suppression as SarifSuppression,
  ThreadFlowLocation,
} from "sarif";
import type { AttackPath, Finding, Report, ReportedEdit } from "../../triage/report.ts";
import { adviceText } from "../commands.ts";
import type { ReportContext } from "../context.ts";
import { groupBy } from "../group.ts";
import { harmless } from "../layout.ts";
import { holdsSecret } from "../mask.ts";
import { shownAt } from "../where.ts";
import { escaped, plainMessage } from "./message.ts";
import { artifactLocation, regionOf, sarifLocation } from "./places.ts";
import { levels } from "./rules.ts";

/** GitHub shows 100 locations of a result and refuses more than 1,000. */
const mostRelated = 99;

/** GitHub refuses more than 10,000 steps of a result's flows; ways in beyond these say nothing new. */
const mostFlows = 20;

/** One result. */
export function resultOf(
  finding: Finding,
  ruleIndex: number,
  report: Report,
  context: ReportContext,
): Result {
  const { workspace } = context;
  const primary = shownAt(finding, report);
  const related = relatedOf(finding, context);
  const flows = flowsOf(finding, report, context);
  const fixes = fixesOf(finding, context);
  const place = sarifLocation(primary, workspace, primary === finding.location ? finding.label : "");
  return {
    ruleId: finding.rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    kind: "fail",
    level: levels[finding.severity],
    message: messageOf(finding, related),
    locations: place === undefined ? [] : [{ ...place, logicalLocations: logicalLocations(finding) }],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(flows.length === 0 ? {} : { codeFlows: flows }),
    ...(fixes.length === 0 ? {} : { fixes }),
    partialFingerprints: { "pacslint/v1": finding.fingerprint },
    ...stateOf(finding, report, context),
    properties: {
      severity: finding.severity,
      confidence: finding.confidence,
      countsForExit: finding.countsForExit,
      deployment: harmless(finding.deployment),
      ...(finding.service === undefined ? {} : { service: harmless(finding.service) }),
      ...(finding.versions.length === 0 ? {} : { versions: [...finding.versions] }),
      expected: harmless(finding.expected),
      actual: harmless(finding.actual),
      mayBreak: harmless(finding.impact),
    },
  };
}

/** The other lines as links in the message: GitHub shows those that are. */
function messageOf(finding: Finding, related: readonly SarifLocation[]): Message {
  const links = related.flatMap(({ id, message }) =>
    message === undefined ? [] : [`- [${message.text}](${id})`],
  );
  const text = escaped(finding.message);
  return { text: links.length === 0 ? text : `${text}\n${links.join("\n")}` };
}

function relatedOf(finding: Finding, { workspace }: ReportContext): SarifLocation[] {
  return finding.related
    .flatMap(({ location, label }) => {
      const words = label === "" ? `${location.file}, line ${location.line}` : label;
      return sarifLocation(location, workspace, words) ?? [];
    })
    .slice(0, mostRelated)
    .map((location, index) => ({ id: index + 1, ...location }));
}

function logicalLocations({
  deployment,
  service,
  entry,
  listener,
}: Finding): SarifLocation["logicalLocations"] {
  const fullyQualifiedName = [deployment, entry ?? listener ?? service ?? ""].filter(Boolean).join("/");
  return [{ fullyQualifiedName: harmless(fullyQualifiedName), kind: "resource" }];
}

/** The ways of strangers through what the finding is about. */
function flowsOf(finding: Finding, { attackPaths }: Report, context: ReportContext): CodeFlow[] {
  const same = (path: AttackPath) =>
    path.deployment === finding.deployment &&
    (finding.entry === undefined ? path.listener === finding.listener : path.entry === finding.entry);
  if (finding.listener === undefined && finding.entry === undefined) return [];
  return attackPaths
    .filter(same)
    .slice(0, mostFlows)
    .flatMap((path) => flowOf(path, context));
}

/** Steps that stand in no file, such as the network itself, are told with the next one that does. */
function flowOf({ steps, outcome, text }: AttackPath, { workspace }: ReportContext): CodeFlow[] {
  const locations: ThreadFlowLocation[] = [];
  let before: string[] = [];
  steps.forEach(({ text: step, location }, index) => {
    const words = index === steps.length - 1 ? `${step}: ${outcome}` : step;
    const place = location && sarifLocation(location, workspace, [...before, words].join(" → "));
    if (place === undefined) before.push(words);
    else {
      locations.push({ location: place, importance: "essential" });
      before = [];
    }
  });
  return locations.length === 0 ? [] : [{ message: plainMessage(text), threadFlows: [{ locations }] }];
}

/** All edits together are one fix. An edit that repeats a secret of the file is left out: the file has it, this has not. */
function fixesOf(finding: Finding, context: ReportContext): Fix[] {
  const { edits } = finding.remediation;
  if (edits.length === 0 || edits.some((edit) => holdsSecret(edit.text, context))) return [];
  const changes = [...groupBy(edits, ({ location }) => location.file)].flatMap(([file, ofFile]) => {
    const artifact = artifactLocation(file, context.workspace);
    return artifact === undefined
      ? []
      : [{ artifactLocation: artifact, replacements: ofFile.map(replacement) }];
  });
  if (changes.length === 0) return [];
  const words = `${adviceText(finding.remediation)}\nMay break: ${finding.impact}`;
  return [{ description: plainMessage(words), artifactChanges: changes }];
}

function replacement({ location, text }: ReportedEdit) {
  return { deletedRegion: regionOf(location), insertedContent: { text } };
}

/** What is in the baseline, or suppressed, is told as such; "new" and "unchanged" only where there is a baseline at all. */
function stateOf(
  { state, suppression }: Finding,
  report: Report,
  { workspace }: ReportContext,
): Partial<Result> {
  const compared: Partial<Result> =
    report.baseline === null ? {} : { baselineState: state === "baselined" ? "unchanged" : "new" };
  const told = (one: SarifSuppression[]): Partial<Result> => ({ ...compared, suppressions: one });
  if (state === "baselined")
    return told([{ kind: "external", status: "accepted", justification: "It is in the baseline." }]);
  // All results have the property, or none: who reads it then knows that suppressions were looked for.
  if (suppression === undefined) return report.suppressions.length === 0 ? compared : told([]);
  const { reason, until, location } = suppression;
  const kind = report.suppressions.some(
    (read) => read.from === "comment" && JSON.stringify(read.location) === JSON.stringify(location),
  )
    ? "inSource"
    : "external";
  const place = sarifLocation(location, workspace);
  return told([
    {
      kind,
      status: "accepted",
      justification: harmless(until === undefined ? reason : `${reason} (until ${until})`),
      ...(place === undefined ? {} : { location: place }),
    },
  ]);
}
