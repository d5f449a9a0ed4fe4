/** What a WildFly configuration says besides its ports: data sources, secrets, OIDC settings, switches of the management. */
import type { DatabaseFact, Fact, IneffectiveFact, OptionFact, WebAppFact } from "../../../facts/facts.ts";
import { fromPlace, labelled } from "../../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../../facts/unknown.ts";
import { type XmlElement, xmlAt, xmlAttribute, xmlChild, xmlChildren } from "../../../sources/xml/tree.ts";
import { locate, type Text } from "../../../text/text.ts";
import { factBase, type Surroundings } from "../archive.ts";
import { resolveExpressions } from "../expressions.ts";
import { usesLdaps } from "../image-facts.ts";
import { type Secret, secretOf } from "../secrets.ts";
import { subsystem, type WildFlyServer } from "./server.ts";
import { settle, type Value } from "./sockets.ts";

/** The facts of a configuration. */
export function wildflyFacts(server: WildFlyServer, around: Surroundings): readonly Fact[] {
  return [
    ...server.datasources.flatMap((source) => databaseFact(server, source, around)),
    ...propertyOptions(server, around),
    ...securedOptions(server, around),
    ...managementOptions(server, around),
    ...webOptions(server, around),
    ...invokers(server, around),
    ...deploymentMismatch(server, around),
  ];
}

function option(
  path: string,
  catalogue: string,
  setting: Value,
  value: unknown,
  around: Surroundings,
  isDefault: boolean,
): OptionFact {
  return {
    kind: "option",
    ...factBase(around, "option", path),
    path,
    catalogue,
    value: isUnknown(setting.value) ? setting.value : value,
    isDefault,
    read: true,
    security: true,
    issue: null,
    origins: { "": setting.origins, "/value": setting.origins },
  };
}

function plainOption(
  path: string,
  text: Text | undefined,
  owner: XmlElement,
  fallback: string | null,
  around: Surroundings,
): OptionFact {
  const setting = settle(text, around, owner);
  return option(
    path,
    path,
    setting,
    isUnknown(setting.value) ? null : (setting.value ?? fallback),
    around,
    text === undefined,
  );
}

/** System properties that switch checks off, or lead the user interface and the archive elsewhere. */
const watched = [
  "com.sun.jndi.ldap.object.disableEndpointIdentification",
  "javax.xml.featureSecureProcessing",
  "javax.xml.accessExternalStylesheet",
  "auth-server-url",
  "allow-any-hostname",
  "disable-trust-manager",
  "ssl-required",
  "auth-user-role",
  "super-user-role",
];

function propertyOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
  return server.systemProperties.flatMap(({ name, value }) => {
    if (!watched.includes(name)) return [];
    const fact = plainOption(`system-property.${name}`, value, server.root, null, around);
    return [/disableEndpointIdentification$/.test(name) ? { ...fact, read: usesLdaps(around) } : fact];
  });
}

/** Settings of OIDC that weaken the check of the identity provider; defaults of elytron-oidc-client 2.0. */
const oidcDefaults: Readonly<Record<string, string | null>> = {
  "provider-url": null,
  "auth-server-url": null,
  "ssl-required": "external",
  "allow-any-hostname": "false",
  "disable-trust-manager": "false",
  "enable-cors": "false",
  "principal-attribute": null,
  "verify-token-audience": "false",
};

function securedOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
  return server.secured.flatMap((secured) =>
    Object.entries(oidcDefaults).flatMap(([name, fallback]) => {
      const text = secured.setting(name);
      if (text === undefined && fallback === null) return [];
      const fact = plainOption(`oidc.${secured.name.value}.${name}`, text, secured.element, fallback, around);
      return [{ ...fact, catalogue: `oidc.*.${name}` }];
    }),
  );
}

function managementOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
  const logger = xmlAt(server.root, ["management", "audit-log", "logger"]);
  const access = xmlAt(server.root, ["management", "access-control"]);
  const families = ["health", "metrics", "microprofile-health-smallrye", "microprofile-metrics-smallrye"];
  return [
    ...(logger === undefined
      ? []
      : [
          plainOption(
            "management.audit-log.enabled",
            xmlAttribute(logger, "enabled")?.value,
            logger,
            "true",
            around,
          ),
        ]),
    ...(access === undefined
      ? []
      : [
          plainOption(
            "management.access-control.provider",
            xmlAttribute(access, "provider")?.value,
            access,
            "simple",
            around,
          ),
        ]),
    ...families.flatMap((family) => {
      const element = subsystem(server.root, family);
      return element === undefined
        ? []
        : [
            plainOption(
              `${family}.security-enabled`,
              xmlAttribute(element, "security-enabled")?.value,
              element,
              "true",
              around,
            ),
          ];
    }),
  ];
}

function webOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
  const forwarding = server.listeners.map((listener) => {
    const fact = plainOption(
      `${listener.type}-listener.${listener.name}.proxy-address-forwarding`,
      xmlAttribute(listener.element, "proxy-address-forwarding")?.value,
      listener.element,
      "false",
      around,
    );
    return { ...fact, catalogue: `${listener.type}-listener.*.proxy-address-forwarding` };
  });
  const undertow = subsystem(server.root, "undertow(?::[a-z]+)?");
  const container = undertow && xmlChild(undertow, "servlet-container");
  if (container === undefined) return forwarding;
  return [
    ...forwarding,
    plainOption(
      "servlet-container.disable-caching-for-secured-pages",
      xmlAttribute(container, "disable-caching-for-secured-pages")?.value,
      container,
      "true",
      around,
    ),
  ];
}

/** `/wildfly-services`: calls of enterprise beans over HTTP, open without a factory for the login. */
function invokers(server: WildFlyServer, around: Surroundings): readonly WebAppFact[] {
  const undertow = subsystem(server.root, "undertow(?::[a-z]+)?");
  if (undertow === undefined) return [];
  return xmlChildren(undertow, "server").flatMap((element) =>
    xmlChildren(element, "host").flatMap((host) =>
      xmlChildren(host, "http-invoker").map((invoker): WebAppFact => {
        const login =
          xmlAttribute(invoker, "http-authentication-factory") ?? xmlAttribute(invoker, "security-realm");
        const origins = [fromPlace(login ?? invoker.startTag)];
        return {
          kind: "webApp",
          ...factBase(around, "webApp", "/wildfly-services"),
          context: "/wildfly-services",
          login: login === undefined ? "none" : "digest",
          methodsBypass: false,
          transportGuarantee: false,
          administrative: true,
          origins: { "": origins, "/login": origins },
        };
      }),
    ),
  );
}

/** A name of another release is attached to nothing: the settings below it do not protect (T31). */
function deploymentMismatch(server: WildFlyServer, around: Surroundings): readonly IneffectiveFact[] {
  const release = /^\d+\.\d+\.\d+/.exec(around.version)?.[0];
  if (release === undefined) return [];
  return server.secured.flatMap((secured): IneffectiveFact[] => {
    const named = /-(\d+\.\d+\.\d+)(?:-[a-z]+)*-secure\.war$/.exec(secured.name.value)?.[1];
    if (named === undefined || named === release) return [];
    const origins = [fromPlace(locate(secured.name, 0, secured.name.value.length))];
    return [
      {
        kind: "ineffective",
        ...factBase(around, "ineffective", `secure-deployment/${secured.name.value}`),
        path: `secure-deployment ${secured.name.value}`,
        because: `it names ${named}, and ${release} runs: the login settings are attached to nothing`,
        looksSafe: true,
        origins: { "": origins, "/because": origins },
      },
    ];
  });
}

