/** A plan: what is to be done, the step with the largest effect first, as a checklist for a person. */
import { type Severity, severities } from "../rules/rule.ts";
import type { Finding, Location, ReportedCommand, ReportedEdit } from "../triage/report.ts";
import { commandBlocks, proseOf } from "./commands.ts";
import type { TextOptions } from "./context.ts";
import { groupBy } from "./group.ts";
import { count, hanging, harmless } from "./layout.ts";
import { createStyle } from "./style.ts";

/** One thing to do, as the plan tells it. */
export interface PlanStep {
  readonly findings: readonly Finding[];
  readonly edits: readonly ReportedEdit[];
  /** Rules whose edits have to be made with it. */
  readonly together: readonly string[];
  /** Why its edits are not made by themselves; null where they are. */
  readonly because: string | null;
  readonly effect: {
    readonly removed: readonly Finding[];
    readonly added: readonly Finding[];
    readonly closedPaths: number;
  };
}

/** The plan as data: `version` 1. */
export function planData(steps: readonly PlanStep[], paths: readonly string[]): unknown {
  return {
    version: 1,
    steps: steps.map((step) => ({
      severity: worst(step),
      rules: rulesOf(step),
      text: textOf(step),
      how: howOf(step),
      command: commandOf(step, paths),
      together: step.together,
      because: step.because,
      impact: impactOf(step),
      lines: linesOf(step),
      needs: needsOf(step),
      commands: commandsOf(step),
      removes: step.effect.removed.map(({ rule, severity, service, location }) => ({
        rule,
        severity,
        service,
        location,
      })),
      leaves: step.effect.added.map(({ rule, severity, service }) => ({ rule, severity, service })),
      closedPaths: step.effect.closedPaths,
    })),
  };
}

/** The plan for a terminal. */
export function renderPlan(
  steps: readonly PlanStep[],
  paths: readonly string[],
  options: TextOptions,
): string {
  const style = createStyle(options);
  const { width } = options;
  if (steps.length === 0) return "Nothing is to be done.\n";
  const told = steps.flatMap((step, index) => {
    const number = `${index + 1}.`.padEnd(4);
    const severity = worst(step);
    const line = (text: string): string[] => hanging("    ", style.words(harmless(text)), width);
    return [
      "",
      `${number}${style.severity[severity](severity.toUpperCase())}  ${rulesOf(step).join(", ")}`,
      ...line(textOf(step)),
      ...spaced(sampleOf(step).map((each) => `    ${harmless(each)}`)),
      ...linesByFile(step).flatMap(([file, lines]) => [
        `        ${style.file(harmless(file))}`,
        ...lines.flatMap(({ line: at, text }) =>
          hanging(`        ${String(at).padStart(5)}  `, style.words(harmless(text)), width),
        ),
      ]),
      ...commandBlocks(commandsOf(step)).flatMap(({ lead, text, flush }) => [
        ...line(lead),
        ...(flush ? [""] : []),
        ...harmless(text)
          .split("\n")
          .map((each) => (flush || each === "" ? each : `        ${each}`)),
        ...(flush ? [""] : []),
      ]),
      ...closing(step, paths).flatMap(line),
    ];
  });
  return [heading(steps), ...told].map((text) => `${text}\n`).join("");
}

/** The plan as a checklist in Markdown. */
export function planMarkdown(steps: readonly PlanStep[], paths: readonly string[]): string {
  const told = steps.flatMap((step) => [
    `- [ ] **${worst(step)}** ${rulesOf(step)
      .map((rule) => `\`${rule}\``)
      .join(", ")}: ${escaped(textOf(step))}`,
    ...fenced(sampleOf(step)),
    ...linesByFile(step).flatMap(([file, lines]) => [
      `  - ${code(file)}`,
      ...lines.map(({ line, text }) => `    - line ${line}${text === "" ? "" : `: ${code(text)}`}`),
    ]),
    ...commandBlocks(commandsOf(step)).flatMap(({ lead, text }) => [
      `  - ${escaped(lead)}`,
      ...fenced(harmless(text).split("\n")),
    ]),
    ...closing(step, paths).map((text) => `  - ${escaped(text)}`),
  ]);
  const lines = steps.length === 0 ? ["Nothing is to be done."] : told;
  return [`# Plan`, "", heading(steps), "", ...lines].map((text) => `${text}\n`).join("");
}

/** Lines with a blank one behind them, if there are any. */
function spaced(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ""];
}

/** Lines to copy, below an entry of a list. */
function fenced(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [
    "",
    ...["```", ...lines.map(harmless), "```"].map((each) => (each === "" ? "" : `    ${each}`)),
    "",
  ];
}

function heading(steps: readonly PlanStep[]): string {
  const made = steps.filter((step) => howOf(step) !== "by-hand").length;
  return `${count(steps.length, "step")}, the one with the largest effect first; pacslint fix makes ${made} of them.`;
}

function worst({ findings }: PlanStep): Severity {
  return severities[Math.max(0, ...findings.map(({ severity }) => severities.indexOf(severity)))] ?? "info";
}

function rulesOf({ findings }: PlanStep): readonly string[] {
  return [...new Set(findings.map(({ rule }) => rule))];
}

