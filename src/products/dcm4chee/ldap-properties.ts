/** `ldap.properties`: how the archive reaches its directory (JNDI; LdapArchiveConfigurationFactory.java:77, 5.35.0). */
import type { DirectoryLinkFact, Fact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, map, unknown } from "../../facts/unknown.ts";
import { type PropertiesResult, property } from "../../sources/properties.ts";
import { locate, type Text } from "../../text/text.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { resolveExpressions, unresolved } from "./expressions.ts";
import { isLiteral, judgeSecret, type Secret, secretFacts } from "./secrets.ts";

/** A link to a directory, as a client configures it. */
export interface LinkInput {
  readonly name: string;
  readonly url: Text | undefined;
  readonly principal: Text | undefined;
  readonly hostnameVerified: { readonly value: Maybe<boolean>; readonly origins: readonly Origin[] };
}

/** The facts of the file. */
export function ldapPropertiesFacts(result: PropertiesResult, around: Surroundings): readonly Fact[] {
  const link = linkFact(
    {
      name: "ldap.properties",
      url: property(result, "java.naming.provider.url")?.value,
      principal: property(result, "java.naming.security.principal")?.value,
      hostnameVerified: endpointIdentification(around),
    },
    around,
  );
  return [...link, ...secretFacts(ldapSecrets(result, around), around)];
}

/** The administrator's password in the file. */
export function ldapSecrets(result: PropertiesResult, around: Surroundings): readonly Secret[] {
  const password = property(result, "java.naming.security.credentials")?.value;
  if (password === undefined) return [];
  const where = locate(password, 0, password.value.length);
  const secret: Secret = {
    path: "java.naming.security.credentials",
    purpose: "the directory",
    verdict: judgeSecret(password, null, around),
    origins: [fromPlace(where)],
  };
  return isLiteral(password) && password.value !== "" ? [{ ...secret, place: where.at }] : [secret];
}

/** Off in every image: LDAP_DISABLE_HOSTNAME_VERIFICATION is "true" unless it is set (T20). */
function endpointIdentification(around: Surroundings): LinkInput["hostnameVerified"] {
  const found = around.lookup("com.sun.jndi.ldap.object.disableEndpointIdentification");
  if (found.state === "set") {
    const origins = found.value.pieces
      .slice(0, 1)
      .map(
        ({ at }): Origin =>
          found.by === "image" ? { kind: "absent", by: "set by the image" } : fromPlace({ at }),
      );
    return { value: found.value.value.trim() !== "true", origins };
  }
  const value = found.state === "unset" ? true : unknown("input", found.reason);
  return { value, origins: [{ kind: "absent", by: "default of Java" }] };
}

/** The fact about a link. */
export function linkFact(input: LinkInput, around: Surroundings): readonly DirectoryLinkFact[] {
  if (input.url === undefined) return [];
  const url = settled(input.url, around);
  const principal = input.principal === undefined ? null : settled(input.principal, around);
  const urlOrigins = [fromPlace(locate(input.url, 0, input.url.value.length))];
  return [
    {
      kind: "directoryLink",
      ...factBase(around, "directoryLink", input.name),
      scheme: map(url, (text) => (text.trim().toLowerCase().startsWith("ldaps:") ? "ldaps" : "ldap")),
      local: map(url, (text) => /^ldaps?:\/\/(?:localhost|127\.|\[::1\])/i.test(text.trim())),
      hostnameVerified: input.hostnameVerified.value,
      asAdministrator:
        principal === null ? false : map(principal, (text) => /^cn=admin\b/i.test(text.trim())),
      origins: {
        "": urlOrigins,
        "/scheme": urlOrigins,
        "/local": urlOrigins,
        "/hostnameVerified": input.hostnameVerified.origins,
        "/asAdministrator":
          input.principal === undefined
            ? []
            : [fromPlace(locate(input.principal, 0, input.principal.value.length))],
      },
    },
  ];
}

function settled(text: Text, around: Surroundings): Maybe<string> {
  const resolved = resolveExpressions(text, around.lookup).text;
  const hole = unresolved(resolved);
  if (hole === undefined) return resolved.value;
  // The scheme alone decides much: it is known when it stands before the hole.
  return /^ldaps?:\/\//i.test(resolved.value) ? resolved.value : unknown("input", hole.reason);
}
