/** Users and groups of the archive as LDIF: accounts with the passwords that the file gives them. */
import type { Problem, Service } from "../../deployment/model.ts";
import type { AccountFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { locate, type Text } from "../../text/text.ts";
import { judgePassword } from "../passwords.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import { type Directory, type DirectoryEntry, entryName, entryValues, objectClasses } from "./directory.ts";
import { dnKey } from "./dn.ts";
import { isHashed, isLiteral, judgeSecret, type Secret } from "./secrets.ts";

const people = ["inetorgperson", "person", "account", "simplesecurityobject"];

interface User {
  readonly entry: DirectoryEntry;
  readonly password: Text;
}

/** Looked for once in each directory, whatever the number of releases that are considered. */
const found = new WeakMap<Directory, readonly User[]>();

/** The entries that are people with a password. */
function usersOf(directory: Directory): readonly User[] {
  const known = found.get(directory);
  if (known !== undefined) return known;
  const users: User[] = [];
  for (const entry of directory.entries.values()) {
    const [password] = entryValues(entry, "userpassword");
    if (password === undefined) continue;
    const classes = objectClasses(entry);
    if (people.some((name) => classes.has(name))) users.push({ entry, password });
  }
  found.set(directory, users);
  return users;
}

/** The groups that name a user, by their own names. */
function groupsOf(directory: Directory, user: DirectoryEntry): readonly string[] {
  return [...directory.entries.values()].flatMap((entry) =>
    entryValues(entry, "member").some((text) => dnKey(text.value) === user.key) ? [entryName(entry)] : [],
  );
}

/** The accounts; whether a login with one is asked for depends on the archive's variant. */
export function accountFacts(
  directory: Directory,
  around: Surroundings,
  usable: Maybe<boolean> = unknown("opaque", "whether the archive asks for a login"),
): readonly AccountFact[] {
  return usersOf(directory).map(({ entry, password }) => {
    const name = entryName(entry);
    const at = locate(password, 0, password.value.length);
    return {
      kind: "account",
      ...factBase(around, "account", name),
      name,
      password: isHashed(password.value)
        ? unknown("opaque", "the password is kept as a hash, which is not judged", at)
        : judgeSecret(password, name, around),
      createdBy: "file",
      usable,
      reach: unknown("input", "from where the login can be reached"),
      purpose: purposeOf(groupsOf(directory, entry)),
      origins: { "": [fromPlace(entry.at)], "/password": [fromPlace(at)], "/name": [fromPlace(entry.at)] },
    };
  });
}

/** Passwords that are kept as hashes, told once: whether they are guessable cannot be seen. */
export function hashNotes(directory: Directory): readonly Problem[] {
  const hashed = usersOf(directory).filter(({ password }) => isHashed(password.value));
  const [first] = hashed;
  if (first === undefined) return [];
  const others = hashed.length === 1 ? "" : ` and ${hashed.length - 1} more`;
  return [
    {
      kind: "unresolved",
      message: `the password of ${entryName(first.entry)}${others} is kept as a hash, which is not judged`,
      where: locate(first.password, 0, first.password.value.length),
    },
  ];
}

/**
 * The users that the directory's image makes; no variable changes their password (default-users.ldif:14,22,30).
 * `directory` is the service that runs the image.
 */
export function stockUsers(
  directory: Service,
  around: Surroundings,
  usable: Maybe<boolean> = unknown("opaque", "whether the archive asks for a login"),
): readonly AccountFact[] {
  const { variables } = directory.environment;
  if (variables.has("LDAP_INIT_USERS") || variables.has("SKIP_INIT_CONFIG")) return [];
  const at = directory.container?.imageAt ?? directory.at;
  return stockNames.map(([variable, fallback]): AccountFact => {
    const set = variables.get(variable)?.value;
    const name: Maybe<string> =
      set === undefined && !directory.environment.complete
        ? unknown("input", `${variable} is not known`)
        : (set?.value ?? fallback);
    const origins = [unset(at, "its image makes this user at the first start")];
    return {
      kind: "account",
      ...factBase(around, "account", variable),
      name,
      password: judgePassword(isUnknown(name) ? null : name, "changeit"),
      createdBy: "image",
      usable,
      reach: unknown("input", "from where the login can be reached"),
      purpose:
        variable === "SUPER_USER"
          ? "archive and WildFly console, may do everything"
          : "archive, may manage users and their roles",
      origins: { "": origins, "/password": origins, "/name": origins },
    };
  });
}

const stockNames = [
  ["SUPER_USER", "root"],
  ["ADMIN_USER", "admin"],
  ["REGULAR_USER", "user"],
] as const;

/** Membership in manage-users lets a user give itself any role (T24). */
function purposeOf(groups: readonly string[]): string {
  const may = groups.includes("root")
    ? ", may do everything"
    : groups.includes("manage-users")
      ? ", may manage users and their roles"
      : "";
  return groups.includes("ADMINISTRATOR") ? `archive and WildFly console${may}` : `archive${may}`;
}

/** Where the passwords stand. */
export function userSecrets(directory: Directory, around: Surroundings): readonly Secret[] {
  return usersOf(directory).flatMap(({ entry, password }) => {
    if (!isLiteral(password)) return [];
    const where = locate(password, 0, password.value.length);
    const name = entryName(entry);
    return [
      {
        path: `user ${name}: userPassword`,
        purpose: `user ${name} of the archive`,
        verdict: judgeSecret(password, name, around),
        origins: [fromPlace(where)],
        place: where.at,
      },
    ];
  });
}

/** Users with a password that everybody can look up. */
export function defaultUsers(facts: readonly AccountFact[]): readonly AccountFact[] {
  return facts.filter((fact) => hasDefaultUser([fact]) === true);
}

/** Whether a user has a password that everybody can look up. */
export function hasDefaultUser(facts: readonly AccountFact[]): Maybe<boolean> {
  return facts.some(
    (fact) => fact.password === "default" || fact.password === "empty" || fact.password === "same-as-name",
  );
}
