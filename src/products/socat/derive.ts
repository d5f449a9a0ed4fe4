/**
 * socat, which passes bytes from one address to another: from a port or a socket file to a server.
 * Source: socat(1), "Address types" and the options bind, range and verify.
 */
import type { Service } from "../../deployment/model.ts";
import { fromPlace } from "../../facts/origin.ts";
import { unknown } from "../../facts/unknown.ts";
import { isKnown, type Located, locate, placeOf, type Text } from "../../text/text.ts";
import { commandLine } from "../command-line.ts";
import type { Callers, Derive, ProxyRoute, RouteTarget, Socket } from "../product.ts";
import { nothingDerived, proxySocket, tcpRoute } from "../proxy/derived.ts";
import { plainPort, type ToldTls, tlsOn, tlsOrigins } from "../proxy/tls.ts";

/** Two addresses: where it listens, and where it calls. */
interface Pair {
  readonly listen: Text;
  readonly call: Text;
}

const listening = /^(?:TCP[46]?|OPENSSL|SSL|UNIX)-(?:LISTEN|L):/iu;
const calling = /^(?:TCP[46]?|OPENSSL|SSL|UNIX)(?:-CONNECT|-CLIENT)?:/iu;

/** Whether a container runs socat from something that others reach. */
export function isSocat(service: Service): boolean {
  return service.container !== undefined && pairsOf(commandLine(service)).length > 0;
}

/** Addresses stand behind each other; flags may stand between them. */
function pairsOf(words: readonly Text[]): readonly Pair[] {
  const addresses = words.filter(({ value }) => listening.test(value) || calling.test(value));
  return addresses.flatMap((listen, index): readonly Pair[] => {
    const call = addresses[index + 1];
    return call !== undefined && listening.test(listen.value) && !listening.test(call.value)
      ? [{ listen, call }]
      : [];
  });
}

/** Sockets and routes of socat. */
export const deriveSocat: Derive = (service) => {
  const pairs = service.container === undefined ? [] : pairsOf(commandLine(service));
  return {
    ...nothingDerived,
    sockets: pairs.map(({ listen }) => socketOf(listen)),
    routes: pairs.map(routeOf),
  };
};

interface Address {
  readonly at: Located;
  /** The text behind the colon, up to the first option. */
  readonly target: string;
  readonly options: ReadonlyMap<string, string>;
  readonly encrypted: boolean;
  readonly isFile: boolean;
}

function addressOf(text: Text): Address {
  const [whole = "", ...options] = text.value.split(",");
  return {
    at: placeOf(locate(text, 0, text.value.length)),
    target: whole.slice(whole.indexOf(":") + 1),
    options: new Map(
      options.map((option) => {
        const [name = "", ...value] = option.split("=");
        return [name.toLowerCase(), value.join("=")];
      }),
    ),
    encrypted: /^(?:OPENSSL|SSL)/iu.test(whole),
    isFile: /^UNIX/iu.test(whole),
  };
}

function socketOf(text: Text): Socket {
  const { at, target, options, isFile } = addressOf(text);
  const base = { id: `socat-${target}`, at, ...tlsOf(text) };
  if (isFile) return { ...proxySocket("other", { ...base, bind: "127.0.0.1", port: 0 }), file: target };
  const why = unknown("input", "the address at which socat listens is not known", at);
  return proxySocket("other", {
    ...base,
    bind: options.get("bind") ?? "0.0.0.0",
    port: isKnown(text) && /^\d+$/u.test(target) ? Number(target) : why,
  });
}

/** Without `verify=0` it asks for a client certificate. */
function tlsOf(listen: Text): ToldTls {
  const { at, encrypted, options } = addressOf(listen);
  if (!encrypted) return plainPort(at);
  const asks = options.get("verify") === undefined || options.get("verify") === "1";
  const own = unknown("opaque", "the OpenSSL of socat decides it");
  const lines = [fromPlace(at)];
  return {
    tls: tlsOn({ minVersion: own, ciphers: null, clientCertificate: asks ? "required" : "none" }),
    origins: tlsOrigins({ at: lines, protocols: lines, ciphers: lines, client: lines }),
  };
}

function routeOf({ listen, call }: Pair): ProxyRoute {
  const from = addressOf(listen);
  const to = addressOf(call);
  const told = tlsOf(listen);
  return tcpRoute({
    id: `socat-${from.target}`,
    socket: `socat-${from.target}`,
    label: `socat ${from.isFile ? from.target : `port ${from.target}`}`,
    targets: [targetOf(call, to)],
    ...callersOf(from),
    tls: told.tls,
    origins: {
      ...told.origins,
      "/listen": [fromPlace(from.at)],
      "/path": [fromPlace(from.at)],
      "/target": [fromPlace(to.at)],
      "/callers": from.options.has("range") ? [fromPlace(from.at)] : [],
    },
  });
}

/** `range=10.0.0.0/8` lets in these addresses only. */
function callersOf({ options }: Address): { readonly callers: Callers; readonly allowed: readonly string[] } {
  const range = options.get("range");
  return range === undefined ? { callers: "anybody", allowed: [] } : { callers: "listed", allowed: [range] };
}

function targetOf(text: Text, { target, isFile, at }: Address): RouteTarget {
  if (!isKnown(text)) {
    const why = unknown("input", "the address that socat calls is not known", at);
    return { host: why, port: why };
  }
  if (isFile) return { host: `unix:${target}`, port: 0 };
  const colon = target.lastIndexOf(":");
  const port = Number(target.slice(colon + 1));
  const host = target.slice(0, colon).replace(/^\[(.*)\]$/u, "$1");
  const named = unknown("opaque", `the port ${target.slice(colon + 1)} has a name`, at);
  return { host, port: Number.isInteger(port) ? port : named };
}
