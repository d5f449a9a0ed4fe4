/** `stream`: TCP ports that are passed on, which is how DICOM goes through nginx. */
import type { NginxDirective, NginxWord } from "../../sources/nginx.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { type AccessRule, accessOf } from "./access.ts";
import { argument, type Block, gapsAround, own, setting, type Unknown, wordValue } from "./block.ts";
import { openBlock, type Reading, refuse } from "./expand.ts";
import { type NginxListen, parseListen } from "./listen.ts";
import { mapOf, type NginxMap } from "./map.ts";
import { type Backend, type NginxUpstream, streamTargetOf, upstreamOf } from "./proxy.ts";
import { constantOf, scriptOf, variablesIn } from "./script.ts";
import { type NginxBuild, type NginxTls, tlsOf } from "./tls.ts";

/** A `server` of stream. */
export interface NginxStream extends Located {
  readonly block: Block;
  readonly listens: readonly NginxListen[];
  readonly tls: NginxTls;
  readonly backends: readonly Backend[];
  /** Whether nginx itself encrypts towards the backend (`proxy_ssl on`). */
  readonly tlsToBackend: boolean;
  /** Addresses that are let in or turned away, in order; empty: everybody is let in. */
  readonly rules: readonly AccessRule[];
  readonly proxyPass: Located | undefined;
  readonly unknown?: Unknown;
}

/** The servers of a `stream` block. */
export function streamsOf(reading: Reading, stream: Block, build: NginxBuild): NginxStream[] {
  const upstreams = own(stream, "upstream").flatMap((line) => upstreamOf(reading, line, stream, true) ?? []);
  const maps = own(stream, "map").flatMap((line) => {
    const made = mapOf(reading, line, stream);
    return made === undefined ? [] : [made];
  });
  const known: Known = { upstreams, maps: new Map(maps), build };
  return own(stream, "server").flatMap((line) =>
    line.block === undefined ? [] : [streamOf(reading, stream, line, known)],
  );
}

/** What the servers of a `stream` block share. */
interface Known {
  readonly upstreams: readonly NginxUpstream[];
  readonly maps: ReadonlyMap<string, NginxMap>;
  readonly build: NginxBuild;
}

/** The values that a target may have: of a map, such as one over the name that TLS tells, all of its results. */
function targetsOf(word: NginxWord, { maps }: Known): readonly string[] | undefined {
  const { parts } = scriptOf(word.text);
  const [part] = parts;
  if (part?.type !== "variable") return undefined;
  const map = parts.length === 1 ? maps.get(part.name) : undefined;
  if (map === undefined || map.gaps.length > 0) return undefined;
  const values = [
    ...map.exact.values(),
    ...map.wildcards.map(({ value }) => value),
    ...map.patterns.map(({ value }) => value),
    map.fallback,
  ];
  const texts = values.map(constantOf);
  return texts.every((text) => text !== undefined)
    ? [...new Set(texts.flatMap((text) => text ?? []))].filter((text) => text !== "")
    : undefined;
}

function streamOf(reading: Reading, stream: Block, line: NginxDirective, known: Known): NginxStream {
  const block = openBlock(reading, "stream-server", line, stream);
  const pass = own(block, "proxy_pass")[0];
  const word = pass?.args[0];
  const mapped = word === undefined ? undefined : targetsOf(word, known);
  const unknown = mapped === undefined ? unknownOf(block, pass) : undefined;
  const target = argument(pass, 0);
  const targets = mapped ?? (unknown === undefined && target !== undefined ? [target] : []);
  const gate = accessOf(block).gates.find((candidate) => candidate.kind === "addresses");
  return {
    block,
    listens: listensOf(reading, block, line),
    tls: tlsOf(block, known.build),
    backends: word === undefined ? [] : targets.flatMap((one) => streamTargetOf(one, known.upstreams, word)),
    tlsToBackend: argument(setting(block, "proxy_ssl"), 0) === "on",
    rules: gate?.kind === "addresses" ? gate.rules : [],
    proxyPass: pass && placeOf(pass),
    ...placeOf(line),
    ...(unknown && { unknown }),
  };
}

function unknownOf(block: Block, pass: NginxDirective | undefined): Unknown | undefined {
  const word = pass?.args[0];
  if (word === undefined) {
    const gap = gapsAround(block)[0];
    return gap && { unknown: gap.reason, ...placeOf(gap) };
  }
  const value = wordValue(word);
  if (typeof value !== "string") return value;
  const [variable] = variablesIn(scriptOf(word.text).parts);
  return variable === undefined
    ? undefined
    : { unknown: `the target depends on $${variable}`, ...placeOf(word) };
}

function listensOf(reading: Reading, block: Block, server: Located): NginxListen[] {
  const listens: NginxListen[] = [];
  for (const line of own(block, "listen")) {
    const listen = parseListen(line);
    if (typeof listen === "string") refuse(reading, listen, line);
    else listens.push(listen);
  }
  if (listens.length === 0 && block.gaps.length === 0)
    refuse(reading, 'no "listen" is defined for server', server);
  return listens;
}
