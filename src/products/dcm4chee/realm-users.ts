/** Who logs in to a Keycloak realm: users with passwords in the export, and the directory that it takes others from. */
import type { AccountFact, Fact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { map, unknown } from "../../facts/unknown.ts";
import { at, member, type ObjectTree } from "../../sources/tree.ts";
import { locate, type Text } from "../../text/text.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { linkFact } from "./ldap-properties.ts";
import {
  firstText,
  flag,
  holdsRole,
  objectsIn,
  textSetting,
  writtenList,
  writtenText,
} from "./realm-settings.ts";
import { judgeSecret, type Secret, secretOf } from "./secrets.ts";
/** The password with which a realm logs in at its directory. */
export function bindSecrets(component: ObjectTree, around: Surroundings): readonly Secret[] {
  const credential = firstText(component, "bindCredential");
  return credential === undefined || /^\*+$/.test(credential.value)
    ? []
    : [secretOf(credential, "LDAP federation: bindCredential", "the directory", null, around)];
}

/** How a realm uses its directory. */
export function federationFact(component: ObjectTree, around: Surroundings): readonly Fact[] {
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

/** A user of a realm, for each password that the file holds. */
export function accountFact(user: ObjectTree, around: Surroundings): readonly AccountFact[] {
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

/** The passwords of a user of a realm. */
export function userSecrets(user: ObjectTree, superRole: string, around: Surroundings): readonly Secret[] {
  const name = writtenText(user, "username", around);
  const highest = holdsRole(writtenList(user, "realmRoles", around).value, superRole);
  const purpose = `the user ${name} of the realm${highest ? ", who may do everything" : ""}`;
  return passwordsOf(user).map((text) => secretOf(text, `user ${name}: password`, purpose, name, around));
}
