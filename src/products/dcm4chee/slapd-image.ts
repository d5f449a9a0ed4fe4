/** The archive's directory as a container: the image slapd-dcm4chee. */
import type { Service } from "../../deployment/model.ts";
import type { AccountFact, DirectoryFact, Fact, IneffectiveFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, map, or } from "../../facts/unknown.ts";
import { textAt } from "../../text/text.ts";
import type { Derive } from "../product.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import { imageDefaults } from "./catalogue.ts";
import { derived, passwordSecrets, surroundings, toldOnce } from "./companion.ts";
import { editableOf } from "./editable.ts";
import { imageKeyFact } from "./sample-keys.ts";
import { type Secret, secretFacts } from "./secrets.ts";
import { slapdFacts, slapdSecrets } from "./slapd/facts.ts";
import { type DirectoryCallers, slapdSockets } from "./slapd/sockets.ts";
import { type ArchiveFiles, filesOf } from "./sources.ts";
import { unknownVariables } from "./unknown-names.ts";
import { accountFacts, hashNotes, stockUsers, userSecrets } from "./users.ts";
import { variableOptions } from "./variables.ts";

/**
 * The directory: slapd-dcm4chee (dcm4che-dockerfiles/slapd slapadd.sh:105-107, bin/setenv.sh; slapd-dcm4chee Dockerfile).
 * Passwords and access rules take effect at the first start only: a volume keeps older ones (T29).
 */
export const deriveSlapdDcm4chee: Derive = (service, version, context) => {
  const defaults = new Map([...imageDefaults("slapd"), ...imageDefaults("slapd-dcm4chee")]);
  const around = surroundings(service, version, defaults, context);
  const files = filesOf(service);
  const urls = around.lookup("env.LDAP_URLS");
  const variable = service.environment.variables.get("LDAP_URLS");
  const origins: readonly Origin[] =
    variable === undefined
      ? [unset(service.at, "the image listens for ldap on every address")]
      : [fromPlace(variable.at)];
  const passwords = passwordSecrets(service, around, [
    ["LDAP_ROOTPASS", null, "the administrator of the directory"],
    ["LDAP_CONFIGPASS", null, "the administrator of the directory's own configuration"],
  ]);
  const secrets = [
    ...passwords,
    ...(files.configuration === undefined ? [] : slapdSecrets(files.configuration, around)),
    ...(files.directory === undefined ? [] : userSecrets(files.directory, around)),
  ];
  const facts: readonly Fact[] = [
    ...secretFacts(passwords, around).map((fact) => ({ ...fact, product: "slapd" as const })),
    ...(files.configuration === undefined
      ? [imageRules(service, around)]
      : slapdFacts(files.configuration, around)),
    ...users(files, service, around),
    ...idlePort(service, urls.state === "set" ? urls.value.value : "ldap:///", around),
    imageKeyFact(service, around, "slapd", "LDAP_TLS_CERT"),
    ...variableOptions(service, "slapd-dcm4chee", around),
    ...variableOptions(service, "slapd", around),
    ...unknownVariables(service, ["slapd", "slapd-dcm4chee"], around),
  ];
  const result = derived(
    service,
    slapdSockets(
      urls.state === "set" ? urls.value : textAt("ldap:///", { at: { file: "", start: 0, end: 0 } }),
      origins,
      callersOf(facts, passwords),
    ),
    facts,
    secrets,
  );
  return {
    ...result,
    facts: (openings) => toldOnce(facts, openings, passwords),
    problems: files.directory === undefined ? [] : hashNotes(files.directory),
    editable: editableOf({ device: undefined, realms: [], configuration: files.configuration }),
  };
};

/** A published port 636 leads nowhere unless LDAP_URLS has ldaps: (T21): clients stay with clear text. */
function idlePort(service: Service, urls: string, around: Surroundings): readonly IneffectiveFact[] {
  if (service.network.kind !== "container" || /ldaps:/i.test(urls)) return [];
  const port = service.network.published.find(({ containerPort }) => containerPort === 636);
  if (port === undefined) return [];
  const origins = [fromPlace(port.at)];
  return [
    {
      kind: "ineffective",
      ...factBase(around, "ineffective", "port 636"),
      product: "slapd",
      path: "port 636",
      because: "slapd listens there only when LDAP_URLS names ldaps:///: everybody talks to it in clear text",
      looksSafe: true,
      origins: { "": origins, "/because": origins },
    },
  ];
}

/** Who gets in: strangers by the access rules, everybody by a password that is known. */
function callersOf(facts: readonly Fact[], passwords: readonly Secret[]): DirectoryCallers {
  const trees = facts.filter((fact) => fact.kind === "directory");
  const isKnown = ({ verdict }: Secret): Maybe<boolean> =>
    map(verdict, (word) => word === "default" || word === "empty");
  return {
    anonymous: or(false, ...trees.map((tree) => tree.anonymousRead)),
    defaultCredentials: or(false, ...passwords.map(isKnown)),
    readOrigins: trees.flatMap((tree) => tree.origins["/anonymousRead"] ?? []),
    credentialOrigins: passwords
      .filter((secret) => isKnown(secret) === true)
      .flatMap((secret) => secret.origins),
  };
}

/** What the image's rules give: everybody reads everything but passwords (measured with slapd 2.5.13). */
function imageRules(service: Service, around: Surroundings): DirectoryFact {
  const origins: readonly Origin[] = [
    unset(service.at, "the image's rule: everybody reads all but passwords"),
  ];
  const base = around.lookup("env.LDAP_BASE_DN");
  const names = [
    "anonymousRead",
    "anonymousReadsSecrets",
    "anonymousWrite",
    "userWrite",
    "passwordsReadable",
    "tlsRequired",
  ];
  return {
    kind: "directory",
    ...factBase(around, "directory", "image"),
    product: "slapd",
    suffix: base.state === "set" ? base.value.value : "dc=dcm4che,dc=org",
    anonymousRead: true,
    anonymousReadsSecrets: true,
    anonymousWrite: false,
    userWrite: false,
    passwordsReadable: false,
    tlsRequired: false,
    origins: { "": origins, ...Object.fromEntries(names.map((name) => [`/${name}`, origins])) },
  };
}

/** The users of the files, else those that the image makes; an archive of the same deployment tells them itself. */
function users(files: ArchiveFiles, service: Service, around: Surroundings): readonly AccountFact[] {
  if (service.partners?.some(({ product }) => product === "dcm4chee") === true) return [];
  const written = files.directory === undefined ? [] : accountFacts(files.directory, around);
  return written.length > 0 ? written : stockUsers(service, around);
}
