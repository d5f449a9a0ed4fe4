/** The images beside the archive: its directory (slapd-dcm4chee) and its identity provider (keycloak). */
import type { Service } from "../../deployment/model.ts";
import type { AccountFact, DirectoryFact, Fact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { textAt } from "../../text/text.ts";
import { judgePassword } from "../passwords.ts";
import type { Derive, Derived, Socket } from "../product.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { imageDefaults } from "./catalogue.ts";
import { createLookup } from "./lookup.ts";
import { readRealms } from "./realm.ts";
import { judgeSecret, type Secret, secretFacts } from "./secrets.ts";
import { slapdFacts, slapdSecrets, slapdSockets } from "./slapd.ts";
import { type ArchiveFiles, readFiles } from "./sources.ts";
import { unknownVariables } from "./unknown-names.ts";
import { accountFacts, userSecrets } from "./users.ts";
import { variableOptions } from "./variables.ts";

function surroundings(
  service: Service,
  version: string,
  defaults: ReadonlyMap<string, string>,
): Surroundings {
  const lookup = createLookup({ service, version, properties: [], defaults });
  return {
    service: service.name,
    version,
    inContainer: service.network.kind === "container",
    lookup,
    hashOf: () => undefined,
  };
}

function derived(
  service: Service,
  sockets: readonly Socket[],
  facts: readonly Fact[],
  secrets: readonly Secret[],
): Derived {
  const both = pairs(service);
  return {
    startup: { verdict: both.length > 0 ? "refuses" : "starts", reasons: both },
    sockets,
    facts: () => facts,
    settings: () => [],
    secrets: secrets.flatMap((secret) => (secret.place === undefined ? [] : [secret.place])),
    assumptions: [],
    editable: { member: () => undefined, object: () => undefined },
  };
}

/** A variable with its twin _FILE: setenv.sh of all images refuses both (T47). */
function pairs(service: Service): Derived["startup"]["reasons"] {
  return [...service.environment.variables].flatMap(([name, variable]) => {
    const file = service.environment.variables.get(`${name}_FILE`);
    if (file === undefined) return [];
    return [
      {
        message: `${name} and ${name}_FILE are both set: the container stops at once`,
        origins: [fromPlace(variable.at), fromPlace(file.at)],
      },
    ];
  });
}

/** The passwords that an image takes from variables, with the one that holds when none is set. */
function passwordSecrets(
  service: Service,
  around: Surroundings,
  list: readonly (readonly [name: string, user: string | null, purpose: string])[],
): readonly Secret[] {
  return list.map(([name, user, purpose]): Secret => {
    const variable = service.environment.variables.get(name);
    const file = service.environment.variables.get(`${name}_FILE`);
    if (file !== undefined)
      return { path: name, purpose, verdict: "reference", origins: [fromPlace(file.at)] };
    const found = around.lookup(`env.${name}`);
    const belongs = service.at === undefined ? {} : { belongs: service.at.at };
    const origins: readonly Origin[] =
      variable === undefined
        ? [{ kind: "absent", by: "set by the image: the variable is not set", ...belongs }]
        : [fromPlace(variable.at)];
    const verdict =
      found.state === "set"
        ? judgeSecret(found.value, user, around)
        : unknown("input", found.state === "unknown" ? found.reason : `${name} is not set`);
    const place = variable?.value.pieces[0]?.at;
    return { path: name, purpose, verdict, origins, ...(place === undefined ? {} : { place }) };
  });
}

/**
 * The directory: slapd-dcm4chee (dcm4che-dockerfiles/slapd slapadd.sh:105-107, bin/setenv.sh; slapd-dcm4chee Dockerfile).
 * Passwords and access rules take effect at the first start only: a volume keeps older ones (T29).
 */
export const deriveSlapdDcm4chee: Derive = (service, version) => {
  const defaults = new Map([...imageDefaults("slapd"), ...imageDefaults("slapd-dcm4chee")]);
  const around = surroundings(service, version, defaults);
  const files = readFiles(service.configuration.flatMap((source) => source.files));
  const urls = around.lookup("env.LDAP_URLS");
  const variable = service.environment.variables.get("LDAP_URLS");
  const origins: readonly Origin[] =
    variable === undefined
      ? [
          {
            kind: "absent",
            by: "set by the image",
            ...(service.at === undefined ? {} : { belongs: service.at.at }),
          },
        ]
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
    ...variableOptions(service, "slapd-dcm4chee", around),
    ...variableOptions(service, "slapd", around),
    ...unknownVariables(service, ["slapd", "slapd-dcm4chee"], around),
  ];
  return derived(
    service,
    urls.state === "set"
      ? slapdSockets(urls.value, origins)
      : slapdSockets(textAt("ldap:///", { at: { file: "", start: 0, end: 0 } }), origins),
    facts,
    secrets,
  );
};

