/**
 * frpc, the client of frp: each of its proxies opens a port or a name at the server.
 * Sources: fatedier/frp conf/frpc_full_example.toml, conf/legacy/frpc_legacy_full.ini.
 */
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { readToml } from "../../sources/toml.ts";
import type { Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import { locate, type Place, placeOf, slice, type Text } from "../../text/text.ts";
import { argumentsOf, flagNamed, knownWord, type Word } from "../flags.ts";
import {
  isOn,
  itemsOf,
  membersAt,
  type NamedSetting,
  treeOf,
  valueAt,
  wordOf,
  wordsOf,
} from "../proxy/tree.ts";
import type { Gate } from "../proxy/ways.ts";
import type { TunnelGiven } from "./given.ts";
import {
  basicGate,
  everyPath,
  reachOfServer,
  type Tunnel,
  type TunnelOpening,
  type TunnelRule,
  targetOf,
} from "./model.ts";

const usualFiles = ["toml", "yaml", "yml", "ini"].flatMap((ending) =>
  ["/etc/frp/frpc", "/frp/frpc", "/frpc", "/conf/frpc", "/app/frpc"].map((path) => `${path}.${ending}`),
);

/** What frpc opens; undefined where it is not started. */
export function frpc(given: TunnelGiven): Tunnel | undefined {
  const words = argumentsOf(given.words, /^frpc$/u) ?? (given.isImage ? given.words : undefined);
  if (words === undefined && given.file === undefined) return undefined;
  const told = { name: "frp", secrets: [], assumptions: [] };
  const named = knownWord(flagNamed(words ?? [], "-c", "--config"));
  const text =
    given.file ??
    (named === undefined ? usualFiles : [named])
      .map((path) => given.read(path))
      .find((found) => found !== undefined);
  if (text === undefined) return { ...told, openings: undefined };
  const root = rootOf(text);
  const server = serverOf(root);
  return {
    ...told,
    openings: proxiesOf(root).flatMap(([name, proxy]) => openingOf(name, proxy, server) ?? []),
    secrets: secretsOf(root),
  };
}

function rootOf(text: Text): Tree | undefined {
  const { value } = text;
  if (/^\s*\[common\]\s*$/mu.test(value)) return readIni(text);
  if (/^\s*\[\[proxies\]\]|^\s*serverAddr\s*=/mu.test(value)) return readToml(text).root;
  return readYaml(text).documents[0];
}

/** Sections of names and values; `#` and `;` begin comments. */
function readIni(text: Text): Tree {
  const settings: NamedSetting[] = [];
  let section = "";
  for (const { index, 0: line } of text.value.matchAll(/[^\r\n]+/gu)) {
    section = /^\s*\[(?:range:)?(.+)\]\s*$/u.exec(line)?.[1] ?? section;
    const found = /^\s*([\w.]+)\s*=\s*(.*?)\s*$/u.exec(line);
    if (found === null || /^\s*[#;[]/u.test(line)) continue;
    const [, key = "", value = ""] = found;
    const start = index + line.lastIndexOf(value === "" ? "=" : value) + (value === "" ? 1 : 0);
    settings.push({
      path: [section.replaceAll(".", "_"), key],
      value: slice(text, start, start + value.length),
      at: placeOf(locate(text, start, start + value.length)),
    });
  }
  return treeOf(settings, locate(text, 0, 0));
}

function serverOf(root: Tree | undefined): Word | undefined {
  return wordOf(valueAt(root, "serveraddr")) ?? wordOf(valueAt(root, "common", "server_addr"));
}

/** The proxies by their names, of both ways of writing them. */
function proxiesOf(root: Tree | undefined): readonly (readonly [string, Tree])[] {
  const listed = itemsOf(valueAt(root, "proxies"));
  if (listed.length > 0)
    return listed.map((proxy, index) => [knownWord(wordOf(valueAt(proxy, "name"))) ?? `${index + 1}`, proxy]);
  return membersAt(root).flatMap(({ key, value }): readonly (readonly [string, Tree])[] =>
    key === "common" || value.kind !== "object" ? [] : [[key, value]],
  );
}

function setting(proxy: Tree, ...names: readonly string[]): Word | undefined {
  return names.map((name) => wordOf(valueAt(proxy, name))).find((word) => word !== undefined);
}

/** Those of the types stcp, xtcp and sudp open nothing: who calls needs their secret. */
function openingOf(name: string, proxy: Tree, server: Word | undefined): TunnelOpening | undefined {
  const type = knownWord(setting(proxy, "type")) ?? "tcp";
  if (!["tcp", "http", "https"].includes(type)) return undefined;
  const local = localOf(proxy);
  const [domain] = wordsOf(valueAt(proxy, "customdomains") ?? valueAt(proxy, "custom_domains"));
  const isHttp = type === "http";
  const remote = setting(proxy, "remoteport", "remote_port");
  const known = server?.value ?? unknown("input", "the server of frp is not written");
  return {
    ...placeOf(remote ?? domain ?? proxy),
    id: name,
    protocol: isHttp ? "http" : "tcp",
    address:
      type === "tcp" ? known : (domain?.value ?? unknown("opaque", "the server of frp makes its name")),
    port: type === "tcp" ? numberOf(remote) : unknown("opaque", "the server of frp decides about the port"),
    reach: reachOfServer(known),
    tls: false,
    rules: rulesOf(proxy, local, isHttp ? gatesOf(proxy) : []),
  };
}

function numberOf(word: Word | undefined): Maybe<number> {
  const made = unknown("opaque", "the server of frp chooses the port");
  if (word === undefined) return made;
  return map(word.value, (text) => (/^[1-9]\d*$/u.test(text) ? Number(text) : -1)) === -1
    ? made
    : map(word.value, Number);
}

function localOf(proxy: Tree): Word {
  const host = setting(proxy, "localip", "local_ip");
  const port = setting(proxy, "localport", "local_port");
  const place = placeOf(host ?? port ?? proxy);
  const plugin = setting(valueAt(proxy, "plugin") ?? proxy, "localaddr", "plugin_local_addr");
  if (plugin !== undefined) return plugin;
  if (port === undefined || isUnknown(port.value))
    return { value: unknown("input", "the port that frp leads to is not known", place), ...place };
  const name = host === undefined ? "127.0.0.1" : host.value;
  return { value: map(name, (text) => `${text}:${knownWord(port) ?? ""}`), ...place };
}

function gatesOf(proxy: Tree): readonly Gate[] {
  const user = setting(proxy, "httpuser", "http_user");
  const password = setting(proxy, "httppassword", "http_pwd");
  const asked = [user, password].flatMap((word) =>
    word === undefined || word.value === "" ? [] : [placeOf(word)],
  );
  return asked.length === 0 ? [] : [basicGate(knownWord(user), password, asked)];
}

/** `locations` are prefixes of paths, the longest of which wins. */
function rulesOf(proxy: Tree, local: Word, gates: readonly Gate[]): readonly TunnelRule[] {
  const every = everyPath(targetOf(local), placeOf(local), gates);
  const locations = wordsOf(valueAt(proxy, "locations")).flatMap((word) => knownWord(word) ?? []);
  if (locations.length === 0) return [every];
  return locations
    .toSorted((left, right) => right.length - left.length)
    .map((prefix) => ({
      ...every,
      shown: prefix,
      sample: prefix,
      prefix,
      takes: (path: string) => path.startsWith(prefix),
    }));
}

function secretsOf(root: Tree | undefined): readonly Place[] {
  const own = [
    valueAt(root, "auth", "token"),
    valueAt(root, "common", "token"),
    valueAt(root, "common", "privilege_token"),
  ];
  const ofProxies = proxiesOf(root).flatMap(([, proxy]) =>
    ["httppassword", "http_pwd", "secretkey", "sk"].map((key) => valueAt(proxy, key)),
  );
  return [...own, ...ofProxies].flatMap((tree) => {
    const word = wordOf(tree);
    return word === undefined || isUnknown(word.value) || isOn(tree) === false ? [] : [word.at];
  });
}
