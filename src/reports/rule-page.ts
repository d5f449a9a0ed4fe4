/** One rule as a page of the documentation, and the index of all pages, in Markdown. */
import type { Control } from "../rules/control.ts";
import { type Example, type Remediation, type Rule, severities } from "../rules/rule.ts";
import { groupBy } from "./group.ts";
import { controlLines, editLines, firing, silent } from "./rule-text.ts";
import type { FamilyOf } from "./rules.ts";

/** A published weakness, as `data/advisories.json` has it. */
interface Advisory {
  readonly id: string;
  readonly product: string;
  readonly allows: string;
  readonly topics: readonly string[];
  readonly verified: boolean;
}

/** What a page shows besides what the rule's file says. */
export interface Further {
  /** By the name of an example: its files as they read after the edits that reports propose. */
  readonly afters: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly advisories: readonly Advisory[];
  /** The folder of rules/ that the rule lies in. */
  readonly family: string;
}

/** The page of a rule. */
export function renderRulePage(rule: Rule, controls: readonly Control[], further: Further): string {
  const sections: readonly (readonly [string, string])[] = [
    ["Why", rule.why.trim()],
    ["Published on the same topic", advisoryList(rule, further)],
    [
      "Found in",
      firing(rule)
        .map((example) => [exampleText(example), ...afterText(further.afters.get(example.name))].join("\n\n"))
        .join("\n\n"),
    ],
    ["What to write instead", waysText(rule)],
    ["What that may break", rule.impact.trim()],
    ["Not reported", silent(rule).map(exampleText).join("\n\n")],
    ["Silences", (rule.supersedes ?? []).map((id) => `- [${id}](${id}.md)`).join("\n")],
    ["Controls", controlTable(rule, controls)],
    ["Read on", rule.references.map((link) => `- <${link}>`).join("\n")],
  ];
  const head = [
    "<!-- Made from the rule's file by npm run docs. -->",
    `# ${rule.id}`,
    `${rule.title}.`,
    `Severity **${rule.severity}**, confidence **${rule.confidence}**, for the **${rule.audience}** audience.`,
  ];
  return `${[...head, bodyOf(sections)].join("\n\n")}\n`;
}

/** What a service that shows findings tells of a rule: why, what to write instead, what that may break. */
export function renderRuleHelp(rule: Rule, controls: readonly Control[]): string {
  const sections: readonly (readonly [string, string])[] = [
    ["Why", rule.why.trim()],
    ["What to write instead", waysText(rule)],
    ["What that may break", rule.impact.trim()],
    ["Controls", controlTable(rule, controls)],
    ["Read on", rule.references.map((link) => `- <${link}>`).join("\n")],
  ];
  return bodyOf(sections);
}

function bodyOf(sections: readonly (readonly [string, string])[]): string {
  return sections
    .filter(([, text]) => text !== "")
    .map(([title, text]) => `## ${title}\n\n${text}`)
    .join("\n\n");
}

/** The index: family by family, worst first. */
export function renderRuleIndex(rules: readonly Rule[], familyOf: FamilyOf): string {
  const families = [...groupBy(rules, familyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = (members: readonly Rule[]) =>
    members
      .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
      .map(
        (rule) =>
          `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.audience} | ${cell(rule.title)} |`,
      );
  const tables = families.map(([family, members]) =>
    [`## ${family}`, "", "| Rule | Severity | Audience | |", "|---|---|---|---|", ...rows(members)].join(
      "\n",
    ),
  );
  const head = ["<!-- Made from the rules' files by npm run docs. -->", "# Rules", `${rules.length} rules.`];
  return `${[...head, ...tables].join("\n\n")}\n`;
}

/** Several ways may say the same for different cases: the longest list of edits tells it. */
function waysText(rule: Rule): string {
  const byText = groupBy(rule.remediation, ({ text }) => text.trim());
  return [...byText.values()]
    .map((ways) => ways.toSorted((a, b) => (b.edits?.length ?? 0) - (a.edits?.length ?? 0))[0])
    .map((way) => (way === undefined ? "" : remediationText(rule, way)))
    .join("\n\n");
}

/** The products that the rules of a family speak of, as advisories name them. */
const productsOf: Readonly<Record<string, RegExp>> = {
  dcm4chee: /^(?:dcm4che|jboss|wildfly|keycloak)/,
  identity: /^keycloak/,
  proxy: /^(?:nginx|apache)/,
};

/** Topics of nearly every advisory: they tell nothing of a rule. */
const general: ReadonlySet<string> = new Set(["outdated-version", "unsupported-component"]);

const mostAdvisories = 5;

function advisoryList(rule: Rule, { advisories, family }: Further): string {
  const product = productsOf[family] ?? /^orthanc/;
  return advisories
    .filter(({ verified, topics, ...advisory }) => {
      const shared = topics.filter((topic) => rule.controls.includes(topic) && !general.has(topic));
      return verified && shared.length > 0 && product.test(advisory.product);
    })
    .slice(0, mostAdvisories)
    .map(({ id, product: name, allows }) => `- **${id}** (${name}): ${allows}`)
    .join("\n");
}

function afterText(files: Readonly<Record<string, string>> | undefined): readonly string[] {
  return Object.entries(files ?? {}).map(
    ([file, text]) => `After the edit, \`${file}\`:\n\n${fenced(text, file)}`,
  );
}

function exampleText(example: Example): string {
  const args = example.args === undefined ? "" : ` (\`${example.args.join(" ")}\`)`;
  const files = Object.entries(example.files).map(([file, text]) => {
    const lines = example.expect.filter((finding) => finding.file === file).map(({ line }) => line);
    const where = lines.length === 0 ? "" : `, line ${[...new Set(lines)].join(" and ")}`;
    return `\`${file}\`${where}:\n\n${fenced(text, file)}`;
  });
  return [`**${example.name}**${args}`, ...files].join("\n\n");
}

function exampleFile(rule: Rule): string {
  return firing(rule)[0]?.expect[0]?.file ?? "";
}

function remediationText(rule: Rule, way: Remediation): string {
  const edits = editLines(rule, way);
  return edits.length === 0
    ? way.text.trim()
    : `${way.text.trim()}\n\n${fenced(edits.join("\n"), exampleFile(rule))}`;
}

/** A fence longer than any in the text. */
function fenced(text: string, file: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${languageOf(file)}\n${text.trimEnd()}\n${fence}`;
}

const languages: Readonly<Record<string, string>> = {
  json: "jsonc",
  yml: "yaml",
  yaml: "yaml",
  conf: "nginx",
  xml: "xml",
};

function languageOf(file: string): string {
  const extension = /\.(\w+)$/.exec(file)?.[1] ?? "";
  return languages[extension] ?? "";
}

function controlTable(rule: Rule, controls: readonly Control[]): string {
  const rows = controlLines(rule, controls).map(([standard, ids]) => `| ${standard} | ${cell(ids)} |`);
  return rows.length === 0 ? "" : ["| Standard | Paragraphs |", "|---|---|", ...rows].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
