/** The end of a text report: counts, assumptions, what the exit code means, the next step. */
import { type Audience, type Severity, severities } from "../rules/rule.ts";
import type { Report } from "../triage/report.ts";
import type { TextOptions } from "./context.ts";
import { count, sentence, textWidth, wrap } from "./layout.ts";
import type { Style } from "./style.ts";

interface SummaryOptions extends TextOptions {
  readonly byProfile?: boolean;
  readonly verbose: boolean;
  readonly audience: Audience;
  readonly failOn: Severity;
  readonly paths: readonly string[];
}

/** The closing lines. */
export function summaryLines(report: Report, style: Style, options: SummaryOptions): string[] {
  const tell = (lead: string, text: string) => sentence(lead, style.words(text), options.width);
  return [
    ...countLines(report, style, options),
    ...[...new Set(report.assumptions.map(({ message }) => message))].flatMap((message) =>
      tell("Assumed", message),
    ),
    ...(report.deployments.length === 0 ? [] : tell("Profile", profileText(report))),
    ...configurationText(report).flatMap((text) => tell("Configuration", text)),
    ...exitLine(report, options).flatMap((text) => tell(`Exit ${report.exitCode}`, text)),
    // Without paths there is no run that could be repeated: the report was made of others.
    ...(options.paths.length === 0 ? [] : tell("Next", nextStep(report, options))),
  ];
}

function countLines(report: Report, style: Style, options: SummaryOptions): string[] {
  const { summary } = report;
  const dot = ` ${style.dot} `;
  const worst = [...severities].reverse().filter((severity) => summary[severity] > 0);
  const counted = (paint: (severity: Severity, text: string) => string) =>
    worst.map((severity) => paint(severity, `${summary[severity]} ${severity}`)).join(dot);
  const tail = worst.length === 0 ? looked(report) : among(report);
  const left = counted((_severity, text) => text) + tail;
  const painted = counted((severity, text) => style.severity[severity](text)) + tail;
  const right = rest(report).join(dot);
  const gap = options.width - textWidth(left) - textWidth(right);
  return gap >= 3
    ? [`${painted}${" ".repeat(Math.min(gap, 6))}${right}`]
    : [painted, ...wrap(right, options.width)];
}

/** What a run without findings says: that it did look. */
function looked(report: Report): string {
  const files = new Set(report.deployments.flatMap((deployment) => deployment.files.map(({ path }) => path)));
  return files.size === 0 ? "Nothing was read" : `No findings in ${count(files.size, "file")}`;
}

/** Over how many deployments the findings are spread, where there are several. */
function among({ deployments, findings }: Report): string {
  const affected = new Set(
    findings.filter(({ state }) => state === "open").map(({ deployment }) => deployment),
  );
  return deployments.length < 2 ? "" : ` in ${affected.size} of ${deployments.length} deployments`;
}

function rest({ summary, problems }: Report): string[] {
  const skipped = problems.filter(({ kind }) => kind === "skipped").length;
  const unlinked = problems.filter(({ kind }) => kind === "unlinked").length;
  return [
    `${count(summary.passed, "check")} passed`,
    `${summary.undetermined} undetermined${summary.accepted > 0 ? ` (${summary.accepted} accepted)` : ""}`,
    `${summary.suppressed} suppressed`,
    ...(summary.baselined > 0 ? [`${summary.baselined} in the baseline`] : []),
    ...(summary.hidden > 0 ? [`${summary.hidden} hidden`] : []),
    ...(skipped > 0 ? [`${count(skipped, "file")} skipped`] : []),
    ...(unlinked > 0 ? [`${count(unlinked, "file")} not linked`] : []),
  ];
}

/** Which profile is met, and what is left for the next one. */
export function profileText({ profile: { asked, met, next }, summary }: Report): string {
  const accepted =
    summary.suppressed + summary.accepted > 0
      ? `, with what is suppressed (${summary.suppressed + summary.accepted})`
      : "";
  const now = met === null ? "" : `${met} is met${accepted}`;
  const ask = asked === null || asked === met ? "" : ` (${asked} was asked for)`;
  if (next === null) return `${now}, which is the last one.${ask}`;
  const doubts = next.undecided === 0 ? "" : `${count(next.undecided, "check")} could not be decided`;
  const steps = next.steps === 0 ? "" : `${count(next.steps, "finding")} to close`;
  const left = [steps, doubts].filter(Boolean).join(", ");
  if (met === null)
    return next.steps === 0
      ? `nobody can tell whether ${next.name} is met: ${left}.${ask}`
      : `${next.name} is not met: ${left}.${ask}`;
  return next.steps === 0
    ? `${now}; nobody can tell about ${next.name}: ${left}.${ask}`
    : `${now}; for ${next.name}: ${left}.${ask}`;
}

/** Which file of the site was used, and what it changes, besides the suppressions, which are counted. */
function configurationText({ configuration, baseline }: Report): string[] {
  const changes = (configuration?.says ?? []).map(({ text, location }) => `line ${location.line}: ${text}`);
  return [
    ...(configuration === null ? [] : [`${[`${configuration.file} is used`, ...changes].join("; ")}.`]),
    ...(baseline === null || baseline.gone === 0
      ? []
      : [
          `${count(baseline.gone, "entry", "entries")} of ${baseline.file} ${baseline.gone === 1 ? "is" : "are"} gone; pacslint baseline prune takes them out.`,
        ]),
  ];
}

/** What decides over the exit code, as the end of a sentence. */
function threshold({ profile }: Report, { failOn, byProfile, paths }: SummaryOptions): string {
  if (paths.length === 0) return "that its run was to fail on";
  return byProfile === true
    ? `that ${profile.asked} needs closed (--profile)`
    : `at or above ${failOn} (--fail-on)`;
}

/** Why a gate fails, or why it does not although something was found. */
function exitLine(report: Report, options: SummaryOptions): string[] {
  const above = threshold(report, options);
  const counting = report.findings.filter((finding) => finding.countsForExit).length;
  const undecided = report.undetermined.filter((check) => check.countsForExit).length;
  const open = report.findings.some((finding) => finding.state === "open");
  if (report.exitCode === 1) return [`${count(counting, "finding")} ${above}.`];
  if (report.exitCode === 3)
    return [
      undecided > 0
        ? `${count(undecided, "check")} could not be decided; --allow-undetermined accepts that.`
        : report.deployments.length === 0
          ? "nothing was read."
          : "not everything could be read.",
    ];
  if (report.exitCode === 0 && open) return [`nothing ${above}.`];
  return [];
}

function nextStep(report: Report, { paths, audience }: SummaryOptions): string {
  const where = paths.map(quote).join(" ");
  if (report.deployments.length === 0) return `pacslint doctor ${where}`;
  const [worst] = report.findings
    .filter(({ state }) => state === "open")
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const inputs = report.undetermined.some((check) => check.input && check.countsForExit);
  if (inputs)
    return `give the missing values with --env-file or --env; pacslint doctor ${where} lists what was read.`;
  if (report.findings.some(({ versions }) => versions.length > 0))
    return `name the release with --orthanc-version, as not all of this holds for every one.`;
  if (worst !== undefined) return `pacslint explain ${worst.rule}`;
  return audience === "audit"
    ? `pacslint effective ${where}`
    : `pacslint --audience ${audience === "everyday" ? "strict" : "audit"} ${where}`;
}

function quote(path: string): string {
  return /^[\w./:\\@%+=,~-]+$/.test(path) ? path : `"${path}"`;
}
