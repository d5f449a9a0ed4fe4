/** Secrets that manifests hold as objects of their own: verdicts, never their text. */
import type { Deployment, HeldSecret } from "../../deployment/model.ts";
import type { Fact, SecretFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { locate, type Place, placeKey } from "../../text/text.ts";
import { judgePassword } from "../passwords.ts";
import { isNoSecret, isSecretName, placesOf, secretRanges } from "../secret-names.ts";

/** One fact for each value that is a password, a key or a token, unless it is told of the container that takes it. */
export function heldSecretFacts(
  { secrets = [] }: Deployment,
  others: readonly Fact[],
): readonly SecretFact[] {
  const told = new Set(others.flatMap((fact) => (fact.kind === "secret" ? placesOfFact(fact) : [])));
  return secrets.flatMap(factsOf).filter((fact) => !placesOfFact(fact).some((place) => told.has(place)));
}

function placesOfFact({ origins }: SecretFact): readonly string[] {
  return (origins["/verdict"] ?? []).flatMap((origin) =>
    origin.kind === "place" ? placeKey(origin.at) : [],
  );
}

/** Ranges that reports mask: all of them, whatever the key is called. */
export function heldSecretPlaces({ secrets = [] }: Deployment): readonly Place[] {
  return secrets.flatMap(({ value }) => placesOf(value));
}

function factsOf({ name, key, value }: HeldSecret): readonly SecretFact[] {
  const isKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(value.value);
  const whole = isSecretName(key.replaceAll(/[-.]/gu, "_")) && !isNoSecret(value.value);
  const isFile = value.value.includes("\n") && value.value.length > 200;
  const [inside] = isFile ? [] : secretRanges(value.value);
  if (!isKey && !(whole && !isFile) && inside === undefined) return [];
  const password = inside === undefined ? value.value : value.value.slice(inside.start, inside.end);
  const origins = [fromPlace(locate(value, 0, value.value.length))];
  return [
    {
      kind: "secret",
      id: `secret/${name}/${key}`,
      path: `${name}/${key}`,
      verdict: isKey ? "literal" : judgePassword(inside?.user ?? null, password.trim()),
      purpose: `${key} of the Secret ${name}`,
      heldBy: "secret",
      origins: { "": origins, "/verdict": origins },
    },
  ];
}
