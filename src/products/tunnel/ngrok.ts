/**
 * ngrok, by its flags or its configuration.
 * Sources: ngrok.com/docs/agent/cli and /docs/agent/config (v2: tunnels; v3: endpoints and tunnels); wernight/docker-ngrok
 * README (NGROK_PORT and others).
 */
import { isUnknown, map, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import { type Located, type Place, placeOf, type Text } from "../../text/text.ts";
import { argumentsOf, flagNamed, flagsNamed, knownWord, plainWords, type Word } from "../flags.ts";
import type { RouteLogin } from "../product.ts";
import { parseNetwork } from "../proxy/network.ts";
import { itemsOf, membersAt, valueAt, wordOf, wordsOf } from "../proxy/tree.ts";
import type { Gate, NamedNetwork } from "../proxy/ways.ts";
import type { TunnelGiven } from "./given.ts";
import { basicGate, everyPath, type Tunnel, type TunnelOpening, targetOf } from "./model.ts";

const name = "ngrok";
const usualFiles = [
  "/var/lib/ngrok/ngrok.yml",
  "/root/.config/ngrok/ngrok.yml",
  "/home/ngrok/.config/ngrok/ngrok.yml",
  "/home/ngrok/.ngrok2/ngrok.yml",
  "/root/.ngrok2/ngrok.yml",
];
const switches = /^--(?:inspect|all|none|verify-upstream-tls|compression|websocket-tcp-converter)$/u;

/** What ngrok opens; undefined where it is not started. */
export function ngrok(given: TunnelGiven): Tunnel | undefined {
  const words = argumentsOf(given.words, /^ngrok$/u) ?? (given.isImage ? given.words : undefined);
  if (words === undefined && given.file === undefined) return undefined;
  const [verb, addressed] = plainWords(words ?? [], switches);
  const token = flagNamed(words ?? [], "--authtoken") ?? given.variable("NGROK_AUTHTOKEN");
  const told = { name, assumptions: [], secrets: token === undefined ? [] : [token.at] };
  const wordsOfIt = words ?? [];
  if (verb !== undefined && /^(?:http|tcp|tls)$/u.test(verb.value)) {
    const address = addressed === undefined ? undefined : argument(addressed);
    return address === undefined
      ? { ...told, openings: undefined }
      : fromFlags(told, verb.value, address, wordsOfIt);
  }
  const port = given.variable("NGROK_PORT");
  if (words !== undefined && verb === undefined && port !== undefined)
    return {
      ...told,
      openings: [fromVariables(port, given)],
      secrets: [...told.secrets, ...secretVariable(given)],
    };
  const texts = filesOf(given, wordsOfIt);
  if (texts.length === 0) return { ...told, openings: undefined };
  const started =
    verb?.value === "start"
      ? plainWords(wordsOfIt, switches)
          .slice(1)
          .map(({ value }) => value)
      : [];
  const read = texts.map((text) => inFile(text, started));
  return {
    ...told,
    openings: read.flatMap(({ openings }) => openings),
    secrets: [...told.secrets, ...read.flatMap(({ secrets }) => secrets)],
  };
}

function argument(text: Text): Word {
  return { value: text.value, ...placeOf(text.pieces[0] ?? { at: { file: "", start: 0, end: 0 } }) };
}

type Told = Pick<Tunnel, "name" | "assumptions" | "secrets">;

function fromFlags(told: Told, verb: string, address: Word, words: readonly Text[]): Tunnel {
  const passwords = flagsNamed(words, "--basic-auth", "--auth");
  const gates = [
    ...passwords.map(userGate),
    ...flagsNamed(words, "--oauth", "--oidc").map((word) => gate("oidc", word)),
    ...flagsNamed(words, "--mutual-tls-cas").map((word) => gate("client-certificate", word)),
    ...flagsNamed(words, "--verify-webhook").map((word) => gate("proxy", word)),
    ...flagsNamed(words, "--traffic-policy-file", "--traffic-policy-url", "--policy-file").map(policy),
  ];
  const wanted = flagNamed(words, "--url", "--domain", "--hostname", "--remote-addr");
  const opened = opening({
    id: verb,
    protocol: verb,
    address,
    wanted,
    gates,
    allowed: flagsNamed(words, "--cidr-allow"),
  });
  return { ...told, openings: [opened], secrets: [...told.secrets, ...passwords.map(({ at }) => at)] };
}

function gate(login: RouteLogin, word: Located): Gate {
  return { login, at: [placeOf(word)] };
}

/** "name:password". */
function userGate(word: Word): Gate {
  const [, name, password] = /^([^:]*):(.*)$/su.exec(knownWord(word) ?? "") ?? [];
  const place = placeOf(word);
  return basicGate(name, password === undefined ? undefined : { ...place, value: password }, [place]);
}

/** Rules of a language of its own. */
function policy(word: Located): Gate {
  const why = unknown("opaque", "a traffic policy of ngrok decides who is let in", placeOf(word));
  return { login: why, at: [placeOf(word)] };
}

function fromVariables(port: Word, given: TunnelGiven): TunnelOpening {
  const protocol = knownWord(given.variable("NGROK_PROTOCOL")) === "TCP" ? "tcp" : "http";
  const password = given.variable("NGROK_AUTH");
  const wanted =
    given.variable("NGROK_HOSTNAME") ?? given.variable("NGROK_DOMAIN") ?? given.variable("NGROK_REMOTE_ADDR");
  const isLogin =
    password !== undefined &&
    given.variable("NGROK_USERNAME") === undefined &&
    /:/u.test(knownWord(password) ?? ":");
  const gates = isLogin && password !== undefined ? [userGate(password)] : [];
  return opening({ id: protocol, protocol, address: port, wanted, gates, allowed: [] });
}

function secretVariable(given: TunnelGiven): readonly Place[] {
  const found = given.variable("NGROK_AUTH");
  return found === undefined ? [] : [found.at];
}

function filesOf(given: TunnelGiven, words: readonly Text[]): readonly Text[] {
  if (given.file !== undefined) return [given.file];
  const named = flagsNamed(words, "--config", "-config").flatMap(({ value }) =>
    isUnknown(value) ? [] : value.split(","),
  );
  const variable = knownWord(given.variable("NGROK_CONFIG"));
  const paths = named.length > 0 ? named : [...(variable === undefined ? [] : [variable]), ...usualFiles];
  return paths.flatMap((path) => given.read(path) ?? []);
}

/** Tunnels and endpoints of a file; `started`: those that the command line names, all where it names none. */
function inFile(
  text: Text,
  started: readonly string[],
): { readonly openings: readonly TunnelOpening[]; readonly secrets: readonly Place[] } {
  const [root] = readYaml(text).documents;
  const named = membersAt(root, "tunnels").flatMap(({ key, value }) => tunnelIn(key, value) ?? []);
  const endpoints = itemsOf(valueAt(root, "endpoints")).flatMap(
    (item, index) => endpointIn(item, index) ?? [],
  );
  const all = [...named, ...endpoints];
  const token = wordOf(valueAt(root, "authtoken")) ?? wordOf(valueAt(root, "agent", "authtoken"));
  const passwords = membersAt(root, "tunnels").flatMap(({ value }) => wordsOf(basicOf(value)));
  return {
    openings: started.length === 0 ? all : all.filter(({ id }) => started.includes(id)),
    secrets: [...(token === undefined ? [] : [token]), ...passwords].map(({ at }) => at),
  };
}

function basicOf(tunnel: Tree): Tree | undefined {
  return valueAt(tunnel, "basic_auth") ?? valueAt(tunnel, "auth");
}

function tunnelIn(id: string, tunnel: Tree): TunnelOpening | undefined {
  const address = wordOf(valueAt(tunnel, "addr"));
  const protocol = wordOf(valueAt(tunnel, "proto"));
  if (address === undefined) return undefined;
  const asked: readonly (readonly [RouteLogin, Tree | undefined])[] = [
    ["oidc", valueAt(tunnel, "oauth") ?? valueAt(tunnel, "oidc")],
    ["client-certificate", valueAt(tunnel, "mutual_tls_cas")],
    ["proxy", valueAt(tunnel, "verify_webhook")],
  ];
  const gates = [
    ...wordsOf(basicOf(tunnel)).slice(0, 1).map(userGate),
    ...asked.flatMap(([login, tree]) => (tree === undefined ? [] : [gate(login, tree)])),
  ];
  const rules = valueAt(tunnel, "traffic_policy") ?? valueAt(tunnel, "policy") ?? valueAt(tunnel, "labels");
  return opening({
    id,
    protocol: knownWord(protocol) ?? "http",
    address,
    wanted: ["url", "domain", "hostname", "remote_addr"]
      .map((key) => wordOf(valueAt(tunnel, key)))
      .find((word) => word !== undefined),
    gates: [...gates, ...(rules === undefined ? [] : [policy(rules)])],
    allowed: wordsOf(valueAt(tunnel, "ip_restriction", "allow_cidrs")),
  });
}

function endpointIn(endpoint: Tree, index: number): TunnelOpening | undefined {
  const address = wordOf(valueAt(endpoint, "upstream", "url"));
  if (address === undefined) return undefined;
  const wanted = wordOf(valueAt(endpoint, "url"));
  const rules = valueAt(endpoint, "traffic_policy");
  return opening({
    id: knownWord(wordOf(valueAt(endpoint, "name"))) ?? `endpoint ${index + 1}`,
    protocol: /^(tcp|tls):/u.exec(knownWord(wanted) ?? "")?.[1] ?? "http",
    address,
    wanted,
    gates: rules === undefined ? [] : [policy(rules)],
    allowed: [],
  });
}

interface Asked {
  readonly id: string;
  /** "http", "tcp", "tls". */
  readonly protocol: string;
  readonly address: Word;
  /** The name or address at ngrok's end. */
  readonly wanted: Word | undefined;
  readonly gates: readonly Gate[];
  readonly allowed: readonly Word[];
}

function opening({ id, protocol, address, wanted, gates, allowed }: Asked): TunnelOpening {
  const isHttp = protocol.startsWith("http");
  const made = unknown("opaque", "ngrok chooses its name at the start");
  const place = placeOf(address);
  const outside =
    wanted === undefined ? undefined : map(wanted.value, (text) => text.replace(/^\w+:\/\//u, ""));
  const host = outside === undefined ? made : map(outside, (text) => text.replace(/:\d+$/u, ""));
  const rule = everyPath(targetOf(address), place, gates);
  const [first] = allowed;
  const internal = !isUnknown(host) && host.endsWith(".internal");
  return {
    ...place,
    id,
    protocol: isHttp ? "http" : "tcp",
    address: host,
    port: isHttp ? 443 : portOf(outside),
    reach: internal
      ? unknown("input", "which rule of ngrok leads to an internal endpoint is kept in its account")
      : "internet",
    tls: isHttp,
    rules: [
      first === undefined
        ? rule
        : { ...rule, callers: { networks: allowed.map(networkOf), ...placeOf(first) } },
    ],
  };
}

function portOf(outside: Word["value"] | undefined): TunnelOpening["port"] {
  const known = outside === undefined || isUnknown(outside) ? undefined : /:(\d+)$/u.exec(outside)?.[1];
  return known === undefined ? unknown("opaque", "ngrok chooses its port at the start") : Number(known);
}

function networkOf({ value }: Word): NamedNetwork {
  if (isUnknown(value)) return { text: value.reason, network: "unknown" };
  return { text: value, network: parseNetwork(value) ?? "unknown" };
}
