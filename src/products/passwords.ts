/** Says what can be said of a password without saying it. */
import credentialData from "../../data/default-credentials.json" with { type: "json" };
import type { PasswordVerdict } from "../facts/facts.ts";

const credentials = credentialData.credentials;

const pairs = new Set(credentials.map((entry) => `${entry.username.toLowerCase()}\n${entry.password}`));
const passwords = new Set(
  credentials.map((entry) => entry.password).filter((password) => password.length > 0),
);

/** Words that only ever stand for a password that somebody forgot to choose. */
const placeholder =
  /^(?:change[-_ ]?(?:me|it|this)|password\d*|passw0rd|pass|secret|admin|test|demo|changeme\d*|default|example|your[-_ ]?password|123456\d*|qwerty|xxx+|todo|insecure|letmein|foobar|hello|public)!?$/iu;

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
