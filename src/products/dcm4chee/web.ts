/**
 * Who gets an answer over HTTP: the archive's web applications, WildFly's management, a debugger's port.
 * Sources: dcm4chee-arc-light 5.35.0, dcm4chee-arc-war/src/main/webxml/web-secure.xml:49-60, dcm4chee-arc-ear/pom.xml;
 * dcm4che-dockerfiles/dcm4chee-arc-psql configuration/dcm4chee-arc.xml:438-459.
 */
import type { AnonymousHttp, Auth } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Text } from "../../text/text.ts";
import type { Answer, Socket } from "../product.ts";
import { before } from "../version.ts";
import type { Surroundings } from "./archive.ts";
import { type Deployed, type PathGroup, pathGroups, type Variant } from "./images.ts";
import type { Port } from "./wildfly/sockets.ts";

/** How the web side is protected. */
export interface WebLogin {
  /** Unknown where the files do not tell which archive is deployed. */
  readonly variant: Maybe<Variant>;
  readonly deployed: Deployed;
  readonly origins: readonly Origin[];
  /** A login that everybody can look up works. */
  readonly defaultCredentials: Maybe<boolean>;
  /** Where these logins come from. */
  readonly credentialOrigins: readonly Origin[];
  /** Repeated wrong passwords are stopped: the realm decides. */
  readonly lockout: Maybe<boolean>;
}

const nothing: AnonymousHttp = {
  read: false,
  write: false,
  delete: false,
  execute: false,
  writeFiles: false,
  dicomweb: false,
  webdav: false,
};

/** What a caller without a login can do in a group of paths. */
function anonymousIn(group: PathGroup, around: Surroundings): AnonymousHttp {
  if (group.login === "oidc" || group.holds === "nothing") return nothing;
  if (group.holds === "images") return { ...nothing, read: true };
  // The configuration is writable over REST: storage can be led anywhere, and before 5.35.0 style sheets and vendor data
  // run code (GHSA-5j3q-rhfh-xvx8, GHSA-hxq8-xgh3-4f76).
  const execute = before(around.version, "5.35.0") || insecureXml(around);
  return { read: true, write: true, delete: true, execute, writeFiles: true, dicomweb: true, webdav: false };
}

/** The switch that turns the protection of 5.35.0 off again (dcm4che #1594, #1595). */
function insecureXml(around: Surroundings): boolean {
  return ["javax.xml.featureSecureProcessing", "env.JAVAX_XML_FEATURE_SECURE_PROCESSING"].some((name) => {
    const found = around.lookup(name);
    return found.state === "set" && found.value.value.trim().toLowerCase() === "false";
  });
}

/** The sockets of a web port: one for each set of paths with the same login. */
export function webSockets(port: Port, login: WebLogin, around: Surroundings): readonly Socket[] {
  if (port.type === "ajp") return [unknownSocket(port)];
  if (isUnknown(login.variant)) return [socketFrom(port, port.id, undecided(login))];
  const groups = pathGroups(login.variant, login.deployed);
  return groups.map((group, index) => {
    const answer = answerOf(group, login, around);
    const id = index === 0 ? port.id : `${port.id}:${group.login === "none" ? "open" : group.login}`;
    const whole = groups.length === 1 && login.deployed !== "ui";
    return whole ? socketFrom(port, id, answer) : { ...socketFrom(port, id, answer), paths: group.paths };
  });
}

function answerOf(group: PathGroup, login: WebLogin, around: Surroundings): Answer {
  const oidc = group.login === "oidc";
  const auth: Auth = oidc
    ? { mode: "oidc", defaultCredentials: login.defaultCredentials, lockout: login.lockout }
    : { mode: "none", defaultCredentials: false, lockout: false };
  return {
    refused: false,
    auth,
    anonymous: anonymousIn(group, around),
    origins: {
      "/auth": login.origins,
      "/auth/mode": login.origins,
      "/auth/defaultCredentials": login.credentialOrigins,
      "/anonymous": login.origins,
    },
  };
}

function undecided(login: WebLogin): Answer {
  const reason: Maybe<boolean> = isUnknown(login.variant)
    ? login.variant
    : unknown("input", "the deployment");
  return {
    refused: false,
    auth: {
      mode: isUnknown(login.variant) ? login.variant : "none",
      defaultCredentials: reason,
      lockout: reason,
    },
    anonymous: {
      read: reason,
      write: reason,
      delete: reason,
      execute: reason,
      writeFiles: reason,
      dicomweb: reason,
      webdav: false,
    },
    origins: { "/auth": login.origins, "/auth/mode": login.origins },
  };
}

