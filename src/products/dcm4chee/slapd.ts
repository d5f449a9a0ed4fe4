/**
 * OpenLDAP's own configuration as LDIF (cn=config): what its access rules give to strangers and to users, where it
 * listens, and its passwords. Source: slapd.access(5) and slapd-config(5), OpenLDAP 2.5; the image's rules in
 * dcm4che-dockerfiles/slapd slapadd.sh:105-107.
 */
import type { DirectoryFact, Fact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { type Maybe, map, unknown } from "../../facts/unknown.ts";
import { locate, type Text } from "../../text/text.ts";
import type { Answer, Socket } from "../product.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { type Directory, type DirectoryEntry, entryValues } from "./directory.ts";
import { isLiteral, judgeSecret, type Secret, secretFacts } from "./secrets.ts";

/** One `to … by …` rule. */
interface AccessRule {
  readonly text: Text;
  readonly order: number;
  readonly what: string;
  readonly grants: readonly Grant[];
}

interface Grant {
  readonly who: readonly string[];
  readonly level: string;
  readonly control: (typeof controls)[number];
}

/** The databases of a configuration, without the configuration's own and the monitor. */
function directoryFacts(directory: Directory, around: Surroundings): readonly Fact[] {
  const databases = [...directory.entries.values()].filter(
    (entry) => entryValues(entry, "olcdatabase").length > 0 || /^olcdatabase=/.test(entry.key),
  );
  const shared = databases
    .filter((entry) => /^olcdatabase=(?:\{-1\})?frontend/.test(entry.key))
    .flatMap(rulesOf);
  const global = directory.entries.get("cn=config");
  return databases
    .filter((entry) => entryValues(entry, "olcsuffix").length > 0 || !entry.complete)
    .map((entry) => directoryFact(entry, shared, global, around));
}

/** The administrators' passwords. */
export function slapdSecrets(directory: Directory, around: Surroundings): readonly Secret[] {
  return [...directory.entries.values()].flatMap((entry) =>
    entryValues(entry, "olcrootpw").map((text): Secret => {
      const where = locate(text, 0, text.value.length);
      const admin = entryValues(entry, "olcrootdn")[0]?.value ?? "the administrator";
      const secret = {
        path: `${entry.dn}: olcRootPW`,
        purpose: `${admin} of the directory`,
        verdict: judgeSecret(text, null, around),
        origins: [fromPlace(where)],
      };
      return isLiteral(text) ? { ...secret, place: where.at } : secret;
    }),
  );
}

/** Facts about secrets and trees. */
export function slapdFacts(directory: Directory, around: Surroundings): readonly Fact[] {
  return [...directoryFacts(directory, around), ...secretFacts(slapdSecrets(directory, around), around)];
}

function directoryFact(
  entry: DirectoryEntry,
  shared: readonly AccessRule[],
  global: DirectoryEntry | undefined,
  around: Surroundings,
): DirectoryFact {
  const own = rulesOf(entry);
  const rules = [...own, ...shared];
  const suffix = entryValues(entry, "olcsuffix")[0];
  const here: readonly Origin[] = [fromPlace(entry.at)];
  const ruleOrigins =
    own.length > 0
      ? own.map((rule) => fromPlace(locate(rule.text, 0, rule.text.value.length)))
      : noRules(entry);
  const ask = (who: Caller, attribute: string, level: Level): Maybe<boolean> =>
    entry.complete
      ? allows(rules, who, attribute, level)
      : unknown("input", "the database's own entry is in none of the files, only changes to it", entry.at);
  const loginNeeded = requires(entry, "authc") || (global !== undefined && requires(global, "authc"));
  const anonymous = (attribute: string, level: Level): Maybe<boolean> =>
    loginNeeded ? false : ask("anonymous", attribute, level);
  return {
    kind: "directory",
    ...factBase(around, "directory", suffix?.value ?? entry.key),
    product: "slapd",
    suffix: suffix?.value ?? unknown("input", "the suffix is not in the file"),
    anonymousRead: anonymous("dicomhostname", "read"),
    anonymousReadsSecrets: anonymous("dcmkeystorepin", "read"),
    anonymousWrite: anonymous("dicomhostname", "write"),
    userWrite: ask("user", "dicomhostname", "write"),
    passwordsReadable: either(anonymous("userpassword", "read"), ask("user", "userpassword", "read")),
    tlsRequired: securityOf(entry, global),
    origins: {
      "": here,
      "/suffix": suffix === undefined ? here : [fromPlace(locate(suffix, 0, suffix.value.length))],
      ...Object.fromEntries(
        ["anonymousRead", "anonymousReadsSecrets", "anonymousWrite", "userWrite", "passwordsReadable"].map(
          (name) => [`/${name}`, ruleOrigins],
        ),
      ),
      "/tlsRequired": securityOrigins(entry, global),
    },
  };
}

function either(left: Maybe<boolean>, right: Maybe<boolean>): Maybe<boolean> {
  return left === true || right === true ? true : left === false ? right : left;
}

function noRules(entry: DirectoryEntry): readonly Origin[] {
  return [{ kind: "absent", belongs: entry.at.at, by: "without olcAccess everybody reads everything" }];
}

function requires(entry: DirectoryEntry, condition: string): boolean {
  return entryValues(entry, "olcrequires").some((text) =>
    text.value.toLowerCase().split(/\s+/).includes(condition),
  );
}

/** `olcSecurity: simple_bind=128`, `tls=…` or `ssf=…` refuse a login in clear text. */
function securityOf(entry: DirectoryEntry, global: DirectoryEntry | undefined): Maybe<boolean> {
  const values = [entry, ...(global === undefined ? [] : [global])].flatMap((each) =>
    entryValues(each, "olcsecurity"),
  );
  if (values.some((text) => /\b(?:ssf|tls|simple_bind)=(?:[2-9]|[1-9]\d)/.test(text.value))) return true;
  return global === undefined || !entry.complete
    ? unknown("input", "cn=config itself is in none of the files")
    : false;
}

function securityOrigins(entry: DirectoryEntry, global: DirectoryEntry | undefined): readonly Origin[] {
  const values = [entry, ...(global === undefined ? [] : [global])].flatMap((each) =>
    entryValues(each, "olcsecurity"),
  );
  if (values.length > 0) return values.map((text) => fromPlace(locate(text, 0, text.value.length)));
  return [{ kind: "absent", belongs: (global ?? entry).at.at, by: "default of OpenLDAP" }];
}

/** The rules of a database in the order that counts: the number in braces, else as written. */
function rulesOf(entry: DirectoryEntry): readonly AccessRule[] {
  const rules = entryValues(entry, "olcaccess").map((text, index) => parseRule(text, index));
  return rules.toSorted((a, b) => a.order - b.order);
}

function parseRule(text: Text, index: number): AccessRule {
  const match = /^\s*(?:\{(\d+)\})?\s*to\s+([\s\S]*?)(?=\s+by\s|$)/.exec(text.value);
  const rest = text.value.slice(match?.[0].length ?? 0);
  return {
    text,
    order: match?.[1] === undefined ? index : Number(match[1]),
    what: (match?.[2] ?? "*").trim(),
    grants: grantsOf(rest),
  };
}

const words = /"[^"]*"|[^\s"]+(?:"[^"]*"\S*)?/g;
const levels = ["none", "disclose", "auth", "compare", "search", "read", "write", "manage"] as const;
type Level = (typeof levels)[number];
const levelNames: readonly string[] = levels;
const controls = ["stop", "break", "continue"] as const;

