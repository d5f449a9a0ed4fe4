/** A short text that an expression probably matches: a path to try a location with. */
import type { Node } from "./regex-parse.ts";

const preferred = "/abcdefghijklmnopqrstuvwxyz0123456789.-_ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Makes a candidate; the caller checks it against the expression. Lookaheads are not regarded. */
export function exampleOf(node: Node): string {
  const text = write(node);
  return text.startsWith("/") ? text : `/${text}`;
}

function write(node: Node): string {
  if (node.type === "char") return charFor(node.test);
  if (node.type === "sequence") return node.items.map(write).join("");
  if (node.type === "choice") return node.items[0] === undefined ? "" : write(node.items[0]);
  if (node.type === "repeat") return write(node.item).repeat(Math.min(node.min, 20)).slice(0, 200);
  return node.type === "group" ? write(node.item) : "";
}

/** A letter rather than the slash where both fit: `.` and `[^?]` mean names. */
function charFor(test: (code: number) => boolean): string {
  const found = [...preferred.slice(1), "/"].find((char) => test(char.charCodeAt(0)));
  if (found !== undefined) return found;
  for (let code = 33; code < 127; code++) if (test(code)) return String.fromCharCode(code);
  return "";
}
