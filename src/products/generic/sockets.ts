/** The sockets of a known image, and of a program of which only the published ports are known. */
import type { ImagePort } from "../../deployment/images/catalogue.ts";
import type { Protocol, Role, Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, or, unknown } from "../../facts/unknown.ts";
import type { Answer, Socket } from "../product.ts";
import { firstVariable, flag, type Given } from "./given.ts";
import { type Login, loginsOf, openingOf } from "./logins.ts";
import { traitsOf } from "./table.ts";
import {
  type Access,
  type AuthMode,
  openTo,
  type Told,
  type Traits,
  told,
  undecidedAccess,
} from "./traits.ts";

/** All sockets of a container. */
export function socketsOf(given: Given): readonly Socket[] {
  const ofImage = (given.image?.ports ?? []).map((port, index) => socketOf(given, port, index));
  const known = [...ofImage, ...debugSocket(given)];
  return [...known, ...datagrams(given, ofImage), ...publishedOnly(given, known)];
}

/** The logins of the image as this container is started. */
export function loginsFor(given: Given): readonly Login[] {
  return (traitsOf(given).logins ?? loginsOf)(given);
}

function socketOf(given: Given, port: ImagePort, index: number): Socket {
  const traits = traitsOf(given);
  const moved = movedPort(given, traits, port.port);
  const bind = traits.bind?.(given, port.port) ?? told("0.0.0.0");
  const on = traits.on?.(given, port.port) ?? told(true);
  const encrypted = traits.tls?.(given, port.port) ?? told(false);
  const usual = usualAccess(given, port);
  const access = traits.access?.(given, port.port, usual) ?? usual;
  return {
    id: `${port.protocol}-${port.port}`,
    protocol: port.protocol,
    ...(port.role === undefined ? {} : { role: port.role }),
    purpose: purposeOf(given, port, index),
    on: on.value,
    bind: bind.value,
    port: moved.value,
    tls: withClients(tlsOf(encrypted.value), traits.clients?.(given, port.port)),
    ...answersOf(access),
    origins: {
      "": placeOf(given),
      "/on": on.origins,
      "/bind": bind.origins,
      "/port": moved.origins,
      "/tls/mode": encrypted.origins.length > 0 ? encrypted.origins : placeOf(given),
    },
  };
}

function placeOf(given: Given): readonly Origin[] {
  return given.service.at === undefined ? [] : [fromPlace(given.service.at)];
}

function movedPort(given: Given, traits: Traits, port: number): Told<number> {
  const names = traits.moved?.[port];
  const found =
    names === undefined ? undefined : (flag(given, ...names.flags) ?? firstVariable(given, names.variables));
  if (found === undefined) return told(port);
  return told(
    map(found.value, (value) => Number(/(\d{1,5})\s*$/u.exec(value)?.[1] ?? port)),
    found.origins,
  );
}

/** "Kibana (user interface of Elasticsearch)". */
function purposeOf(given: Given, { use }: ImagePort, index: number): string {
  const before = given.image?.ports[index - 1]?.use ?? "";
  const told = use.replace(/^the same/u, before.replace(/,? with TLS$/u, ""));
  return `${given.image?.name ?? "the program"} (${told})`;
}

/** The kind of login that is usual behind such a port. */
const modes: Readonly<Partial<Record<Role, AuthMode>>> = {
  database: "password",
  cache: "password",
  directory: "password",
  objects: "password",
  messages: "password",
  search: "basic",
};

/** Roles behind which nobody is asked for anything, unless the image has logins. */
const openRoles: readonly (Role | undefined)[] = ["viewer", "mail", "logs", "metrics"];

function usualAccess(given: Given, port: ImagePort): Access {
  const { role } = port;
  const logins = loginsFor(given);
  if (openRoles.includes(role) && (logins.length === 0 || role !== "metrics")) return openTo(placeOf(given));
  if (role === "proxy") return proxyAccess(given);
  const asked = and(...logins.map((login) => login.asked));
  const guessed = or(...logins.map((login) => and(login.exists, login.published)));
  const mode: AuthMode = (role === undefined ? undefined : modes[role]) ?? "form";
  const open = logins.filter((login) => login.asked !== true);
  const weak = logins.filter((login) => login.exists !== false && login.published === true);
  return {
    mode: map(asked, (isAsked): AuthMode => (isAsked ? mode : "none")),
    guessed: map(asked, (isAsked) => isAsked) === false ? false : guessed,
    modeOrigins: (open.length > 0 ? open : logins).flatMap(({ origins }) => origins),
    guessedOrigins: (weak.length > 0 ? weak : logins).flatMap(({ origins }) => origins),
  };
}

/** A proxy whose own reader is not there; oauth2-proxy is nothing but a login. */
function proxyAccess(given: Given): Access {
  const name = given.image?.name ?? "the proxy";
  if (given.service.product !== "oauth2-proxy")
    return undecidedAccess(unknown("opaque", `the configuration of ${name} decides it`), placeOf(given));
  const opening = openingOf(given);
  if (opening === undefined) return undecidedAccess("oidc", placeOf(given));
  return undecidedAccess(unknown("opaque", `some paths need no login (${opening.name})`), opening.origins);
}

