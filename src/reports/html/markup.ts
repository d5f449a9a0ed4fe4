/** HTML that is safe by its type: whatever is a string is escaped, only what this file makes is taken as it is. */
import { harmless } from "../layout.ts";

const mark: unique symbol = Symbol("html");

/** A piece of HTML. */
export interface Html {
  readonly [mark]: true;
  readonly text: string;
}

/** What may stand in a template: text, HTML, lists of HTML, numbers; nothing for undefined and false. */
type Part = string | number | Html | readonly Html[] | undefined | false;

/** A template whose strings are markup and whose values are not. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? "";
  for (const [index, part] of parts.entries()) text += rendered(part) + (strings[index + 1] ?? "");
  return trusted(text);
}

/** Our own markup, style or script: never anything that was read. */
export function trusted(text: string): Html {
  return { [mark]: true, text };
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(part);
  return "text" in part ? part.text : part.map(({ text }) => text).join("");
}

const special: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters and those that turn the direction of text are shown by their numbers. */
function escaped(text: string): string {
  return harmless(text).replace(/[&<>"']/g, (character) => special[character] ?? "");
}

/** A text of a rule: paragraphs, lists, indented code, and words between backticks. */
export function prose(text: string): Html {
  const blocks = text.trim().split(/\n\s*\n/);
  return html`${blocks.filter((block) => block.trim() !== "").map(block)}`;
}

function block(text: string): Html {
  const lines = text.split("\n");
  if (lines.every((line) => line.startsWith("    ")))
    return html`<pre>${lines.map((line) => line.slice(4)).join("\n")}</pre>`;
  if (lines.every((line) => /^(?:[-*] |\s{2})/.test(line))) return html`<ul>${itemsOf(lines)}</ul>`;
  return html`<p>${inline(lines.join(" "))}</p>`;
}

function itemsOf(lines: readonly string[]): readonly Html[] {
  const items: string[] = [];
  for (const line of lines) {
    const start = /^[-*] (.*)$/.exec(line)?.[1];
    if (start !== undefined || items.length === 0) items.push(start ?? line.trim());
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return items.map((item) => html`<li>${inline(item)}</li>`);
}

/** One line of text with words between backticks as code. */
export function inline(text: string): Html {
  const parts = text.split("`");
  // An odd number of backticks is text.
  if (parts.length % 2 === 0) return html`${text}`;
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`;
}

/** A name for `id` and `href`: letters, digits and hyphens, whatever the text holds. */
export function anchor(prefix: string, text: string): string {
  return `${prefix}-${text.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase()}`;
}
