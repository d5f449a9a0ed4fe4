/**
 * Identity providers, directories and the service that gives out tokens.
 * Sources: keycloak/keycloak docs/guides/server (bootstrap-admin-recovery, enabletls, hostname, management-interface);
 * osixia/docker-openldap README.md; dcm4che-dockerfiles/slapd-dcm4chee; orthanc-team/orthanc-auth-service README.
 */

import { fromPlace } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, or, unknown } from "../../facts/unknown.ts";
import { locate } from "../../text/text.ts";
import { atLeast } from "../version.ts";
import {
  type Found,
  firstVariable,
  flag,
  type Given,
  hasWord,
  hidesVariables,
  saysYes,
  variable,
} from "./given.ts";
import { absence, hidden, judged, type Login } from "./logins.ts";
import { openTo, type Told, type Traits, told, undecidedAccess } from "./traits.ts";

const httpNames: Readonly<Record<number, string>> = { 8080: "HTTP", 8443: "HTTPS" };

/** Keycloak on Quarkus: plain HTTP only in development or when it is asked for, HTTPS with a certificate. */
export const keycloak: Traits = {
  moved: {
    8080: { variables: ["KC_HTTP_PORT", "KEYCLOAK_HTTP_PORT"], flags: ["--http-port"] },
    8443: { variables: ["KC_HTTPS_PORT", "KEYCLOAK_HTTPS_PORT"], flags: ["--https-port"] },
  },
  on: (given, port) => {
    if (isLegacy(given) || httpNames[port] === undefined)
      return port === 9000 ? management(given) : told(true);
    return port === 8080 ? plainHttp(given) : withCertificate(given);
  },
  tls: (_given, port) => told(port === 8443),
  access: (given, port, usual) => {
    if (port !== 9000) return usual;
    return openTo([absence(given, "health and metrics ask for no login")]);
  },
};

/** Before 17 Keycloak ran on WildFly and listened on both ports. */
function isLegacy(given: Given): boolean {
  return given.version !== "0" && !atLeast(given.version, "17");
}

function plainHttp(given: Given): Told<boolean> {
  const development = given.words.find(({ value }) => value === "start-dev");
  if (development !== undefined)
    return told(true, [fromPlace(locate(development, 0, development.value.length))]);
  const enabled = flag(given, "--http-enabled") ?? variable(given, "KC_HTTP_ENABLED");
  if (enabled !== undefined)
    return told(enabled.value === "" ? true : saysYes(enabled.value), enabled.origins);
  const proxy = flag(given, "--proxy") ?? variable(given, "KC_PROXY");
  if (proxy !== undefined)
    return told(
      map(proxy.value, (value) => value === "edge"),
      proxy.origins,
    );
  return hiddenOr(given, false);
}

function withCertificate(given: Given): Told<boolean> {
  const names = ["KC_HTTPS_CERTIFICATE_FILE", "KC_HTTPS_KEY_STORE_FILE"];
  const found =
    flag(given, "--https-certificate-file", "--https-key-store-file") ?? firstVariable(given, names);
  return found === undefined ? hiddenOr(given, false) : told(true, found.origins);
}

function management(given: Given): Told<boolean> {
  const names = ["KC_HEALTH_ENABLED", "KC_METRICS_ENABLED"];
  const asked = names.map((name) => saysYes(variable(given, name)?.value));
  const flags = flag(given, "--health-enabled", "--metrics-enabled") !== undefined;
  return told(atLeast(given.version, "25") ? or(flags, ...asked) : false);
}

/** What stands in a build or in a file that is not given may decide otherwise. */
function hiddenOr(given: Given, value: boolean): Told<boolean> {
  if (hidesVariables(given)) return told<boolean>(hidden(given));
  const isBuilt = given.container.built || hasWord(given, "--optimized");
  return told(isBuilt ? unknown("opaque", "what was built into the image decides it") : value);
}

/** Bitnami's image: plain HTTP always, HTTPS when it is asked for; the administrator has a password of its own. */
export const keycloakBitnami: Traits = {
  moved: {
    8080: { variables: ["KEYCLOAK_HTTP_PORT"], flags: ["--http-port"] },
    8443: { variables: ["KEYCLOAK_HTTPS_PORT"], flags: ["--https-port"] },
  },
  on: (given, port) => {
    const asked = variable(given, "KEYCLOAK_ENABLE_HTTPS");
    return port === 8080 ? told(true) : told(saysYes(asked?.value), asked?.origins);
  },
  tls: (_given, port) => told(port === 8443),
};

/** dcm4che/keycloak is started with its own ports; both are open. */
export const keycloakDcm4chee: Traits = {
  moved: {
    8880: { variables: ["HTTP_PORT", "KC_HTTP_PORT"], flags: [] },
    8843: { variables: ["HTTPS_PORT", "KC_HTTPS_PORT"], flags: [] },
  },
  tls: (_given, port) => told(port === 8843),
};

export const openldap: Traits = {
  on: (given, port) => {
    const tls = variable(given, "LDAP_TLS");
    return port === 636 && tls !== undefined ? told(saysYes(tls.value), tls.origins) : told(true);
  },
  tls: (given, port) =>
    port === 636 ? told(true) : told(saysYes(variable(given, "LDAP_TLS_ENFORCE")?.value)),
};

/** Everything but the passwords can be read without a login: "olcAccess: to * by * read". */
export const slapdDcm4chee: Traits = {
  tls: (_given, port) => told(port === 636),
  access: (given, _port, usual) =>
    usual.guessed === true
      ? usual
      : openTo([absence(given, "the directory of the image can be read without a login")]),
};

const listedUser = /["']([^"']+)["']\s*:\s*["']([^"']*)["']/gu;

/** USERS is a list of names and passwords as JSON. */
export const authService: Traits = {
  logins: (given) => {
    const users = variable(given, "USERS");
    if (users === undefined || isUnknown(users.value)) return [];
    return [...users.value.matchAll(listedUser)].map(
      (match): Login => serviceUser(users, match[1] ?? "", match[2] ?? ""),
    );
  },
  access: (given, _port, usual) => {
    const users = variable(given, "USERS");
    if (users === undefined)
      return undecidedAccess(unknown("opaque", "without USERS the service decides who may call"));
    const mode: Maybe<"basic"> = isUnknown(users.value) ? users.value : "basic";
    return { ...usual, mode, modeOrigins: users.origins };
  },
};

function serviceUser({ origins }: Found, name: string, password: string): Login {
  const purpose = "calls of the plugin";
  return {
    ...judged(name, password),
    purpose,
    name,
    exists: true,
    asked: true,
    createdBy: "variable",
    refused: null,
    origins,
  };
}
