import { DICOM_OPERATIONS, type DicomAnswer, type DicomOperation } from "./agent/protocol.ts";
import type { Case } from "./case.ts";
import {
  HTTP_PROBES,
  type HttpMeasurement,
  type HttpProbe,
  type HttpView,
  isGood,
  type Measurement,
  type Operations,
  type Transport,
} from "./measure.ts";

/** A measurement in the words of the linter's report. */
export interface Observed {
  startup: "starts" | "refuses";
  http: ObservedHttp;
  dicom: ObservedDicom;
}

/** TLS as the report says it. */
export interface ObservedTls {
  mode: "off" | "on";
  minVersion?: string;
  clientCertificate?: "none" | "optional" | "required";
}

/** What the report says about an HTTP listener. Only `reach` is there when it is `none`. */
export interface ObservedHttp {
  reach: "none" | "host" | "network";
  port?: number;
  tls?: ObservedTls;
  auth?: { mode: string; defaultCredentials: boolean; lockedOut: boolean };
  anonymous?: Record<HttpProbe, boolean>;
}

/** What the report says about a DICOM listener. */
export interface ObservedDicom {
  reach: "none" | "host" | "network";
  port?: number;
  tls?: ObservedTls;
  unknownPeer?: Record<DicomOperation, boolean>;
  spoofedPeer?: Record<string, Record<DicomOperation, boolean>>;
}

/** Passwords that everybody knows: they stand in documentation and samples. */
const WELL_KNOWN = new Set([
  "orthanc:orthanc",
  "alice:alicePassword",
  "alice:orthanctest",
  "demo:demo",
  "admin:orthanc",
]);

/** Says a measurement in the report's words. */
export function observe(measured: Measurement, test: Case): Observed {
  return {
    startup: measured.started ? "starts" : "refuses",
    http: observeHttp(measured.http),
    dicom: observeDicom(measured, test),
  };
}

function observeHttp(http: HttpMeasurement | undefined): ObservedHttp {
  const reach = http === undefined ? "none" : httpReach(http);
  if (http === undefined || reach === "none") return { reach: "none" };
  const view = reach === "network" ? http.remote : (http.local ?? http.remote);
  if (view === undefined) return { reach };
  const open = view.anonymous.read !== 401 && view.anonymous.read !== 403;
  const working = Object.keys(view.logins).filter((login) => isGood(view.logins[login] ?? 0));
  return {
    reach,
    port: http.port,
    tls: observeTls(http.transport),
    auth: {
      mode: open ? "none" : view.challenge.startsWith("Basic") ? "basic" : view.challenge,
      defaultCredentials: !open && working.some(isDefault),
      lockedOut: isLockedOut(http),
    },
    anonymous: Object.fromEntries(HTTP_PROBES.map((probe) => [probe, isAllowed(view, probe)])) as Record<
      HttpProbe,
      boolean
    >,
  };
}

/** A server that takes no image has none to write to its disk: that it looked for it is enough then. */
function isAllowed({ anonymous }: HttpView, probe: HttpProbe): boolean {
  if (isGood(anonymous[probe])) return true;
  return (
    probe === "writeFiles" &&
    anonymous.writeFiles === 404 &&
    anonymous.read === 200 &&
    !isGood(anonymous.write)
  );
}

/** The widest place that gets more than a refusal. Who refuses every other host has the reach `host`, by definition. */
function httpReach({ transport, local, remote }: HttpMeasurement): ObservedHttp["reach"] {
  if (transport.mode === "none") return "none";
  if (remote !== undefined && !refuses(remote)) return "network";
  return local === undefined && remote === undefined ? "none" : "host";
}

function refuses(view: HttpView): boolean {
  return view.anonymous.read === 401 && !Object.values(view.logins).some(isGood);
}

/** Whether nobody at all gets in: whether other hosts are barred besides cannot be seen then. */
function isLockedOut({ local, remote }: HttpMeasurement): boolean {
  return (
    (local !== undefined || remote !== undefined) &&
    [local, remote].every((v) => v === undefined || refuses(v))
  );
}

function isDefault(login: string): boolean {
  const colon = login.indexOf(":");
  const [user, password] = [login.slice(0, colon), login.slice(colon + 1)];
  return password === "" || password === user || WELL_KNOWN.has(login);
}

function observeTls({ mode, versions, clientCertificate }: Transport): ObservedTls {
  if (mode === "plain") return { mode: "off" };
  return {
    mode: "on",
    ...(versions[0] === undefined ? {} : { minVersion: `TLSv${versions[0]}` }),
    clientCertificate,
  };
}

function observeDicom({ dicom }: Measurement, test: Case): ObservedDicom {
  if (dicom === undefined || dicom.transport.mode === "none") return { reach: "none" };
  const spoofed: NonNullable<ObservedDicom["spoofedPeer"]> = {};
  for (const [title, hosts] of Object.entries(test.titles)) {
    const strangers = Object.entries(dicom.listed[title] ?? {}).filter(
      ([address]) => !hosts.includes(address),
    );
    spoofed[title] = byOperation((operation) => strangers.some(([, seen]) => isDone(seen, operation)));
  }
  const { remote } = dicom.unknown;
  return {
    reach: "network", // where the transport was measured from: another host
    port: dicom.port,
    tls: observeTls(dicom.transport),
    unknownPeer: byOperation((operation) => isDone(remote, operation)),
    spoofedPeer: spoofed,
  };
}

function byOperation(test: (operation: DicomOperation) => boolean): Record<DicomOperation, boolean> {
  return Object.fromEntries(DICOM_OPERATIONS.map((operation) => [operation, test(operation)])) as Record<
    DicomOperation,
    boolean
  >;
}

function isDone(seen: Operations, operation: DicomOperation): boolean {
  return isTaken(operation, seen[operation]);
}

/**
 * Whether the server did as it was told. A C-MOVE or C-GET that is let in may still fail, for want of images or because
 * the receiver does not listen; what counts is that the server took the order.
 */
export function isTaken(operation: DicomOperation, { outcome, status }: DicomAnswer): boolean {
  if (outcome !== "answered") return false;
  return status === 0 || operation === "move" || operation === "get";
}
