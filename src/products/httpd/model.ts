/** Apache httpd's configuration as it takes it: includes, conditions, virtual hosts. Source: httpd 2.4, docs/manual. */
import { type HttpdDirective, type HttpdWord, readHttpd } from "../../sources/httpd.ts";
import { concat, holeText, type Located, locate, placeOf, slice, type Text } from "../../text/text.ts";
import type { ProxyProblem } from "../proxy/derived.ts";

/** A virtual host, or the main server. */
export interface VirtualHost extends Located {
  /** Addresses with ports as written; empty for the main server. */
  readonly addresses: readonly HostAddress[];
  readonly names: readonly string[];
  /** Its own lines, behind those of the main server. */
  readonly directives: readonly HttpdDirective[];
}

/** An address of a virtual host. */
export interface HostAddress {
  /** "*" for any. */
  readonly host: string;
  /** Undefined for any. */
  readonly port: number | undefined;
}

/** A `Listen`. */
export interface HttpdListen extends Located {
  readonly host: string;
  readonly port: number;
  readonly https: boolean;
}

/** A configuration, read whole. */
export interface HttpdModel {
  readonly main: readonly HttpdDirective[];
  readonly hosts: readonly VirtualHost[];
  readonly listens: readonly HttpdListen[];
  readonly problems: readonly ProxyProblem[];
}

/** What to read, and how. */
export interface HttpdInput {
  readonly texts: readonly Text[];
  /** The files that a path or pattern names, relative to ServerRoot; undefined where nobody knows. */
  readonly resolve: (pattern: string) => readonly Text[] | undefined;
  /** The value of a variable of the environment. */
  readonly variable: (name: string) => Text | undefined;
}

interface Reading extends HttpdInput {
  readonly defined: Map<string, Text>;
  readonly problems: ProxyProblem[];
  readonly modules: Set<string>;
  /** Sections of mod_macro by their names in lower case. */
  readonly macros: Map<string, HttpdDirective>;
  includes: number;
}

const includeLimit = 1000;

/** Reads a configuration. Never throws. */
export function httpdModel(input: HttpdInput): HttpdModel {
  const reading: Reading = {
    ...input,
    defined: new Map(),
    problems: [],
    modules: new Set(),
    macros: new Map(),
    includes: 0,
  };
  const all = input.texts.flatMap((text) => expandText(reading, text));
  const main = all.filter(({ name }) => name !== "virtualhost");
  const hosts = all.filter(({ name }) => name === "virtualhost").map(hostOf);
  const listens = main.filter(({ name }) => name === "listen").flatMap(listenOf);
  return {
    main,
    hosts,
    listens: listens.length > 0 ? listens : hosts.flatMap(impliedListens),
    problems: reading.problems,
  };
}

/** The text of a directive's word, or nothing. */
export function wordAt({ args }: HttpdDirective, index: number): string | undefined {
  return args[index]?.text.value;
}

/** The last directive of a name. */
export function lastOf(directives: readonly HttpdDirective[], wanted: string): HttpdDirective | undefined {
  return directives.findLast(({ name }) => name === wanted);
}

function expandText(reading: Reading, text: Text): readonly HttpdDirective[] {
  const { directives, errors } = readHttpd(text);
  for (const { message, ...at } of errors)
    reading.problems.push({ kind: "refused", message, ...placeOf(at) });
  return expandAll(reading, directives);
}

function expandAll(reading: Reading, directives: readonly HttpdDirective[]): readonly HttpdDirective[] {
  return directives.flatMap((directive) => expand(reading, withVariables(reading, directive)));
}

/** Conditions are decided and includes read in the order of the lines, as `Define` counts from its line on. */
function expand(reading: Reading, directive: HttpdDirective): readonly HttpdDirective[] {
  const { name, block } = directive;
  if (name === "include" || name === "includeoptional") return included(reading, directive);
  if (name === "define") {
    const [key, value] = directive.args;
    if (key !== undefined) reading.defined.set(key.text.value, value?.text ?? slice(key.text, 0, 0));
    return [];
  }
  if (name === "undefine") {
    reading.defined.delete(wordAt(directive, 0) ?? "");
    return [];
  }
  if (name === "macro") {
    reading.macros.set((wordAt(directive, 0) ?? "").toLowerCase(), directive);
    return [];
  }
  if (name === "use") return used(reading, directive);
  if (name === "loadmodule") reading.modules.add(wordAt(directive, 0) ?? "");
  if (/^if(?:module|define|version|file|directive|section)$/u.test(name))
    return holds(reading, directive) ? expandAll(reading, block ?? []) : [];
  return [block === undefined ? directive : { ...directive, block: expandAll(reading, block) }];
}

/** The lines of a macro, with what is given for its names. */
function used(reading: Reading, { args }: HttpdDirective): readonly HttpdDirective[] {
  const [name, ...given] = args;
  const macro = reading.macros.get(name?.text.value.toLowerCase() ?? "");
  if (macro === undefined || reading.includes++ > includeLimit) return [];
  const values = macro.args
    .slice(1)
    .flatMap(({ text }, index): readonly (readonly [string, Text])[] => {
      const value = given[index]?.text;
      return value === undefined ? [] : [[text.value, value]];
    })
    // Of names that begin alike the longest counts.
    .toSorted(([left], [right]) => right.length - left.length);
  return expandAll(
    reading,
    (macro.block ?? []).map((line) => withValues(line, values)),
  );
}

function withValues(line: HttpdDirective, values: readonly (readonly [string, Text])[]): HttpdDirective {
  return {
    ...line,
    args: line.args.map((word) => ({ ...word, text: withNames(word.text, values) })),
    ...(line.block === undefined ? {} : { block: line.block.map((one) => withValues(one, values)) }),
  };
}

