/**
 * Small programs that open a port elsewhere: ssh -R and autossh, localtunnel, bore, zrok, newt.
 * Sources: ssh(1) -R and sshd_config(5) GatewayPorts; jnovack/autossh README; localtunnel/localtunnel README;
 * ekzhang/bore README; openziti/zrok README; fosrl/newt README.
 */
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { locate, placeOf, slice, type Text } from "../../text/text.ts";
import { argumentsOf, flagNamed, flagsNamed, knownWord, plainWords, type Word, wordIn } from "../flags.ts";
import type { TunnelGiven } from "./given.ts";
import { everyPath, reachOfServer, type Tunnel, type TunnelOpening, targetOf } from "./model.ts";

type Program = (given: TunnelGiven) => Tunnel | undefined;

/** Services that give every caller of ssh a name on the Internet. */
const publicHosts = /(?:^|[@.])(?:localhost\.run|serveo\.net|pinggy\.io|srv\.us|lhr\.life|ngrok\.com)$/iu;

/** `ssh -R [bind:]port:host:hostport user@server`. */
export const ssh: Program = (given) => {
  const words = argumentsOf(given.words, /^(?:auto)?ssh$/u);
  if (words === undefined) return fromVariables(given);
  const specs = words.flatMap((word, index): readonly Text[] => {
    if (word.value === "-R") return words[index + 1] === undefined ? [] : [words[index + 1] ?? word];
    return /^-R./u.test(word.value) ? [slice(word, 2, word.value.length)] : [];
  });
  const server = words.find(({ value }, index) => isServer(value, words[index - 1]?.value ?? ""));
  const openings = specs.flatMap((spec) => openingOf(spec, server) ?? []);
  return openings.length === 0 ? undefined : { name: "SSH", openings, secrets: [], assumptions: [] };
};

/** The first word that is neither an option nor the value of one. */
function isServer(value: string, before: string): boolean {
  return !value.startsWith("-") && !/^-[BbcDEeFIiJLlmOopQRSWwM]$/u.test(before);
}

function openingOf(spec: Text, server: Text | undefined): TunnelOpening | undefined {
  const found = /^(?:(\[[^\]]*\]|[^:]*):)?(\d+):(\[[^\]]+\]|[^:]+):(\d+)$/u.exec(spec.value);
  if (found === null) return undefined;
  const [whole, , port = "", host = "", own = ""] = found;
  const start = whole.length - host.length - own.length - 1;
  const target: Word = { ...wordIn(slice(spec, start, whole.length)), value: `${host}:${own}` };
  const name = server?.value.replace(/^.*@/u, "") ?? "";
  const isPublic = publicHosts.test(name);
  return {
    ...placeOf(locate(spec, 0, spec.value.length)),
    id: `${name}:${port}`,
    protocol: isPublic ? "http" : "tcp",
    address: isPublic ? unknown("opaque", `${name} gives it a name at the start`) : name,
    port: isPublic ? 443 : Number(port),
    reach: isPublic ? "internet" : besides(name, server),
    tls: isPublic,
    rules: [everyPath(targetOf(target), placeOf(target))],
  };
}

/** A port that sshd opens is for the server itself, unless its GatewayPorts says otherwise. */
function besides(name: string, server: Text | undefined): Maybe<never> {
  return unknown(
    "input",
    `whether sshd at ${name} opens the port to others (GatewayPorts) is kept there`,
    server === undefined ? undefined : placeOf(locate(server, 0, server.value.length)),
  );
}

/** The image jnovack/autossh, and others in its manner. */
function fromVariables(given: TunnelGiven): Tunnel | undefined {
  const [server, port, host, own] = [
    "SSH_REMOTE_HOST",
    "SSH_TUNNEL_PORT",
    "SSH_TARGET_HOST",
    "SSH_TARGET_PORT",
  ].map((name) => given.variable(name));
  if (!given.isImage || server === undefined || host === undefined || own === undefined) return undefined;
  const name = knownWord(server) ?? "";
  const opening: TunnelOpening = {
    ...placeOf(server),
    id: `${name}:${knownWord(port) ?? ""}`,
    protocol: "tcp",
    address: server.value,
    port: port === undefined ? unknown("opaque", "the image chooses the port") : Number(knownWord(port)),
    reach: unknown(
      "input",
      `whether sshd at ${name} opens the port to others (GatewayPorts) is kept there`,
      placeOf(server),
    ),
    tls: false,
    rules: [
      everyPath(
        targetOf({ ...placeOf(host), value: `${knownWord(host) ?? ""}:${knownWord(own) ?? ""}` }),
        placeOf(host),
      ),
    ],
  };
  return { name: "SSH", openings: [opening], secrets: [], assumptions: [] };
}

