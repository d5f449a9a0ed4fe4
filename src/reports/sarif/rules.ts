/** Rules as SARIF describes them, and the standards that they refer to as taxonomies. */
import type {
  ReportingConfiguration,
  ReportingDescriptor,
  ReportingDescriptorRelationship,
  ToolComponent,
} from "sarif";
import type { Control } from "../../rules/control.ts";
import { type Rule, type Severity, severities } from "../../rules/rule.ts";
import type { Finding } from "../../triage/report.ts";
import { renderRuleHelp } from "../rule-page.ts";
import { controlIds, standardNames } from "../rule-text.ts";

/** SARIF has three levels; the severity itself is in the properties. */
export const levels: Readonly<Record<Severity, ReportingConfiguration.level>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

/**
 * GitHub shows a severity from this number (above 9 critical, from 7 high, from 4 medium, below low) and has one for
 * each rule. Without it, the alert is no security alert.
 */
const securitySeverity: Readonly<Record<Severity, string | undefined>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
  info: undefined,
};

const precision = { certain: "very-high", likely: "high", possible: "medium" } as const;

/** GitHub takes 20 tags of a rule and shows 10. */
const mostTags = 20;

/** GitHub takes 1,024 characters of a description. */
const longest = 1024;

/** The rules that findings name, in the order in which they name them. */
export function rulesOf(findings: readonly Finding[], rules: readonly Rule[]): readonly Rule[] {
  const named = new Set(findings.map(({ rule }) => rule));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return [...named].flatMap((id) => byId.get(id) ?? []);
}

/** The standards with the paragraphs that these rules refer to. */
export function taxonomiesOf(rules: readonly Rule[], controls: readonly Control[]): readonly ToolComponent[] {
  return standardNames.flatMap(([field, name]): readonly ToolComponent[] => {
    const ids = [...new Set(rules.flatMap((rule) => controlIds(rule, controls, field)))].sort();
    if (ids.length === 0) return [];
    return [
      {
        name,
        isComprehensive: false,
        shortDescription: { text: `Paragraphs of ${name} that findings concern` },
        taxa: ids.map((id) => ({ id })),
      },
    ];
  });
}

/** One rule, with the severity of the worst finding of it: some conditions raise it. */
export function descriptorOf(
  rule: Rule,
  findings: readonly Finding[],
  controls: readonly Control[],
  taxonomies: readonly ToolComponent[],
): ReportingDescriptor {
  const worst = worstOf(rule, findings);
  const number = securitySeverity[worst];
  const help = renderRuleHelp(rule, controls);
  return {
    id: rule.id,
    name: pascalCase(rule.id),
    shortDescription: { text: shortened(`${rule.title}.`) },
    fullDescription: { text: shortened(rule.why.trim()) },
    help: { text: help, markdown: help },
    defaultConfiguration: { level: levels[rule.severity] },
    relationships: relationshipsOf(rule, controls, taxonomies),
    properties: {
      tags: tagsOf(rule, controls),
      precision: precision[rule.confidence],
      "problem.severity": levels[rule.severity] === "note" ? "recommendation" : levels[rule.severity],
      ...(number === undefined ? {} : { "security-severity": number }),
    },
  };
}

function worstOf(rule: Rule, findings: readonly Finding[]): Severity {
  const found = findings
    .filter((finding) => finding.rule === rule.id)
    .map(({ severity }) => severities.indexOf(severity));
  return severities[Math.max(...found)] ?? rule.severity;
}

function relationshipsOf(
  rule: Rule,
  controls: readonly Control[],
  taxonomies: readonly ToolComponent[],
): ReportingDescriptorRelationship[] {
  return standardNames.flatMap(([field, name]) => {
    const index = taxonomies.findIndex((taxonomy) => taxonomy.name === name);
    const taxa = taxonomies[index]?.taxa ?? [];
    return controlIds(rule, controls, field).map((id) => ({
      target: { id, index: taxa.findIndex((taxon) => taxon.id === id), toolComponent: { name, index } },
      kinds: ["relevant"],
    }));
  });
}

/** GitHub reads the form of CodeQL for CWE. */
function tagsOf(rule: Rule, controls: readonly Control[]): string[] {
  const cwe = controlIds(rule, controls, "cwe").map((id) => `external/cwe/${id.toLowerCase()}`);
  return ["security", "configuration", rule.audience, ...cwe].slice(0, mostTags);
}

function pascalCase(id: string): string {
  return id.replace(/(?:^|-)(\w)/gu, (_all, letter: string) => letter.toUpperCase());
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