/** What the image's rules give: everybody reads everything but passwords (measured with slapd 2.5.13). */
function imageRules(service: Service, around: Surroundings): DirectoryFact {
  const origins: readonly Origin[] = [
    {
      kind: "absent",
      by: "set by the image: to * by * read",
      ...(service.at === undefined ? {} : { belongs: service.at.at }),
    },
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

/** The users of the files, else those that the image makes; no variable changes their password. */
function users(files: ArchiveFiles, service: Service, around: Surroundings): readonly AccountFact[] {
  const written = files.directory === undefined ? [] : accountFacts(files.directory, around);
  if (
    written.length > 0 ||
    service.environment.variables.has("LDAP_INIT_USERS") ||
    service.environment.variables.has("SKIP_INIT_CONFIG")
  )
    return written;
  return (["SUPER_USER", "ADMIN_USER", "REGULAR_USER"] as const).map((variable): AccountFact => {
    const found = around.lookup(`env.${variable}`);
    const name: Maybe<string> =
      found.state === "set" ? found.value.value : unknown("input", `${variable} is not known`);
    const origins: readonly Origin[] = [
      {
        kind: "absent",
        by: "made by the image at its first start",
        ...(service.at === undefined ? {} : { belongs: service.at.at }),
      },
    ];
    return {
      kind: "account",
      ...factBase(around, "account", variable),
      name,
      password: judgePassword(isUnknown(name) ? null : name, "changeit"),
      createdBy: "image",
      usable: unknown("input", "whether the archive asks for a login"),
      reach: unknown("input", "from where the login can be reached"),
      purpose:
        variable === "SUPER_USER"
          ? "archive and WildFly console, may do everything"
          : "archive, may manage users and their roles",
      origins: { "": origins, "/password": origins, "/name": origins },
    };
  });
}

/** The identity provider: keycloak-quarkus (Dockerfile:39-55, setenv.sh:26-42; Keycloak 25). */
export const deriveKeycloakDcm4chee: Derive = (service, version) => {
  const around = surroundings(service, version, imageDefaults("keycloak-quarkus"));
  const files = readFiles(service.configuration.flatMap((source) => source.files));
  const realms = files.files
    .filter((file) => file.kind === "keycloak-realm")
    .map((file) => readRealms(file.text, around));
  const passwords = passwordSecrets(service, around, [
    ["LDAP_ROOTPASS", null, "the administrator of the directory"],
    [
      "RS_CLIENT_SECRET",
      "dcm4chee-arc-rs",
      "the client dcm4chee-arc-rs, whose service account may do everything",
    ],
    ["ELASTIC_CLIENT_SECRET", "elastic", "the client elastic"],
    ["KIBANA_CLIENT_SECRET", "kibana", "the client kibana"],
    ["KC_HTTPS_KEY_STORE_PASSWORD", null, "the key store of Keycloak"],
  ]);
  const admins = passwordSecrets(service, around, [
    ["KC_BOOTSTRAP_ADMIN_PASSWORD", "admin", "the administrator of Keycloak"],
    ["KEYCLOAK_ADMIN_PASSWORD", "admin", "the administrator of Keycloak"],
    ["KEYCLOAK_PASSWORD", "keycloak-admin", "the administrator of Keycloak"],
  ]).filter((secret) => !isUnknown(secret.verdict));
  const secrets = [...passwords, ...admins, ...realms.flatMap((realm) => realm.secrets)];
  const facts = [
    ...secretFacts([...passwords, ...admins], around).map((fact) => ({
      ...fact,
      product: "keycloak" as const,
    })),
    ...realms.flatMap((realm) => realm.facts),
    ...variableOptions(service, "keycloak-quarkus", around),
    ...unknownVariables(service, ["keycloak-quarkus"], around),
  ];
  return derived(service, [], facts, secrets);
};
