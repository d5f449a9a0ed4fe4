/** HAProxy's configuration as it takes it: frontends with the defaults that count for them. Source: doc/configuration.txt. */
import {
  type HaproxyError,
  type HaproxyLine,
  type HaproxySection,
  readHaproxy,
  type Variable,
} from "../../sources/haproxy.ts";
import { type Located, placeOf, type Text } from "../../text/text.ts";

/** A frontend, a backend, or both in one (`listen`). */
export interface HaproxyProxy extends Located {
  readonly kind: "frontend" | "backend" | "listen";
  readonly name: string;
  /** Those of its defaults first. */
  readonly lines: readonly HaproxyLine[];
}

/** A configuration, read whole. */
export interface HaproxyModel {
  readonly proxies: readonly HaproxyProxy[];
  readonly global: readonly HaproxyLine[];
  readonly users: readonly HaproxySection[];
  readonly errors: readonly HaproxyError[];
  readonly read: ReadFile;
}

/** A file by the path that the configuration names; undefined where it is not part of the input. */
export type ReadFile = (path: string) => Text | undefined;

/** Reads the files of one HAProxy in their order. Never throws. */
export function haproxyModel(
  texts: readonly Text[],
  variable: Variable,
  read: ReadFile = () => undefined,
): HaproxyModel {
  const files = texts.map((text) => readHaproxy(text, variable));
  const sections = files.flatMap((file) => file.sections);
  let latest: HaproxySection | undefined;
  const proxies = sections.flatMap((section): readonly HaproxyProxy[] => {
    const { kind, name, lines, at, via } = section;
    if (kind === "defaults") latest = section;
    if (kind !== "frontend" && kind !== "backend" && kind !== "listen") return [];
    const inherited = (latest?.lines ?? []).filter(
      (line) => kind !== "backend" || wordAt(line, 0) !== "default_backend",
    );
    return [{ kind, name, lines: [...inherited, ...lines], at, ...(via && { via }) }];
  });
  return {
    proxies,
    global: sections.filter(({ kind }) => kind === "global").flatMap(({ lines }) => lines),
    users: sections.filter(({ kind }) => kind === "userlist"),
    errors: files.flatMap(({ errors }) => errors),
    read,
  };
}

/** The text of a line's word. */
export function wordAt({ words }: HaproxyLine, index: number): string {
  return words[index]?.text.value ?? "";
}

/** The last line that begins with these words. */
export function lastOf(
  { lines }: Pick<HaproxyProxy, "lines">,
  ...begin: readonly string[]
): HaproxyLine | undefined {
  return lines.findLast((line) => begin.every((word, index) => wordAt(line, index) === word));
}

/** What passes on: requests, or connections as they are. Without a line it is connections. */
export function modeOf(proxy: HaproxyProxy): "http" | "tcp" {
  const line = lastOf(proxy, "mode");
  return line !== undefined && wordAt(line, 1) === "http" ? "http" : "tcp";
}

/** An address that a frontend listens at. */
export interface HaproxyBind extends Located {
  readonly line: HaproxyLine;
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
}

const portsLimit = 100;

/** The addresses of a frontend; sockets of this machine only are left out. */
export function bindsOf(proxy: HaproxyProxy): readonly HaproxyBind[] {
  if (proxy.kind === "backend") return [];
  return proxy.lines
    .filter((line) => wordAt(line, 0) === "bind")
    .flatMap((line) =>
      wordAt(line, 1)
        .split(",")
        .flatMap((address) => bindAt(address, line)),
    );
}

function bindAt(address: string, line: HaproxyLine): readonly HaproxyBind[] {
  const found = /^(?:ipv[46]@|quic[46]@)?(.*?):(\d+)(?:-(\d+))?$/u.exec(address);
  if (found === null || /^(?:unix|abns|fd|quic)/u.test(address)) return [];
  const [, written = "", first, last] = found;
  const bare = written.replace(/^\[(.*)\]$/u, "$1");
  const host = /^(?:|\*|::|0\.0\.0\.0)$/u.test(bare) ? "0.0.0.0" : bare;
  const from = Number(first);
  const count = Math.min((last === undefined ? from : Number(last)) - from + 1, portsLimit);
  const ssl = line.words.some(({ text }) => text.value === "ssl");
  return Array.from({ length: Math.max(count, 1) }, (_, index) => ({
    line,
    host,
    port: from + index,
    ssl,
    ...placeOf(line),
  }));
}

/** A value behind a word of a line: `crt FILE`, `ssl-min-ver TLSv1.2`. */
export function optionOf(line: HaproxyLine, name: string): string | undefined {
  const index = line.words.findIndex(({ text }) => text.value === name);
  return index === -1 ? undefined : line.words[index + 1]?.text.value;
}
