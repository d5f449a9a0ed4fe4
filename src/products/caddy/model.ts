/** A Caddyfile as Caddy takes it: global options, sites and the servers that they make. */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import {
  type CaddyBlock,
  type CaddyDirective,
  type CaddyWord,
  readCaddyDirectives,
  readCaddyfile,
} from "../../sources/caddyfile.ts";
import { holeIn, type Located, placeOf, replaceMatches, type Text, textAt } from "../../text/text.ts";
import type { ProxyProblem } from "../proxy/derived.ts";

/** The address of a site. */
export interface Address extends Located {
  readonly text: string;
  readonly scheme: "http" | "https" | undefined;
  /** Empty for any. */
  readonly host: string;
  readonly port: number | undefined;
  /** Empty for all. */
  readonly path: string;
}

/** A site block. */
export interface Site extends Located {
  readonly addresses: readonly Address[];
  readonly directives: readonly CaddyDirective[];
}

/** A Caddyfile with everything that it imports. */
export interface CaddyModel {
  readonly options: readonly CaddyDirective[];
  readonly sites: readonly Site[];
  readonly problems: readonly ProxyProblem[];
}

/** What to read, and how. */
export interface CaddyInput {
  readonly text: Text;
  /** The files that a pattern names; undefined where nobody knows. */
  readonly resolve: (pattern: string) => readonly Text[] | undefined;
  /** The value of a variable when Caddy starts. */
  readonly variable: (name: string) => Text | "unset" | "unknown";
}

interface Reading extends CaddyInput {
  readonly snippets: Map<string, readonly CaddyDirective[]>;
  readonly problems: ProxyProblem[];
  imports: number;
}

/** More imports than these end in a circle. */
const importLimit = 1000;

/** Reads a Caddyfile. Never throws. */
export function caddyModel(input: CaddyInput): CaddyModel {
  const reading: Reading = { ...input, snippets: new Map(), problems: [], imports: 0 };
  const blocks = expandBlocks(reading, blocksOf(reading, input.text));
  const [first] = blocks;
  const hasOptions = first !== undefined && first.keys.length === 0;
  const sites = (hasOptions ? blocks.slice(1) : blocks).flatMap((block): readonly Site[] => {
    if (block.keys.some(({ text }) => /^\(.*\)$|^&\(/u.test(text.value))) return [];
    const directives = expandAll(reading, block.directives);
    return [
      { addresses: block.keys.flatMap((key) => addressOf(reading, key)), directives, ...placeOf(block) },
    ];
  });
  return {
    options: hasOptions ? expandAll(reading, first.directives) : [],
    sites,
    problems: reading.problems,
  };
}

function blocksOf(reading: Reading, text: Text): readonly CaddyBlock[] {
  const { blocks, errors } = readCaddyfile(withVariables(reading, text));
  for (const { message, ...at } of errors)
    reading.problems.push({ kind: "refused", message, ...placeOf(at) });
  for (const { keys, directives } of blocks) {
    const [key] = keys;
    const name = /^\((.*)\)$/u.exec(key?.text.value ?? "")?.[1];
    if (name !== undefined && keys.length === 1) reading.snippets.set(name, directives);
  }
  return blocks;
}

/** `{$NAME}` and `{$NAME:default}` are replaced before anything is read. */
function withVariables(reading: Reading, text: Text): Text {
  return replaceMatches(text, /\{\$([^}:\s]+)(?::([^}]*))?\}/gu, ([, name = "", fallback], place) => {
    const value = reading.variable(name);
    if (value === "unknown") return undefined;
    return value === "unset" ? textAt(fallback ?? "", place) : value;
  });
}

/** `import` at the top brings further sites. */
function expandBlocks(reading: Reading, blocks: readonly CaddyBlock[]): readonly CaddyBlock[] {
  return blocks.flatMap((block): readonly CaddyBlock[] => {
    const [first, pattern] = block.keys;
    if (first?.text.value !== "import" || pattern === undefined || first.quoted) return [block];
    const inner = importedTexts(reading, pattern)?.flatMap((text) => blocksOf(reading, text)) ?? [];
    const rest = block.directives.flatMap((directive) => topImport(reading, directive));
    return expandBlocks(reading, [...inner, ...rest]);
  });
}

