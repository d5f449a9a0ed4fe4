/** The sockets that a WildFly configuration opens: web listeners and management, with address, port and TLS. */
import type { Tls } from "../../../facts/facts.ts";
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { tlsOff } from "../../../facts/tls-off.ts";
import { isUnknown, type Maybe, map, unknown } from "../../../facts/unknown.ts";
import { type XmlElement, xmlAttribute } from "../../../sources/xml/tree.ts";
import type { Located, Text } from "../../../text/text.ts";
import type { Surroundings } from "../archive.ts";
import { resolveExpressions, unresolved } from "../expressions.ts";
import { oldestProtocol } from "../java.ts";
import type { WildFlyServer } from "./server.ts";

/** A value with its expressions replaced, and where it stands. */
export interface Value {
  readonly value: Maybe<string | null>;
  readonly origins: readonly Origin[];
}

/** An open port, before it is known who answers on it. */
export interface Port {
  readonly id: string;
  readonly type: "http" | "https" | "ajp" | "management" | "management-https" | "management-native";
  readonly element: XmlElement;
  readonly on: Maybe<boolean>;
  readonly bind: Maybe<string>;
  readonly port: Maybe<number>;
  readonly tls: Tls;
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** Resolves a text that may be absent. */
export function settle(text: Text | undefined, around: Surroundings, owner: XmlElement): Value {
  if (text === undefined)
    return {
      value: null,
      origins: [{ kind: "absent", belongs: owner.startTag.at, by: "default of WildFly" }],
    };
  const resolved = resolveExpressions(text, around.lookup);
  const hole = unresolved(resolved.text);
  const where = placeOf(text);
  const image = resolved.uses.some((use) => use.outcome === "image");
  const origins = [fromPlace(where), ...(image ? [{ kind: "absent" as const, by: "set by the image" }] : [])];
  return { value: hole === undefined ? resolved.text.value : unknown("input", hole.reason, where), origins };
}

/** Where a text stands in its file. */
function placeOf(text: Text): Located {
  const first = text.pieces[0];
  const last = text.pieces.at(-1);
  if (first === undefined || last === undefined) return { at: { file: "", start: 0, end: 0 } };
  return {
    at:
      first.at.file === last.at.file
        ? { file: first.at.file, start: first.at.start, end: Math.max(first.at.end, last.at.end) }
        : first.at,
  };
}

/** Every port of the server. */
export function portsOf(server: WildFlyServer, around: Surroundings): readonly Port[] {
  const web = server.listeners.map((listener): Port => {
    const enabled = settle(listener.enabled, around, listener.element);
    const bound = boundTo(server, listener.binding, around, listener.element);
    const tls =
      listener.type === "https"
        ? contextTls(server, xmlAttribute(listener.element, "ssl-context")?.value, around, listener.element)
        : plain;
    return {
      id: listener.name === "default" ? listener.type : listener.name,
      type: listener.type,
      element: listener.element,
      on: map(enabled.value, (text) => text !== "false"),
      ...bound,
      tls: tls.tls,
      origins: {
        "": [fromPlace(listener.element.startTag)],
        "/on": [fromPlace(listener.element.startTag)],
        ...bound.origins,
        ...tls.origins,
      },
    };
  });
  return [...web, ...managementPorts(server, around)];
}

function managementPorts(server: WildFlyServer, around: Surroundings): readonly Port[] {
  return server.management.flatMap((view) => {
    const context = contextTls(
      server,
      xmlAttribute(view.element, "ssl-context")?.value,
      around,
      view.element,
    );
    const kinds: readonly (readonly [
      Port["type"],
      Text | undefined,
      { tls: Tls; origins: Port["origins"] },
    ])[] = [
      [view.type === "native" ? "management-native" : "management", view.http, plain],
      ["management-https", view.https, context],
    ];
    return kinds.flatMap(([type, binding, tls]): Port[] => {
      if (binding === undefined) return [];
      const bound = boundTo(server, binding, around, view.element);
      const start = [fromPlace(view.element.startTag)];
      return [
        {
          id: type,
          type,
          element: view.element,
          on: true,
          ...bound,
          tls: tls.tls,
          origins: { "": start, "/on": start, ...bound.origins, ...tls.origins },
        },
      ];
    });
  });
}

const plain: { readonly tls: Tls; readonly origins: Port["origins"] } = {
  tls: tlsOff,
  origins: {},
};

function boundTo(
  server: WildFlyServer,
  name: Text | undefined,
  around: Surroundings,
  owner: XmlElement,
): Pick<Port, "bind" | "port" | "origins"> {
  const binding = name === undefined ? undefined : server.bindings.get(name.value);
  if (binding === undefined) {
    const where = name === undefined ? owner.startTag : placeOf(name);
    const reason = unknown("input", `the socket binding ${name?.value ?? ""} is not in the file`, where);
    return {
      bind: reason,
      port: reason,
      origins: { "/port": [fromPlace(where)], "/bind": [fromPlace(where)] },
    };
  }
  const port = settle(binding.port, around, binding.element);
  const offset = binding.fixed ? null : settle(server.portOffset, around, server.root).value;
  const address = addressOf(server, binding.interfaceName ?? server.defaultInterface, around);
  return {
    bind: address.value,
    port: addPorts(port.value, offset),
    origins: { "/port": port.origins, "/bind": address.origins, "/reach": address.origins },
  };
}

function addPorts(port: Maybe<string | null>, offset: Maybe<string | null>): Maybe<number> {
  if (isUnknown(port)) return port;
  if (isUnknown(offset)) return offset;
  const sum = Number(port ?? 0) + Number(offset ?? 0);
  return Number.isInteger(sum) ? sum : unknown("input", "the port is not a number");
}

/** The address of an interface; without one WildFly does not start, so that nothing is known of it. */
function addressOf(
  server: WildFlyServer,
  name: Text | undefined,
  around: Surroundings,
): { readonly value: Maybe<string>; readonly origins: readonly Origin[] } {
  const view = name === undefined ? undefined : server.interfaces.get(name.value);
  if (view === undefined) return { value: unknown("input", "the interface is not in the file"), origins: [] };
  const at = [fromPlace(view.element.startTag)];
  if (view.address === "any") return { value: "0.0.0.0", origins: at };
  if (view.address === "loopback") return { value: "127.0.0.1", origins: at };
  if (view.address === undefined)
    return {
      value: unknown("opaque", "the interface is chosen by criteria", view.element.startTag),
      origins: at,
    };
  const resolved = settle(view.address, around, view.element);
  const doubt = resolveExpressions(view.address, around.lookup).uses.find(
    (use) => use.outcome === "assumed-default",
  );
  // The default is loopback, and most servers are started with -b: nothing is guessed.
  if (doubt !== undefined)
    return {
      value: unknown("input", `whether the server is started with -b (${doubt.name}) is not known`),
      origins: resolved.origins,
    };
  return { value: map(resolved.value, (text) => normalAddress(text ?? "")), origins: resolved.origins };
}

function normalAddress(text: string): string {
  if (text === "localhost") return "127.0.0.1";
  return text === "::" || text === "[::]" ? "0.0.0.0" : text;
}

/** TLS of an Elytron context; listeners of older releases that name a security realm use Java's defaults. */
function contextTls(
  server: WildFlyServer,
  name: Text | undefined,
  around: Surroundings,
  owner: XmlElement,
): { readonly tls: Tls; readonly origins: Port["origins"] } {
  const context = name === undefined ? undefined : server.sslContexts.get(name.value);
  const element = context ?? owner;
  const read = (attribute: string): Value => settle(xmlAttribute(element, attribute)?.value, around, element);
  const [need, want, protocols, filter] = [
    read("need-client-auth"),
    read("want-client-auth"),
    read("protocols"),
    read("cipher-suite-filter"),
  ];
  const verify = read("verify-client");
  return {
    tls: {
      mode: "on",
      encrypts: map(filter.value, (text) => text === null || !/NULL/.test(text)),
      minVersion: map(protocols.value, (text) =>
        text === null ? "TLSv1.2" : (oldestProtocol(text.split(/[\s,]+/)) ?? null),
      ),
      ciphers: null,
      cipherVerdict: map(filter.value, filterVerdict),
      clientCertificate: clientCertificate(need.value, want.value, verify.value),
    },
    origins: {
      "/tls/mode": [fromPlace(owner.startTag)],
      "/tls/minVersion": protocols.origins,
      "/tls/cipherVerdict": filter.origins,
      "/tls/encrypts": filter.origins,
      "/tls/clientCertificate": need.value === null ? want.origins : need.origins,
    },
  };
}

function clientCertificate(
  need: Maybe<string | null>,
  want: Maybe<string | null>,
  verify: Maybe<string | null>,
): Tls["clientCertificate"] {
  if (verify === "REQUIRED" || need === "true") return "required";
  if (isUnknown(need)) return need;
  if (isUnknown(want)) return want;
  return want === "true" || verify === "REQUESTED" ? "optional" : "none";
}

/** Elytron's filter keeps OpenSSL's words; DEFAULT leaves out anonymous, NULL and export suites. */
function filterVerdict(filter: string | null): "strong" | "acceptable" | "weak" | "broken" {
  if (filter === null || filter === "DEFAULT") return "acceptable";
  if (/(?:^|[:+])(?:ALL|COMPLEMENTOFDEFAULT|e?NULL|aNULL|EXP(?:ORT)?|LOW|RC4|DES)(?:$|[:+])/.test(filter))
    return "broken";
  return /3DES|MEDIUM|SHA1?(?:$|:)/.test(filter) ? "weak" : "acceptable";
}
