/** The clients of a Keycloak realm export: how they log in, where they lead to, and their secrets. */
import type { ClientFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { and, map } from "../../facts/unknown.ts";
import { at, member, type ObjectTree } from "../../sources/tree.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { flag, holdsRole, list, textSetting, writtenList, writtenText } from "./realm-settings.ts";
import { type Secret, secretOf } from "./secrets.ts";

/** Clients that Keycloak makes for itself: no site writes them. */
const builtin = new Set([
  "account",
  "account-console",
  "admin-cli",
  "broker",
  "realm-management",
  "security-admin-console",
]);

/** The fact about a client that is not one of Keycloak's own. */
export function clientFact(
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

/** The secret with which a client shows itself at the identity provider. */
export function clientSecrets(
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
  return [secretOf(secret.text, `client ${name}: secret`, purpose, name, around)];
}
