/** Builds the report: places become lines, states and the exit code are decided here and nowhere else. */
import type { Deployment, Problem, Service } from "../deployment/model.ts";
import type { EntryFact, ListenerFact } from "../facts/facts.ts";
import type { Json } from "../facts/json.ts";
import type { Origin } from "../facts/origin.ts";
import { proposeEdits } from "../fixes/propose.ts";
import type { AnalysedService, Analysis } from "../reach/analyse.ts";
import { type Doubt, type Evaluation, type Hit, rank } from "../rules/evaluate.ts";
import { fill } from "../rules/message.ts";
import { type Audience, audiences, type Severity } from "../rules/rule.ts";
import type { Discovery } from "../sources/discover.ts";
import type { Crypto } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import { positionAt } from "../text/lines.ts";
import type { Place } from "../text/text.ts";
import { version } from "../version.ts";
import { type MergedHit, placeKey } from "./findings.ts";
import type {
  Finding,
  Location,
  Passed,
  Related,
  Report,
  ReportedDeployment,
  ReportedEntry,
  ReportedListener,
  ReportedProblem,
  ReportedService,
  Summary,
  Undetermined,
} from "./report.ts";
import { mergeById, mergeVersions } from "./unknowns.ts";

/** A deployment with what the rules made of it. */
export interface Judged {
  readonly deployment: Deployment;
  readonly analysis: Analysis;
  readonly hits: readonly MergedHit[];
  readonly doubts: readonly Doubt[];
  readonly evaluations: readonly Evaluation[];
}

/** What the report has to know of the run. */
export interface ReportInput {
  readonly sources: Sources;
  readonly discovery: Discovery;
  readonly problems: readonly Problem[];
}

/** The options that decide what counts. */
export interface Thresholds {
  readonly rules: readonly unknown[];
  readonly audience: Audience;
  readonly failOn: Severity;
  readonly allowUndetermined: boolean;
}

/** Builds the report of a run. */
export function buildReport(
  judged: readonly Judged[],
  input: ReportInput,
  thresholds: Thresholds,
  crypto: Crypto,
): Report {
  const locate = locator(input.sources);
  const findings = judged
    .flatMap((one) => one.hits.map((hit) => findingOf(hit, one, input.sources, locate, thresholds, crypto)))
    .sort(compareFindings);
  const undetermined = judged.flatMap((one) =>
    one.doubts.map((doubt) => undeterminedOf(doubt, one.deployment, locate, thresholds)),
  );
  const passed = judged.flatMap((one) => passedOf(one, findings, undetermined, locate));
  const problems = problemsOf(judged, input, locate);
  const report = {
    version: 1 as const,
    tool: { name: "pacslint" as const, version, rules: thresholds.rules.length },
    deployments: judged.map((one) => deploymentOf(one, locate)),
    findings,
    undetermined,
    passed,
    problems,
    assumptions: judged.flatMap((one) => assumptionsOf(one)),
    summary: summaryOf(findings, undetermined, passed),
  };
  return { ...report, exitCode: exitCodeOf(report, judged.length > 0, input) };
}

type Locate = (place: Place) => Location;

/** Turns offsets into lines and columns of the file they are in. */
function locator(sources: Sources): Locate {
  return (place) => {
    const lines = sources.get(place.file)?.lines ?? [0];
    const start = positionAt(lines, place.start);
    const end = positionAt(lines, Math.max(place.start, place.end));
    return {
      file: place.file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
    };
  };
}

/** A value that stands nowhere is shown where it belongs: at the first character of its object. */
function placeOf(origin: Origin): Place | undefined {
  if (origin.kind === "place") return origin.at;
  const { belongs } = origin;
  return belongs === undefined
    ? undefined
    : { file: belongs.file, start: belongs.start, end: Math.min(belongs.end, belongs.start + 1) };
}

function labelOf(origin: Origin): string {
  if (origin.label !== undefined)
    return origin.kind === "absent" ? `${origin.label} (${origin.by})` : origin.label;
  return origin.kind === "absent" ? `not set here: ${origin.by}` : "";
}