function withNames(text: Text, values: readonly (readonly [string, Text])[]): Text {
  const parts: Text[] = [];
  let from = 0;
  for (let at = 0; at < text.value.length; at++) {
    const found = values.find(([name]) => name !== "" && text.value.startsWith(name, at));
    if (found === undefined) continue;
    parts.push(slice(text, from, at), found[1]);
    from = at + found[0].length;
    at = from - 1;
  }
  return from === 0 ? text : concat([...parts, slice(text, from, text.value.length)]);
}

/** A module that nothing says anything of is taken to be there. */
function holds(reading: Reading, directive: HttpdDirective): boolean {
  const written = wordAt(directive, 0) ?? "";
  const isNegated = written.startsWith("!");
  const wanted = isNegated ? written.slice(1) : written;
  if (directive.name === "ifdefine") return reading.defined.has(wanted) !== isNegated;
  if (directive.name === "ifversion") return /^(?:>|>=|=|2\.4)/u.test(written) !== isNegated;
  if (directive.name !== "ifmodule") return !isNegated;
  const name = wanted.replace(/^mod_(.*)\.c$/u, "$1_module");
  const known = reading.modules.size === 0 || reading.modules.has(name) || builtIn.has(name);
  return known !== isNegated;
}

/** Modules that Debian and the image compile in, or that are always loaded. */
const builtIn = new Set([
  "core_module",
  "so_module",
  "http_module",
  "log_config_module",
  "unixd_module",
  "version_module",
]);

function included(reading: Reading, directive: HttpdDirective): readonly HttpdDirective[] {
  const [pattern] = directive.args;
  if (pattern === undefined || reading.includes++ > includeLimit) return [];
  const { value } = pattern.text;
  const found = reading.resolve(value);
  const isGlob = /[*?[]/u.test(value);
  if (found !== undefined && (found.length > 0 || isGlob || directive.name === "includeoptional"))
    return found.flatMap((text) => expandText(reading, text));
  if (directive.name === "includeoptional" && !isGlob) return [];
  const message = `the included file ${value} is not part of the input`;
  reading.problems.push({ kind: "missing", message, ...placeOf(pattern) });
  return [{ ...directive, name: "include" }];
}

function withVariables(reading: Reading, directive: HttpdDirective): HttpdDirective {
  if (!directive.args.some(({ text }) => text.value.includes("${"))) return directive;
  return { ...directive, args: directive.args.map((word) => ({ ...word, text: filled(reading, word) })) };
}

function filled(reading: Reading, word: HttpdWord): Text {
  const { text } = word;
  const parts: Text[] = [];
  let from = 0;
  for (const match of text.value.matchAll(/\$\{([A-Za-z_][\w.]*)\}/gu)) {
    const [whole, name = ""] = match;
    const end = match.index + whole.length;
    parts.push(slice(text, from, match.index));
    from = end;
    const value = reading.defined.get(name) ?? reading.variable(name);
    parts.push(value ?? holeText(`the variable ${name} is not known`, locate(text, match.index, end)));
  }
  return concat([...parts, slice(text, from, text.value.length)]);
}

function hostOf(directive: HttpdDirective): VirtualHost {
  const directives = directive.block ?? [];
  const named = directives.filter(({ name }) => name === "servername" || name === "serveralias");
  return {
    addresses: directive.args.map(({ text }) => addressOf(text.value)),
    names: named.flatMap(({ args }) =>
      args.map(({ text }) =>
        text.value
          .replace(/^\w+:\/\//u, "")
          .replace(/:\d+$/u, "")
          .toLowerCase(),
      ),
    ),
    directives,
    ...placeOf(directive),
  };
}

function addressOf(text: string): HostAddress {
  const found = /^(\[[^\]]*\]|[^:]*)(?::(\d+|\*))?$/u.exec(text);
  const host = found?.[1] ?? text;
  const port = found?.[2];
  return {
    host: host === "_default_" || host === "" ? "*" : host.replace(/^\[(.*)\]$/u, "$1"),
    port: port === undefined || port === "*" ? undefined : Number(port),
  };
}

function listenOf(directive: HttpdDirective): readonly HttpdListen[] {
  const text = wordAt(directive, 0) ?? "";
  const found = /^(?:(\[[^\]]*\]|[^:]*):)?(\d+)$/u.exec(text);
  if (found === null) return [];
  const host = (found[1] ?? "").replace(/^\[(.*)\]$/u, "$1");
  const https = wordAt(directive, 1)?.toLowerCase() === "https";
  return [
    {
      host: /^(?:|\*|::|0\.0\.0\.0)$/u.test(host) ? "0.0.0.0" : host,
      port: Number(found[2]),
      https,
      ...placeOf(directive),
    },
  ];
}

/** Where the main file is not there to read, it listens where the hosts are. */
function impliedListens(host: VirtualHost): readonly HttpdListen[] {
  const ports = host.addresses.flatMap(({ port }) => (port === undefined ? [] : [port]));
  return ports.map((port) => ({ host: "0.0.0.0", port, https: port === 443, ...placeOf(host) }));
}

/** The host that answers for a name at a port: the first where none has the name. */
export function hostsAt({ hosts }: HttpdModel, listen: HttpdListen): readonly VirtualHost[] {
  const fits = hosts.filter(({ addresses }) =>
    addresses.some(({ port }) => port === undefined || port === listen.port),
  );
  const exact = fits.filter(({ addresses }) =>
    addresses.some(({ host }) => host === listen.host && host !== "0.0.0.0"),
  );
  return exact.length > 0 ? exact : fits;
}
