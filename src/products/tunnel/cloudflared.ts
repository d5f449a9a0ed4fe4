/**
 * cloudflared: the names of a tunnel, by its flags or its configuration.
 * Sources: cloudflare/cloudflared, ingress/ingress.go and ingress/rule.go (order, wildcards, paths), cmd/cloudflared/tunnel
 * (flags, TUNNEL_… variables, quick tunnels), config/configuration.go (where its file is looked for).
 */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import type { Located, Text } from "../../text/text.ts";
import { argumentsOf, flagNamed, plainWords, type Word } from "../flags.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import { isOn, itemsOf, valueAt, wordOf } from "../proxy/tree.ts";
import type { Gate } from "../proxy/ways.ts";
import type { TunnelGiven } from "./given.ts";
import { everyPath, type Tunnel, type TunnelOpening, type TunnelRule, targetOf } from "./model.ts";

const name = "Cloudflare Tunnel";

/** Where it looks for its configuration (config.DefaultConfigSearchDirectories; HOME of its image is /home/nonroot). */
const folders = [
  "/home/nonroot/.cloudflared",
  "/root/.cloudflared",
  "/root/.cloudflare-warp",
  "/home/nonroot/.cloudflare-warp",
  "/etc/cloudflared",
  "/usr/local/etc/cloudflared",
];

const switches = /^--(?:no-autoupdate|hello-world|post-quantum|no-tls-verify|force|overwrite-dns)$/u;

/** What cloudflared opens; undefined where it is started as something else than a tunnel. */
export function cloudflared(given: TunnelGiven): Tunnel | undefined {
  const words = argumentsOf(given.words, /^cloudflared$/u) ?? (given.isImage ? given.words : undefined);
  const plain = words === undefined ? [] : plainWords(words, switches).map(({ value }) => value);
  if (words !== undefined && !["tunnel", undefined].includes(plain[0])) return undefined;
  if (words === undefined && given.file === undefined) return undefined;
  const options = words ?? [];
  const text = given.file ?? fileOf(given, options);
  const url = flagNamed(options, "--url") ?? given.variable("TUNNEL_URL");
  const token = flagNamed(options, "--token", "--token-file") ?? given.variable("TUNNEL_TOKEN");
  const secrets = token === undefined ? [] : [token.at];
  const told = { name, secrets, assumptions: [] };
  const ingress = text === undefined || token !== undefined ? undefined : openingsIn(text);
  if (ingress !== undefined) return { ...told, openings: ingress };
  const hostname = flagNamed(options, "--hostname");
  const isNamed = token !== undefined || plain.includes("run") || flagNamed(options, "--name") !== undefined;
  if (url === undefined || isNamed) return { ...told, openings: undefined };
  if (hostname !== undefined)
    return { ...told, openings: [namedOpening(hostname, [unlessHeld(url, [access(hostname)])])] };
  return { ...told, openings: [quickTunnel(url)] };
}