function answersOf({ mode, guessed, modeOrigins, guessedOrigins }: Access): Pick<Socket, "seen"> {
  const answer: Answer = {
    refused: false,
    auth: { mode, defaultCredentials: guessed, lockout: unknown("opaque", "the program decides it") },
    origins: { "/auth/mode": modeOrigins, "/auth/defaultCredentials": guessedOrigins },
  };
  return { seen: { loopback: answer, other: answer } };
}

function tlsOf(on: Maybe<boolean>): Tls {
  const own = unknown("opaque", "the program's own settings decide it");
  if (isUnknown(on))
    return { mode: on, encrypts: on, minVersion: on, ciphers: on, clientCertificate: "none" };
  return on
    ? {
        mode: "on",
        encrypts: true,
        minVersion: own,
        ciphers: null,
        cipherVerdict: own,
        clientCertificate: "none",
      }
    : { mode: "off", encrypts: false, minVersion: null, ciphers: null, clientCertificate: "none" };
}

function withClients(tls: Tls, asked: Maybe<boolean> | undefined): Tls {
  if (asked === undefined || tls.mode === "off") return tls;
  return { ...tls, clientCertificate: map(asked, (yes) => (yes ? "required" : "none")) };
}

/** Ports that are published for UDP lead to a socket of their own. */
function datagrams(given: Given, known: readonly Socket[]): readonly Socket[] {
  return known
    .filter((socket) => publishes(given, socket.port, "udp"))
    .map((socket) => ({ ...socket, id: `${socket.id}-udp`, transport: "udp" }));
}

function publishes(given: Given, port: Maybe<number>, protocol: "tcp" | "udp"): boolean {
  const { network } = given.service;
  return (
    network.kind === "container" &&
    network.published.some((one) => one.protocol === protocol && one.containerPort === port)
  );
}

/** What is published and nothing known listens on: a program of the site, or a port that its configuration moved. */
function publishedOnly(given: Given, known: readonly Socket[]): readonly Socket[] {
  const { network } = given.service;
  if (network.kind !== "container") return [];
  const isProxy =
    given.image?.ports.some(({ role }) => role === "proxy") === true || given.service.product === "haproxy";
  const sockets = new Map<string, Socket>();
  for (const { containerPort, protocol, at } of network.published) {
    if (isUnknown(containerPort) || known.some(({ port }) => port === containerPort)) continue;
    const id = `port-${containerPort}${protocol === "udp" ? "-udp" : ""}`;
    const name = given.image?.name ?? "a program that pacslint does not know";
    const place: readonly Origin[] = [fromPlace(at)];
    const opaque = unknown("opaque", `pacslint does not know what ${name} does on this port`, at);
    sockets.set(id, {
      id,
      protocol: isProxy ? "http" : "other",
      ...(protocol === "udp" ? { transport: "udp" } : {}),
      role: isProxy ? "proxy" : "unknown",
      purpose: name,
      on: true,
      bind: "0.0.0.0",
      port: containerPort,
      tls: tlsOf(opaque),
      ...answersOf({ mode: opaque, guessed: opaque, modeOrigins: place, guessedOrigins: place }),
      origins: { "": place },
    });
  }
  return [...sockets.values()];
}

const javaDebugger = /-(?:agentlib:jdwp=|Xrunjdwp:)\S*?address=(?:(\*|[\w.-]+):)?(\d+)/u;
const nodeDebugger = /--inspect(?:-brk)?=(?:([\w.*]+):)?(\d+)/u;

/** A debugger of Java or Node, which runs code for whoever connects. */
function debugSocket(given: Given): readonly Socket[] {
  const texts = [...given.words, ...given.container.variables.map(({ value }) => value)];
  for (const text of texts) {
    const match = javaDebugger.exec(text.value) ?? nodeDebugger.exec(text.value);
    if (match === null) continue;
    const piece = text.pieces[0];
    const origins = piece === undefined ? placeOf(given) : [fromPlace(piece)];
    const protocol: Protocol = "debug";
    const bind = bindOfDebugger(match[1], text.value.includes("--inspect"));
    return [
      {
        id: `debug-${match[2]}`,
        protocol,
        role: "debug",
        purpose: "a debugger",
        on: true,
        bind,
        port: Number(match[2]),
        tls: tlsOf(false),
        ...answersOf(openTo(origins)),
        origins: { "": origins, "/bind": origins, "/port": origins },
      },
    ];
  }
  return [];
}

/** Without an address Node listens on the loopback, and Java does so since release 9. */
function bindOfDebugger(address: string | undefined, isNode: boolean): Maybe<string> {
  if (address !== undefined) return /^(?:127\.|localhost)/u.test(address) ? "127.0.0.1" : "0.0.0.0";
  return isNode
    ? "127.0.0.1"
    : unknown("opaque", "before Java 9 a debugger without an address listens on all");
}
