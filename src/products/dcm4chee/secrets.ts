/** Pins, passwords and client secrets that a configuration holds, judged without being said. */
import type { PasswordVerdict, SecretFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { Place, Text } from "../../text/text.ts";
import { locate, slice } from "../../text/text.ts";
import { judgePassword } from "../passwords.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { resolveExpressions, unresolved } from "./expressions.ts";
import { type ConfigObject, partsOf } from "./model.ts";
import { originsOf, written } from "./settings.ts";

/** A secret that stands in a configuration. */
export interface Secret {
  readonly path: string;
  readonly verdict: Maybe<PasswordVerdict>;
  readonly purpose: string;
  readonly origins: readonly Origin[];
  /** Where its text stands, to be masked; absent when only a reference does. */
  readonly place?: Place;
}

/** Judges the text of a secret: a reference is as good as what it stands for. */
export function judgeSecret(text: Text, name: string | null, around: Surroundings): Maybe<PasswordVerdict> {
  const { text: value, uses } = resolveExpressions(text, around.lookup);
  const hole = unresolved(value);
  if (uses.length === 0 && hole !== undefined) return unknown("input", hole.reason);
  if (uses.length === 0) return isHashed(value.value) ? "reference" : judgePassword(name, value.value);
  // What holds while a variable is not set says nothing where nobody knows whether it is.
  const assumed = uses.find((use) => use.outcome === "assumed-default");
  if (assumed !== undefined) return unknown("input", `whether ${assumed.name} is set is not known`);
  if (hole !== undefined)
    return uses.some((use) => use.outcome === "missing") ? unknown("input", hole.reason) : "reference";
  const verdict = judgePassword(name, value.value);
  return verdict === "literal" && uses.every((use) => use.outcome === "variable") ? "reference" : verdict;
}

/** Stored as a hash, as OpenLDAP and WildFly keep passwords: not judged. */
export function isHashed(value: string): boolean {
  return /^\{(?:S?SHA\d*|S?MD5|CRYPT|PBKDF2[^}]*|ARGON2)\}/i.test(value);
}

/** Whether a text is spelled out in the file, not referred to. */
export function isLiteral(text: Text): boolean {
  return !text.value.includes("${");
}

const deviceSecrets: Readonly<Record<string, string>> = {
  dcmKeyStorePin: "the key store of the archive",
  dcmKeyStoreKeyPin: "the private key of the archive",
  dcmTrustStorePin: "the trust store of the archive",
};

/** The secrets of a device: pins, client secrets, user passwords, credentials among properties and in URLs. */
export function deviceSecretsOf(device: ConfigObject, around: Surroundings): readonly Secret[] {
  // What the image brings along refers to variables, which are told themselves.
  if (device.by !== undefined) return [];
  const secrets: Secret[] = [];
  for (const [name, purpose] of Object.entries(deviceSecrets))
    secrets.push(...secretsIn(device, name, name, purpose, null, around));
  for (const client of partsOf(device, "keycloakClient")) {
    const path = `Keycloak client ${client.name}`;
    secrets.push(
      ...secretsIn(
        client,
        "dcmKeycloakClientSecret",
        `${path}: dcmKeycloakClientSecret`,
        `the client ${client.name} at Keycloak`,
        client.name,
        around,
      ),
    );
    const user = written(client, "uid")?.values[0]?.text.value ?? null;
    secrets.push(
      ...secretsIn(client, "userPassword", `${path}: userPassword`, `a user at Keycloak`, user, around),
    );
  }
  for (const part of [...partsOf(device, "storage"), ...partsOf(device, "exporter")])
    secrets.push(...propertySecrets(part, around));
  for (const connection of partsOf(device, "connection")) secrets.push(...proxySecrets(connection));
  return secrets;
}

function secretsIn(
  object: ConfigObject,
  attribute: string,
  path: string,
  purpose: string,
  name: string | null,
  around: Surroundings,
): readonly Secret[] {
  return (written(object, attribute)?.values ?? []).map((value) =>
    inObject(object, secretOf(value.text, path, purpose, name, around)),
  );
}

/** The secret that a text of a configuration is; what is spelled out there has to be masked. */
export function secretOf(
  text: Text,
  path: string,
  purpose: string,
  name: string | null,
  around: Surroundings,
): Secret {
  const where = locate(text, 0, text.value.length);
  const secret = { path, purpose, origins: [fromPlace(where)], verdict: judgeSecret(text, name, around) };
  return isLiteral(text) && text.value !== "" ? { ...secret, place: where.at } : secret;
}

/** What the image brings along stands in no file. */
function inObject(object: ConfigObject, secret: Secret): Secret {
  if (object.by === undefined) return secret;
  const { place: _, ...told } = secret;
  return { ...told, origins: originsOf(object) };
}

/** `credential=…` and the like among the properties of a storage or exporter. */
function propertySecrets(object: ConfigObject, around: Surroundings): readonly Secret[] {
  return (written(object, "dcmProperty")?.values ?? []).flatMap((value) => {
    const match = /^([^=]*(?:credential|password|secret|passphrase|pin)[^=]*)=/i.exec(value.text.value);
    if (match === null) return [];
    const text = slice(value.text, match[0].length, value.text.value.length);
    return [
      inObject(
        object,
        secretOf(text, `${object.name}: ${match[1]}`, `the ${object.role} ${object.name}`, null, around),
      ),
    ];
  });
}

/** `user:password@host` of a proxy. */
function proxySecrets(connection: ConfigObject): readonly Secret[] {
  return (written(connection, "dcmHTTPProxy")?.values ?? []).flatMap((value): Secret[] => {
    const match = /^([^:@]+):([^@]+)@/.exec(value.text.value);
    if (match === null || !isLiteral(value.text)) return [];
    const start = (match[1] ?? "").length + 1;
    const where = locate(value.text, start, start + (match[2] ?? "").length);
    const verdict = judgePassword(match[1] ?? null, match[2] ?? "");
    return [
      {
        path: `${connection.name}: dcmHTTPProxy`,
        purpose: "the HTTP proxy",
        verdict,
        origins: [fromPlace(where)],
        place: where.at,
      },
    ];
  });
}

/** The facts about secrets. */
export function secretFacts(secrets: readonly Secret[], around: Surroundings): readonly SecretFact[] {
  return secrets.map((secret) => ({
    kind: "secret",
    ...factBase(around, "secret", secret.path),
    path: secret.path,
    verdict: secret.verdict,
    purpose: secret.purpose,
    origins: { "": secret.origins, "/verdict": secret.origins },
  }));
}