function findingOf(
  hit: MergedHit,
  one: Judged,
  sources: Sources,
  locate: Locate,
  thresholds: Thresholds,
  crypto: Crypto,
): Finding {
  const { rule, fact } = hit;
  const primary = hit.origins.find((origin) => placeOf(origin) !== undefined);
  const place = (primary === undefined ? undefined : placeOf(primary)) ?? firstPlace(one.deployment);
  const service = analysedService(one, fact.service);
  const edits = proposeEdits(hit.remediation, fact, service?.derived.editable, (path) => sources.get(path));
  const hidden = audiences.indexOf(rule.audience) > audiences.indexOf(thresholds.audience);
  const state = hidden ? "hidden" : "open";
  return {
    rule: rule.id,
    severity: hit.severity,
    confidence: hit.confidence,
    audience: rule.audience,
    versions: hit.versions,
    message: hit.message,
    expected: hit.expected,
    actual: hit.actual,
    location: locate(place),
    label: primary === undefined ? "" : labelOf(primary),
    related: relatedOf(hit, place, locate),
    deployment: one.deployment.id,
    ...(fact.service === undefined ? {} : { service: fact.service }),
    ...(fact.kind === "listener" ? { listener: fact.id } : {}),
    ...(fact.kind === "entry" ? { listener: fact.listener, entry: fact.id } : {}),
    fact: fact.id,
    remediation: {
      text: hit.remediation === undefined ? "" : fill(hit.remediation.text, fact),
      edits: edits.map((edit) => ({
        location: locate(edit.place),
        text: edit.text,
        safety: edit.safety,
        logical: edit.logical as Json,
        shown: edit.shown,
      })),
    },
    impact: rule.impact,
    controls: rule.controls,
    fingerprint: crypto
      .sha256(new TextEncoder().encode([rule.id, place.file, fact.kind, fact.id, hit.actual].join("\n")))
      .slice(0, 32),
    state,
    countsForExit: state === "open" && rank(hit.severity) >= rank(thresholds.failOn),
  };
}

function relatedOf(hit: MergedHit, first: Place, locate: Locate): readonly Related[] {
  const seen = new Set([placeKey(first)]);
  const origins = [hit, ...hit.others].flatMap((one: Hit) => one.origins);
  return origins.flatMap((origin): readonly Related[] => {
    const via = origin.kind === "place" ? (origin.via ?? []) : [];
    const place = placeOf(origin);
    const places = [
      ...(place === undefined ? [] : [{ place, label: labelOf(origin) }]),
      ...via.map((outer) => ({ place: outer, label: "inserted here" })),
    ];
    return places.flatMap(({ place: where, label }) => {
      const key = placeKey(where);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ location: locate(where), label }];
    });
  });
}

function firstPlace(deployment: Deployment): Place {
  return { file: deployment.files[0]?.source.path ?? deployment.root, start: 0, end: 0 };
}

function analysedService(one: Judged, name: string | undefined): AnalysedService | undefined {
  return one.analysis.scenarios.at(-1)?.services.find(({ service }) => service.name === name);
}

function compareFindings(left: Finding, right: Finding): number {
  const certainty = ["certain", "likely", "possible"];
  return (
    (left.deployment < right.deployment ? -1 : left.deployment > right.deployment ? 1 : 0) ||
    rank(right.severity) - rank(left.severity) ||
    certainty.indexOf(left.confidence) - certainty.indexOf(right.confidence) ||
    (left.location.file < right.location.file ? -1 : left.location.file > right.location.file ? 1 : 0) ||
    left.location.line - right.location.line ||
    (left.rule < right.rule ? -1 : 1)
  );
}

function undeterminedOf(
  doubt: Doubt,
  deployment: Deployment,
  locate: Locate,
  thresholds: Thresholds,
): Undetermined {
  const input = doubt.unknown.cause === "input";
  const heard = audiences.indexOf(doubt.rule.audience) <= audiences.indexOf(thresholds.audience);
  const where = doubt.unknown.where?.at ?? doubt.origins.map(placeOf).find((place) => place !== undefined);
  return {
    rule: doubt.rule.id,
    severity: doubt.rule.severity,
    deployment: deployment.id,
    ...(doubt.fact.service === undefined ? {} : { service: doubt.fact.service }),
    fact: doubt.fact.id,
    reason: doubt.unknown.reason,
    ...(where === undefined ? {} : { location: locate(where) }),
    input,
    countsForExit:
      input && heard && !thresholds.allowUndetermined && rank(doubt.rule.severity) >= rank(thresholds.failOn),
  };
}