function grantsOf(text: string): readonly Grant[] {
  return text
    .split(/(?:^|\s)by\s+/)
    .slice(1)
    .map((part) => {
      const tokens: readonly string[] = part.match(words) ?? [];
      const control = controls.find((word) => tokens.includes(word));
      const rest = tokens.filter((token) => token !== control);
      const last = rest.at(-1) ?? "";
      const isLevel = isAccess(last);
      // `by * break` names no level: it adds nothing and goes on.
      return {
        who: isLevel ? rest.slice(0, -1) : rest,
        level: isLevel ? last : "none",
        control: control ?? "stop",
      };
    });
}

function isAccess(word: string): boolean {
  const level = word.replace(/^(?:self|realself)/, "");
  return (
    levels.some((name) => name === level) ||
    level === "add" ||
    level === "delete" ||
    /^[=+-][mwarscxd0]+$/.test(level)
  );
}

type Caller = "anonymous" | "user";

/** Whether some caller of a kind gets a level on an attribute: the first rule and grant that match decide. */
function allows(
  rules: readonly AccessRule[],
  caller: Caller,
  attribute: string,
  level: Level,
): Maybe<boolean> {
  if (rules.length === 0) return levels.indexOf(level) <= levels.indexOf("read");
  for (const rule of rules) {
    const applies = covers(rule.what, attribute);
    if (applies === false) continue;
    const decided = decide(rule, caller, level);
    if (decided === "next") continue;
    if (applies === "partly")
      return decided ? true : unknown("opaque", `a rule covers a part of the tree: ${rule.what}`);
    return decided;
  }
  return false;
}

