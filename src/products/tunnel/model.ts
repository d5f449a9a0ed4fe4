/** What a tunnel opens elsewhere: names and ports at its far end, and what they lead to here. */
import type { Reach } from "../../facts/facts.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import type { Located, Place } from "../../text/text.ts";
import type { Word } from "../flags.ts";
import type { RouteTarget } from "../product.ts";
import { judgeHashedLogins } from "../proxy/hashed-logins.ts";
import type { Gate, NamedNetwork } from "../proxy/ways.ts";

/** A tunnel program with what it opens. */
export interface Tunnel {
  /** As its makers call it: "Cloudflare Tunnel". */
  readonly name: string;
  /** Undefined: that is kept where the run cannot look. */
  readonly openings: readonly TunnelOpening[] | undefined;
  readonly secrets: readonly Place[];
  /** Sentences: what was taken for granted. */
  readonly assumptions: readonly string[];
}

/** A name or port at the far end. */
export interface TunnelOpening extends Located {
  /** Unique within the tunnel. */
  readonly id: string;
  readonly protocol: "http" | "tcp";
  readonly address: Maybe<string>;
  readonly port: Maybe<number>;
  readonly reach: Maybe<Reach>;
  /** Whether its far end encrypts. */
  readonly tls: Maybe<boolean>;
  /** The first that takes a path has it. */
  readonly rules: readonly TunnelRule[];
}

/** Where requests for some paths go. */
export interface TunnelRule extends Located {
  /** For people. */
  readonly shown: string;
  /** A path that it takes. */
  readonly sample: string;
  /** What all paths that it takes begin with, where that is known. */
  readonly prefix?: string;
  readonly takes: (path: string) => Maybe<boolean>;
  /** What the path becomes; unchanged where nothing is said. */
  readonly inside?: (path: string) => string;
  /** Undefined: the tunnel answers itself. */
  readonly target: RouteTarget | undefined;
  readonly targetAt: Located;
  /** The logins that stand before it. */
  readonly gates: readonly Gate[];
  /** The only networks that are let in. */
  readonly callers?: { readonly networks: readonly NamedNetwork[] } & Located;
}

/** A rule that takes every path. */
export function everyPath(
  target: TunnelRule["target"],
  at: Located,
  gates: readonly Gate[] = [],
): TunnelRule {
  return { at: at.at, shown: "/", sample: "/", prefix: "/", takes: () => true, target, targetAt: at, gates };
}

/**
 * A server as tunnels name it: "8042", "orthanc:8042", "http://orthanc:8042/", "unix:/run/x.sock"; a bare port, and a
 * name that is missing, mean the program's own host. Undefined for what is no server.
 */
export function targetOf({ value, at, via }: Word): RouteTarget | undefined {
  const place: Located = via === undefined ? { at } : { at, via };
  if (isUnknown(value)) return { host: value, port: value };
  const file = /^unix(?:\+tls)?:(?:\/\/)?(\/.*)$/u.exec(value)?.[1];
  if (file !== undefined) return { host: `unix:${file}`, port: 0 };
  if (/^\d+$/u.test(value)) return { host: "localhost", port: Number(value) };
  const found =
    /^(?:([a-z][a-z0-9+]*):\/\/)?(?:[^/@]*@)?(\[[^\]]+\]|[^:/?#[\]]*)(?::(\d+))?(?:[/?#].*)?$/iu.exec(value);
  if (found === null) return undefined;
  const [, scheme = "http", host = "", port] = found;
  const usual = usualPorts.get(scheme.toLowerCase().split("+")[0] ?? "");
  return {
    host: host === "" ? "localhost" : host,
    port:
      port === undefined
        ? (usual ?? unknown("opaque", `the port of ${value} is not written`, place))
        : Number(port),
  };
}

const usualPorts: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["ws", 80],
  ["https", 443],
  ["wss", 443],
  ["ssh", 22],
  ["rdp", 3389],
  ["smb", 445],
]);

/** A login whose password stands there as it is. */
export function basicGate(
  name: string | undefined,
  password: Word | undefined,
  at: readonly Located[],
): Gate {
  if (name === undefined || password === undefined || isUnknown(password.value))
    return { login: "basic", at };
  const login = { name, hash: `{PLAIN}${password.value}`, at: password };
  return { login: "basic", at, accounts: judgeHashedLogins([login]) };
}

const privateAddress =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|localhost$|f[cd][0-9a-f]{2}:|::1$)/iu;

/** From how far a server elsewhere can be called: one with a private address from its own network. */
export function reachOfServer(host: Maybe<string>): Maybe<Reach> {
  return map(host, (name) => (privateAddress.test(name) || !name.includes(".") ? "network" : "internet"));
}