/** The first paragraph of each remediation: what follows are examples. */
function textOf({ findings }: PlanStep): string {
  const texts = findings.map(
    ({ remediation }) =>
      proseOf(remediation)
        .trim()
        .split(/\n\s*\n/u)[0] ?? "",
  );
  return [...new Set(texts.map((text) => text.replaceAll(/\s+/gu, " ")))].join(" ");
}

/** The commands of the findings, each once. */
function commandsOf({ findings }: PlanStep): readonly ReportedCommand[] {
  const all = findings.flatMap(({ remediation }) => remediation.commands ?? []);
  return [...new Map(all.map((command) => [command.text, command])).values()];
}

function impactOf({ findings }: PlanStep): string {
  return [...new Set(findings.map(({ impact }) => impact.trim().replaceAll(/\s+/gu, " ")))].join(" ");
}

function howOf({ edits, because }: PlanStep): "safe" | "unsafe" | "by-hand" {
  if (edits.length === 0 || because !== null) return "by-hand";
  return edits.some(({ safety }) => safety === "unsafe") ? "unsafe" : "safe";
}

function commandOf(step: PlanStep, paths: readonly string[]): string | null {
  const how = howOf(step);
  if (how === "by-hand") return null;
  const rules = [...new Set([...rulesOf(step), ...step.together])].map((rule) => ` --rule ${rule}`);
  return `pacslint fix ${paths.join(" ")}${how === "unsafe" ? " --unsafe" : ""}${rules.join("")}`;
}

/** The lines that its edits write; without edits, those that the findings show. */
function linesOf(step: PlanStep): readonly { readonly location: Location; readonly text: string }[] {
  if (step.edits.length > 0 && step.because === null)
    return step.edits.map(({ location, shown }) => ({ location, text: shown }));
  const shown = step.findings.map((finding) => ({ location: finding.location, text: shownText(finding) }));
  return [...new Map(shown.map((line) => [JSON.stringify([line.location, line.text]), line])).values()];
}

/** What is wrong on the line: the value, unless it tells nothing; then what the line does, or whose it is. */
function shownText({ actual, label, service }: Finding): string {
  if (!isBare(actual)) return actual;
  if (label !== "" && !isBare(label)) return label;
  return service === undefined ? "" : `service ${service}`;
}

/** Words that say nothing without the name of what they are the value of. */
function isBare(actual: string): boolean {
  return /^(?:true|false|none|null|default|java|\d+|[{[].*)$/su.test(actual);
}

/** What is to be written by hand, where the advice ends in an example; edits and commands show their own lines. */
function sampleOf(step: PlanStep): readonly string[] {
  if (howOf(step) !== "by-hand" || commandsOf(step).length > 0) return [];
  const texts = new Set(step.findings.map(({ remediation }) => proseOf(remediation).trim()));
  return [...texts].flatMap((text) => {
    const [first = "", ...others] = text.split(/\n\s*\n/u);
    const end = others.findIndex((part) => !/^\s/u.test(part));
    const examples = end < 0 ? others : others.slice(0, end);
    return first.endsWith(":") ? examples.flatMap((part) => part.split("\n")) : [];
  });
}

function linesByFile(step: PlanStep): [string, readonly { line: number; text: string }[]][] {
  const lines = linesOf(step).map(({ location, text }) => ({
    file: location.file,
    line: location.line,
    text: text.replaceAll(/\s*\n\s*/gu, " "),
  }));
  const files = groupBy(
    lines.toSorted((a, b) => a.line - b.line),
    ({ file }) => file,
  );
  return [...files].map(([file, ofFile]) => [file, ofFile]);
}

function needsOf({ edits }: PlanStep): readonly string[] {
  const names = edits.flatMap(({ needs = [], creates = [] }) => [
    ...needs.map(({ variable }) => variable),
    ...creates.map(({ file }) => `the file ${file}`),
  ]);
  return [...new Set(names)];
}

function closing(step: PlanStep, paths: readonly string[]): readonly string[] {
  const needs = needsOf(step);
  const command = commandOf(step, paths);
  return [
    `Takes away: ${counted(step.effect.removed)}${step.effect.closedPaths > 0 ? `, ${count(step.effect.closedPaths, "attack path")}` : ""}.`,
    ...(step.effect.added.length > 0 ? [`Leaves in their place: ${counted(step.effect.added)}.`] : []),
    ...(step.together.length > 0 ? [`Only together with the edits of ${step.together.join(", ")}.`] : []),
    ...(step.because === null ? [] : [`Its edit alone is not made: ${step.because.replace(/\.$/u, "")}.`]),
    ...(needs.length === 0 || step.because !== null
      ? []
      : [`Set before the next start: ${needs.join(", ")}.`]),
    `May break: ${impactOf(step)}`,
    ...(command === null ? [] : [`Command: ${command}`]),
  ];
}

function counted(findings: readonly Finding[]): string {
  const parts = [...severities].reverse().flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}`];
  });
  return parts.length === 0 ? "nothing by itself" : parts.join(", ");
}

function escaped(text: string): string {
  return harmless(text).replaceAll(/([\\*_[\]<>|])/gu, "\\$1");
}

function code(text: string): string {
  const clean = harmless(text);
  const fence = clean.includes("`") ? "``" : "`";
  return clean.includes("`") ? `${fence} ${clean} ${fence}` : `${fence}${clean}${fence}`;
}