function decide(rule: AccessRule, caller: Caller, level: Level): boolean | "next" {
  let held = false;
  for (const grant of rule.grants) {
    if (!concerns(grant.who, caller)) continue;
    held ||= reaches(grant.level, level);
    if (grant.control === "break") return held ? true : "next";
    if (grant.control === "stop") return held;
  }
  return held;
}

/** What a rule is about: everything, some attributes, or a part of the tree. */
function covers(what: string, attribute: string): boolean | "partly" {
  const attributes = /\battrs?=([^\s]+)/.exec(what)?.[1];
  if (
    attributes !== undefined &&
    !attributes
      .toLowerCase()
      .split(",")
      .some((name) => name === attribute)
  )
    return false;
  if (/\b(?:dn(?:\.\w+)?|filter)=/.test(what)) return "partly";
  return true;
}

/** Whether a grant is for callers of a kind, from anywhere. */
function concerns(who: readonly string[], caller: Caller): boolean {
  if (who.length === 0) return false;
  return who.every(
    (word) => word === "*" || (caller === "anonymous" ? word === "anonymous" : word === "users"),
  );
}

function reaches(granted: string, level: Level): boolean {
  const plain = granted.replace(/^(?:self|realself)/, "");
  if (/^[=+]/.test(plain))
    return level === "read" ? plain.includes("r") || plain.includes("m") : /[wm]/.test(plain);
  if (plain.startsWith("-")) return false;
  const rank = plain === "add" || plain === "delete" ? levels.indexOf("write") : levelNames.indexOf(plain);
  return rank >= levels.indexOf(level);
}

/** Who gets an answer from a directory. */
export interface DirectoryCallers {
  /** Nobody needs a login to read. */
  readonly anonymous: Maybe<boolean>;
  /** The administrator's password is one that everybody can look up. */
  readonly defaultCredentials: Maybe<boolean>;
  /** The access rules, and the passwords that everybody can look up. */
  readonly readOrigins: readonly Origin[];
  readonly credentialOrigins: readonly Origin[];
}

/**
 * The sockets of the addresses that slapd is told to listen on (`-h`, LDAP_URLS of the image: default `ldap:///`).
 * `ldapi:` is a socket file of the machine itself.
 */
export function slapdSockets(
  urls: Text,
  origins: readonly Origin[],
  callers: DirectoryCallers,
): readonly Socket[] {
  return [...urls.value.matchAll(/(ldaps?):\/\/(\[[^\]]*\]|[^:/\s]*)(?::(\d+))?\/?/g)].map(
    (match): Socket => {
      const secure = match[1] === "ldaps";
      const answer: Answer = {
        refused: false,
        auth: {
          mode: map(callers.anonymous, (yes) => (yes ? "none" : "password")),
          defaultCredentials: callers.defaultCredentials,
          lockout: false,
        },
        origins: {
          "/auth": origins,
          "/auth/mode": callers.readOrigins,
          "/auth/defaultCredentials": callers.credentialOrigins,
        },
      };
      const host = (match[2] ?? "").replace(/^\[|\]$/g, "");
      return {
        id: match[1] ?? "ldap",
        protocol: "ldap",
        role: "directory",
        purpose: "the archive's directory",
        on: true,
        bind: host === "" || host === "::" ? "0.0.0.0" : host === "localhost" ? "127.0.0.1" : host,
        port: match[3] === undefined ? (secure ? 636 : 389) : Number(match[3]),
        tls: secure
          ? {
              ...tlsOff,
              mode: "on",
              encrypts: true,
              minVersion: unknown("input", "olcTLSProtocolMin"),
              cipherVerdict: unknown("input", "olcTLSCipherSuite"),
            }
          : tlsOff,
        seen: { loopback: answer, other: answer },
        origins: {
          "": origins,
          "/on": origins,
          "/bind": origins,
          "/port": origins,
          "/reach": origins,
          "/tls/mode": origins,
        },
      };
    },
  );
}
