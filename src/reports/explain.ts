/** One rule, for a person at a terminal. */
import type { Control } from "../rules/control.ts";
import type { Example, Rule } from "../rules/rule.ts";
import type { TextOptions } from "./context.ts";
import { hanging, harmless, padTo, paragraphs } from "./layout.ts";
import { controlLines, editLines, firing, silent } from "./rule-text.ts";
import { createStyle, type Style } from "./style.ts";

/** Everything that the rule's file says for people. */
export function renderExplanation(rule: Rule, controls: readonly Control[], options: TextOptions): string {
  const style = createStyle(options);
  const inner = options.width - 2;
  const prose = (text: string) => paragraphs(style.words(text), inner).map(indented);
  const list = (items: readonly string[]) =>
    items.flatMap((item) => hanging(`  ${style.dot} `, style.words(item), options.width));
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["Why", prose(rule.why)],
    [
      "Found in",
      firing(rule)
        .slice(0, 1)
        .flatMap((example) => exampleLines(example, style)),
    ],
    [
      "Instead",
      rule.remediation.flatMap((way, index) => [
        ...(index > 0 ? [""] : []),
        ...prose(way.text),
        ...editLines(rule, way).map((line) => `      ${style.better(line)}`),
      ]),
    ],
    ["May break", prose(rule.impact)],
    ["Not reported", list(silent(rule).map(({ name }) => name))],
    ["Silences", list(rule.supersedes ?? [])],
    ["Controls", controlRows(rule, controls, options.width)],
    ["Read on", rule.references.map(indented)],
  ];
  const head = `${style.severity[rule.severity](rule.severity.toUpperCase())}  ${style.bold(rule.id)}   (${rule.confidence}, for the ${rule.audience} audience)`;
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([title, lines]) => ["", style.bold(title), ...lines]);
  return `${[head, ...hanging("", style.words(rule.title), options.width), ...body].join("\n")}\n`;
}

function controlRows(rule: Rule, controls: readonly Control[], width: number): string[] {
  const rows = controlLines(rule, controls);
  const column = Math.max(0, ...rows.map(([standard]) => standard.length));
  return rows.flatMap(([standard, ids]) => hanging(`  ${padTo(standard, column)}  `, ids, width));
}

const contextLines = 3;

/** The lines around those that the rule points at. */
function exampleLines(example: Example, style: Style): string[] {
  return Object.entries(example.files).flatMap(([file, text]) => {
    const marked = new Set(example.expect.filter((finding) => finding.file === file).map(({ line }) => line));
    if (marked.size === 0) return [];
    const lines = text.split("\n").map((line, index) => ({ number: index + 1, line }));
    const near = lines.filter(({ number }) =>
      [...marked].some((line) => Math.abs(line - number) <= contextLines),
    );
    const shown = near.filter(({ line }, index) => line !== "" || index < near.length - 1);
    return [
      `    ${style.file(harmless(file))}`,
      ...shown.map(({ number, line }) =>
        `  ${marked.has(number) ? ">" : " "} ${style.faint(`${String(number).padStart(2)} ${style.bar}`)} ${harmless(line)}`.trimEnd(),
      ),
    ];
  });
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
