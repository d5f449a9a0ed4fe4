/** The report for people: what is open, service by service; then what was counted, assumed, and what to do next. */
import type {
  Finding,
  Location,
  Report,
  ReportedDeployment,
  ReportedProblem,
  ReportedService,
  Suppression,
  Undetermined,
} from "../triage/report.ts";
import { complianceBlock } from "./compliance.ts";
import type { RenderContext, ReportOptions } from "./context.ts";
import { renderFinding, renderFindingLine } from "./finding.ts";
import { groupBy } from "./group.ts";
import { count, hanging, harmless, textWidth } from "./layout.ts";
import { once, type Told } from "./once.ts";
import { lookedText } from "./passed.ts";
import { productName } from "./products.ts";
import { createStyle, type Style } from "./style.ts";
import { summaryLines } from "./summary.ts";

interface Page {
  readonly report: Report;
  readonly context: RenderContext;
  readonly style: Style;
  readonly options: ReportOptions;
}

/** The report in words. */
export function renderText(report: Report, context: RenderContext, options: ReportOptions): string {
  const page: Page = { report, context, style: createStyle(options), options };
  const lines = options.quiet ? quietLines(page) : fullLines(page);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function quietLines({ report, style }: Page): string[] {
  return [
    ...gravest(report).map((problem) => problemLine(problem)),
    ...once(report).map(({ finding }) => renderFindingLine(finding, style)),
  ];
}

function fullLines(page: Page): string[] {
  const blocks = [
    problemBlock(page),
    ...findingBlocks(page),
    undeterminedBlock(page),
    suppressedBlock(page),
    ...(page.options.verbose ? [passedBlock(page), notApplicableBlock(page)] : []),
    ...(page.report.compliance ?? []).map((view) => complianceBlock(view, page.style, page.options)),
    summaryLines(page.report, page.style, page.options),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

// Problems

const grave: ReadonlySet<ReportedProblem["kind"]> = new Set([
  "unreadable",
  "syntax",
  "limit",
  "missing-file",
]);

/** Problems that mean that something was not judged, except those that a finding tells in full. */
function gravest(report: Report): readonly ReportedProblem[] {
  const open = report.findings.filter(({ state }) => state === "open");
  const isTold = ({ location, message }: ReportedProblem) =>
    open.some((finding) => finding.location.file === location?.file && finding.message.includes(message));
  return report.problems.filter((problem) => grave.has(problem.kind) && !isTold(problem));
}

function problemLine({ location, message }: ReportedProblem): string {
  const placed = location === undefined || message.startsWith(location.file);
  return harmless(
    placed ? message : `${location.file}:${location.line}:${location.column}: ${message}`,
  ).replaceAll("\n", " ");
}

function problemBlock({ report, style, options }: Page): string[] {
  const problems = gravest(report);
  if (problems.length === 0) return [];
  const lines = problems.flatMap((problem) =>
    hanging("    ", style.words(problemLine(problem)), options.width),
  );
  return [`${style.severity.high("NOT READ")}  ${count(problems.length, "problem")}`, ...lines];
}

// Findings

function findingBlocks(page: Page): string[][] {
  const groups = groupBy(
    inReportOrder(page.report, once(page.report)),
    ({ finding }) => `${finding.deployment}\n${finding.service ?? ""}`,
  );
  return [...groups.values()].flatMap((group) => {
    const first = group[0];
    if (first === undefined) return [];
    const findings = group.map(({ finding, also }) =>
      renderFinding(finding, also, page.context, page.style, page.options),
    );
    return [serviceLines(first.finding, page), ...findings];
  });
}

/** By deployment and service as the report lists them; within a service the worst stay first. */
function inReportOrder(report: Report, told: readonly Told[]): readonly Told[] {
  const places = report.deployments.flatMap((deployment) =>
    ["", ...deployment.services.map(({ name }) => name)].map((name) => `${deployment.id}\n${name}`),
  );
  const order = new Map(places.map((place, index) => [place, index]));
  const rank = ({ finding }: Told) =>
    order.get(`${finding.deployment}\n${finding.service ?? ""}`) ?? places.length;
  return told.toSorted((a, b) => rank(a) - rank(b));
}

function serviceLines(finding: Finding, { report, style, options }: Page): string[] {
  const deployment = report.deployments.find(({ id }) => id === finding.deployment);
  const service = deployment?.services.find(({ name }) => name === finding.service);
  const name =
    service === undefined || deployment?.services.length === 1
      ? finding.deployment
      : `${finding.deployment} / ${service.name}`;
  const rest = [
    service === undefined ? "" : style.words(harmless(versionText(service))),
    deployment === undefined ? "" : filesText(filesOf(deployment, service)),
  ].filter(Boolean);
  const title = harmless(name);
  const line = [title, ...rest].join("   ");
  if (textWidth(line) <= options.width) return [[style.bold(title), ...rest].join("   ")];
  return [style.bold(title), `  ${rest.join("   ")}`];
}

/** Many containers have no file of their own; that is nothing to tell. */
function filesText(files: number): string {
  return files === 0 ? "" : count(files, "file");
}

function filesOf(deployment: ReportedDeployment, service: ReportedService | undefined): number {
  if (service === undefined || deployment.services.length === 1) return deployment.files.length;
  return deployment.files.filter(({ linked }) => linked === service.name).length;
}

/** What stands for the release of a product whose release plays no part. */
const noRelease = "0";

/** "Orthanc 1.12.4 (from the image)". */
function versionText({ product, software, version }: ReportedService): string {
  const name = software ?? productName(product);
  const { value, from, candidates } = version;
  if (value !== null)
    return `${name} ${value} (${from === "assumed" ? "assumed" : `from ${sourceName(from)}`})`;
  const [first] = candidates;
  const last = candidates.at(-1);
  if (first === undefined || last === undefined) return name;
  if (first === noRelease) return name;
  return first === last ? `${name} ${first} (assumed)` : `${name}, release unknown (${first} to ${last})`;
}

function sourceName(from: string): string {
  const known: Readonly<Record<string, string>> = {
    flag: "the command line",
    image: "the image",
    config: "the configuration",
    package: "the package",
  };
  return known[from] ?? from;
}

// Undetermined

/** Those that decide the exit code are always listed: a gate that fails has to say why. */
function undeterminedBlock({ report, style, options }: Page): string[] {
  const listed = report.undetermined.filter((check) => check.countsForExit || options.verbose);
  if (listed.length === 0) return [];
  const lines = [...groupBy(listed, checkKey).values()].flatMap((group) => {
    const [check] = group;
    return check === undefined
      ? []
      : hanging("    ", style.words(undeterminedText(check, group.length)), options.width);
  });
  return [`${style.severity.medium("NOT DECIDED")}  ${count(listed.length, "check")}`, ...lines];
}

function checkKey(check: Undetermined): string {
  return JSON.stringify([check.rule, check.deployment, check.reason, check.location?.line]);
}

function undeterminedText(check: Undetermined, times: number): string {
  const place =
    check.location === undefined
      ? check.deployment
      : `${check.location.file}:${check.location.line}:${check.location.column}`;
  return `${place}: ${check.rule} (${check.severity}${times > 1 ? `, ${times} times` : ""}): ${check.reason}`;
}

// Passed

function passedBlock({ report, style, options }: Page): string[] {
  if (report.passed.length === 0) return [];
  const several = report.deployments.length > 1;
  const lines = report.passed.flatMap((check) => {
    const lead = `    ${several ? `${check.deployment}: ` : ""}${check.rule}: `;
    return hanging("    ", style.words(lead.trimStart() + lookedText(check)), options.width);
  });
  return [
    `${style.bold("PASSED")}  ${count(report.passed.length, "check")}, and what each looked at`,
    ...lines,
  ];
}

/** The rules that speak of something that no deployment has. */
function notApplicableBlock({ report, style, options }: Page): string[] {
  const [first, ...others] = report.notApplicable.map(({ rules }) => new Set(rules));
  const everywhere = [...(first ?? [])].filter((rule) => others.every((rules) => rules.has(rule)));
  if (everywhere.length === 0) return [];
  return [
    `${style.bold("NOT APPLICABLE")}  ${count(everywhere.length, "check")} had nothing to look at`,
    ...hanging("    ", everywhere.join(", "), options.width),
  ];
}

// Suppressed

/** What does not count because somebody decided so, each with the reason and the place where that is written. */
function suppressedBlock({ report, style, options }: Page): string[] {
  if (options.showSuppressed !== true) return [];
  const decided = [...report.findings, ...report.undetermined].flatMap(
    ({ rule, severity, location, suppression }) =>
      suppression === undefined
        ? []
        : [
            `${placeText(location)}${rule} (${severity}): ${suppression.reason} (${decidedText(suppression)})`,
          ],
  );
  const known = report.findings
    .filter(({ state }) => state === "baselined")
    .map(({ rule, severity, location }) => `${placeText(location)}${rule} (${severity}): in the baseline`);
  const lines = [...decided, ...known];
  if (lines.length === 0) return [];
  return [
    `${style.bold("SUPPRESSED")}  ${lines.length}`,
    ...lines.flatMap((line) => hanging("    ", style.words(line), options.width)),
  ];
}

function placeText(location: Location | undefined): string {
  return location === undefined ? "" : `${location.file}:${location.line}:${location.column}: `;
}

function decidedText({ location, until }: Suppression): string {
  return `${location.file}:${location.line}${until === undefined ? "" : `, until ${until}`}`;
}
