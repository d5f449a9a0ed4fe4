/** The archive's identity provider as a container: the image keycloak of dcm4che (Quarkus). */
import type { Service } from "../../deployment/model.ts";
import type { RealmFact, Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, map, or, unknown } from "../../facts/unknown.ts";
import type { Answer, Derive, Socket } from "../product.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import { imageDefaults } from "./catalogue.ts";
import { derived, passwordSecrets, surroundings } from "./companion.ts";
import { oldestProtocol } from "./java.ts";
import { readRealms } from "./realm.ts";
import { type Secret, secretFacts } from "./secrets.ts";
import { readFiles } from "./sources.ts";
import { unknownVariables } from "./unknown-names.ts";
import { variableOptions } from "./variables.ts";

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
    ...(realms.length > 0 ? realms.flatMap((realm) => realm.facts) : stockRealm(service, around)),
    ...variableOptions(service, "keycloak-quarkus", around),
    ...unknownVariables(service, ["keycloak-quarkus"], around),
  ];
  const clients = passwords.filter(({ path }) => path === "RS_CLIENT_SECRET");
  return derived(service, keycloakSockets(service, around, [...admins, ...clients]), facts, secrets);
};

/** The realm that the image imports at its first start (data/import/dcm4che-realm.json:38, Keycloak 25). */
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
function keycloakSockets(
  service: Service,
  around: Surroundings,
  admins: readonly Secret[],
): readonly Socket[] {
  const text = (name: string, fallback: string): string => {
    const found = around.lookup(`env.${name}`);
    return found.state === "set" ? found.value.value : fallback;
  };
  const originOf = (name: string): readonly Origin[] => {
    const variable = service.environment.variables.get(name);
    return [variable === undefined ? unset(service.at, "set by the image") : fromPlace(variable.at)];
  };
  const make = (
    id: string,
    protocol: Socket["protocol"],
    port: string,
    on: boolean,
    by: readonly Origin[],
    tls: Tls,
  ): Socket => {
    const mode = protocol === "debug" ? "none" : "form";
    const defaultCredentials =
      mode === "none"
        ? false
        : or(
            false,
            ...admins.map((secret) =>
              map(secret.verdict, (word) => word === "default" || word === "same-as-name"),
            ),
          );
    const answer: Answer = {
      refused: false,
      auth: { mode, defaultCredentials, lockout: unknown("input", "the realm decides") },
      origins: {
        "/auth": by,
        "/auth/mode": by,
        "/auth/defaultCredentials": admins.flatMap((secret) => secret.origins),
      },
    };
    return {
      id,
      protocol,
      role: protocol === "debug" ? "debug" : "identity",
      purpose: protocol === "debug" ? "a debugger of Java" : "the archive's Keycloak",
      on,
      bind: "0.0.0.0",
      port: Number(port),
      tls,
      seen: { loopback: answer, other: answer },
      origins: {
        "": by,
        "/on": by,
        "/reach": by,
        "/port": by,
        "/bind": by,
        "/tls/mode": by,
        "/tls/minVersion": originOf("KC_HTTPS_PROTOCOLS"),
      },
    };
  };
  const protocols = text("KC_HTTPS_PROTOCOLS", "TLSv1.3").split(/[\s,]+/);
  const tls: Tls = {
    mode: "on",
    encrypts: true,
    minVersion: oldestProtocol(protocols) ?? null,
    ciphers: null,
    cipherVerdict: "acceptable",
    clientCertificate: "none",
  };
  const debug = text("DEBUG_PORT", "*:8787");
  return [
    make("https", "http", text("KC_HTTPS_PORT", "8443"), true, originOf("KC_HTTPS_PORT"), tls),
    make(
      "http",
      "http",
      text("KC_HTTP_PORT", "8080"),
      text("KC_HTTP_ENABLED", "false") === "true",
      originOf("KC_HTTP_ENABLED"),
      plainTls,
    ),
    ...(text("DEBUG", "false") === "true"
      ? [make("debug", "debug", debug.slice(debug.lastIndexOf(":") + 1), true, originOf("DEBUG"), plainTls)]
      : []),
  ];
}

const plainTls: Tls = {
  mode: "off",
  encrypts: false,
  minVersion: null,
  ciphers: null,
  cipherVerdict: "none",
  clientCertificate: "none",
};
