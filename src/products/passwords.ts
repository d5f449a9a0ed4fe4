/** Says what can be said of a password without saying it. */
import credentialData from "../../data/default-credentials.json" with { type: "json" };
import type { PasswordVerdict } from "../facts/facts.ts";

const credentials = credentialData.credentials;

const pairs = new Set(credentials.map((entry) => `${entry.username.toLowerCase()}\n${entry.password}`));
const passwords = new Set(
  credentials.map((entry) => entry.password).filter((password) => password.length > 0),
);

/** Words that only ever stand for a password that somebody forgot to choose. */
const placeholder = /^(?:123456\d*|xxx+|foobar)!?$/iu;

/**
 * Words that passwords are made of when nobody chose one: what samples and instructions write, and names of what the password
 * is for. One made of these alone, with up to four digits or signs behind, is among the first that are tried.
 */
const emptyWords: ReadonlySet<string> = new Set(
  `change changed changeit changeme replace replaceme enter insert set please put use
  me it this that the an my your our new own to be in for of and with here now before after on
  password passwords passwort passwd passphrase pass pwd contrasena contraseña senha secret secrets credential credentials
  key token value string random placeholder default example sample dummy temp temporary
  strong secure super safe very long good real complex insecure weak generated
  admin administrator root user username owner guest public login welcome hello letmein qwerty
  test testing demo dev develop development local prod production staging todo
  orthanc pacs dicom dcm dcm4chee ohif ris hospital clinic radiology
  postgres postgresql pg mysql mariadb mongo mongodb redis db database sql keycloak minio rabbitmq grafana`.split(
    /\s+/u,
  ),
);
const longestWord = Math.max(...[...emptyWords].map(({ length }) => length));

/** Whether a password says nothing but "a password": ChangeThisPassword, admin@123, your-secure-password-here. */
function isEmptyTalk(password: string): boolean {
  const spoken = password
    .toLowerCase()
    .replace(/[\d!@#$%&*._?+-]{0,4}$/u, "")
    .replaceAll("@", "a")
    .replaceAll("0", "o")
    .replaceAll("$", "s")
    .replace(/[\s<>_.!-]+/gu, "");
  return spoken.length >= 4 && spoken.length <= 60 && isMadeOfEmptyWords(spoken);
}

function isMadeOfEmptyWords(spoken: string): boolean {
  const ends = new Set([0]);
  for (let start = 0; start < spoken.length; start++) {
    if (!ends.has(start)) continue;
    for (let end = start + 1; end <= Math.min(spoken.length, start + longestWord); end++)
      if (emptyWords.has(spoken.slice(start, end))) ends.add(end);
  }
  return ends.has(spoken.length);
}

/** Whether a login works that a catalogue lists, or whose password is empty or equals the name. */
export function isGuessable(name: string, password: string): boolean {
  return (
    password === "" ||
    password.toLowerCase() === name.toLowerCase() ||
    pairs.has(`${name.toLowerCase()}\n${password}`)
  );
}

/** What is tried first for a user, the likeliest first: where only a hash is known, these can be compared with it. */
export function likelyPasswords(name: string): readonly string[] {
  const lower = name.toLowerCase();
  const published = credentials.filter(({ username }) => username.toLowerCase() === lower);
  return [...new Set([name, lower, ...published.map(({ password }) => password), "", ...usualPasswords])];
}

const usualPasswords = [
  "admin",
  "password",
  "orthanc",
  "changeme",
  "secret",
  "123456",
  "test",
  "demo",
  "pacs",
];

/** The verdict on a literal password of a user; `name` null where the secret belongs to no user. */
export function judgePassword(name: string | null, password: string): PasswordVerdict {
  if (password === "") return "empty";
  const user = name ?? "";
  if (
    pairs.has(`${user.toLowerCase()}\n${password}`) ||
    placeholder.test(password) ||
    passwords.has(password)
  )
    return "default";
  if (name !== null && isMadeOfName(password, user)) return "same-as-name";
  if (isEmptyTalk(password)) return "default";
  if (password.length < 8) return "short";
  return "literal";
}

/** The name, or the name with a few digits or signs behind it, which is what is tried after the published ones. */
function isMadeOfName(password: string, name: string): boolean {
  const rest = password.slice(name.length);
  return (
    password.toLowerCase().startsWith(name.toLowerCase()) &&
    (rest === "" || (name.length >= 3 && /^[\d!@#$%&*._-]{1,4}$/u.test(rest)))
  );
}
