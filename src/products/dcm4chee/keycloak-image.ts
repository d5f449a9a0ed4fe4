/** The archive's identity provider as a container: the image dcm4che/keycloak, on Quarkus since 17 and on WildFly before. */
import type { Service } from "../../deployment/model.ts";
import type { RealmFact, Tls } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { isUnknown, unknown } from "../../facts/unknown.ts";
import type { Derive, Derived, Socket } from "../product.ts";
import { atLeast, before } from "../version.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import { imageDefaults } from "./catalogue.ts";
import { derived, passwordSecrets, surroundings, toldOnce } from "./companion.ts";
import { editableOf } from "./editable.ts";
import { oldestProtocol } from "./java.ts";
import { keycloakSocket, textOf } from "./keycloak-socket.ts";
import { directoryOf } from "./lookup.ts";
import { readRealms, realmTrees } from "./realm.ts";
import { imageKeyFact } from "./sample-keys.ts";
import { type Secret, secretFacts } from "./secrets.ts";
import { filesOf } from "./sources.ts";
import { unknownVariables } from "./unknown-names.ts";
import { variableOptions } from "./variables.ts";

/** Password, who has it, and what it opens. */
type Password = Parameters<typeof passwordSecrets>[2][number];

/** What differs between the two images of this name. */
interface Edition {
  readonly image: "keycloak-quarkus" | "keycloak";
  /** Passwords that have a value while nobody sets them. */
  readonly passwords: readonly Password[];
  /** Administrators; none exists while no password is set. */
  /** The variable that names its key store. */
  readonly key: string;
  readonly administrators: (around: Surroundings) => readonly Password[];
  readonly sockets: (service: Service, around: Surroundings, logins: readonly Secret[]) => readonly Socket[];
}

/** The identity provider; a release that is not known ("0") counts as one of today. */
export const deriveKeycloakDcm4chee: Derive = (service, version, context) => {
  const edition = atLeast(version, "1") && before(version, "17") ? onWildFly : onQuarkus;
  return deriveEdition(
    edition,
    service,
    surroundings(service, version, imageDefaults(edition.image), context),
  );
};

function deriveEdition(edition: Edition, service: Service, around: Surroundings): Derived {
  const files = filesOf(service);
  const exports = files.files.filter((file) => file.kind === "keycloak-realm");
  const realms = exports.map((file) => readRealms(file.text, around));
  // The password of the directory is told where the directory is started.
  const told = directoryOf(service) !== undefined;
  const passwords = passwordSecrets(
    service,
    around,
    edition.passwords.filter(([name]) => !(told && name === "LDAP_ROOTPASS")),
  );
  const admins = passwordSecrets(service, around, edition.administrators(around)).filter(
    (secret) => !isUnknown(secret.verdict),
  );
  const facts = [
    ...secretFacts([...passwords, ...admins], around).map((fact) => ({
      ...fact,
      product: "keycloak" as const,
    })),
    ...(realms.length > 0 ? realms.flatMap((realm) => realm.facts) : stockRealm(service, around)),
    imageKeyFact(service, around, "keycloak", edition.key),
    ...variableOptions(service, edition.image, around),
    ...unknownVariables(service, [edition.image], around),
  ];
  const clients = passwords.filter(({ path }) => path === "RS_CLIENT_SECRET");
  const secrets = [...passwords, ...admins, ...realms.flatMap((realm) => realm.secrets)];
  const logins = [...admins, ...clients];
  const result = derived(service, edition.sockets(service, around, logins), facts, secrets);
  return {
    ...result,
    facts: (openings) => toldOnce(facts, openings, logins),
    problems: realms.flatMap(({ notes }) => notes),
    editable: editableOf({
      device: undefined,
      realms: exports.flatMap(({ text }) => realmTrees(text)),
      configuration: undefined,
    }),
  };
}

/** keycloak-quarkus: Dockerfile:39-55, setenv.sh:26-42 (Keycloak 25). */
const onQuarkus: Edition = {
  image: "keycloak-quarkus",
  key: "KC_HTTPS_KEY_STORE_FILE",
  passwords: [
    ["LDAP_ROOTPASS", null, "the administrator of the directory"],
    [
      "RS_CLIENT_SECRET",
      "dcm4chee-arc-rs",
      "the client dcm4chee-arc-rs, whose service account may do everything",
    ],
    ["ELASTIC_CLIENT_SECRET", "elastic", "the client elastic"],
    ["KIBANA_CLIENT_SECRET", "kibana", "the client kibana"],
    ["KC_HTTPS_KEY_STORE_PASSWORD", null, "the key store of Keycloak"],
  ],
  administrators: (around) => [
    administrator(around, "KC_BOOTSTRAP_ADMIN_USERNAME", "KC_BOOTSTRAP_ADMIN_PASSWORD"),
    administrator(around, "KEYCLOAK_ADMIN", "KEYCLOAK_ADMIN_PASSWORD"),
  ],
  sockets: quarkusSockets,
};