/** Imports without braces follow each other: the first line takes the others for its directives. */
function topImport(reading: Reading, directive: CaddyDirective): readonly CaddyBlock[] {
  const [pattern] = directive.args;
  if (directive.name === "import" && pattern !== undefined)
    return importedTexts(reading, pattern)?.flatMap((text) => blocksOf(reading, text)) ?? [];
  const key: CaddyWord = { text: textAt(directive.name, directive), quoted: false, ...placeOf(directive) };
  return [{ keys: [key, ...directive.args], directives: directive.block ?? [], ...placeOf(directive) }];
}

function importedTexts(reading: Reading, pattern: CaddyWord): readonly Text[] | undefined {
  if (reading.imports++ > importLimit) return undefined;
  const found = reading.resolve(pattern.text.value);
  if (found !== undefined && (found.length > 0 || /[*?[]/u.test(pattern.text.value))) return found;
  const message = `the imported file ${pattern.text.value} is not part of the input`;
  reading.problems.push({ kind: "missing", message, ...placeOf(pattern) });
  return undefined;
}

function expandAll(reading: Reading, directives: readonly CaddyDirective[]): readonly CaddyDirective[] {
  return directives.flatMap((directive) => expand(reading, directive));
}

/** Snippets and files in the place of their `import`; one that is not there stays, as a line that may do anything. */
function expand(reading: Reading, directive: CaddyDirective): readonly CaddyDirective[] {
  const [pattern, ...args] = directive.args;
  if (directive.name !== "import" || pattern === undefined) {
    const { block } = directive;
    return [block === undefined ? directive : { ...directive, block: expandAll(reading, block) }];
  }
  const snippet = reading.snippets.get(pattern.text.value);
  if (snippet !== undefined) {
    if (reading.imports++ > importLimit) return [directive];
    return expandAll(
      reading,
      snippet.map((one) => withArguments(one, args)),
    );
  }
  const texts = importedTexts(reading, pattern);
  if (texts === undefined) return [directive];
  return texts.flatMap((text) => {
    const { directives, errors } = readCaddyDirectives(withVariables(reading, text));
    for (const { message, ...at } of errors)
      reading.problems.push({ kind: "refused", message, ...placeOf(at) });
    return expandAll(
      reading,
      directives.map((one) => withArguments(one, args)),
    );
  });
}

/** `{args[0]}` and `{args.0}`; `{args[:]}` is all of them. */
function withArguments(directive: CaddyDirective, args: readonly CaddyWord[]): CaddyDirective {
  if (args.length === 0) return directive;
  const words = directive.args.flatMap((word) =>
    /^\{args\[:\]\}$/u.test(word.text.value) ? args : [{ ...word, text: filledIn(word, args) }],
  );
  const { block } = directive;
  return {
    ...directive,
    args: words,
    ...(block === undefined ? {} : { block: block.map((inner) => withArguments(inner, args)) }),
  };
}

function filledIn(word: CaddyWord, args: readonly CaddyWord[]): Text {
  if (!word.text.value.includes("{args")) return word.text;
  const value = word.text.value.replaceAll(
    /\{args(?:\.(\d+)|\[(\d+)\])\}/gu,
    (_, dotted?: string, bracketed?: string) => args[Number(dotted ?? bracketed)]?.text.value ?? "",
  );
  return textAt(value, word);
}

const addressPattern = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/]*)?(?::(\d+))?(\/.*)?$/u;

function addressOf(reading: Reading, key: CaddyWord): readonly Address[] {
  const { value } = key.text;
  const found = addressPattern.exec(value);
  if (found === null || value === "") {
    reading.problems.push({
      kind: "refused",
      message: `the address "${value}" is not understood`,
      ...placeOf(key),
    });
    return [];
  }
  const [, scheme, host = "", port, path = ""] = found;
  return [
    {
      text: value,
      scheme: scheme === "http" || scheme === "https" ? scheme : undefined,
      host: host === "*" ? "" : host.toLowerCase(),
      port: port === undefined ? undefined : Number(port),
      path: path === "/" ? "" : path,
      ...placeOf(key),
    },
  ];
}

