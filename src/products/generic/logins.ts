/**
 * The logins that an image makes, as its variables set them.
 * Sources: the images' documentation and start scripts, named for each image in data/images.json.
 */
import type { ImageLogin } from "../../deployment/images/catalogue.ts";
import type { PasswordVerdict } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, type Unknown, unknown } from "../../facts/unknown.ts";
import { isGuessable, judgePassword } from "../passwords.ts";
import { atLeast, before } from "../version.ts";
import { type Found, fileText, firstVariable, type Given, hidesVariables, variable } from "./given.ts";

/** A login of an image at one release. */
export interface Login {
  readonly purpose: string;
  readonly name: Maybe<string>;
  /** Whether there is such an account. */
  readonly exists: Maybe<boolean>;
  /** Whether a password is asked for; false: whoever comes is let in. */
  readonly asked: Maybe<boolean>;
  readonly password: Maybe<PasswordVerdict>;
  /** Everybody can look it up: the image makes it, a catalogue lists it, it is empty or the name. */
  readonly published: Maybe<boolean>;
  readonly createdBy: "image" | "variable";
  /** The container does not start, because no password is set: names of the variables that would set it. */
  readonly refused: readonly string[] | null;
  readonly origins: readonly Origin[];
}

/** Variables that stand for a password without holding it: none can be guessed. */
const unguessable = /_RANDOM_|_HASH$/u;
const fileVariable = /_FILE$/u;

/** Older names of variables, and those that copies of an image use. */
const userAliases: Readonly<Record<string, readonly string[]>> = {
  MARIADB_USER: ["MYSQL_USER"],
  POSTGRES_USER: ["POSTGRESQL_USERNAME", "POSTGRESQL_USER"],
  MONGO_INITDB_ROOT_USERNAME: ["MONGODB_ROOT_USER"],
  MINIO_ROOT_USER: ["MINIO_ACCESS_KEY"],
  KEYCLOAK_ADMIN: ["KEYCLOAK_ADMIN_USER"],
};

/** The logins of the image that hold at this release. */
export function loginsOf(given: Given): readonly Login[] {
  const { version } = given;
  return (given.image?.logins ?? [])
    .filter(
      ({ from, below }) =>
        (from === undefined || atLeast(version, from)) && (below === undefined || before(version, below)),
    )
    .map((login) => loginOf(given, login));
}

function loginOf(given: Given, login: ImageLogin): Login {
  const found = firstVariable(given, login.passwordVariables);
  const { userVariable } = login;
  const names = userVariable === null ? [] : [userVariable, ...(userAliases[userVariable] ?? [])];
  const user = firstVariable(given, names);
  const name = user?.value ?? login.user;
  const base = { purpose: login.purpose, name, refused: null };
  if (found !== undefined) {
    const judgement = passwordOf(given, found, name);
    return {
      ...base,
      ...judgement,
      exists: true,
      asked: true,
      createdBy: "variable",
      origins: found.origins,
    };
  }
  if (hidesVariables(given))
    return {
      ...base,
      ...undecided(login, hidden(given)),
      createdBy: "variable",
      origins: [absence(given, hidden(given).reason)],
    };
  return { ...base, ...withoutVariable(given, login, name) };
}

/** Why a variable that cannot be seen may be set. */
export function hidden({ service }: Given): Unknown {
  const { unseen } = service.environment;
  const why = unseen === undefined ? "" : `: ${unseen}`;
  return unknown("input", `variables of the container stand in a file that was not given${why}`);
}

function undecided(
  { without }: ImageLogin,
  unseen: Unknown,
): Pick<Login, "exists" | "asked" | "password" | "published"> {
  return { exists: unseen, asked: without === "open" ? unseen : true, password: unseen, published: unseen };
}

/** What a text says of a password, and whether the login as a whole is one that everybody can look up. */
export interface Judged {
  readonly password: Maybe<PasswordVerdict>;
  readonly published: Maybe<boolean>;
}

/** The verdicts on a password that is written out. */
export function judged(name: Maybe<string>, password: string): Judged {
  const user = isUnknown(name) ? null : name;
  const published = isGuessable(user ?? "", password) || isGuessable("", password);
  return { password: judgePassword(user, password), published };
}

/** A password that nobody can look up, or of which nothing is known. */
export function unjudged(password: Maybe<PasswordVerdict>): Judged {
  return { password, published: isUnknown(password) ? password : false };
}

/** What a password variable comes to; a file's content is read where it can be seen. */
function passwordOf(given: Given, found: Found, name: Maybe<string>): Judged {
  if (unguessable.test(found.name)) return unjudged("reference");
  if (isUnknown(found.value)) return unjudged(found.value);
  if (!fileVariable.test(found.name)) return judged(name, found.value);
  const text = fileText(given, found.value);
  if (text === undefined)
    return unjudged(unknown("input", `the file ${found.value} is not part of the input`));
  return judged(name, text.value.replace(/\s+$/u, ""));
}

type Outcome = Omit<Login, "purpose" | "name">;

/** What holds when no variable sets the password. */
function withoutVariable(given: Given, login: ImageLogin, name: Maybe<string>): Outcome {
  const product = given.image?.name ?? "the image";
  const [first] = login.passwordVariables;
  const byImage = login.without === "default" || login.without === "open";
  const because = first === undefined ? "" : `, because ${first} is not set`;
  const origins: readonly Origin[] = [
    byImage
      ? fromPlace(
          given.container.imageAt,
          `${login.without === "open" ? "asks for no password" : "brings a password along that everybody can look up"}${because}`,
        )
      : absence(given, first === undefined ? `set by the image of ${product}` : `${first} is not set`),
  ];
  const outcome = { exists: true, asked: true, createdBy: "image", refused: null, origins } as const;
  switch (login.without) {
    case "default":
      return { ...outcome, ...judged(name, login.password ?? ""), published: true };
    case "open":
      return { ...outcome, exists: false, asked: false, ...unjudged("empty") };
    case "none":
      return { ...outcome, exists: false, ...unjudged("reference") };
    case "random":
      return { ...outcome, ...unjudged("reference") };
    case "refuses":
      return { ...outcome, exists: false, ...unjudged("reference"), refused: login.passwordVariables };
    default:
      return login.without satisfies never;
  }
}

/** What is not there belongs to the container as a whole. */
export function absence(given: Given, by: string): Origin {
  const at = given.service.at?.at;
  return { kind: "absent", by, ...(at === undefined ? {} : { belongs: at }) };
}

/** A variable that takes the login away, when it has one of the values that do. */
export function openingOf(given: Given): Found | undefined {
  const { version } = given;
  for (const opening of given.image?.openedBy ?? []) {
    if (opening.from !== undefined && !atLeast(version, opening.from)) continue;
    if (opening.below !== undefined && !before(version, opening.below)) continue;
    const found = variable(given, opening.variable);
    if (found === undefined || found.value === "") continue;
    if (isUnknown(found.value)) return found;
    const value = found.value.toLowerCase();
    if (opening.values.some((listed) => listed === "*" || listed.toLowerCase() === value)) return found;
  }
  return undefined;
}