function fileOf(given: TunnelGiven, words: readonly Text[]): Text | undefined {
  const named = flagNamed(words, "--config");
  if (named !== undefined) return isUnknown(named.value) ? undefined : given.read(named.value);
  for (const folder of folders)
    for (const ending of ["yml", "yaml"]) {
      const found = given.read(`${folder}/config.${ending}`);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** Nobody can put a login before these: they belong to no account. */
function quickTunnel(url: Word): TunnelOpening {
  return {
    ...at(url),
    ...elsewhere,
    id: "trycloudflare.com",
    address: unknown("opaque", "its name below trycloudflare.com is made at the start"),
    rules: [unlessHeld(url, [])],
  };
}

const elsewhere = { protocol: "http", port: 443, reach: "internet", tls: true } as const;

function at({ at: place, via }: Located): Located {
  return via === undefined ? { at: place } : { at: place, via };
}

function unlessHeld(url: Word, gates: readonly Gate[]): TunnelRule {
  return everyPath(targetOf(url), at(url), gates);
}

/** A login that only the account at Cloudflare knows of. */
function access(where: Located): Gate {
  const why = unknown(
    "input",
    "whether Cloudflare Access asks for a login there is kept in the account at Cloudflare",
    at(where),
  );
  return { login: why, at: [at(where)] };
}

function namedOpening(hostname: Word, rules: readonly TunnelRule[]): TunnelOpening {
  const id = isUnknown(hostname.value) || hostname.value === "" ? "every name" : hostname.value;
  return {
    ...at(hostname),
    ...elsewhere,
    id,
    address: isUnknown(hostname.value) ? hostname.value : id,
    rules,
  };
}

/** The names of a configuration; undefined where it has neither rules nor a server. */
function openingsIn(text: Text): readonly TunnelOpening[] | undefined {
  const [root] = readYaml(text).documents;
  const rules = itemsOf(valueAt(root, "ingress"));
  const url = wordOf(valueAt(root, "url"));
  if (rules.length === 0)
    return url === undefined
      ? undefined
      : [namedOpening({ ...url, value: "" }, [unlessHeld(url, [access(url)])])];
  const shared = valueAt(root, "originrequest");
  const names = new Map<string, Word>();
  for (const rule of rules) {
    const host = hostOf(rule);
    const key = isUnknown(host.value) ? `${host.at.start}` : host.value;
    if (!names.has(key)) names.set(key, host);
  }
  return [...names.values()].flatMap((host) => {
    const own = rules
      .filter((rule) => isFor(hostOf(rule), host))
      .flatMap((rule) => ruleOf(rule, shared) ?? []);
    return splitByProtocol(host, own);
  });
}

/** The name of a rule; one without holds for all. */
function hostOf(rule: Tree): Word {
  const host = wordOf(valueAt(rule, "hostname"));
  return host === undefined || host.value === "*" ? { ...at(host ?? rule), value: "" } : host;
}

/** Whether a rule holds for the requests of a name. */
function isFor(rule: Word, asked: Word): boolean {
  if (isUnknown(rule.value) || isUnknown(asked.value)) return rule === asked || rule.value === "";
  if (rule.value === "" || rule.value === asked.value) return true;
  return rule.value.startsWith("*.") && asked.value.endsWith(rule.value.slice(1));
}

interface ProtocolRule extends TunnelRule {
  readonly protocol: "http" | "tcp";
}

function splitByProtocol(host: Word, rules: readonly ProtocolRule[]): readonly TunnelOpening[] {
  const [first] = rules.filter(({ target }) => target !== undefined);
  if (first === undefined) return [];
  const opening = namedOpening(host, rules);
  return [
    first.protocol === "tcp"
      ? { ...opening, protocol: "tcp", reach: reachOfBytes(first), rules: [first] }
      : opening,
  ];
}

/** Bytes get no further than their name where Access asks for a login. */
function reachOfBytes({ gates: [gate] }: TunnelRule): TunnelOpening["reach"] {
  if (gate === undefined) return "internet";
  return isUnknown(gate.login) ? gate.login : "internal";
}

function ruleOf(rule: Tree, shared: Tree | undefined): ProtocolRule | undefined {
  const service = wordOf(valueAt(rule, "service"));
  if (service === undefined) return undefined;
  const value = isUnknown(service.value) ? "" : service.value;
  const answers = /^(?:http_status:|hello[-_]world$|bastion$|socks-proxy$)/u.test(value);
  const scheme = /^([a-z]+):\/\//u.exec(value)?.[1] ?? "http";
  const gate = gateOf(rule, shared) ?? access(service);
  const made = everyPath(answers ? undefined : targetOf(service), at(service), [gate]);
  return {
    ...made,
    at: rule.at,
    protocol: ["http", "https", "ws", "wss"].includes(scheme) ? "http" : "tcp",
    ...pathOf(wordOf(valueAt(rule, "path"))),
  };
}

/** A path is an expression that is looked for anywhere in it. */
function pathOf(word: Word | undefined): Partial<TunnelRule> {
  if (word === undefined || word.value === "") return {};
  if (isUnknown(word.value)) {
    const { value } = word;
    return { shown: "a path", sample: "/", takes: () => value };
  }
  const pattern = word.value;
  const regex = regexOf(pattern, false);
  if (regex === undefined || typeof regex === "string") {
    const why: Maybe<boolean> = unknown("opaque", `the expression ${pattern} is not understood`, at(word));
    return { shown: pattern, sample: "/", takes: () => why };
  }
  const sample = regex.example ?? "/";
  return { shown: pattern, sample, prefix: sample, takes: (path) => matchRegex(regex, path) !== undefined };
}

/** `access: { required: true }`: cloudflared itself refuses requests without a token of Access. */
function gateOf(rule: Tree, shared: Tree | undefined): Gate | undefined {
  const asked = valueAt(rule, "originrequest", "access") ?? valueAt(shared, "access");
  const required = valueAt(asked, "required");
  if (required === undefined || isOn(required) !== true) return undefined;
  return { login: "oidc", at: [at(required)] };
}
