/**
 * The Caddyfile reader: tokens and blocks as Caddy's own lexer and parser make them (caddyconfig/caddyfile of
 * caddyserver/caddy, 2.6 and later), over Text. `import` is left to whoever knows the files.
 */
import { type Located, locate, slice, type Text, textAt } from "../text/text.ts";

/** A word, its quotes removed. */
export interface CaddyWord extends Located {
  readonly text: Text;
  readonly quoted: boolean;
}

/** A directive: its name, its words, and the directives between its braces. */
export interface CaddyDirective extends Located {
  readonly name: string;
  readonly args: readonly CaddyWord[];
  readonly block?: readonly CaddyDirective[];
}

/** What stands at the top: global options (no keys), a snippet ("(name)") or a site with its addresses. */
export interface CaddyBlock extends Located {
  readonly keys: readonly CaddyWord[];
  readonly directives: readonly CaddyDirective[];
}

/** One reason why Caddy refuses the file. */
export interface CaddyError extends Located {
  readonly message: string;
}

/** What was read. */
export interface Caddyfile {
  readonly blocks: readonly CaddyBlock[];
  readonly errors: readonly CaddyError[];
}

interface Token {
  readonly text: Text;
  readonly value: string;
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
  /** Whether it is the first of its line. */
  readonly first: boolean;
}

interface Reader {
  readonly text: Text;
  readonly tokens: readonly Token[];
  readonly errors: CaddyError[];
  index: number;
  depth: number;
}

/** Nobody nests deeper. */
const depthLimit = 100;

/** Reads a Caddyfile. Never throws. */
export function readCaddyfile(text: Text): Caddyfile {
  const reader: Reader = { text, tokens: tokensOf(text), errors: [], index: 0, depth: 0 };
  const blocks: CaddyBlock[] = [];
  while (reader.index < reader.tokens.length) blocks.push(...blockAt(reader));
  return { blocks, errors: reader.errors };
}

/** A file that is imported inside of a block: directives alone. */
export function readCaddyDirectives(text: Text): Pick<Caddyfile, "errors"> & {
  readonly directives: readonly CaddyDirective[];
} {
  const reader: Reader = { text, tokens: tokensOf(text), errors: [], index: 0, depth: 0 };
  const directives: CaddyDirective[] = [];
  while (reader.index < reader.tokens.length) {
    directives.push(...directivesAt(reader));
    if (reader.index < reader.tokens.length) {
      fail(reader, 'unexpected "}": no block is open here', reader.tokens[reader.index]);
      reader.index++;
    }
  }
  return { directives, errors: reader.errors };
}

function fail(reader: Reader, message: string, token: Token | undefined): void {
  const end = reader.text.value.length;
  reader.errors.push({ message, ...locate(reader.text, token?.start ?? end, token?.end ?? end) });
}

function wordOf(reader: Reader, { text, quoted, start, end }: Token): CaddyWord {
  return { text, quoted, ...locate(reader.text, start, end) };
}

function blockAt(reader: Reader): readonly CaddyBlock[] {
  const begin = reader.tokens[reader.index];
  const keys = keysAt(reader);
  const open = reader.tokens[reader.index];
  const start = begin?.start ?? 0;
  if (open?.value === "{" && !open.quoted) {
    reader.index++;
    const directives = directivesAt(reader);
    closeAt(reader, open);
    const place = locate(reader.text, start, open.end);
    return [{ keys, directives, ...place }];
  }
  // A single site needs no braces: everything that follows belongs to it.
  const directives = directivesAt(reader);
  const stray = reader.tokens[reader.index];
  if (stray !== undefined) {
    fail(reader, 'unexpected "}": no block is open here', stray);
    reader.index++;
  }
  return [{ keys, directives, ...locate(reader.text, start, begin?.end ?? start) }];
}

