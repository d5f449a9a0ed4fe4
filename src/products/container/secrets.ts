/** Secrets that a manifest itself holds: verdicts, never their text. */
import type { Container, Service } from "../../deployment/model.ts";
import type { SecretFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { base64Text } from "../../sources/base64.ts";
import type { Place, Text } from "../../text/text.ts";
import { holeIn, isKnown, locate, textAt } from "../../text/text.ts";
import { judgePassword } from "../passwords.ts";
import { isNoSecret, isSecretName, placesOf, secretRanges } from "../secret-names.ts";

type HeldBy = NonNullable<SecretFact["heldBy"]>;

interface Held {
  readonly heldBy: HeldBy;
  readonly path: string;
  readonly purpose: string;
  readonly user: string | null;
  /** Just the secret. */
  readonly value: string;
  readonly place: Origin;
  readonly places: readonly Place[];
  /** It is written out where the manifest stands, not put in from elsewhere. */
  readonly inline: boolean;
}

type Base = Pick<Held, "heldBy" | "path" | "purpose">;

/** Products whose own readers make secrets of their variables. */
const readElsewhere: readonly string[] = ["orthanc", "dcm4chee"];

/** One fact for each secret of a container's manifest. */
export function containerSecretFacts(service: Service, container: Container): readonly SecretFact[] {
  const facts = new Map<string, SecretFact>();
  for (const held of heldSecrets(service, container)) {
    if (held.heldBy === "variable" && readElsewhere.includes(service.product)) continue;
    const fact = secretFact(service, held);
    if (!facts.has(fact.id)) facts.set(fact.id, fact);
  }
  return [...facts.values()];
}

/** Ranges that reports mask. */
export function containerSecretPlaces(service: Service): readonly Place[] {
  const { container } = service;
  return container === undefined ? [] : heldSecrets(service, container).flatMap(({ places }) => places);
}

function secretFact(service: Service, held: Held): SecretFact {
  const verdict = judgePassword(held.user, held.value);
  const origins = [held.place];
  return {
    kind: "secret",
    id: `${service.name}/secret/${held.heldBy}/${held.path}`,
    service: service.name,
    product: service.product,
    path: held.path,
    verdict: held.inline ? verdict : "reference",
    purpose: held.purpose,
    heldBy: held.heldBy,
    origins: { "": origins, "/verdict": origins },
  };
}

function heldSecrets(service: Service, container: Container): readonly Held[] {
  const command = [...(container.entrypoint ?? []), ...(container.command ?? [])];
  return [
    ...container.variables.flatMap(({ name, value }) => [
      ...wholeValue(service, container, name, value),
      ...parts(value, {
        heldBy: "variable",
        path: name,
        purpose: `the address in ${name} of ${service.name}`,
      }),
    ]),
    ...wordSecrets(command, {
      heldBy: "command",
      path: "command",
      purpose: `the command line of ${service.name}`,
    }),
    ...wordSecrets(container.healthCheck, {
      heldBy: "health-check",
      path: "healthcheck",
      purpose: `the health check of ${service.name}`,
    }),
    ...container.labels.flatMap(({ name, value }) =>
      parts(value, { heldBy: "label", path: name, purpose: `the label ${name}` }),
    ),
  ];
}

/** A variable whose name says that it holds a secret. */
function wholeValue(service: Service, container: Container, name: string, value: Text): readonly Held[] {
  if (!isSecretName(name) || value.value === "" || !isKnown(value) || isNoSecret(value.value)) return [];
  const login = container.recognised?.logins.find(({ passwordVariables }) =>
    passwordVariables.includes(name),
  );
  const named =
    login?.userVariable == null
      ? undefined
      : container.variables.find((variable) => variable.name === login.userVariable);
  return [
    {
      heldBy: "variable",
      path: name,
      purpose: login === undefined ? `${name} of ${service.name}` : `${login.purpose} of ${service.name}`,
      user: named?.value.value ?? login?.user ?? null,
      ...held(value, 0, value.value.length),
      places: placesOf(value),
    },
  ];
}

/** A word after a flag counts too: `--requirepass`, then the password; `-u`, then user and password. */
function wordSecrets(words: readonly Text[], base: Base): readonly Held[] {
  return words.flatMap((word, index): readonly Held[] => {
    const flag = words[index - 1]?.value ?? "";
    const { value } = word;
    const pair = /^(?:-u|--user)$/u.test(flag) ? /^([\w.@-]+):([^${}]+)$/u.exec(value) : null;
    if (pair !== null)
      return [{ ...base, user: pair[1] ?? null, ...held(word, value.indexOf(":") + 1, value.length) }];
    const isPassword =
      /^--?(?:requirepass|password|admin-password|pass)$/u.test(flag) && /^[^-$]/u.test(value);
    if (isPassword && isKnown(word)) return [{ ...base, user: null, ...held(word, 0, value.length) }];
    return parts(word, base);
  });
}

function parts(text: Text, base: Base): readonly Held[] {
  // What a variable puts in that nobody has set stands nowhere in the manifest.
  const written = secretRanges(text.value).filter(({ start, end }) => holeIn(text, start, end) === undefined);
  return written.map(({ start, end, user }) => ({
    ...base,
    user,
    ...held(text, start, end),
    ...basicLogin(text.value, start, end),
  }));
}

/** The user and the password of `Authorization: Basic …`. */
function basicLogin(value: string, start: number, end: number): Partial<Pick<Held, "user" | "value">> {
  if (!/\bbasic\s+$/iu.test(value.slice(0, start))) return {};
  const decoded = base64Text(textAt(value.slice(start, end), { at: { file: "", start, end } }))?.value ?? "";
  const colon = decoded.indexOf(":");
  return colon < 0 ? {} : { user: decoded.slice(0, colon), value: decoded.slice(colon + 1) };
}

function held(text: Text, start: number, end: number): Pick<Held, "value" | "place" | "places" | "inline"> {
  const found = locate(text, start, end);
  return {
    value: text.value.slice(start, end),
    place: fromPlace(found),
    places: [found.at],
    inline: isInline(text, start, end),
  };
}

/** What a variable of an env file puts in is not written into the manifest; a default after ":-" is. A pipe brings manifests. */
function isInline(text: Text, start: number, end: number): boolean {
  const { file } = locate(text, start, end).at;
  return /\.ya?ml$|\.json$|\.tpl$|dockerfile[^/]*$|^stdin$/iu.test(file);
}
