/**
 * Templates: files from which a tool makes the nginx configuration. What the tool puts in is unknown, not an error.
 */
import { concat, holeText, locate, replaceMatches, slice, type Text, textAt } from "../../text/text.ts";

/** Helm, Ansible and Jinja, ERB, Windows-like marks. `{#` is a comment of Jinja only when it is closed on its line. */
const marks = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[^\n]*?#\}|<%[\s\S]*?%>|%[A-Za-z_][A-Za-z0-9_.]*%/g;

/**
 * Replaces the marks of template languages by holes. A mark alone on its line may stand for any number of directives:
 * it becomes a directive without a known name.
 */
export function maskTemplates(text: Text): Text {
  if (!isTemplate(text.value)) return text;
  return replaceMatches(text, marks, ({ 0: mark, index }) => standIn(text, index, index + mark.length));
}

/** Whether a mark stands where plain nginx could not have it: braces occur in regular expressions and in JSON replies. */
function isTemplate(source: string): boolean {
  return /^[^#\n"']*(\{\{|\{%|<%)|%[A-Za-z_][A-Za-z0-9_.]*%/m.test(source);
}

function standIn(text: Text, start: number, end: number): Text {
  const place = locate(text, start, end);
  if (text.value.startsWith("{#", start)) return slice(text, start, start);
  const hole = holeText(
    `a template puts something in for ${text.value.slice(start, Math.min(end, start + 40))}`,
    place,
  );
  return standsAlone(text.value, start, end) ? concat([hole, textAt(";", place)]) : hole;
}

function standsAlone(source: string, start: number, end: number): boolean {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const newline = source.indexOf("\n", end);
  const rest = source.slice(lineStart, start) + source.slice(end, newline === -1 ? source.length : newline);
  return rest.trim() === "";
}
