/** Request targets: a port of ngx_http_parse_complex_uri() and ngx_escape_uri() of nginx 1.22. */

/** A request target as nginx sees it after decoding. */
export interface Target {
  /** Decoded, with `//`, `/./` and `/../` resolved: what locations are compared with. */
  readonly uri: string;
  /** Behind the question mark, as sent. */
  readonly args: string;
  /** Whether it was written with `%` escapes or `+`; decides about escapes further on. */
  readonly quoted: boolean;
  readonly plus: boolean;
}

type State = "usual" | "slash" | "dot" | "dots";

interface Cursor {
  out: string;
  state: State;
}

/** Decodes a target; undefined when nginx answers 400. */
export function parseTarget(target: string, mergeSlashes: boolean): Target | undefined {
  if (!target.startsWith("/") || /[\0- \x7f]/.test(target)) return undefined;
  const cursor: Cursor = { out: "", state: "usual" };
  let plus = false;
  let index = 0;
  for (; index < target.length; index++) {
    const char = target.charAt(index);
    if (char === "?" || char === "#") break;
    if (char === "+") plus = true;
    if (char !== "%") {
      if (!step(cursor, char, mergeSlashes)) return undefined;
      continue;
    }
    const hex = /^[0-9a-fA-F]{2}/.exec(target.slice(index + 1, index + 3))?.[0];
    if (hex === undefined || hex === "00") return undefined;
    index += 2;
    const decoded = String.fromCharCode(Number.parseInt(hex, 16));
    if (decoded === "+") plus = true;
    if ("%#?".includes(decoded)) keep(cursor, decoded);
    else if (!step(cursor, decoded, mergeSlashes)) return undefined;
  }
  if (!finish(cursor)) return undefined;
  const args = target[index] === "?" ? (target.slice(index + 1).split("#")[0] ?? "") : "";
  return { uri: cursor.out, args, quoted: target.slice(0, index).includes("%"), plus };
}

function keep(cursor: Cursor, char: string): void {
  cursor.out += char;
  cursor.state = "usual";
}

/** One decoded character; false when `..` leads above the root. */
function step(cursor: Cursor, char: string, mergeSlashes: boolean): boolean {
  if (char === "/") return slash(cursor, mergeSlashes);
  const next: State =
    char !== "." ? "usual" : cursor.state === "slash" ? "dot" : cursor.state === "dot" ? "dots" : "usual";
  cursor.out += char;
  cursor.state = next;
  return true;
}

function slash(cursor: Cursor, mergeSlashes: boolean): boolean {
  if (cursor.state === "dots" && !up(cursor)) return false;
  if (cursor.state === "usual" || (cursor.state === "slash" && !mergeSlashes)) cursor.out += "/";
  if (cursor.state === "dot") cursor.out = cursor.out.slice(0, -1);
  cursor.state = "slash";
  return true;
}

/** Removes `/name/..`, leaving the slash before the name. */
function up(cursor: Cursor): boolean {
  const parent = cursor.out.slice(0, -3).lastIndexOf("/");
  if (cursor.out.length < 4 || parent === -1) return false;
  cursor.out = cursor.out.slice(0, parent + 1);
  return true;
}

function finish(cursor: Cursor): boolean {
  if (cursor.state === "dot") cursor.out = cursor.out.slice(0, -1);
  return cursor.state !== "dots" || up(cursor);
}

/**
 * Escapes a path that nginx itself puts together for the backend. Before 1.21.1 `"<>\^`{|}` stayed as they were
 * (CHANGES of 1.21.1).
 */
export function escapeUri(path: string, more: boolean): string {
  const pattern = more ? /[\0- "#%<>?\\^`{|}\x7f-\xff]/g : /[\0- #%?\x7f-\xff]/g;
  return path.replace(pattern, percent);
}

/** Escapes what a rewrite copies into arguments (NGX_ESCAPE_ARGS). */
export function escapeArgs(text: string): string {
  return text.replace(/[\0- "#%&+;<>?\\^`{|}\x7f-\xff]/g, percent);
}

/** What a redirecting rewrite makes of its target (NGX_UNESCAPE_REDIRECT): decoded as far as that is safe, up to a `?`. */
export function unescapeRedirect(target: string): string {
  let done = false;
  return target.replace(/%([0-9a-fA-F]{2})|\?/g, (match: string, hex: string | undefined) => {
    const code = hex === undefined ? 63 : Number.parseInt(hex, 16);
    const keep = done || code <= 37 || code >= 127;
    done ||= code === 63;
    return keep ? match : String.fromCharCode(code);
  });
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
