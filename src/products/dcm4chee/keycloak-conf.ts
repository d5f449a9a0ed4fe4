/** `keycloak.conf` and `quarkus.properties`: Keycloak on Quarkus (README of dcm4che-dockerfiles/keycloak-quarkus; Keycloak 25). */
import type { Fact, OptionFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown, unknown } from "../../facts/unknown.ts";
import type { PropertiesResult } from "../../sources/properties.ts";
import { locate } from "../../text/text.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { resolveExpressions, unresolved } from "./expressions.ts";
import { isLiteral, judgeSecret, type Secret, secretFacts } from "./secrets.ts";

/** Settings that decide whether logins travel in clear text, and whose certificate is believed. */
const watched = [
  "http-enabled",
  "https-protocols",
  "https-client-auth",
  "proxy",
  "proxy-headers",
  "hostname-strict",
  "hostname-strict-https",
  "spi-truststore-file-hostname-verification-policy",
  "db-url",
];

/** The facts of the file. */
export function keycloakConfFacts(result: PropertiesResult, around: Surroundings): readonly Fact[] {
  const options = result.properties.flatMap((entry): OptionFact[] => {
    const name = entry.key.replace(/^kc\./, "");
    if (!watched.includes(name)) return [];
    const resolved = resolveExpressions(entry.value, around.lookup).text;
    const hole = unresolved(resolved);
    const origins = [fromPlace(entry)];
    const path = `keycloak.${name}`;
    return [
      {
        kind: "option",
        ...factBase(around, "option", path),
        product: "keycloak",
        path,
        catalogue: path,
        value: hole === undefined ? resolved.value : unknown("input", hole.reason),
        isDefault: false,
        read: true,
        security: true,
        issue: null,
        origins: { "": origins, "/value": origins },
      },
    ];
  });
  return [
    ...options,
    ...secretFacts(keycloakConfSecrets(result, around), around).map((fact) => ({
      ...fact,
      product: "keycloak" as const,
    })),
  ];
}

/** Passwords in the file. */
export function keycloakConfSecrets(result: PropertiesResult, around: Surroundings): readonly Secret[] {
  return result.properties.flatMap((entry): Secret[] => {
    if (!/password$/.test(entry.key)) return [];
    const where = locate(entry.value, 0, entry.value.value.length);
    const user =
      entry.key === "db-password"
        ? result.properties.find((other) => other.key === "db-username")?.value.value
        : undefined;
    const verdict = judgeSecret(entry.value, user ?? null, around);
    const secret: Secret = {
      path: `keycloak: ${entry.key}`,
      purpose: /^db/.test(entry.key) ? "the database of Keycloak" : "a key store of Keycloak",
      verdict,
      origins: [fromPlace(where)],
    };
    return isLiteral(entry.value) && entry.value.value !== "" && !isUnknown(verdict)
      ? [{ ...secret, place: where.at }]
      : [secret];
  });
}
