/**
 * OpenLDAP's own configuration as LDIF (cn=config): what its access rules give to strangers and to users, where it
 * listens, and its passwords. Source: slapd.access(5) and slapd-config(5), OpenLDAP 2.5; the image's rules in
 * dcm4che-dockerfiles/slapd slapadd.sh:105-107.
 */
import type { DirectoryFact, Fact } from "../../../facts/facts.ts";
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { type Maybe, or, unknown } from "../../../facts/unknown.ts";
import { locate } from "../../../text/text.ts";
import { factBase, type Surroundings } from "../archive.ts";
import { type Directory, type DirectoryEntry, entryValues } from "../directory.ts";
import { isLiteral, judgeSecret, type Secret, secretFacts } from "../secrets.ts";
import { type AccessRule, allows, type Caller, type Level, rulesOf } from "./access.ts";

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
    passwordsReadable: or(anonymous("userpassword", "read"), ask("user", "userpassword", "read")),
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
