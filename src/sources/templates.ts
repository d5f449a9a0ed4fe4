/**
 * Templates: files that a tool fills in before a server reads them (Jinja, Go, Mustache, ERB, sed scripts, installers).
 * What is filled in is not known; what stands around it is.
 */
import { concat, holeText, locate, replaceMatches, replaceRanges, type Text, textAt } from "../text/text.ts";
import { baseName } from "./files.ts";
import type { SourceFile } from "./source.ts";

/** Endings of files that are filled in, and of samples that are copied and changed. */
const rendered = /\.(?:tmpl|template|tpl|j2|jinja2?|erb|mustache|hbs|in)$/iu;
const sample = /\.(?:example|sample|dist)$|\.(?:example|sample|dist)(?=\.\w+$)/iu;

/** The name of what a template or a sample becomes: "orthanc.json" of "orthanc.json.j2". */
export function renderedPath(path: string): string {
  return path.replace(rendered, "").replace(sample, "");
}

/** Whether a file is there to be copied and changed: no server reads it as it is. */
export function isSample(path: string): boolean {
  return sample.test(baseName(path).replace(rendered, ""));
}

/** Whether a file is filled in before it is read. */
export function isTemplate(source: SourceFile): boolean {
  return contentOf(source) !== source.text || rendered.test(source.path);
}

/** A file of a running system is read as it is: a placeholder in it is a mistake. */
const live = /^\/etc\//u;

const contents = new WeakMap<SourceFile, Text>();

/** The text with a gap wherever something is filled in; the very text of the file where nothing is. */
export function contentOf(source: SourceFile): Text {
  const known = contents.get(source);
  if (known !== undefined) return known;
  const isLive = live.test(source.path) && !rendered.test(source.path);
  const content = isLive ? source.text : withPlaceholders(withVariables(source));
  contents.set(source, content);
  return content;
}

/** What the start script of nginx's image, or envsubst, fills in with variables; nginx's own have small letters. */
const siteTemplate = /\.conf\.(?:template|tmpl)$|nginx[^/]*\.(?:template|tmpl)$/iu;

/** The text of a file, with a gap for each variable of the environment where it is a template of nginx. */
export function withVariables({ path, text }: SourceFile): Text {
  if (!siteTemplate.test(path)) return text;
  return replaceMatches(text, /\$\{([A-Z][A-Z0-9_]*)\}/gu, ([, name], place) =>
    holeText(`the variable ${name} is filled in when the file is made`, place),
  );
}

/** A comment, a tag of one of the languages, or a name between signs. */
const placeholder =
  /\{#[\s\S]*?#\}|\{%[\s\S]*?%\}|\{\{\{?[\s\S]*?\}\}\}?|<%[\s\S]*?%>|%[A-Z][A-Z0-9_]{2,}%|@[A-Z][A-Z0-9_]{2,}@/gu;

/** Tags that open a part which may be left out or repeated, and tags that end it. */
const opening =
  /^(?:\{%-?\s*(?:if|for|block|filter|raw|macro)\b|\{\{-?\s*(?:if|range|with|define|block)\b|\{\{[#^]|<%-?\s*(?:if|unless|for|while)\b|<%-?\s*[^=][\s\S]*\bdo\b)/u;
const closing = /^(?:\{%-?\s*end\w*|\{\{-?\s*end\s*-?\}\}|\{\{\/(?!\*)|<%-?\s*end\b)/u;

/** Comments and statements: nothing comes out of them. */
const silent =
  /^(?:\{#|\{%-?\s*(?:set|import|from|extends)\b|\{\{!|\{\{-?\s*(?:\/\*|\$\w+\s*:?=)|<%#|<%-?\s*(?!-?=)[\s\S])/u;

/** A comma with nothing but tags and white space behind it. */
const lastComma = /,(?:\s|\{%[^%]*%\}|\{\{[^}]*\}\}|<%[^%]*%>)*$/u;

/** What comes out of a part of the text: something, nothing, or something that ends in a comma. */
interface Gap {
  readonly start: number;
  readonly end: number;
  readonly gives: "unknown" | "nothing" | "items";
}

/** The text with a gap for each placeholder. What stands between an opening and its end is as little known as a value. */
export function withPlaceholders(text: Text): Text {
  const filled = gapsIn(text.value).map(({ start, end, gives }) => {
    const place = locate(text, start, end);
    const value = gives === "nothing" ? [] : [holeText("it is filled in by a template", place)];
    return { start, end, by: concat(gives === "items" ? [...value, textAt(",", place)] : value) };
  });
  return replaceRanges(text, filled);
}

function gapsIn(value: string): readonly Gap[] {
  if (!/\{[{%]|<%|%[A-Z]|@[A-Z]/u.test(value)) return [];
  const gaps: Gap[] = [];
  const open: number[] = [];
  for (const { 0: tag, index } of value.matchAll(placeholder)) {
    const end = index + tag.length;
    if (opening.test(tag)) open.push(index);
    else if (closing.test(tag)) {
      const start = open.pop();
      const isList = lastComma.test(value.slice(start, index));
      if (open.length === 0 && start !== undefined)
        gaps.push({ start, end, gives: isList ? "items" : "unknown" });
    } else if (open.length === 0)
      gaps.push({ start: index, end, gives: silent.test(tag) ? "nothing" : "unknown" });
  }
  const [unclosed] = open;
  if (unclosed !== undefined) gaps.push({ start: unclosed, end: value.length, gives: "unknown" });
  return gaps;
}
