/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/), for code scanning services. Within what
 * GitHub documents that it takes: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files.
 * Checks that passed are left out, as services show every result as an alert.
 */
import type { Artifact, Log, Run } from "sarif";
import { severities } from "../../rules/rule.ts";
import type { Finding, Report } from "../../triage/report.ts";
import type { ReportContext } from "../context.ts";
import { toJson } from "../json.ts";
import { count } from "../layout.ts";
import { invocationOf, notificationKinds } from "./notifications.ts";
import { artifactLocation, rootId } from "./places.ts";
import { resultOf } from "./results.ts";
import { descriptorOf, rulesOf, taxonomiesOf } from "./rules.ts";

/** GitHub refuses a run with more. */
const mostResults = 25_000;

/** The report as a SARIF log with one run. */
export function renderSarif(report: Report, context: ReportContext): string {
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [runOf(report, context)],
  };
  return toJson(log);
}

function runOf(report: Report, context: ReportContext): Run {
  const told = report.findings.filter(({ state }) => state !== "hidden");
  const findings = told.length <= mostResults ? told : worst(told);
  const left = told.length - findings.length;
  const rules = rulesOf(findings, context.rules);
  const index = new Map(rules.map(({ id }, position) => [id, position]));
  const taxonomies = taxonomiesOf(rules, context.controls);
  const further = left === 0 ? [] : [`${count(left, "finding")} more than a service takes are left out.`];
  return {
    tool: {
      driver: {
        name: "pacslint",
        version: report.tool.version,
        semanticVersion: report.tool.version,
        rules: rules.map((rule) => descriptorOf(rule, findings, context.controls, taxonomies)),
        notifications: notificationKinds,
        supportedTaxonomies: taxonomies.map(({ name }, position) => ({ name, index: position })),
      },
    },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { [rootId]: { description: { text: "The root of the repository." } } },
    artifacts: artifactsOf(report, context),
    ...(taxonomies.length === 0 ? {} : { taxonomies: [...taxonomies] }),
    invocations: [invocationOf(report, context, further)],
    results: findings.map((finding) => resultOf(finding, index.get(finding.rule) ?? -1, report, context)),
    properties: { summary: report.summary },
  };
}

function worst(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return findings.toSorted((a, b) => rank(b) - rank(a)).slice(0, mostResults);
}

/** Every file that was read, once, with its hash. */
function artifactsOf({ deployments }: Report, { workspace }: ReportContext): Artifact[] {
  const files = new Map(
    deployments.flatMap((deployment) => deployment.files.map((file) => [file.path, file])),
  );
  return [...files.values()].flatMap(({ path, sha256 }) => {
    const location = artifactLocation(path, workspace);
    return location === undefined
      ? []
      : [{ location, hashes: { "sha-256": sha256 }, roles: ["analysisTarget" as const] }];
  });
}