/** A word as it is when a request comes; placeholders that are not filled in make it unknown. */
export function wordValue(word: CaddyWord): Maybe<string> {
  const { value } = word.text;
  const hole = holeIn(word.text, 0, value.length);
  if (hole !== undefined) return unknown("input", hole.reason, placeOf(word));
  const open = /\{\$?[\w.]+(?::[^}]*)?\}/u.exec(value)?.[0];
  return open === undefined ? value : unknown("input", `what ${open} stands for is not known`, placeOf(word));
}

/** The words of a directive's first arguments that are known. */
export function firstKnown(directive: CaddyDirective | undefined): string | undefined {
  const [word] = directive?.args ?? [];
  const value = word === undefined ? undefined : wordValue(word);
  return isUnknown(value) ? undefined : value;
}

/** A server: one port, and the sites that it serves, the one for the most special name first. */
export interface CaddyServer extends Located {
  readonly bind: string;
  readonly port: number;
  readonly tls: boolean;
  readonly members: readonly { readonly site: Site; readonly address: Address }[];
}

/** The servers that the sites make (httptype.go, addresses.go and autohttps.go of caddyhttp). */
export function serversOf(model: CaddyModel): readonly CaddyServer[] {
  const ports = portsOf(model);
  const groups = new Map<
    string,
    { bind: string; port: number; members: { site: Site; address: Address }[] }
  >();
  for (const site of model.sites) {
    const binds = site.directives.filter(({ name }) => name === "bind").flatMap(({ args }) => args);
    for (const address of site.addresses) {
      const port = address.port ?? (address.scheme === "http" ? ports.http : ports.https);
      for (const bind of binds.length === 0 ? ["0.0.0.0"] : binds.map(({ text }) => bindOf(text.value))) {
        const key = `${bind} ${port}`;
        const group = groups.get(key) ?? { bind, port, members: [] };
        group.members.push({ site, address });
        groups.set(key, group);
      }
    }
  }
  return [...groups.values()].map(({ bind, port, members }) => ({
    bind,
    port,
    tls: isEncrypted(port, members, ports),
    members: members.toSorted(bySpecificity),
    ...placeOf(members[0]?.address ?? { at: { file: "", start: 0, end: 0 } }),
  }));
}

function bindOf(text: string): string {
  const host = text.replace(/^tcp[46]?\//u, "").replace(/^\[(.*)\]$/u, "$1");
  return host === "::" || host === "" ? "0.0.0.0" : host;
}

/** The ports of plain and of encrypted sites without one. */
export function portsOf(model: CaddyModel): { readonly http: number; readonly https: number } {
  const port = (name: string, usual: number) => Number(firstKnown(optionOf(model, name)) ?? usual);
  return { http: port("http_port", 80), https: port("https_port", 443) };
}

/** A global option. */
export function optionOf({ options }: CaddyModel, wanted: string): CaddyDirective | undefined {
  return options.findLast(({ name }) => name === wanted);
}

/** One server takes encrypted requests or plain ones, never both. */
function isEncrypted(
  port: number,
  members: CaddyServer["members"],
  ports: { readonly http: number; readonly https: number },
): boolean {
  if (port === ports.http) return false;
  if (port === ports.https) return true;
  return members.some(
    ({ site, address }) =>
      address.scheme === "https" ||
      (address.scheme !== "http" &&
        (address.host !== "" || site.directives.some(({ name }) => name === "tls"))),
  );
}

function bySpecificity(left: CaddyServer["members"][number], right: CaddyServer["members"][number]): number {
  const rank = ({ address: { host } }: typeof left) => (host === "" ? 2 : host.includes("*") ? 1 : 0);
  const length = ({ address: { host } }: typeof left) => host.replaceAll("*", "").length;
  return (
    rank(left) - rank(right) ||
    length(right) - length(left) ||
    right.address.path.length - left.address.path.length
  );
}
