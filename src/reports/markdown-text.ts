/** Text of a configuration in Markdown as GitHub and GitLab read it: shown, never obeyed. */
import { harmless } from "./layout.ts";

/** Text within a paragraph or a cell: no markup, no links, nobody is mentioned. */
export function inline(text: string): string {
  return harmless(text)
    .replace(/\s*\n\s*/gu, " ")
    .replace(/[\\`*_{}[\]<>|~&$]/gu, "\\$&")
    .replace(/^(\s*)([#+\-=]|\d+[.)])/u, "$1\\$2")
    .replace(/[@#](?=\w)|:(?=\/\/)|(?<=\bwww)\.|(?<=\bGH)-(?=\d)/giu, "$&<!-- -->");
}

/** Text as code within a line; in a cell too, where a bar would end it. */
export function code(text: string): string {
  const line = harmless(text).replaceAll("\n", " ").trim().replaceAll("|", "\\|");
  const ticks = "`".repeat(longestRun(line) + 1);
  const padding = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return line === "" ? "" : `${ticks}${padding}${line}${padding}${ticks}`;
}

/** Lines as a block of code. */
export function block(text: string, language = ""): string {
  const lines = harmless(text).trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
  return `${fence}${language}\n${lines}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
}
