import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type {
  AgentCalls,
  DaemonState,
  DicomAnswer,
  DicomRequest,
  HttpAnswer,
  StartRequest,
  TlsDress,
} from "./agent/protocol.ts";
import { type Case, certificate, materialise } from "./case.ts";
import type { Release } from "./releases.ts";
import { ADDRESS, openSite, type Site } from "./site.ts";

/**
 * From where a call is made: the server's own host (to 127.0.0.1, or from there to the host's outer address), or other
 * hosts: two of the harness, and one with the address that the examples of the rules list.
 */
export type Place = "local" | "localOutside" | "other" | "stranger" | "listed";

/** What to show at the transport: nothing, or TLS without, with a trusted, or with a strange client certificate. */
export type Dress = "plain" | "tls" | "trusted" | "rogue";

/** One DICOM operation to try. */
export interface DicomCall {
  operation: DicomRequest["operation"];
  calling: string;
  called?: string;
  destination?: string;
  sopClass?: string;
  dress?: Dress;
  /** Held to this version or these suites. */
  tls?: Pick<TlsDress, "version" | "ciphers">;
}

/** One HTTP request to try. */
export interface HttpCall {
  method?: string;
  body?: string | Buffer;
  /** `user:password` */
  login?: string;
  headers?: Record<string, string>;
  dress?: Dress;
  /** Held to this version or these suites. */
  tls?: Pick<TlsDress, "version" | "ciphers">;
}

/** A daemon on a configuration, and the two sides that it can be seen from. */
export interface Server {
  release: Release;
  test: Case;
  site: Site;
  folder: string;
  started: boolean;
  /** What it has written until it started or gave up. */
  log: string;
  /** Listening sockets, by protocol. */
  sockets: { http: Socket[]; dicom: Socket[] };
  /** Errors that it wrote. */
  errors: string[];
  http(place: Place, path: string, call?: HttpCall): Promise<HttpAnswer>;
  dicom(place: Place, call: DicomCall): Promise<DicomAnswer>;
  state(): Promise<DaemonState>;
  /** Waits until it is gone, but no longer than that many milliseconds. */
  exited(atMost: number): Promise<void>;
  /** Starts it again on the same files, for instance after it died. */
  restart(): Promise<void>;
  stop(): Promise<DaemonState>;
}

/** An address and port. */
export interface Socket {
  address: string;
  port: number;
}

/** How a daemon is started, apart from its case. */
export interface StartOptions {
  ssl?: StartRequest["ssl"];
}

/** Starts a daemon on a case, on the local host of a site. */
export async function startServer(
  site: Site,
  release: Release,
  test: Case,
  options: StartOptions = {},
): Promise<Server> {
  const folder = join(site.folder, "case");
  await site.local.stop();
  mkdirSync(site.folder, { recursive: true });
  materialise(test, release, folder);
  const request: StartRequest = {
    tree: release.tree,
    folder,
    cwd: join(folder, test.cwd),
    args: [...(test.configuration === undefined ? [] : [join(folder, test.configuration)]), ...test.args],
    env: test.env,
    ssl: options.ssl ?? "stand-in",
    elsewhere: test.elsewhere ?? {},
  };
  const server: Server = {
    release,
    test,
    site,
    folder,
    started: false,
    log: "",
    sockets: { http: [], dicom: [] },
    errors: [],
    http: (place, path, call = {}) => {
      const [agent, host, from] = road(site, place);
      return agent.http({
        host,
        ...from,
        port: server.sockets.http[0]?.port ?? 0,
        method: call.method ?? "GET",
        path,
        headers: {
          ...call.headers,
          ...(call.login === undefined ? {} : { authorization: basic(call.login) }),
        },
        ...(call.body === undefined ? {} : { body: Buffer.from(call.body).toString("base64") }),
        ...dressed(call.dress ?? "plain", call.tls),
      });
    },
    dicom: (place, call) => {
      const [agent, host, from] = road(site, place);
      return agent.dicom({
        host,
        ...from,
        port: server.sockets.dicom[0]?.port ?? 0,
        operation: call.operation,
        calling: call.calling,
        called: call.called ?? test.called,
        ...(call.destination === undefined ? {} : { destination: call.destination }),
        ...(call.sopClass === undefined ? {} : { sopClass: call.sopClass }),
        ...dressed(call.dress ?? "plain", call.tls),
      });
    },
    state: () => site.local.state(),
    exited: (atMost) => site.local.exited(atMost),
    async restart() {
      const answer = await site.local.start(request);
      server.started = answer.started;
      server.log = answer.log;
      server.errors = errorLines(answer.log);
      server.sockets = sortSockets(answer.listening, answer.log);
    },
    stop: () => site.local.stop(),
  };
  await server.restart();
  return server;
}

/** Starts a daemon on a case for the time of `use`, on a site of its own unless it is given one. */
export async function withOrthanc<T>(
  release: Release,
  test: Case,
  use: (server: Server) => Promise<T>,
  options: StartOptions & { site?: Site } = {},
): Promise<T> {
  const site = options.site ?? (await openSite());
  try {
    return await use(await startServer(site, release, test, options));
  } finally {
    await site.local.stop();
    if (options.site === undefined) await site.close();
  }
}

/** TLS as a client of that dress begins it. */
export function dressed(dress: Dress, more: TlsDress = {}): { tls?: TlsDress } {
  if (dress === "plain") return {};
  if (dress === "tls") return { tls: more };
  const name = dress === "trusted" ? "client" : "rogue";
  return { tls: { ...more, certificate: certificate(`${name}.crt`), key: certificate(`${name}.key`) } };
}

/** Who calls from a place, whom, and from which address. */
export function road(site: Site, place: Place): [agent: AgentCalls, host: string, from: { from?: string }] {
  if (place === "local") return [site.local, ADDRESS.loopback, {}];
  if (place === "localOutside") return [site.local, ADDRESS.server, { from: ADDRESS.loopback }];
  return [site.remote, ADDRESS.server, { from: ADDRESS[place] }];
}

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

function errorLines(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => /^E/.test(line) || /terminate called|Segmentation|error while loading/.test(line))
    .map((line) => line.replace(/^E\d+ [\d:.]+\s+(\S+\s+)?\S+\.(cpp|h):\d+\] /, ""))
    .filter((line) => !/^Cannot set globale locale|^INTERNAL ERROR: ServerContext::Stop/.test(line));
}

/** Orthanc says which port is DICOM's; whatever else listens is HTTP. */
function sortSockets(listening: string[], log: string): Server["sockets"] {
  const dicomPort = /DICOM server listening with AET .* on port: (\d+)/.exec(log)?.[1];
  const sockets: Server["sockets"] = { http: [], dicom: [] };
  for (const text of listening) {
    const colon = text.lastIndexOf(":");
    const socket = { address: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
    sockets[String(socket.port) === dicomPort ? "dicom" : "http"].push(socket);
  }
  return sockets;
}
