/** The list of rules, as a table and as data. */
import { type Rule, severities } from "../rules/rule.ts";
import type { TextOptions } from "./context.ts";
import { groupBy } from "./group.ts";
import { count, padTo, wrap } from "./layout.ts";
import { createStyle } from "./style.ts";

/** The group that a rule is listed in. */
export type FamilyOf = (rule: Rule) => string;

/** What programs may want to know of every rule. */
export function ruleEntries(rules: readonly Rule[], familyOf: FamilyOf): readonly object[] {
  return rules.map((rule) => {
    const { id, title, severity, confidence, audience, select, controls, references } = rule;
    return {
      id,
      family: familyOf(rule),
      title,
      severity,
      confidence,
      audience,
      select,
      controls,
      references,
    };
  });
}

/** The table: family by family, worst first. */
export function renderRules(rules: readonly Rule[], familyOf: FamilyOf, options: TextOptions): string {
  const style = createStyle(options);
  const column = Math.max(0, ...rules.map(({ id }) => id.length));
  const families = [...groupBy(rules, familyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  const row = (rule: Rule) => {
    const lead = `  ${padTo(rule.severity, 8)}  ${padTo(rule.id, column)}  `;
    const title = rule.audience === "everyday" ? rule.title : `${rule.title} (${rule.audience})`;
    const beside = options.width - lead.length >= 24;
    const painted = `  ${style.severity[rule.severity](padTo(rule.severity, 8))}  ${padTo(rule.id, column)}`;
    const margin = beside ? lead.length : 12;
    const lines = wrap(style.words(title), options.width - margin);
    if (!beside) return [painted.trimEnd(), ...lines.map((line) => " ".repeat(margin) + line)];
    return lines.map((line, index) => (index === 0 ? `${painted}  ${line}` : " ".repeat(margin) + line));
  };
  const blocks = families.map(([family, members]) => [
    style.bold(family),
    ...members
      .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
      .flatMap(row),
    "",
  ]);
  return `${[...blocks.flat(), ...wrap(`${count(rules.length, "rule")}. pacslint explain RULE tells more of one.`, options.width)].join("\n")}\n`;
}
