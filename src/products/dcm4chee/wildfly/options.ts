/** Settings of WildFly that weaken a check: system properties, OIDC, management, web. */
import type { OptionFact } from "../../../facts/facts.ts";
import { isUnknown } from "../../../facts/unknown.ts";
import { type XmlElement, xmlAt, xmlAttribute, xmlChild } from "../../../sources/xml/tree.ts";
import type { Text } from "../../../text/text.ts";
import type { Surroundings } from "../archive.ts";
import { usesLdaps } from "../image-facts.ts";
import { optionOf } from "../policies.ts";
import { subsystem, type WildFlyServer } from "./server.ts";
import { settle } from "./sockets.ts";

/** The system properties that matter. */
export function propertyOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
  return server.systemProperties.flatMap(({ name, value }) => {
    if (!watched.includes(name)) return [];
    const fact = plainOption(`system-property.${name}`, value, server.root, null, around);
    return [/disableEndpointIdentification$/.test(name) ? { ...fact, read: usesLdaps(around) } : fact];
  });
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

/** How applications ask the identity provider. */
export function securedOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
  return server.secured.flatMap((secured) =>
    Object.entries(oidcDefaults).flatMap(([name, fallback]) => {
      const text = secured.setting(name);
      if (text === undefined && fallback === null) return [];
      const fact = plainOption(`oidc.${secured.name.value}.${name}`, text, secured.element, fallback, around);
      return [{ ...fact, catalogue: `oidc.*.${name}` }];
    }),
  );
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

/** How the management is guarded, and what it records. */
export function managementOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
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

/** What the web server believes of a proxy, and lets be kept. */
export function webOptions(server: WildFlyServer, around: Surroundings): readonly OptionFact[] {
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

function plainOption(
  path: string,
  text: Text | undefined,
  owner: XmlElement,
  fallback: string | null,
  around: Surroundings,
): OptionFact {
  const setting = settle(text, around, owner);
  const value = isUnknown(setting.value) ? setting.value : (setting.value ?? fallback);
  return optionOf(path, path, { value, isDefault: text === undefined, origins: setting.origins }, around);
}
