/**
 * A Keycloak realm export (`dcm4che-realm.json`): the realm, its clients, its users and its link to the directory.
 * Values are taken at import, with `${NAME}` (Keycloak on Quarkus) or `${env.NAME}` (16 and before) replaced.
 * Source: dcm4che-dockerfiles/keycloak-quarkus data/import/dcm4che-realm.json (Keycloak 25), Keycloak's RealmRepresentation.
 */
import type { Problem } from "../../deployment/model.ts";
import type { Fact, RealmFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, map } from "../../facts/unknown.ts";
import { readJson } from "../../sources/json.ts";
import { at, member, type ObjectTree } from "../../sources/tree.ts";
import type { Text } from "../../text/text.ts";
import { factBase, type Surroundings } from "./archive.ts";
import type { Lookup } from "./expressions.ts";
import type { DeviceProblem } from "./model.ts";
import { clientFact, clientSecrets } from "./realm-clients.ts";
import { flag, number, objectsIn, textSetting } from "./realm-settings.ts";
import { accountFact, bindSecrets, federationFact, userSecrets } from "./realm-users.ts";
import { type Secret, secretFacts } from "./secrets.ts";

/** What a realm file says. */
export interface RealmRead {
  readonly facts: readonly Fact[];
  readonly secrets: readonly Secret[];
  readonly problems: readonly DeviceProblem[];
  /** What was taken for granted, with its place. */
  readonly notes: readonly Problem[];
}

/** The major releases of Keycloak whose exports the facts are taken from: the images 16.1.1 to 26. */
const knownMajors = { first: 16, last: 26 } as const;

/** An export of another release may leave out, or hold, what is not known here: what is there is read all the same. */
function versionNote(realm: ObjectTree): readonly Problem[] {
  const version = member(realm, "keycloakVersion")?.value;
  if (version?.kind !== "string") return [];
  const major = Number(/^\d+/.exec(version.text.value)?.[0] ?? Number.NaN);
  if (major >= knownMajors.first && major <= knownMajors.last) return [];
  const name =
    version.text.value === "" ? "a release that it does not name" : `Keycloak ${version.text.value}`;
  return [
    {
      kind: "unresolved",
      message: `the realm was exported by ${name}, and is read as one of Keycloak ${knownMajors.first} to ${knownMajors.last}: what it leaves out may mean something else`,
      where: version,
    },
  ];
}

/** Parsed once for each file, whatever the number of releases that are considered. */
const parsed = new WeakMap<Text, ReturnType<typeof readJson>>();

function jsonOf(text: Text): ReturnType<typeof readJson> {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const read = readJson(text, "strict");
  parsed.set(text, read);
  return read;
}

/** The realms of a file, as they are written: one, or a list. */
export function realmTrees(text: Text): readonly ObjectTree[] {
  const { root } = jsonOf(text);
  if (root?.kind === "object") return [root];
  return objectsIn(root);
}

/** Reads a realm, or a list of realms. */
export function readRealms(text: Text, around: Surroundings): RealmRead {
  const { errors } = jsonOf(text);
  const realms = realmTrees(text);
  const surroundings = { ...around, lookup: bothForms(around.lookup) };
  const read = realms.map((realm) => readRealm(realm, surroundings));
  return {
    facts: read.flatMap((realm) => realm.facts),
    secrets: read.flatMap((realm) => realm.secrets),
    problems: errors.map((error) => ({ kind: "syntax", ...error })),
    notes: realms.flatMap(versionNote),
  };
}

/** `${NAME}` and `${env.NAME}` name the same variable. */
function bothForms(lookup: Lookup): Lookup {
  return (name) => (name.startsWith("env.") ? lookup(name) : lookup(`env.${name}`));
}

function readRealm(
  realm: ObjectTree,
  around: Surroundings,
): { readonly facts: readonly Fact[]; readonly secrets: readonly Secret[] } {
  const superRole = textOf(around.lookup("SUPER_USER_ROLE"), "root");
  const clients = objectsIn(at(realm, ["clients"]));
  const users = objectsIn(at(realm, ["users"]));
  const federations = objectsIn(at(realm, ["components", "org.keycloak.storage.UserStorageProvider"]));
  const secrets = [
    ...clients.flatMap((client) => clientSecrets(client, users, superRole, around)),
    ...federations.flatMap((component) => bindSecrets(component, around)),
    ...users.flatMap((user) => userSecrets(user, superRole, around)),
  ];
  return {
    facts: [
      realmFact(realm, around),
      ...clients.flatMap((client) => clientFact(client, users, superRole, around)),
      ...users.flatMap((user) => accountFact(user, around)),
      ...federations.flatMap((component) => federationFact(component, around)),
      ...secretFacts(secrets, around),
    ],
    secrets,
  };
}

function textOf(found: ReturnType<Lookup>, fallback: string): string {
  return found.state === "set" ? found.value.value : fallback;
}

function realmFact(realm: ObjectTree, around: Surroundings): RealmFact {
  const name = textSetting(realm, "realm", null, around);
  const ssl = textSetting(realm, "sslRequired", "external", around);
  const brute = flag(realm, "bruteForceProtected", false, around);
  const policy = textSetting(realm, "passwordPolicy", null, around);
  const events = flag(realm, "eventsEnabled", false, around);
  const adminEvents = flag(realm, "adminEventsEnabled", false, around);
  const registration = flag(realm, "registrationAllowed", false, around);
  const token = number(realm, "accessTokenLifespan", 300, around);
  const idle = number(realm, "ssoSessionIdleTimeout", 1800, around);
  return {
    kind: "realm",
    ...factBase(around, "realm", isUnknown(name.value) ? "realm" : (name.value ?? "realm")),
    product: "keycloak",
    name: map(name.value, (text) => text ?? ""),
    sslRequired: map(
      ssl.value,
      (text): "all" | "external" | "none" =>
        sslModes.find((mode) => mode === text?.toLowerCase()) ?? "external",
    ),
    bruteForceProtected: brute.value,
    passwordPolicy: map(policy.value, (text) => text !== null && text !== ""),
    loginEventsStored: events.value,
    adminEventsStored: adminEvents.value,
    selfRegistration: registration.value,
    accessTokenSeconds: token.value,
    sessionIdleSeconds: idle.value,
    holdsPrivateKey: privateKeys(realm).length > 0,
    origins: {
      "": name.origins,
      "/name": name.origins,
      "/sslRequired": ssl.origins,
      "/bruteForceProtected": brute.origins,
      "/passwordPolicy": policy.origins,
      "/loginEventsStored": events.origins,
      "/adminEventsStored": adminEvents.origins,
      "/selfRegistration": registration.origins,
      "/accessTokenSeconds": token.origins,
      "/sessionIdleSeconds": idle.origins,
      "/holdsPrivateKey": privateKeys(realm),
    },
  };
}

const sslModes = ["all", "external", "none"] as const;

/** Private keys in the components of newer exports, or in the realm itself in older ones. */
function privateKeys(realm: ObjectTree): readonly Origin[] {
  const own = member(realm, "privateKey")?.value;
  const components = objectsIn(at(realm, ["components", "org.keycloak.keys.KeyProvider"]));
  const keys = components.flatMap((component) => at(component, ["config", "privateKey"]) ?? []);
  return [...(own === undefined ? [] : [own]), ...keys]
    .filter((tree) => tree.kind === "string" || tree.kind === "array")
    .map((tree) => fromPlace(tree));
}
