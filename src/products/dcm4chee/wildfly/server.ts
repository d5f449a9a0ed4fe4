/**
 * WildFly's standalone.xml as a typed view: what is written, with expressions still in it. Elements are found by name and by
 * the family of their namespace, so that every release that dcm4chee-arc 5 shipped on (WildFly 10 to 39) reads alike.
 */
import {
  type XmlElement,
  xmlAt,
  xmlAttribute,
  xmlChild,
  xmlChildren,
  xmlText,
} from "../../../sources/xml/tree.ts";
import type { Located, Text } from "../../../text/text.ts";

/** A server configuration. */
export interface WildFlyServer {
  readonly root: XmlElement;
  readonly systemProperties: readonly { readonly name: string; readonly value: Text }[];
  readonly interfaces: ReadonlyMap<string, InterfaceView>;
  readonly bindings: ReadonlyMap<string, BindingView>;
  readonly defaultInterface: Text | undefined;
  readonly portOffset: Text | undefined;
  readonly listeners: readonly ListenerView[];
  readonly management: readonly ManagementView[];
  readonly sslContexts: ReadonlyMap<string, XmlElement>;
  readonly secured: readonly SecuredView[];
  readonly datasources: readonly DatasourceView[];
  readonly deployments: readonly { readonly name: Text; readonly at: Located }[];
}

/** An interface: the addresses that a port is opened on. */
export interface InterfaceView {
  readonly element: XmlElement;
  readonly address: Text | "any" | "loopback" | undefined;
}

/** A socket binding: a port on an interface. */
export interface BindingView {
  readonly element: XmlElement;
  readonly port: Text | undefined;
  readonly interfaceName: Text | undefined;
  readonly fixed: boolean;
}

/** A listener of the web server. */
export interface ListenerView {
  readonly element: XmlElement;
  readonly type: "http" | "https" | "ajp";
  readonly name: string;
  readonly binding: Text | undefined;
  /** False by `enabled="false"`, which WildFly 10 to 16 know. */
  readonly enabled: Text | undefined;
}

/** An interface of the management. */
export interface ManagementView {
  readonly element: XmlElement;
  readonly type: "http" | "native";
  readonly http: Text | undefined;
  readonly https: Text | undefined;
  /** The login of the interface: a factory of Elytron, or a security realm of the releases before. */
  readonly login: Text | undefined;
}

/** A deployment, or the console, that a token of an identity provider protects. */
export interface SecuredView {
  readonly element: XmlElement;
  readonly kind: "secure-deployment" | "secure-server";
  readonly name: Text;
  readonly subsystem: "keycloak" | "elytron-oidc-client";
  /** A setting of its own, or of the provider or realm that it names. */
  readonly setting: (name: string) => Text | undefined;
}

/** A connection to a database. */
export interface DatasourceView {
  readonly element: XmlElement;
  readonly name: string;
  readonly url: Text | undefined;
  readonly user: Text | undefined;
  readonly password: Text | undefined;
  readonly enabled: Text | undefined;
}

/** The view of a configuration. */
export function readServer(root: XmlElement): WildFlyServer {
  const group = xmlChild(root, "socket-binding-group");
  return {
    root,
    systemProperties: nested(root, ["system-properties"], "property").flatMap((element) => {
      const value = xmlAttribute(element, "value")?.value;
      return value === undefined ? [] : [{ name: text(element, "name") ?? "", value }];
    }),
    interfaces: new Map(
      nested(root, ["interfaces"], "interface").map((element) => [
        text(element, "name") ?? "",
        interfaceView(element),
      ]),
    ),
    bindings: new Map(
      (group === undefined ? [] : xmlChildren(group, "socket-binding")).map((element) => [
        text(element, "name") ?? "",
        bindingView(element),
      ]),
    ),
    defaultInterface: group && xmlAttribute(group, "default-interface")?.value,
    portOffset: group && xmlAttribute(group, "port-offset")?.value,
    listeners: listenersOf(root),
    management: managementOf(root),
    sslContexts: sslContextsOf(root),
    secured: securedOf(root),
    datasources: datasourcesOf(root),
    deployments: nested(root, ["deployments"], "deployment").flatMap((element) => {
      const name = xmlAttribute(element, "runtime-name")?.value ?? xmlAttribute(element, "name")?.value;
      return name === undefined ? [] : [{ name, at: element.startTag }];
    }),
  };
}

/** The subsystem of a family, such as "undertow", whatever its version and maturity ("community:14.0"). */
export function subsystem(root: XmlElement, family: string): XmlElement | undefined {
  const pattern = new RegExp(`^urn:(?:jboss:domain|wildfly):${family}:`);
  const profile = xmlChild(root, "profile");
  return profile && xmlChildren(profile, "subsystem").find((element) => pattern.test(element.namespace));
}

function text(element: XmlElement, name: string): string | undefined {
  return xmlAttribute(element, name)?.value.value;
}