/**
 * keycloak up to 16.1.1 (dcm4che-dockerfiles/keycloak @aa02b91, setenv.sh:25-33, README.md:46-122): the ports of WildFly,
 * the plain one always open; its realm has no clients with secrets.
 */
const onWildFly: Edition = {
  image: "keycloak",
  key: "KEYSTORE",
  passwords: [
    ["LDAP_ROOTPASS", null, "the administrator of the directory"],
    ["KEYSTORE_PASSWORD", null, "the key store of Keycloak"],
  ],
  administrators: (around) => [administrator(around, "KEYCLOAK_USER", "KEYCLOAK_PASSWORD")],
  sockets: wildflySockets,
};

function administrator(around: Surroundings, user: string, password: string): Password {
  return [password, textOf(around, user, "admin"), "the administrator of Keycloak"];
}

/** The realm that the image imports at its first start (data/import/dcm4che-realm.json:38 of Keycloak 25; the same at 16). */
function stockRealm(service: Service, around: Surroundings): readonly RealmFact[] {
  const origins = [
    unset(service.container?.imageAt ?? service.at, "its image imports this realm at the first start"),
  ];
  const ssl = around.lookup("env.SSL_REQUIRED");
  const mode =
    ssl.state === "set"
      ? (["all", "none"] as const).find((name) => name === ssl.value.value.toLowerCase())
      : undefined;
  const variable = service.environment.variables.get("SSL_REQUIRED");
  return [
    {
      kind: "realm",
      ...factBase(around, "realm", "dcm4che"),
      product: "keycloak",
      name: "dcm4che",
      sslRequired: ssl.state === "unknown" ? unknown("input", ssl.reason) : (mode ?? "external"),
      bruteForceProtected: false,
      passwordPolicy: false,
      loginEventsStored: false,
      adminEventsStored: false,
      selfRegistration: false,
      accessTokenSeconds: 300,
      sessionIdleSeconds: 1800,
      holdsPrivateKey: false,
      origins: { "": origins, "/sslRequired": variable === undefined ? origins : [fromPlace(variable.at)] },
    },
  ];
}

/** HTTPS always, HTTP and a debugger's port where a variable says so (keycloak-quarkus README: KC_HTTP_ENABLED, DEBUG). */
function quarkusSockets(
  service: Service,
  around: Surroundings,
  logins: readonly Secret[],
): readonly Socket[] {
  const text = (name: string, fallback: string): string => textOf(around, name, fallback);
  const protocols = "KC_HTTPS_PROTOCOLS";
  const tls = withTls(text(protocols, "TLSv1.3"));
  const debug = text("DEBUG_PORT", "*:8787");
  const ports = [
    {
      id: "https",
      protocol: "http",
      port: text("KC_HTTPS_PORT", "8443"),
      on: true,
      variable: "KC_HTTPS_PORT",
      tls,
    },
    {
      id: "http",
      protocol: "http",
      port: text("KC_HTTP_PORT", "8080"),
      on: text("KC_HTTP_ENABLED", "false") === "true",
      variable: "KC_HTTP_ENABLED",
      tls: tlsOff,
    },
    {
      id: "debug",
      protocol: "debug",
      port: debug.slice(debug.lastIndexOf(":") + 1),
      on: true,
      variable: "DEBUG",
      tls: tlsOff,
    },
  ] as const;
  const debugged = text("DEBUG", "false") === "true";
  return ports
    .filter(({ id }) => id !== "debug" || debugged)
    .map((port) => keycloakSocket(service, { ...port, protocols }, logins));
}

/** The four ports of WildFly; no variable closes one of them. */
function wildflySockets(
  service: Service,
  around: Surroundings,
  logins: readonly Secret[],
): readonly Socket[] {
  const protocols = "TLS_PROTOCOLS";
  const tls = withTls(textOf(around, protocols, "TLSv1.2"));
  const ports = [
    { id: "http", protocol: "http", variable: "HTTP_PORT", fallback: "8080", tls: tlsOff },
    { id: "https", protocol: "http", variable: "HTTPS_PORT", fallback: "8443", tls },
    {
      id: "management",
      protocol: "management",
      variable: "MANAGEMENT_HTTP_PORT",
      fallback: "9990",
      tls: tlsOff,
    },
    {
      id: "management-https",
      protocol: "management",
      variable: "MANAGEMENT_HTTPS_PORT",
      fallback: "9993",
      tls,
    },
  ] as const;
  return ports.map(({ fallback, ...port }) =>
    keycloakSocket(
      service,
      { ...port, port: textOf(around, port.variable, fallback), on: true, protocols },
      logins,
    ),
  );
}

function withTls(protocols: string): Tls {
  return {
    mode: "on",
    encrypts: true,
    minVersion: oldestProtocol(protocols.split(/[\s,]+/)) ?? null,
    ciphers: null,
    cipherVerdict: "acceptable",
    clientCertificate: "none",
  };
}
