/** `listen`: what sockets a server asks for, and which sockets nginx opens. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { parseAddress } from "../proxy/network.ts";
import { type Unknown, wordValue } from "./block.ts";
import { lower } from "./bytes.ts";

/** One `listen` of one server, or nginx's default when a server has none. */
export interface NginxListen extends Located {
  /** `*`, `[::]`, an address (IPv6 in brackets), a host name, or `unix:` and a path. */
  readonly address: string;
  /** Absent for a unix socket. */
  readonly port?: number;
  /** The last port of a range. */
  readonly lastPort?: number;
  readonly ssl: boolean;
  readonly http2: boolean;
  /** HTTP/3 over UDP: always with TLS. */
  readonly quic: boolean;
  readonly defaultServer: boolean;
  readonly proxyProtocol: boolean;
  /** `[::]` also takes IPv4 (`ipv6only=off`). */
  readonly dualStack: boolean;
  /** True when the server has no `listen` and nginx's default applies. */
  readonly implied: boolean;
  /** What of it is not known; the other fields are then best guesses. */
  readonly unknown?: Unknown;
}

/** Port 80 of every address: the default when nginx runs as root (8000 otherwise). */
export function impliedListen(server: Located): NginxListen {
  const flags = {
    ssl: false,
    http2: false,
    quic: false,
    defaultServer: false,
    proxyProtocol: false,
    dualStack: false,
  };
  return { address: "*", port: 80, ...flags, implied: true, ...placeOf(server) };
}

/** Reads a `listen`; a string is nginx's refusal. */
export function parseListen(directive: NginxDirective): NginxListen | string {
  const values = directive.args.map(wordValue);
  const unknown = values.find((value) => typeof value !== "string");
  const [first, ...options] = values.map((value) => (typeof value === "string" ? value : ""));
  const address =
    unknown === values[0] && unknown !== undefined ? { address: "*" } : parseEndpoint(first ?? "");
  if (address === undefined) return `invalid host or port in "${first}" of the "listen" directive`;
  const wrong = options.find((option) => !optionPattern.test(option));
  if (wrong !== undefined) return `invalid parameter "${wrong}"`;
  return {
    ...address,
    ssl: options.includes("ssl") || options.includes("quic"),
    http2: options.includes("http2"),
    quic: options.includes("quic"),
    defaultServer: options.includes("default_server") || options.includes("default"),
    proxyProtocol: options.includes("proxy_protocol"),
    dualStack: options.includes("ipv6only=off"),
    implied: false,
    ...placeOf(directive),
    ...(unknown !== undefined && { unknown }),
  };
}

const optionPattern =
  /^(?:|default|default_server|ssl|http2|spdy|quic|http3|udp|proxy_protocol|bind|deferred|reuseport|multipath|(?:setfib|fastopen|backlog|rcvbuf|sndbuf|accept_filter|ipv6only|so_keepalive)=.*)$/;

interface Endpoint {
  readonly address: string;
  readonly port?: number;
  readonly lastPort?: number;
}

const endpointPattern = /^(?:(\*|\[[0-9a-fA-F:.]+\]|[^:[\]/]+):)?(\d{1,5})(?:-(\d{1,5}))?$/;

function parseEndpoint(text: string): Endpoint | undefined {
  if (text.startsWith("unix:")) return text.length > 5 ? { address: text } : undefined;
  const found = endpointPattern.exec(text);
  if (found === null) return withoutPort(text);
  const port = Number(found[2]);
  const lastPort = found[3] === undefined ? port : Number(found[3]);
  if (port < 1 || lastPort > 65535 || lastPort < port) return undefined;
  return { address: canonical(found[1] ?? "*"), port, ...(lastPort !== port && { lastPort }) };
}

/** `listen localhost` and `listen [::1]` mean port 80. */
function withoutPort(text: string): Endpoint | undefined {
  const bracketed = text.startsWith("[");
  if (bracketed ? !/^\[[0-9a-fA-F:.]+\]$/.test(text) : !/^[^:[\]/]+$/.test(text)) return undefined;
  return /^\d+$/.test(text) ? undefined : { address: canonical(text), port: 80 };
}

/** One spelling for one address. */
function canonical(address: string): string {
  if (address === "0.0.0.0") return "*";
  const parsed = address.startsWith("[") ? parseAddress(address) : undefined;
  if (parsed?.version === 6 && parsed.value === 0n) return "[::]";
  if (parsed?.version === 6 && parsed.value === 1n) return "[::1]";
  return lower(address);
}
