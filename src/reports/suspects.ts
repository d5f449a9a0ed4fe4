/**
 * What looks like a secret on a line of a file, whatever its syntax. Derivation knows the secrets of what it reads; lines
 * are shown of files that it reads in part, or not at all because they are broken. Rather too much than too little.
 */
import { isNoSecret, isSecretName, secretRanges } from "../products/secret-names.ts";

/** Offsets within the line. */
export type LineRange = readonly [number, number];

/** A name before the value that it is given: `key: `, `key=`, `"key": `, `--key `, `<key>`, `name="key" value=`. */
const names: readonly RegExp[] = [
  /(?<name>[\w.\-[\]]+)["']?\s*(?:=>|::?=?|=)\s*/gu,
  /(?<=^|[\s"'`])--?(?<name>[\w-]+)(?:["']\s*,)?\s+/gu,
  /\b(?:proxy_set_header|add_header|\w+_param|set)\s+\$?(?<name>[\w-]+)\s+/gu,
  /<(?<name>[\w:.-]+)[^<>]*>/gu,
  /\bname="(?<name>[^"]+)"[^<>]*?\bvalue=/gu,
];

const value = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"'<>{}[\](),][^\s"'<>]*/uy;

/** Names of objects of a cluster, which hold a secret and are none. */
const objects = /^(?:\w*[sS]ecretName|credentialName|existingSecret)$|(?:^|[/-])auth(?:-tls)?-secret$/u;

const further = /(?:^p|P)in$|PIN$|account[-_.]?key|clear-text|^authorization$|cookie|apikey/u;

/** Lists of users or peers: each text in what follows on the line may be a password. */
const lists =
  /[\w.-]*(?:users?(?!_?(?:name|identity|role))|credentials|peers?|basicauth|servers)[\w.-]*["']?\s*[:=]/giu;

/** `${NAME}` and `${NAME:?what to do}`: nothing in them is a secret. */
const references = /\$\{\w+(?::?\?[^{}]*)?\}/gu;

/** Stands for a character of a reference. */
const referred = "\u0001";

const texts = /(?<=[:,=[]\s*)(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/gu;

/** `scheme://user:` with what can be no port behind it, nor the path of a socket file. */
const addressLogin = /:\/\/(?!unix:\/)[^\s/:@?#"']+:(?!\u0001|\d{1,5}(?:[/?#"'\s,;)\]}]|$))/gu;

/** The third text of ["http://host/", "user", "password"]. */
const loginLists = /\[\s*"\w+:\/\/[^"]*"\s*,\s*"(?:[^"\\]|\\.)*"\s*,\s*/gu;

/** Lines of this length are no configuration that a person wrote: nobody reads them in a frame. */
const longest = 5_000;

/** The parts of a line to hide. */
export function suspects(line: string): readonly LineRange[] {
  const written = line.slice(0, longest);
  const text = written.replace(references, (found) => referred.repeat(found.length));
  const beyond: readonly LineRange[] = line.length > longest ? [[longest, line.length]] : [];
  const thirds = [...text.matchAll(loginLists)].map(({ index, 0: head }) => index + head.length);
  const given = [...names.flatMap((pattern) => afterNames(text, pattern)), ...thirds];
  const listed = [...text.matchAll(lists)].map(({ index, 0: head }) => index + head.length);
  const logins = [...text.matchAll(addressLogin)].map(({ index, 0: head }) => index + head.length);
  const ranges = [
    ...beyond,
    ...secretRanges(written).flatMap(({ start, end }): readonly LineRange[] =>
      text[start] === referred ? [] : [[start, toEnd(text, end)]],
    ),
    ...given.flatMap((from) => valueAt(text, from)),
    ...listed.flatMap((from) => textsFrom(text, from)),
    ...logins.map(
      (from): LineRange => [from, from + (/^[^\s@"'<>]*/u.exec(text.slice(from))?.[0].length ?? 0)],
    ),
  ];
  const first = Math.min(...given, ...listed, ...logins);
  return isTorn(text) && first < text.length ? [...ranges, [first, text.length]] : ranges;
}

/** The text with what looks like a secret replaced. */
export function withoutSuspects(text: string, mask: string): string {
  const sorted = suspects(text)
    .filter(([from, to]) => from < to)
    .toSorted((a, b) => a[0] - b[0]);
  let shown = "";
  let at = 0;
  for (const [from, to] of sorted) {
    if (from >= at) shown += text.slice(at, from) + mask;
    at = Math.max(at, to);
  }
  return shown + text.slice(at);
}

/** A quotation that does not end, or ends too often: nobody can tell what is still value. */
function isTorn(text: string): boolean {
  return (text.replace(/\\./gu, "").match(/"/gu)?.length ?? 0) % 2 === 1;
}

/** Offsets behind the names that tell of a secret. */
function afterNames(text: string, pattern: RegExp): readonly number[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const name = match.groups?.name ?? "";
    if (objects.test(name)) return [];
    return isSecretName(name) || further.test(name) || further.test(name.toLowerCase())
      ? [match.index + match[0].length]
      : [];
  });
}

function valueAt(text: string, from: number): readonly LineRange[] {
  if (/^[[{]/u.test(text.slice(from))) return textsFrom(text, from);
  value.lastIndex = from;
  const found = value.exec(text)?.[0] ?? "";
  const content = unquoted(found);
  if (content === "" || isNoSecret(content) || isReference(content)) return [];
  return [within(from, found)];
}

function textsFrom(text: string, from: number): readonly LineRange[] {
  const rest = text.slice(from - 1);
  return [...rest.matchAll(texts)].flatMap(({ index, 0: found }): readonly LineRange[] => {
    const content = unquoted(found);
    // An item of letters alone is the name of a user; the value of a member is not.
    const isName = /[,[]\s*$/u.test(rest.slice(0, index)) && /^[A-Za-z]+$/u.test(content);
    // Numbers of a user and a group.
    const isAccount = /^\d{1,5}:\d{1,5}$/u.test(content);
    const shown = isAccount || content === "" || isNoSecret(content) || isReference(content) || isName;
    return shown ? [] : [within(from - 1 + index, found)];
  });
}

/** Within its quotes, so that what is hidden is still seen to be a text. */
function within(start: number, text: string): LineRange {
  const quote = /^["']/u.exec(text)?.[0];
  if (quote === undefined) return [start, start + text.length];
  return [start + 1, start + text.length - (text.length > 1 && text.endsWith(quote) ? 1 : 0)];
}

/** A pattern may stop inside a password: what follows up to the next gap belongs to it. */
function toEnd(text: string, end: number): number {
  if (text[end] === "@") return end;
  return end + (/^[^\s"'<>]*/u.exec(text.slice(end))?.[0].length ?? 0);
}

/** A variable, or a place where a template puts something in. */
function isReference(text: string): boolean {
  if (/^\u0001+[,;]?$/u.test(text)) return true;
  return /^(?:\$\{?[\w.]+\}?|\$\([\w.]+\)|\{\{.*\}\}|%\w+%|<%.*%>|\*|&|!vault.*|\|[-+]?|>[-+]?)$/u.test(text);
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/gu, "");
}
