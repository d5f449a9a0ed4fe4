/**
 * Files that write other files: Ansible, cloud-init, Terraform, Puppet, Chef and scripts. What they embed is read as the
 * file that it becomes; what they fill in is not known. Nothing of them is executed.
 */
import { concat, holeText, type Located, locate, slice, type Text } from "../text/text.ts";
import { baseName } from "./files.ts";
import type { SourceFile } from "./source.ts";
import { withPlaceholders } from "./templates.ts";
import type { Tree } from "./tree.ts";
import { readYaml } from "./yaml.ts";

/** A text that stands in a wrapper as the content of a file. */
export interface Embedded {
  /** The path that the wrapper gives it, without a leading slash, or "line 12". */
  readonly name: string;
  readonly text: Text;
}

/** How a wrapper marks what it fills in. */
type Language = "yaml" | "terraform" | "shell" | "puppet" | "ruby";

const languages: Readonly<Record<string, Language>> = {
  tf: "terraform",
  hcl: "terraform",
  sh: "shell",
  bash: "shell",
  pp: "puppet",
  rb: "ruby",
  yml: "yaml",
  yaml: "yaml",
};

/** A script in a script in a template: deeper is no deployment. */
const maximumDepth = 4;

/** The texts that a file embeds, innermost only: of a script that is embedded, what that one embeds. */
export function embeddedIn(source: SourceFile): readonly Embedded[] {
  const language = languageOf(baseName(source.path), source.text.value);
  return language === undefined ? [] : partsOf(source.text, language, 0);
}

/** The values of a chart say nothing alone: its templates put them to use. */
const chartValues = /^values[\w.-]*\.ya?ml$/iu;

