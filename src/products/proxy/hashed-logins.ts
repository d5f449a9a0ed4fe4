/**
 * Names with hashed passwords, as htpasswd writes them: whether one of the passwords that everybody tries fits. Nothing else
 * is said of them, and no hash leaves this file.
 *
 * Sources: httpd's "Password Formats"; ngx_crypt.c for the forms that nginx checks itself; crypt(5) for bcrypt.
 */
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import bcrypt from "bcryptjs";
import { type Maybe, or, unknown } from "../../facts/unknown.ts";
import { type Located, locate, type Text } from "../../text/text.ts";
import { likelyPasswords } from "../passwords.ts";

/** A name and the hash of its password. */
export interface HashedLogin {
  readonly name: string;
  readonly hash: string;
  /** Where the hash stands. */
  readonly at: Located;
}

/** What can be said of all logins that a proxy takes. */
export interface HashedLogins {
  /** One of them can be looked up or guessed. */
  readonly published: Maybe<boolean>;
  /** There are none: nobody gets in. */
  readonly nobody: boolean;
  /** The lines of those that can be guessed. */
  readonly at: readonly Located[];
}

/** The lines of a file of users: name, colon, hash; a comment behind a further colon. */
export function readHashedLogins(text: Text): readonly HashedLogin[] {
  const found: HashedLogin[] = [];
  for (const { index, 0: line } of text.value.matchAll(/[^\r\n]+/gu)) {
    const [, before = "", name = "", hash = ""] = /^(\s*)([^:#][^:]*):([^:\s]*)/u.exec(line) ?? [];
    if (name === "") continue;
    const start = index + before.length + name.length + 1;
    found.push({ name, hash, at: locate(text, start, start + hash.length) });
  }
  return found;
}

/** Tries what everybody tries. */
export function judgeHashedLogins(logins: readonly HashedLogin[]): HashedLogins {
  const verdicts = logins.map((login) => ({ login, published: isPublished(login) }));
  return {
    published: or(...verdicts.map(({ published }) => published)),
    nobody: logins.length === 0,
    at: verdicts.filter(({ published }) => published === true).map(({ login }) => login.at),
  };
}

function isPublished({ name, hash }: HashedLogin): Maybe<boolean> {
  const candidates = likelyPasswords(name);
  for (const [tried, candidate] of candidates.entries()) {
    const fits = matches(candidate, hash, tried);
    if (fits !== false) return fits;
  }
  return false;
}

const tooCostly = unknown("opaque", "the password is kept as a hash that takes long to try");

/** Rounds of hashing that are spent on one login, which is about a second. */
const budget = 2 ** 14;

function matches(password: string, hash: string, tried: number): Maybe<boolean> {
  if (hash.startsWith("{PLAIN}")) return hash.slice("{PLAIN}".length) === password;
  if (hash.startsWith("{SHA}")) return hash.slice("{SHA}".length) === base64(sha1(utf8ToBytes(password)));
  if (hash.startsWith("{SSHA}")) return matchesSalted(password, hash.slice("{SSHA}".length));
  const md5Crypt = /^(\$(?:apr1|1)\$)([^$]{0,8})\$([./0-9A-Za-z]{22})$/u.exec(hash);
  if (md5Crypt !== null) return cryptMd5(password, md5Crypt[1] ?? "", md5Crypt[2] ?? "") === hash;
  const rounds = /^\$2[abxy]\$(\d\d)\$[./0-9A-Za-z]{53}$/u.exec(hash)?.[1];
  if (rounds !== undefined)
    return (tried + 1) * 2 ** Number(rounds) > budget ? tooCostly : bcrypt.compareSync(password, hash);
  return tooCostly;
}

function matchesSalted(password: string, encoded: string): boolean {
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length <= 20) return false;
  const digest = sha1(concatBytes(utf8ToBytes(password), bytes.subarray(20)));
  return digest.every((byte, index) => byte === bytes[index]);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** MD5 crypt (Kamp, 1994), which Apache's htpasswd uses with a name of its own, "$apr1$". */
function cryptMd5(password: string, magic: string, salt: string): string {
  const key = utf8ToBytes(password);
  const salted = utf8ToBytes(salt);
  const inner = md5(concatBytes(key, salted, key));
  const parts = [key, utf8ToBytes(magic), salted, repeated(inner, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1)
    parts.push(bits % 2 === 1 ? new Uint8Array(1) : key.subarray(0, 1));
  let digest = md5(concatBytes(...parts));
  for (let round = 0; round < 1000; round++) {
    const odd = round % 2 === 1;
    digest = md5(
      concatBytes(
        odd ? key : digest,
        round % 3 === 0 ? none : salted,
        round % 7 === 0 ? none : key,
        odd ? digest : key,
      ),
    );
  }
  return `${magic}${salt}$${cryptText(digest)}`;
}

const none = new Uint8Array(0);

function repeated(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => bytes[index % bytes.length] ?? 0);
}

const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The order in which MD5 crypt writes the bytes of its digest, three at a time, six bits a letter. */
const cryptOrder = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const;

function cryptText(digest: Uint8Array): string {
  const at = (index: number) => digest[index] ?? 0;
  const groups = cryptOrder.map(([high, middle, low]) =>
    letters((at(high) << 16) | (at(middle) << 8) | at(low), 4),
  );
  return `${groups.join("")}${letters(at(11), 2)}`;
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => alphabet[(value >> (6 * index)) & 63]).join("");
}
