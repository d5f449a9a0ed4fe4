import {
  DICOM_OPERATIONS,
  type DicomAnswer,
  type DicomOperation,
  type HttpAnswer,
  type TlsVersion,
} from "./agent/protocol.ts";
import { instanceFile, orthancId } from "./instance.ts";
import { type Dress, dressed, type Place, road, type Server } from "./server.ts";
import { ADDRESS } from "./site.ts";

/** Everything that was seen of one daemon, as raw as it helps. */
export interface Measurement {
  release: string;
  started: boolean;
  exitCode: number | null;
  signal: string | null;
  errors: string[];
  /** What was being tried each time that the daemon was found dead, and how it had died. */
  deaths: string[];
  http?: HttpMeasurement;
  dicom?: DicomMeasurement;
}

/** How a socket wants to be spoken to. */
export interface Transport {
  /** `none`: connections are accepted, but nobody gets a word in. */
  mode: "plain" | "tls" | "none";
  versions: TlsVersion[];
  clientCertificate: "none" | "optional" | "required";
  /** What the measurement wore from then on. */
  dress: Dress;
}

/** What can be tried over HTTP without a password. */
export const HTTP_PROBES = [
  "read",
  "dicomweb",
  "webdav",
  "write",
  "execute",
  "writeFiles",
  "delete",
] as const;
/** One of {@link HTTP_PROBES}. */
export type HttpProbe = (typeof HTTP_PROBES)[number];

/** The HTTP server, seen from one place: status codes, 0 where there was none. */
export interface HttpView {
  anonymous: Record<HttpProbe, number>;
  /** The answer's `WWW-Authenticate`. */
  challenge: string;
  /** By `user:password`; only tried where a password is asked. */
  logins: Record<string, number>;
}

/** The HTTP server. */
export interface HttpMeasurement {
  port: number;
  bind: string[];
  transport: Transport;
  /** Absent where the port does not answer. */
  local?: HttpView;
  remote?: HttpView;
}

/** How each operation ended. */
export type Operations = Record<DicomOperation, DicomAnswer>;

/** The DICOM server. */
export interface DicomMeasurement {
  port: number;
  bind: string[];
  transport: Transport;
  unknown: { local: Operations; remote: Operations };
  /** By title, then by the address that used it. */
  listed: Record<string, Record<string, Operations>>;
  /** An echo from another host that calls the server by a wrong title, by the calling one. */
  wrongCalled: Record<string, DicomAnswer>;
}

/** A title that no configuration lists. */
export const UNKNOWN_TITLE = "PL_STRANGER";

const TLS_VERSIONS: readonly TlsVersion[] = ["1.0", "1.1", "1.2", "1.3"];
const TLS_DRESSES: readonly Dress[] = ["tls", "trusted", "rogue"];
const ALWAYS_TRIED = ["orthanc:orthanc"];

/** Measures a daemon that {@link startServer} has started, or has not. */
export async function measure(server: Server): Promise<Measurement> {
  const { exitCode, signal } = await server.state();
  const result: Measurement = {
    release: server.release.version,
    started: server.started,
    exitCode,
    signal,
    errors: server.errors,
    deaths: [],
  };
  if (!server.started) return result;
  const watch = watcher(server, result.deaths);
  if (server.sockets.http.length > 0) result.http = await measureHttp(server, watch);
  if (server.sockets.dicom.length > 0) result.dicom = await measureDicom(server, watch);
  return result;
}

/**
 * Runs a step; when the daemon is dead afterwards that is noted, and it is started again. An answer that looks like a
 * death is waited upon, because a process takes a moment to die.
 */
type Watch = <T>(
  label: string,
  step: () => Promise<T>,
  looksDead?: (value: T) => boolean,
) => Promise<{ value: T; died: boolean }>;

const TIME_TO_DIE = 200;

function watcher(server: Server, deaths: string[]): Watch {
  return async (label, step, looksDead = () => false) => {
    const value = await step();
    if (looksDead(value)) await server.exited(TIME_TO_DIE);
    const { running, exitCode, signal } = await server.state();
    if (running) return { value, died: false };
    deaths.push(`${label}: ${signal ?? `exit ${exitCode}`}`);
    await server.restart();
    return { value, died: true };
  };
}

async function measureHttp(server: Server, watch: Watch): Promise<HttpMeasurement> {
  const { value: transport } = await watch("http transport", () => httpTransport(server), isSpeechless);
  const result: HttpMeasurement = {
    port: server.sockets.http[0]?.port ?? 0,
    bind: server.sockets.http.map(({ address }) => address),
    transport,
  };
  if (transport.mode === "none") return result;
  const view = async (place: Place) =>
    (await watch(`http from ${place}`, () => httpView(server, place, transport.dress))).value;
  const local = (await view("local")) ?? (await view("localOutside"));
  const remote = await view("stranger");
  return { ...result, ...(local && { local }), ...(remote && { remote }) };
}

/** Tries plain text, then TLS with every certificate, from whichever side gets through. */
async function httpTransport(server: Server): Promise<Transport> {
  for (const place of ["local", "localOutside", "stranger"] as const) {
    const speaks = async (dress: Dress, version?: TlsVersion) => {
      const [agent, host, from] = road(server.site, place);
      const port = server.sockets.http[0]?.port ?? 0;
      const tls = dressed(dress, version === undefined ? {} : { version });
      const { status } = await agent.http({ host, ...from, port, method: "GET", path: "/studies", ...tls });
      return status !== undefined;
    };
    const transport = await findTransport(speaks);
    if (transport.mode !== "none") return transport;
  }
  return SPEECHLESS;
}

function isSpeechless({ mode }: Transport): boolean {
  return mode === "none";
}