function passedOf(
  one: Judged,
  findings: readonly Finding[],
  undetermined: readonly Undetermined[],
  locate: Locate,
): readonly Passed[] {
  const open = new Set(
    [...findings, ...undetermined]
      .filter((entry) => entry.deployment === one.deployment.id)
      .map((entry) => entry.rule),
  );
  const newest = one.evaluations.at(-1)?.passed ?? [];
  return newest
    .filter(({ rule }) => !open.has(rule.id))
    .map(({ rule, facts }) => ({
      rule: rule.id,
      deployment: one.deployment.id,
      looked: facts.slice(0, 10).flatMap((fact): readonly (Location | string)[] => {
        const origin = fact.origins[rule.at]?.[0] ?? fact.origins[""]?.[0];
        if (origin === undefined) return [];
        return origin.kind === "place" ? [locate(origin.at)] : [origin.by];
      }),
    }));
}

function deploymentOf(one: Judged, locate: Locate): ReportedDeployment {
  const { deployment } = one;
  return {
    id: deployment.id,
    root: deployment.root,
    form: deployment.form,
    files: deployment.files.map(({ source, kind, linkedTo }) => ({
      path: source.path,
      kind,
      sha256: source.sha256,
      linked: linkedTo,
    })),
    services: deployment.services.map((service) => serviceOf(service, one, locate)),
  };
}

function serviceOf(service: Service, one: Judged, locate: Locate): ReportedService {
  const variants = one.analysis.scenarios.flatMap((scenario) =>
    scenario.services.filter((analysed) => analysed.service === service),
  );
  const reasons = new Map(
    variants.flatMap(({ derived }) => derived.startup.reasons.map((reason) => [reason.message, reason])),
  );
  const { value, from, candidates } = service.version;
  return {
    name: service.name,
    product: service.product,
    version: { value, from, candidates },
    startup: {
      verdict:
        variants.length === 0
          ? "starts"
          : mergeVersions(variants.map(({ derived }) => derived.startup.verdict)),
      reasons: [...reasons.values()].map(({ message, origins }) => {
        const place = origins.map(placeOf).find((candidate) => candidate !== undefined);
        return place === undefined ? { message } : { message, location: locate(place) };
      }),
    },
    listeners: listenersOf(variants, locate),
  };
}

/** The listeners over all releases: what differs is unknown. */
function listenersOf(variants: readonly AnalysedService[], locate: Locate): readonly ReportedListener[] {
  const listeners = mergeById(
    variants.map((variant) => variant.listeners.map(({ listener }) => listenerOf(listener))),
  );
  const entries = mergeById(
    variants.map((variant) => variant.listeners.flatMap((reached) => reached.entries.map(entryOf))),
  );
  const newest = new Map(
    variants
      .flatMap((variant) => variant.listeners.flatMap((reached) => reached.entries))
      .map((entry) => [entry.id, entry]),
  );
  return listeners.map((listener) => ({
    ...listener,
    entries: entries
      .filter((entry) => newest.get(entry.id)?.listener === listener.id)
      .map((entry) => ({ ...entry, via: viaOf(newest.get(entry.id), locate) })),
  }));
}

function listenerOf(listener: ListenerFact): Omit<ReportedListener, "entries"> {
  const { id, protocol, port, bind, reach, tls, auth } = listener;
  return { id, protocol, port, bind, reach, tls, auth, ...abilitiesOf(listener) };
}

function entryOf(entry: EntryFact): Omit<ReportedEntry, "via"> {
  const { id, through, address, port, paths, reach, sourceSeen, tls, auth } = entry;
  return { id, through, address, port, paths, reach, sourceSeen, tls, auth, ...abilitiesOf(entry) };
}