/** `lt --port 8042 --local-host orthanc`. */
export const localtunnel: Program = (given) => {
  const words = argumentsOf(given.words, /^(?:lt|localtunnel)$/u);
  const port = words === undefined ? undefined : flagNamed(words, "--port", "-p");
  if (words === undefined || port === undefined) return undefined;
  const host = knownWord(flagNamed(words, "--local-host", "-l")) ?? "localhost";
  const wanted = flagNamed(words, "--subdomain", "-s");
  return alone("localtunnel", {
    ...placeOf(port),
    id: "localtunnel",
    protocol: "http",
    address:
      wanted === undefined
        ? unknown("opaque", "localtunnel chooses its name")
        : `${knownWord(wanted)}.loca.lt`,
    port: 443,
    reach: "internet",
    tls: true,
    rules: [
      everyPath(targetOf({ ...placeOf(port), value: `${host}:${knownWord(port) ?? ""}` }), placeOf(port)),
    ],
  });
};

/** `bore local 8042 --local-host orthanc --to bore.pub`. */
export const bore: Program = (given) => {
  const words = argumentsOf(given.words, /^bore$/u) ?? (given.isImage ? given.words : undefined);
  const [verb, port] = plainWords(words ?? [], /^$/u);
  if (words === undefined || verb?.value !== "local" || port === undefined) return undefined;
  const host = knownWord(flagNamed(words, "--local-host", "-l")) ?? "localhost";
  const server = flagNamed(words, "--to", "-t")?.value ?? unknown("input", "the server of bore is not known");
  const remote = knownWord(flagNamed(words, "--port", "-p"));
  const place = placeOf(locate(port, 0, port.value.length));
  return alone("bore", {
    ...place,
    id: "bore",
    protocol: "tcp",
    address: server,
    port: remote === undefined ? unknown("opaque", "bore chooses the port") : Number(remote),
    reach: reachOfServer(server),
    tls: false,
    rules: [everyPath(targetOf({ ...place, value: `${host}:${port.value}` }), place)],
  });
};

/** `zrok share public http://orthanc:8042`; a private share opens nothing. */
export const zrok: Program = (given) => {
  const words = argumentsOf(given.words, /^zrok2?$/u) ?? (given.isImage ? given.words : undefined);
  const [verb, kind, target] = plainWords(words ?? [], /^--(?:headless|insecure|open|closed)$/u);
  if (words === undefined || verb?.value !== "share") return undefined;
  if (kind?.value !== "public" || target === undefined)
    return {
      name: "zrok",
      openings: kind?.value === "private" ? [] : undefined,
      secrets: [],
      assumptions: [],
    };
  const asked = [...flagsNamed(words, "--basic-auth"), ...flagsNamed(words, "--oauth-provider")];
  const gates = asked.map((word) => ({ login: "proxy" as const, at: [placeOf(word)] }));
  const address = wordIn(target);
  const opened: TunnelOpening = {
    ...placeOf(address),
    id: "zrok",
    protocol: "http",
    address: unknown("opaque", "zrok chooses its name"),
    port: 443,
    reach: "internet",
    tls: true,
    rules: [everyPath(targetOf(address), placeOf(address), gates)],
  };
  return { name: "zrok", openings: [opened], secrets: asked.map(({ at }) => at), assumptions: [] };
};

/** What newt leads to is kept at its Pangolin. */
export const newt: Program = (given) => {
  if (!given.isImage && argumentsOf(given.words, /^newt$/u) === undefined) return undefined;
  const secret = given.variable("NEWT_SECRET");
  return {
    name: "Pangolin",
    openings: undefined,
    secrets: secret === undefined ? [] : [secret.at],
    assumptions: [],
  };
};

function alone(name: string, opening: TunnelOpening): Tunnel {
  return { name, openings: [opening], secrets: [], assumptions: [] };
}
