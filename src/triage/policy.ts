/** What became of the site's decisions: which suppressions silence what, and which of them are findings themselves. */
import type { Deployment } from "../deployment/model.ts";
import type { SuppressionFact } from "../facts/facts.ts";
import { fromPlace } from "../facts/origin.ts";
import type { Baseline } from "../policy/baseline.ts";
import type { Config } from "../policy/config.ts";
import type { Noted, Policy } from "../policy/ruling.ts";
import { configSays } from "../policy/says.ts";
import { evaluate } from "../rules/evaluate.ts";
import type { Rule } from "../rules/rule.ts";
import { folderOf } from "../sources/files.ts";
import type { DeploymentReport, PolicyReport } from "./build.ts";
import type { TriageContext } from "./context.ts";
import { findingsOf } from "./finding.ts";
import type { Locate } from "./locations.ts";
import { merge } from "./merge.ts";
import type { Profile } from "./profile.ts";
import type { Finding, Location, ReportedSuppression } from "./report.ts";

/** What the report of the run is made with. */
export interface PolicyParts {
  readonly policy: Policy;
  readonly triage: TriageContext;
  readonly rules: readonly Rule[];
  readonly config?: Config;
  readonly baseline?: Baseline;
  readonly profile?: Profile;
}

/** The report about the decisions, once every deployment was judged. */
export function policyReport(reports: readonly DeploymentReport[], parts: PolicyParts): PolicyReport {
  const { config, triage } = parts;
  const noted = parts.policy.noted();
  return {
    configuration:
      config === undefined
        ? null
        : {
            file: config.file,
            says: configSays(config).map(({ text, at }) => ({ text, location: triage.locate(at) })),
          },
    suppressions: noted.map((one) => reported(one, reports, triage.locate)),
    findings: findingsAbout(noted, parts),
    baseline: parts.baseline,
    seen: triage.seen,
    profile: parts.profile?.name ?? null,
  };
}

function reported(
  { directive, state }: Noted,
  reports: readonly DeploymentReport[],
  locate: Locate,
): ReportedSuppression {
  const { rule, reason, until, at, from } = directive;
  const location = locate(at);
  const isOwn = (one: { readonly rule: string; readonly suppression?: { readonly location: Location } }) =>
    one.rule === rule && one.suppression !== undefined && samePlace(one.suppression.location, location);
  return {
    rule,
    reason,
    ...(until === undefined ? {} : { until }),
    location,
    from,
    state,
    findings: reports.flatMap(({ findings }) => findings.filter(isOwn)).length,
    undetermined: reports.flatMap(({ undetermined }) => undetermined.filter(isOwn)).length,
  };
}

function samePlace(left: Location, right: Location): boolean {
  return left.file === right.file && left.line === right.line && left.column === right.column;
}

/** Findings about suppressions, told with the deployment whose file holds them, or with pacslint.yaml. */
function findingsAbout(noted: readonly Noted[], { policy, triage, rules }: PolicyParts): readonly Finding[] {
  const about = rules.filter(({ select }) => select === "suppression");
  const groups = new Map<string, SuppressionFact[]>();
  for (const one of noted.filter(({ state, concerned }) => state !== "unused" || concerned)) {
    const id = one.deployment ?? one.directive.at.file;
    groups.set(id, [...(groups.get(id) ?? []), factOf(one)]);
  }
  return [...groups].flatMap(([id, facts]) => {
    const deployment = unlinked(id);
    const evaluation = { versions: new Map<string, string>(), ...evaluate(about, facts) };
    const merged = merge([evaluation], policy.rulingFor(deployment));
    const analysis = { scenarios: [], secrets: [], assumptions: [] };
    return findingsOf({ deployment, analysis, evaluations: [evaluation], merged }, triage);
  });
}

function unlinked(id: string): Deployment {
  return { id, root: folderOf(id), form: "unlinked", services: [], files: [], problems: [], assumptions: [] };
}

function factOf({ directive, state }: Noted): SuppressionFact {
  const { rule, from, until, at, fault, hint } = directive;
  return {
    kind: "suppression",
    id: `suppression/${rule}`,
    rule,
    from,
    state: state === "faulty" ? (fault ?? "not-understood") : state,
    until: until ?? null,
    hint,
    origins: { "": [fromPlace({ at })] },
  };
}
