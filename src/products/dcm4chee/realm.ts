/**
 * A Keycloak realm export (`dcm4che-realm.json`): the realm, its clients, its users and its link to the directory.
 * Values are taken at import, with `${NAME}` (Keycloak on Quarkus) or `${env.NAME}` (16 and before) replaced.
 * Source: dcm4che-dockerfiles/keycloak-quarkus data/import/dcm4che-realm.json (Keycloak 25), Keycloak's RealmRepresentation.
 */
import type { AccountFact, ClientFact, Fact, RealmFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { readJson } from "../../sources/json.ts";
import { at, member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import { locate, type Text } from "../../text/text.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { type Lookup, resolveExpressions, unresolved } from "./expressions.ts";
import { linkFact } from "./ldap-properties.ts";
import type { DeviceProblem } from "./model.ts";
import { isLiteral, judgeSecret, type Secret, secretFacts } from "./secrets.ts";

/** What a realm file says. */
export interface RealmRead {
  readonly facts: readonly Fact[];
  readonly secrets: readonly Secret[];
  readonly problems: readonly DeviceProblem[];
}

interface Setting<T> {
  readonly value: Maybe<T>;
  readonly origins: readonly Origin[];
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

function objectsIn(tree: Tree | undefined): readonly ObjectTree[] {
  return tree?.kind === "array"
    ? tree.items.filter((item): item is ObjectTree => item.kind === "object")
    : [];
}

function absent<T>(owner: ObjectTree, value: T): Setting<T> {
  return { value, origins: [{ kind: "absent", belongs: owner.at, by: "default of Keycloak" }] };
}

/** A text with its variables replaced. */
function textSetting(
  owner: ObjectTree,
  key: string,
  fallback: string | null,
  around: Surroundings,
): Setting<string | null> {
  const value = member(owner, key)?.value;
  if (value === undefined || value.kind === "null") return absent(owner, fallback);
  if (value.kind === "unknown")
    return { value: unknown("input", value.hole.reason, value), origins: [fromPlace(value)] };
  if (value.kind !== "string")
    return {
      value: value.kind === "boolean" || value.kind === "number" ? String(value.value) : fallback,
      origins: [fromPlace(value)],
    };
  return { value: settle(value.text, around), origins: [fromPlace(value)] };
}

function settle(text: Text, around: Surroundings): Maybe<string> {
  const resolved = resolveExpressions(text, around.lookup).text;
  const hole = unresolved(resolved);
  return hole === undefined ? resolved.value : unknown("input", hole.reason);
}

function flag(owner: ObjectTree, key: string, fallback: boolean, around: Surroundings): Setting<boolean> {
  const setting = textSetting(owner, key, String(fallback), around);
  return { ...setting, value: map(setting.value, (text) => text === "true") };
}

function number(owner: ObjectTree, key: string, fallback: number, around: Surroundings): Setting<number> {
  const setting = textSetting(owner, key, String(fallback), around);
  if (isUnknown(setting.value)) return { ...setting, value: setting.value };
  const digits = /^\d+$/.test(setting.value ?? "")
    ? Number(setting.value)
    : unknown("input", `${key} is not a number`);
  return { ...setting, value: digits };
}

function list(owner: ObjectTree, key: string, around: Surroundings): Setting<readonly string[]> {
  const value = member(owner, key)?.value;
  if (value?.kind !== "array") return absent(owner, []);
  const texts = value.items.flatMap((item) => (item.kind === "string" ? [settle(item.text, around)] : []));
  const hole = texts.find((text) => isUnknown(text));
  const known = texts.filter((text): text is string => !isUnknown(text));
  const origins = value.items.length === 0 ? [fromPlace(value)] : value.items.map((item) => fromPlace(item));
  return { value: isUnknown(hole) && known.length === 0 ? hole : known, origins };
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

/** Clients that Keycloak makes for itself: no site writes them. */
const builtin = new Set([
  "account",
  "account-console",
  "admin-cli",
  "broker",
  "realm-management",
  "security-admin-console",
]);

function clientFact(
  client: ObjectTree,
  users: readonly ObjectTree[],
  superRole: string,
  around: Surroundings,
): readonly ClientFact[] {
  const id = {
    ...textSetting(client, "clientId", null, around),
    name: writtenText(client, "clientId", around),
  };
  if (builtin.has(id.name)) return [];
  const enabled = flag(client, "enabled", true, around);
  const isPublic = flag(client, "publicClient", false, around);
  const password = flag(client, "directAccessGrantsEnabled", false, around);
  const service = flag(client, "serviceAccountsEnabled", false, around);
  const redirects = list(client, "redirectUris", around);
  const origins = list(client, "webOrigins", around);
  const pkce = at(client, ["attributes", "pkce.code.challenge.method"]);
  const roles = serviceRoles(users, id.name, around);
  return [
    {
      kind: "client",
      ...factBase(around, "client", id.name),
      product: "keycloak",
      clientId: id.name,
      enabled: enabled.value,
      public: isPublic.value,
      passwordGrant: password.value,
      serviceAccount: service.value,
      superUser: and(service.value, holdsRole(roles.value, superRole)),
      openRedirect: map(redirects.value, (uris) => uris.some(isOpenRedirect)),
      plainRedirect: map(redirects.value, (uris) =>
        uris.some((uri) => /^http:\/\/(?!localhost\b|127\.|\[::1\])/i.test(uri)),
      ),
      anyOrigin: map(origins.value, (list) => list.includes("*")),
      pkce: pkce?.kind === "string" && pkce.text.value === "S256",
      origins: {
        "": id.origins,
        "/public": isPublic.origins,
        "/passwordGrant": password.origins,
        "/serviceAccount": service.origins,
        "/superUser": roles.origins.length > 0 ? roles.origins : service.origins,
        "/openRedirect": redirects.origins,
        "/plainRedirect": redirects.origins,
        "/anyOrigin": origins.origins,
        "/pkce": [
          pkce === undefined
            ? { kind: "absent", belongs: client.at, by: "default of Keycloak" }
            : fromPlace(pkce),
        ],
      },
    },
  ];
}

/** "*", or a star before the end of the host: others can register what it matches. */
function isOpenRedirect(uri: string): boolean {
  return uri === "*" || /^https?:\/\/\*/i.test(uri) || /^https?:\/\/[^/]*\*/i.test(uri);
}

/** A text with its variables replaced, or as it is written where one is not known: enough to compare and to name. */
function writtenText(owner: ObjectTree, key: string, around: Surroundings): string {
  const setting = textSetting(owner, key, null, around).value;
  if (typeof setting === "string") return setting;
  const value = member(owner, key)?.value;
  return value?.kind === "string" ? value.text.value : "";
}

function writtenList(
  owner: ObjectTree,
  key: string,
  around: Surroundings,
): { readonly value: readonly string[]; readonly origins: readonly Origin[] } {
  const value = member(owner, key)?.value;
  if (value?.kind !== "array") return { value: [], origins: [] };
  const texts = value.items.flatMap((item) => {
    if (item.kind !== "string") return [];
    const settled = settle(item.text, around);
    return [isUnknown(settled) ? item.text.value : settled];
  });
  return { value: texts, origins: value.items.map((item) => fromPlace(item)) };
}

function serviceRoles(
  users: readonly ObjectTree[],
  id: string,
  around: Surroundings,
): { readonly value: readonly string[]; readonly origins: readonly Origin[] } {
  const account = users.find((user) => {
    return writtenText(user, "serviceAccountClientId", around) === id;
  });
  return account === undefined ? { value: [], origins: [] } : writtenList(account, "realmRoles", around);
}

/** The highest role, by its name or by the variable that holds it. */
function holdsRole(roles: readonly string[], superRole: string): boolean {
  return roles.some((role) => role === superRole || /^\$\{(?:env\.)?SUPER_USER_ROLE\}$/.test(role));
}

function clientSecrets(
  client: ObjectTree,
  users: readonly ObjectTree[],
  superRole: string,
  around: Surroundings,
): readonly Secret[] {
  const secret = member(client, "secret")?.value;
  // A masked secret ("**********") is what Keycloak exports: it says nothing.
  if (secret?.kind !== "string" || /^\*+$/.test(secret.text.value)) return [];
  const name = writtenText(client, "clientId", around);
  const highest = holdsRole(serviceRoles(users, name, around).value, superRole);
  const purpose = `the client ${name}${highest ? ", whose service account may do everything" : ""}`;
  return [secretFrom(secret.text, `client ${name}: secret`, purpose, name, around)];
}

function bindSecrets(component: ObjectTree, around: Surroundings): readonly Secret[] {
  const credential = firstText(component, "bindCredential");
  return credential === undefined || /^\*+$/.test(credential.value)
    ? []
    : [secretFrom(credential, "LDAP federation: bindCredential", "the directory", null, around)];
}

function secretFrom(
  text: Text,
  path: string,
  purpose: string,
  name: string | null,
  around: Surroundings,
): Secret {
  const where = locate(text, 0, text.value.length);
  const secret: Secret = {
    path,
    purpose,
    verdict: judgeSecret(text, name, around),
    origins: [fromPlace(where)],
  };
  return isLiteral(text) && text.value !== "" ? { ...secret, place: where.at } : secret;
}

/** Values of a component's config are lists of one. */
function firstText(component: ObjectTree, key: string): Text | undefined {
  const value = at(component, ["config", key]);
  const item = value?.kind === "array" ? value.items[0] : value;
  return item?.kind === "string" ? item.text : undefined;
}

function federationFact(component: ObjectTree, around: Surroundings): readonly Fact[] {
  const usesStore = firstText(component, "useTruststoreSpi");
  const origins = usesStore === undefined ? [] : [fromPlace(locate(usesStore, 0, usesStore.value.length))];
  return linkFact(
    {
      name: "LDAP federation",
      url: firstText(component, "connectionUrl"),
      principal: firstText(component, "bindDn"),
      hostnameVerified: {
        value: unknown("input", "the host-name policy of Keycloak's trust store"),
        origins,
      },
    },
    around,
  ).map((fact) => ({ ...fact, product: "keycloak" as const }));
}

/** Users with a password of their own in the file. */
function passwordsOf(user: ObjectTree): readonly Text[] {
  return objectsIn(at(user, ["credentials"])).flatMap((credential) => {
    const value = member(credential, "value")?.value;
    return value?.kind === "string" ? [value.text] : [];
  });
}

function accountFact(user: ObjectTree, around: Surroundings): readonly AccountFact[] {
  const name = textSetting(user, "username", null, around).value;
  return passwordsOf(user).map(
    (text): AccountFact => ({
      kind: "account",
      ...factBase(around, "account", typeof name === "string" ? name : "user"),
      product: "keycloak",
      name: map(name, (value) => value ?? ""),
      password: judgeSecret(text, typeof name === "string" ? name : null, around),
      createdBy: "file",
      usable: flag(user, "enabled", true, around).value,
      reach: unknown("input", "from where Keycloak can be reached"),
      purpose: "realm of Keycloak",
      origins: { "": [fromPlace(user)], "/password": [fromPlace(locate(text, 0, text.value.length))] },
    }),
  );
}

function userSecrets(user: ObjectTree, superRole: string, around: Surroundings): readonly Secret[] {
  const name = writtenText(user, "username", around);
  const highest = holdsRole(writtenList(user, "realmRoles", around).value, superRole);
  const purpose = `the user ${name} of the realm${highest ? ", who may do everything" : ""}`;
  return passwordsOf(user).map((text) => secretFrom(text, `user ${name}: password`, purpose, name, around));
}