const SPEECHLESS: Transport = { mode: "none", versions: [], clientCertificate: "none", dress: "plain" };

async function findTransport(
  speaks: (dress: Dress, version?: TlsVersion) => Promise<boolean>,
): Promise<Transport> {
  if (await speaks("plain")) return { ...SPEECHLESS, mode: "plain" };
  const able: Dress[] = [];
  for (const dress of TLS_DRESSES) if (await speaks(dress)) able.push(dress);
  const [dress] = able;
  if (dress === undefined) return SPEECHLESS;
  const versions: TlsVersion[] = [];
  for (const version of TLS_VERSIONS) if (await speaks(dress, version)) versions.push(version);
  const asked = able.length === TLS_DRESSES.length ? "none" : dress === "tls" ? "optional" : "required";
  return { mode: "tls", versions, clientCertificate: asked, dress };
}

async function httpView(server: Server, place: Place, dress: Dress): Promise<HttpView | undefined> {
  const first = await server.http(place, "/studies", { dress });
  if (first.status === undefined) return undefined;
  const anonymous = await httpProbes(server, place, dress);
  const logins: Record<string, number> = {};
  if (first.status === 401) {
    for (const login of loginsToTry(server)) {
      logins[login] = (await server.http(place, "/studies", { dress, login })).status ?? 0;
    }
  }
  return { anonymous, challenge: first.headers?.["www-authenticate"] ?? "", logins };
}

async function httpProbes(server: Server, place: Place, dress: Dress): Promise<Record<HttpProbe, number>> {
  const ask = async (method: string, path: string, body?: string | Buffer): Promise<HttpAnswer> =>
    server.http(place, path, {
      method,
      dress,
      headers: { depth: "1" },
      ...(body === undefined ? {} : { body }),
    });
  const image = `/instances/${orthancId()}`;
  const status = async (answer: Promise<HttpAnswer>) => (await answer).status ?? 0;
  const read = await status(ask("GET", "/studies"));
  let dicomweb = 0;
  for (const root of ["/dicom-web/", ...server.test.dicomWebRoots]) {
    const answer = await status(ask("GET", `${root.replace(/\/?$/, "/")}studies`));
    if (dicomweb === 0 || isGood(answer)) dicomweb = answer;
  }
  return {
    read,
    dicomweb,
    webdav: await status(ask("PROPFIND", "/webdav/")),
    write: await status(ask("POST", "/instances", instanceFile())),
    execute: await status(ask("POST", "/tools/execute-script", "print(42)")),
    writeFiles: await status(ask("POST", `${image}/export`, "/tmp/exported.dcm")),
    delete: await status(ask("DELETE", image)),
  };
}

/** Whether a status code means that it was done. */
export function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The default login, the case's own, and for each user the two passwords that people leave. */
function loginsToTry(server: Server): string[] {
  const own = server.test.credentials.flatMap(([user, password]) => [
    `${user}:${password}`,
    `${user}:`,
    `${user}:${user}`,
  ]);
  return [...new Set([...ALWAYS_TRIED, ...own])];
}

async function measureDicom(server: Server, watch: Watch): Promise<DicomMeasurement> {
  const transport = await dicomTransport(server, watch);
  const { dress } = transport;
  const [destination = "PL_NOWHERE"] = Object.keys(server.test.titles);
  const operations = async (place: Place, calling: string): Promise<Operations> => {
    const result: Partial<Operations> = {};
    for (const operation of DICOM_OPERATIONS) {
      const label = `dicom ${operation} as ${calling} from ${place}`;
      const call = { operation, calling, destination, dress };
      const { value, died } = await watch(label, () => server.dicom(place, call), isLost);
      result[operation] = died ? { ...value, detail: "the daemon died" } : value;
    }
    return result as Operations;
  };
  const unknown = {
    local: await operations("local", UNKNOWN_TITLE),
    remote: await operations("stranger", UNKNOWN_TITLE),
  };
  const listed: DicomMeasurement["listed"] = {};
  for (const title of Object.keys(server.test.titles)) {
    listed[title] = {
      [ADDRESS.loopback]: await operations("local", title),
      [ADDRESS.other]: await operations("other", title),
      [ADDRESS.stranger]: await operations("stranger", title),
    };
  }
  const wrongCalled: DicomMeasurement["wrongCalled"] = {};
  for (const calling of [UNKNOWN_TITLE, ...Object.keys(server.test.titles)]) {
    const call = { operation: "echo", calling, called: "PL_WRONG", dress } as const;
    wrongCalled[calling] = (
      await watch("wrong called title", () => server.dicom("stranger", call), isLost)
    ).value;
  }
  const bind = server.sockets.dicom.map(({ address }) => address);
  return { port: server.sockets.dicom[0]?.port ?? 0, bind, transport, unknown, listed, wrongCalled };
}

/** Whether nothing that belongs to DICOM came back. */
function isLost({ outcome }: DicomAnswer): boolean {
  return !["answered", "rejected", "aborted", "not-offered"].includes(outcome);
}

/** As for HTTP. That the daemon dies of an association is an answer too: it has understood the caller. */
function dicomTransport(server: Server, watch: Watch): Promise<Transport> {
  return findTransport(async (dress, version) => {
    const [agent, host, from] = road(server.site, "stranger");
    const call = {
      host,
      ...from,
      port: server.sockets.dicom[0]?.port ?? 0,
      operation: "associate",
      calling: UNKNOWN_TITLE,
      called: server.test.called,
      ...dressed(dress, version === undefined ? {} : { version }),
    } as const;
    const { value, died } = await watch("dicom transport", () => agent.dicom(call), isLost);
    return died || !isLost(value);
  });
}