/** AJP carries the same applications and trusts what its caller says of the user. */
function unknownSocket(port: Port): Socket {
  const auth: Auth = { mode: "none", defaultCredentials: false, lockout: false };
  const answer: Answer = { refused: false, auth, origins: {} };
  return { ...socketFrom(port, port.id, answer), protocol: "other" };
}

function socketFrom(port: Port, id: string, answer: Answer): Socket {
  return {
    id,
    protocol: "http",
    on: port.on,
    bind: port.bind,
    port: port.port,
    tls: port.tls,
    seen: { loopback: answer, other: answer },
    origins: port.origins,
  };
}

/** How callers of WildFly's management log in. */
export interface ManagementLogin {
  readonly mode: Auth["mode"];
  readonly defaultCredentials: Maybe<boolean>;
  /** No user is made for it. */
  readonly lockedOut?: true;
  readonly origins: readonly Origin[];
}

/** The socket of a management port: whoever gets in deploys code. */
export function managementSocket(port: Port, login: ManagementLogin): Socket {
  const open = isUnknown(login.mode) ? login.mode : login.mode === "none";
  const answer: Answer = {
    refused: false,
    auth: {
      mode: login.mode,
      defaultCredentials: login.defaultCredentials,
      lockout: false,
      ...(login.lockedOut === undefined ? {} : { lockedOut: login.lockedOut }),
    },
    anonymous: {
      read: open,
      write: open,
      delete: open,
      execute: open,
      writeFiles: open,
      dicomweb: false,
      webdav: false,
    },
    origins: {
      "/auth": login.origins,
      "/auth/mode": login.origins,
      "/auth/defaultCredentials": login.origins,
    },
  };
  return {
    ...socketFrom(port, port.id, answer),
    protocol: "management",
    role: "administration",
    purpose: "WildFly's management",
  };
}

/** A debugger as the environment starts it: its address, and where that stands. */
interface Agent {
  readonly address: string;
  readonly origins: readonly Origin[];
}

/**
 * `-agentlib:jdwp=…address=*:8787` among Java's options, or DEBUG=true, by which WildFly's standalone.sh starts one on
 * DEBUG_PORT.
 */
function agentOf(around: Surroundings): Agent | undefined {
  for (const name of ["env.JAVA_OPTS", "env.JAVA_OPTS_APPEND", "env.JAVA_TOOL_OPTIONS"]) {
    const found = around.lookup(name);
    if (found.state !== "set") continue;
    const agent = /-(?:agentlib:jdwp=|Xrunjdwp:)(\S*)/.exec(found.value.value)?.[1];
    if (agent === undefined || /server=n/.test(agent)) continue;
    return { address: /address=([^,\s]*)/.exec(agent)?.[1] ?? "", origins: originsOf(found.value) };
  }
  const debug = around.lookup("env.DEBUG");
  if (debug.state !== "set" || debug.value.value !== "true") return undefined;
  const port = around.lookup("env.DEBUG_PORT");
  return { address: port.state === "set" ? port.value.value : "8787", origins: originsOf(debug.value) };
}

function originsOf(text: Text): readonly Origin[] {
  const [piece] = text.pieces;
  return piece === undefined ? [] : [fromPlace({ at: piece.at })];
}

/** Where a debugger listens; without an address before the port it is loopback only, since Java 9. */
function debugBind(host: string): string {
  if (host === "*" || host === "") return "0.0.0.0";
  return host === "localhost" ? "127.0.0.1" : host;
}

/** The port of a Java debugger: everybody who reaches it runs code. */
export function debugSocket(around: Surroundings): Socket | undefined {
  const agent = agentOf(around);
  if (agent === undefined) return undefined;
  const { address, origins } = agent;
  const [host, port] = address.includes(":") ? splitLast(address) : ["127.0.0.1", address];
  const answer: Answer = {
    refused: false,
    auth: { mode: "none", defaultCredentials: false, lockout: false },
    origins: { "/auth": origins, "/auth/mode": origins },
  };
  return {
    id: "debug",
    protocol: "debug",
    role: "debug",
    purpose: "a debugger of Java",
    on: true,
    bind: debugBind(host),
    port: /^\d+$/.test(port) ? Number(port) : unknown("input", "the debugger's port is chosen at start"),
    tls: tlsOff,
    seen: { loopback: answer, other: answer },
    origins: { "": origins, "/on": origins, "/reach": origins, "/bind": origins, "/port": origins },
  };
}

function splitLast(address: string): readonly [string, string] {
  const colon = address.lastIndexOf(":");
  return [address.slice(0, colon), address.slice(colon + 1)];
}