function viaOf(entry: EntryFact | undefined, locate: Locate): readonly Related[] {
  const origins = ["/reach", "/auth/mode"].flatMap((pointer) => entry?.origins[pointer] ?? []);
  return origins.flatMap((origin): readonly Related[] => {
    const place = placeOf(origin);
    return place === undefined ? [] : [{ location: locate(place), label: labelOf(origin) }];
  });
}

function abilitiesOf(
  fact: ListenerFact | EntryFact,
): Pick<ReportedListener, "anonymous" | "unknownPeer" | "spoofedPeer"> {
  return {
    ...(fact.anonymous === undefined ? {} : { anonymous: fact.anonymous }),
    ...(fact.unknownPeer === undefined ? {} : { unknownPeer: fact.unknownPeer }),
    ...(fact.spoofedPeer === undefined ? {} : { spoofedPeer: fact.spoofedPeer }),
  };
}

function problemsOf(
  judged: readonly Judged[],
  input: ReportInput,
  locate: Locate,
): readonly ReportedProblem[] {
  const ofRun = input.problems.map((problem) => problemOf(problem, null, locate));
  const ofDeployments = judged.flatMap(({ deployment }) =>
    deployment.problems.map((problem) => problemOf(problem, deployment.id, locate)),
  );
  const syntax = judged.flatMap(({ deployment, analysis }) =>
    (analysis.scenarios.at(-1)?.facts ?? []).flatMap((fact): readonly ReportedProblem[] => {
      if (fact.kind !== "fault" || fact.effect !== "syntax") return [];
      const place = fact.origins[""]?.map(placeOf).find((candidate) => candidate !== undefined);
      return [
        {
          kind: "syntax",
          deployment: deployment.id,
          message: fact.message,
          ...(place === undefined ? {} : { location: locate(place) }),
        },
      ];
    }),
  );
  const skipped = input.discovery.skipped.map(
    ({ path, kind, message }): ReportedProblem => ({
      kind,
      deployment: null,
      message: `${path}: ${message}`,
      location: { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 },
    }),
  );
  return [...skipped, ...ofRun, ...ofDeployments, ...syntax];
}

function problemOf(problem: Problem, deployment: string | null, locate: Locate): ReportedProblem {
  const place =
    problem.where?.at ?? (problem.file === undefined ? undefined : { file: problem.file, start: 0, end: 0 });
  return {
    kind: problem.kind,
    deployment,
    message: problem.message,
    ...(place === undefined ? {} : { location: locate(place) }),
  };
}

function assumptionsOf(one: Judged): Report["assumptions"] {
  const newest = one.analysis.scenarios.at(-1)?.services ?? [];
  const messages = [...one.deployment.assumptions, ...newest.flatMap(({ derived }) => derived.assumptions)];
  return [...new Set(messages)].map((message) => ({ deployment: one.deployment.id, message }));
}

function summaryOf(
  findings: readonly Finding[],
  undetermined: readonly Undetermined[],
  passed: readonly Passed[],
): Summary {
  const open = (severity: Severity): number =>
    findings.filter((finding) => finding.state === "open" && finding.severity === severity).length;
  const inState = (state: Finding["state"]): number =>
    findings.filter((finding) => finding.state === state).length;
  return {
    critical: open("critical"),
    high: open("high"),
    medium: open("medium"),
    low: open("low"),
    info: open("info"),
    hidden: inState("hidden"),
    suppressed: inState("suppressed"),
    baselined: inState("baselined"),
    undetermined: undetermined.length,
    passed: passed.length,
  };
}

/** 3 when the input was not complete, 1 when a finding counts, otherwise 0. */
function exitCodeOf(
  report: Omit<Report, "exitCode">,
  anything: boolean,
  input: ReportInput,
): Report["exitCode"] {
  const unread = input.discovery.skipped.some(
    (skipped) => skipped.kind === "limit" || skipped.kind === "unreadable",
  );
  const incomplete = report.problems.some(
    (problem) => problem.kind === "unreadable" || problem.kind === "syntax" || problem.kind === "limit",
  );
  if (!anything || unread || incomplete || report.undetermined.some((entry) => entry.countsForExit)) return 3;
  return report.findings.some((finding) => finding.countsForExit) ? 1 : 0;
}