function nested(root: XmlElement, path: readonly string[], name: string): readonly XmlElement[] {
  const parent = xmlAt(root, path);
  return parent === undefined ? [] : xmlChildren(parent, name);
}

function interfaceView(element: XmlElement): InterfaceView {
  const address = xmlChild(element, "inet-address") ?? xmlChild(element, "loopback-address");
  const value = address && xmlAttribute(address, "value")?.value;
  if (value !== undefined) return { element, address: value };
  if (
    xmlChild(element, "any-address") ??
    xmlChild(element, "any-ipv4-address") ??
    xmlChild(element, "any-ipv6-address")
  )
    return { element, address: "any" };
  return { element, address: xmlChild(element, "loopback") === undefined ? undefined : "loopback" };
}

function bindingView(element: XmlElement): BindingView {
  return {
    element,
    port: xmlAttribute(element, "port")?.value,
    interfaceName: xmlAttribute(element, "interface")?.value,
    fixed: text(element, "fixed-port") === "true",
  };
}

function listenersOf(root: XmlElement): readonly ListenerView[] {
  const undertow = subsystem(root, "undertow(?::[a-z]+)?");
  if (undertow === undefined) return [];
  return xmlChildren(undertow, "server").flatMap((server) =>
    (["http", "https", "ajp"] as const).flatMap((type) =>
      xmlChildren(server, `${type}-listener`).map(
        (element): ListenerView => ({
          element,
          type,
          name: text(element, "name") ?? type,
          binding: xmlAttribute(element, "socket-binding")?.value,
          enabled: xmlAttribute(element, "enabled")?.value,
        }),
      ),
    ),
  );
}

function managementOf(root: XmlElement): readonly ManagementView[] {
  const interfaces = xmlAt(root, ["management", "management-interfaces"]);
  if (interfaces === undefined) return [];
  return (["http", "native"] as const).flatMap((type) =>
    xmlChildren(interfaces, `${type}-interface`).map((element): ManagementView => {
      const binding = xmlChild(element, "socket-binding");
      const factory = type === "http" ? "http-authentication-factory" : "sasl-authentication-factory";
      return {
        element,
        type,
        http: binding && xmlAttribute(binding, type === "http" ? "http" : "native")?.value,
        https: binding && xmlAttribute(binding, "https")?.value,
        login: (xmlAttribute(element, factory) ?? xmlAttribute(element, "security-realm"))?.value,
      };
    }),
  );
}

function sslContextsOf(root: XmlElement): ReadonlyMap<string, XmlElement> {
  const elytron = subsystem(root, "elytron(?::[a-z]+)?");
  const contexts = elytron && xmlAt(elytron, ["tls", "server-ssl-contexts"]);
  return new Map(
    (contexts === undefined ? [] : xmlChildren(contexts, "server-ssl-context")).map((element) => [
      text(element, "name") ?? "",
      element,
    ]),
  );
}

function securedOf(root: XmlElement): readonly SecuredView[] {
  return (["keycloak", "elytron-oidc-client"] as const).flatMap((family) => {
    const element = subsystem(root, family);
    if (element === undefined) return [];
    return (["secure-deployment", "secure-server"] as const).flatMap((kind) =>
      xmlChildren(element, kind).flatMap((secured): SecuredView[] => {
        const name = xmlAttribute(secured, "name")?.value;
        return name === undefined
          ? []
          : [{ element: secured, kind, name, subsystem: family, setting: settingOf(element, secured) }];
      }),
    );
  });
}

function settingOf(subsystemElement: XmlElement, secured: XmlElement): (name: string) => Text | undefined {
  const shared = (["provider", "realm"] as const).flatMap((name) => {
    const reference = xmlChild(secured, name);
    if (reference === undefined) return [];
    const wanted = xmlText(reference).value;
    return xmlChildren(subsystemElement, name).filter((element) => text(element, "name") === wanted);
  });
  return (name) => {
    for (const owner of [secured, ...shared]) {
      const child = xmlChild(owner, name);
      if (child !== undefined) return xmlText(child);
    }
    return undefined;
  };
}

function datasourcesOf(root: XmlElement): readonly DatasourceView[] {
  const element = subsystem(root, "datasources");
  const list = element && xmlChild(element, "datasources");
  if (list === undefined) return [];
  return [...xmlChildren(list, "datasource"), ...xmlChildren(list, "xa-datasource")].map((source) => {
    const security = xmlChild(source, "security");
    const url = xmlChild(source, "connection-url");
    // WildFly 10 has user-name and password as elements, later releases as attributes.
    const part = (name: string): Text | undefined => {
      if (security === undefined) return undefined;
      const child = xmlChild(security, name);
      return xmlAttribute(security, name)?.value ?? (child && xmlText(child));
    };
    return {
      element: source,
      name: text(source, "pool-name") ?? "",
      url: url && xmlText(url),
      user: part("user-name"),
      password: part("password"),
      enabled: xmlAttribute(source, "enabled")?.value,
    };
  });
}