function languageOf(name: string, value: string): Language | undefined {
  if (/^\s*#!.*\b(?:ba|da|z)?sh\b/u.test(value)) return "shell";
  if (/^\s*#cloud-config\b/u.test(value)) return "yaml";
  if (chartValues.test(name)) return undefined;
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(languages, ending) ? languages[ending] : undefined;
}

function partsOf(text: Text, language: Language, depth: number): readonly Embedded[] {
  const found = language === "yaml" ? inYaml(text) : inHeredocs(text, language);
  return found.flatMap((part) => {
    const inner = languageOf(baseName(part.name), part.text.value);
    const deeper = inner === undefined || depth >= maximumDepth ? [] : partsOf(part.text, inner, depth + 1);
    return deeper.length > 0 ? deeper : [part];
  });
}

/** Manifests are read as what they are. */
const manifest = /^(?:services|apiVersion)\s*:/mu;

/** Tasks and cloud-init: a text of several lines beside the path that it is written to. */
function inYaml(text: Text): readonly Embedded[] {
  if (manifest.test(text.value) || !/[|>][-+0-9]*[ \t]*(?:#.*)?$/mu.test(text.value)) return [];
  const found: Embedded[] = [];
  const visit = (tree: Tree, target: string | undefined): void => {
    if (tree.kind === "array") for (const item of tree.items) visit(item, undefined);
    if (tree.kind === "object") {
      const path = targetOf(tree.members.flatMap(({ key, value }) => (isTarget(key) ? [value] : [])));
      for (const { value } of tree.members) visit(value, path);
    }
    if (tree.kind === "string" && tree.text.value.includes("\n"))
      found.push({ name: target ?? `line ${lineOf(text, tree)}`, text: withPlaceholders(tree.text) });
  };
  for (const document of readYaml(text).documents) visit(document, undefined);
  return found;
}

function isTarget(key: string): boolean {
  return key === "dest" || key === "path";
}

function targetOf(values: readonly Tree[]): string | undefined {
  const [path] = values.flatMap((value) => (value.kind === "string" ? [value.text.value] : []));
  return path === undefined ? undefined : relative(path);
}

/** Without the slash in front, so that it lies below the wrapper; undefined where part of it is filled in. */
function relative(path: string): string | undefined {
  return /^\/[\w./ -]+$/u.test(path) ? path.slice(1) : undefined;
}

/** `<<EOF`, `<<-'EOF'`, `<<~EOF`, Puppet's `@("EOF")`. */
const heredoc = /<<[-~]?\s*(["']?)([A-Za-z_]\w*)\1|@\(\s*(["']?)([A-Za-z_]\w*)\3[^)\n]*\)/gu;

function inHeredocs(text: Text, language: Language): readonly Embedded[] {
  const { value } = text;
  const found: Embedded[] = [];
  let done = 0;
  for (const match of value.matchAll(heredoc)) {
    if (match.index < done) continue;
    const start = value.indexOf("\n", match.index) + 1;
    const end = start === 0 ? -1 : endOf(value, start, match[2] ?? match[4] ?? "");
    if (end < 0) continue;
    const body = slice(text, start, end);
    const quoted = (match[1] ?? match[3] ?? "") !== "";
    const name =
      targetAround(value, match.index, start, end) ?? `line ${lineOf(text, locate(text, start, end))}`;
    found.push({ name, text: withGaps(body, marksOf(language, quoted)) });
    done = end;
  }
  return found;
}

/** Where the line stands that ends a heredoc; -1 when it is never ended. */
function endOf(value: string, start: number, word: string): number {
  const ending = new RegExp(`^[ \\t]*(?:\\|[ \\t]*-?[ \\t]*)?${word}[ \\t]*$`, "gmu");
  ending.lastIndex = start;
  return ending.exec(value)?.index ?? -1;
}

const quotedPath = /["']?(\/(?:[\w.-]+\/)*[\w.-]+)["']?/gu;

/** The path that the same statement names: on the line that begins the heredoc, in the lines before it, or behind it. */
function targetAround(value: string, at: number, start: number, end: number): string | undefined {
  const lineStart = value.lastIndexOf("\n", at) + 1;
  const ownLine = value.slice(lineStart, start);
  const redirected = /(?:>>?|\btee\b(?:\s+-\w+)*)\s*["']?(\/[\w./-]+)/u.exec(ownLine)?.[1];
  if (redirected !== undefined) return relative(redirected);
  const before = value.slice(0, lineStart).split("\n").slice(-4).join("\n");
  const behind = value.slice(end).split("\n").slice(1, 4).join("\n");
  const named = [...before.matchAll(quotedPath)].at(-1)?.[1] ?? [...behind.matchAll(quotedPath)][0]?.[1];
  return named === undefined ? undefined : relative(named);
}

/** What stands for a value that is not known, in a heredoc of a language. */
function marksOf(language: Language, quoted: boolean): RegExp | undefined {
  switch (language) {
    case "terraform":
      return /(?<!\$)\$\{[^}]*\}|(?<!%)%\{[^}]*\}/gu;
    case "shell":
      return quoted ? undefined : /(?<!\\)(?:\$\{[^}]*\}|\$\([^)]*\)|\$\w+|`[^`]*`)/gu;
    case "puppet":
      return quoted ? /(?<!\\)\$(?:\{[^}]*\}|\w+)/gu : undefined;
    case "ruby":
      return /#\{[^}]*\}/gu;
    case "yaml":
      return undefined;
  }
}

function withGaps(text: Text, marks: RegExp | undefined): Text {
  if (marks === undefined) return text;
  const parts: Text[] = [];
  let done = 0;
  for (const { 0: mark, index } of text.value.matchAll(marks)) {
    const end = index + mark.length;
    parts.push(
      slice(text, done, index),
      holeText("it is filled in when the file is written", locate(text, index, end)),
    );
    done = end;
  }
  return parts.length === 0 ? text : concat([...parts, slice(text, done, text.value.length)]);
}

/** The line in the outermost file, for a name that people find. */
function lineOf(text: Text, { at }: Located): number {
  const [first] = text.pieces;
  const offset = first === undefined ? at.start : at.start - first.at.start;
  return text.value.slice(0, Math.max(0, offset)).split("\n").length;
}