/** The addresses of a site: those of one line, and further ones after a comma. */
function keysAt(reader: Reader): readonly CaddyWord[] {
  const keys: CaddyWord[] = [];
  let more = false;
  for (let token = reader.tokens[reader.index]; token !== undefined; token = reader.tokens[reader.index]) {
    if (token.value === "{" && !token.quoted) break;
    if (keys.length > 0 && token.first && !more) break;
    if (token.value === "}" && !token.quoted) {
      fail(reader, 'unexpected "}": no block is open here', token);
      reader.index++;
      continue;
    }
    if (/.\{$/su.test(token.value) && !token.quoted)
      fail(reader, "a space is missing between the address and the brace", token);
    more = token.value.endsWith(",");
    const length = token.value.length - (more ? 1 : 0);
    if (length > 0) keys.push({ ...wordOf(reader, token), text: slice(token.text, 0, length) });
    reader.index++;
  }
  return keys;
}

function closeAt(reader: Reader, open: Token): void {
  if (reader.tokens[reader.index] === undefined) fail(reader, 'this "{" is never closed', open);
  else reader.index++;
}

/** Directives up to the closing brace or the end, which are left for the caller. */
function directivesAt(reader: Reader): readonly CaddyDirective[] {
  const directives: CaddyDirective[] = [];
  for (let token = reader.tokens[reader.index]; token !== undefined; token = reader.tokens[reader.index]) {
    if (token.value === "}" && !token.quoted) break;
    if (token.value === "{" && !token.quoted) {
      fail(reader, 'unexpected "{": it belongs at the end of the line before', token);
      reader.index++;
      directivesAt(reader);
      closeAt(reader, token);
      continue;
    }
    directives.push(directiveAt(reader, token));
  }
  return directives;
}

function directiveAt(reader: Reader, name: Token): CaddyDirective {
  const args: CaddyWord[] = [];
  reader.index++;
  let end = name.end;
  for (let token = reader.tokens[reader.index]; token !== undefined; token = reader.tokens[reader.index]) {
    if (token.first || (token.value === "}" && !token.quoted)) break;
    const next = reader.tokens[reader.index + 1];
    if (token.value === "{" && !token.quoted && (next === undefined || next.first || next.value === "}")) {
      reader.index++;
      const place = locate(reader.text, name.start, end);
      return { name: name.value, args, block: nested(reader, token), ...place };
    }
    end = token.end;
    args.push(wordOf(reader, token));
    reader.index++;
  }
  return { name: name.value, args, ...locate(reader.text, name.start, end) };
}

function nested(reader: Reader, open: Token): readonly CaddyDirective[] {
  reader.depth++;
  if (reader.depth > depthLimit) {
    fail(reader, `more than ${depthLimit} blocks inside each other`, open);
    reader.index = reader.tokens.length;
    return [];
  }
  const block = directivesAt(reader);
  closeAt(reader, open);
  reader.depth--;
  return block;
}

const wordPattern =
  /(?:\\\r?\n|[ \t\r\f\v])+|\n|#[^\n]*|"(?:\\[\s\S]|[^"\\])*"?|`[^`]*`?|<<([\w-]+)\r?\n|(?:\\(?!\r?\n)[\s\S]|[^\s\\])+|\\/uy;

/** The comments of a Caddyfile. */
export function caddyComments(text: Text): readonly Located[] {
  const comments: Located[] = [];
  tokensOf(text, (start, end) => comments.push(locate(text, start, end)));
  return comments;
}

function tokensOf(text: Text, onComment: (start: number, end: number) => void = () => {}): readonly Token[] {
  const source = text.value.startsWith("\uFEFF") ? ` ${text.value.slice(1)}` : text.value;
  const tokens: Token[] = [];
  let first = true;
  wordPattern.lastIndex = 0;
  for (let match = wordPattern.exec(source); match !== null; match = wordPattern.exec(source)) {
    const [word, marker] = match;
    const start = match.index;
    if (marker !== undefined) {
      const heredoc = heredocAt(text, start, start + word.length, marker);
      wordPattern.lastIndex = heredoc.end;
      tokens.push({ ...heredoc, first });
    } else if (word === "\n") first = true;
    else if (word.startsWith("#")) {
      onComment(start, start + word.trimEnd().length);
      continue;
    } else if (/^\s|^\\\r?\n/u.test(word)) continue;
    else tokens.push({ ...contentOf(text, word, start), first });
    if (word !== "\n") first = false;
  }
  return tokens;
}

/** In quotes only `\"` is an escape; between back quotes and in bare words nothing is. */
function contentOf(text: Text, word: string, start: number): Omit<Token, "first"> {
  const end = start + word.length;
  const place = { start, end };
  const quote = word[0];
  if (quote !== '"' && quote !== "`")
    return { text: slice(text, start, end), value: word, quoted: false, ...place };
  const closed = word.length > 1 && word.endsWith(quote);
  const inner = slice(text, start + 1, closed ? end - 1 : end);
  const content =
    quote === '"' && inner.value.includes('\\"')
      ? textAt(inner.value.replaceAll('\\"', '"'), locate(text, start, end))
      : inner;
  return { text: content, value: content.value, quoted: true, ...place };
}

/** `<<END`, lines, `END`: since 2.7. */
function heredocAt(text: Text, start: number, from: number, marker: string): Omit<Token, "first"> {
  const closing = new RegExp(`^[ \\t]*${marker}(?=\\s|$)`, "mu");
  const found = closing.exec(text.value.slice(from));
  const to = found === null ? text.value.length : from + found.index;
  const end = found === null ? text.value.length : to + found[0].length;
  const content = slice(text, from, Math.max(from, to - 1));
  return { text: content, value: content.value, quoted: true, start, end };
}