/** The archive's own data source; ExampleDS is an in-memory database that nobody reaches (F10). */
function databaseFact(
  server: WildFlyServer,
  source: WildFlyServer["datasources"][number],
  around: Surroundings,
): readonly DatabaseFact[] {
  const url = settled(source.url, around, source.element);
  const text = isUnknown(url.value) || url.value === null ? "" : url.value;
  if (/^jdbc:h2:mem:/.test(source.url?.value ?? "") || server.datasources.length === 0) return [];
  const engine = /^jdbc:(\w+)/.exec(source.url?.value ?? "")?.[1] ?? "";
  const host = /^jdbc:\w+:\/\/([^:/?]+)/.exec(text)?.[1] ?? null;
  return [
    {
      kind: "database",
      ...factBase(around, "database", source.name),
      engine:
        engine === "postgresql" ? "postgres" : engine === "mysql" || engine === "mariadb" ? "mysql" : "other",
      used: map(settle(source.enabled, around, source.element).value, (flag) => flag !== "false"),
      // In a container a name without a dot is another container of the same host.
      local: map(
        url.value,
        () =>
          host !== null &&
          (/^(?:localhost|127\.|\[?::1)/.test(host) || (around.inContainer && !host.includes("."))),
      ),
      tls: map(url.value, (value) => databaseTls(value ?? "")),
      origins: {
        "": url.origins,
        "/local": url.origins,
        "/tls": url.origins.map((origin) => labelled(origin, "the connection")),
      },
    },
  ];
}

/** A value that holds only while a variable is not set says nothing where nobody knows whether it is. */
function settled(text: Text | undefined, around: Surroundings, owner: XmlElement): Value {
  const value = settle(text, around, owner);
  const doubt =
    text === undefined
      ? undefined
      : resolveExpressions(text, around.lookup).uses.find((use) => use.outcome === "assumed-default");
  return doubt === undefined
    ? value
    : { ...value, value: unknown("input", `whether ${doubt.name} is set is not known`) };
}

/** Parameters of the JDBC drivers: PostgreSQL's default "prefer" falls back to clear text without a word. */
export function databaseTls(url: string): "off" | "unverified" | "verified" {
  const mode = /[?&](?:sslmode|sslMode)=([\w-]+)/i.exec(url)?.[1]?.toLowerCase();
  if (mode === "verify-full" || mode === "verify_identity") return "verified";
  if (
    mode === "require" ||
    mode === "verify-ca" ||
    mode === "required" ||
    mode === "verify_ca" ||
    mode === "trust"
  )
    return "unverified";
  return /[?&]ssl=true/i.test(url) && mode === undefined ? "unverified" : "off";
}

/** Passwords in the configuration. */
export function wildflySecrets(server: WildFlyServer, around: Surroundings): readonly Secret[] {
  const secrets = server.datasources.flatMap((source) => {
    if (source.password === undefined || source.name === "ExampleDS") return [];
    const user = settle(source.user, around, source.element).value;
    return [
      secretOf(
        source.password,
        `datasource ${source.name}: password`,
        "the database",
        isUnknown(user) ? null : user,
        around,
      ),
    ];
  });
  const elytron = subsystem(server.root, "elytron(?::[a-z]+)?");
  const references = elytron === undefined ? [] : credentialReferences(elytron);
  const stores = references.map(({ owner, text }) =>
    secretOf(text, `${owner}: credential`, `the ${owner}`, null, around),
  );
  const clients = server.secured.flatMap((secured) =>
    clientSecret(secured.element, secured.name.value, around),
  );
  return [...secrets, ...stores, ...clients];
}

function credentialReferences(
  element: XmlElement,
): readonly { readonly owner: string; readonly text: Text }[] {
  const found: { owner: string; text: Text }[] = [];
  const pending: XmlElement[] = [element];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const reference = xmlChild(current, "credential-reference");
    const text = reference && xmlAttribute(reference, "clear-text")?.value;
    if (text !== undefined)
      found.push({
        owner: `${current.name} ${xmlAttribute(current, "name")?.value.value ?? ""}`.trim(),
        text,
      });
    pending.push(...xmlChildren(current));
  }
  return found;
}

function clientSecret(element: XmlElement, name: string, around: Surroundings): readonly Secret[] {
  return xmlChildren(element, "credential").flatMap((credential) => {
    const text = xmlAttribute(credential, "secret")?.value;
    return text === undefined
      ? []
      : [
          secretOf(
            text,
            `oidc ${name}: secret`,
            `the client of ${name} at the identity provider`,
            null,
            around,
          ),
        ];
  });
}

/** Whether the console asks the identity provider for the login: a secure-server, or a deployment of that name. */
export function consoleUsesOidc(server: WildFlyServer): Maybe<boolean> {
  return server.secured.some((secured) => secured.kind === "secure-server");
}
