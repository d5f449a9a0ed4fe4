/** The sockets of an identity provider: who gets an answer, and by which passwords. */

import type { Service } from "../../deployment/model.ts";
import type { Auth, Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, map, or, unknown } from "../../facts/unknown.ts";
import type { Answer, Socket } from "../product.ts";
import { type Surroundings, unset } from "./archive.ts";
import type { Secret } from "./secrets.ts";

/** What tells one socket of Keycloak from another. */
export interface KeycloakPort {
  readonly id: string;
  readonly protocol: "http" | "management" | "debug";
  readonly port: string;
  readonly on: boolean;
  /** The variable that decides over it. */
  readonly variable: string;
  readonly tls: Tls;
  /** The variable that decides which versions of TLS are offered. */
  readonly protocols: string;
}

const purposes = {
  http: { role: "identity", purpose: "the archive's Keycloak" },
  management: { role: "administration", purpose: "WildFly's management" },
  debug: { role: "debug", purpose: "a debugger of Java" },
} as const;

/** The socket; `logins`: passwords by which one gets a token or the administration. */
export function keycloakSocket(service: Service, given: KeycloakPort, logins: readonly Secret[]): Socket {
  const by = originOf(service, given.variable);
  const answer: Answer = {
    refused: false,
    auth: authOf(given.protocol, logins),
    origins: {
      "/auth": by,
      "/auth/mode": by,
      "/auth/defaultCredentials": logins
        .filter((secret) => isPublished(secret) === true)
        .flatMap((secret) => secret.origins),
    },
  };
  return {
    id: given.id,
    protocol: given.protocol,
    ...purposes[given.protocol],
    on: given.on,
    bind: "0.0.0.0",
    port: Number(given.port),
    tls: given.tls,
    seen: { loopback: answer, other: answer },
    origins: {
      "": by,
      "/on": by,
      "/reach": by,
      "/port": by,
      "/bind": by,
      "/tls/mode": by,
      "/tls/minVersion": originOf(service, given.protocols),
    },
  };
}

function authOf(protocol: KeycloakPort["protocol"], logins: readonly Secret[]): Auth {
  switch (protocol) {
    case "debug":
      return { mode: "none", defaultCredentials: false, lockout: false };
    case "management":
      return {
        mode: "digest",
        defaultCredentials: unknown("input", "the users of the management are in none of the files"),
        lockout: false,
      };
    case "http":
      return {
        mode: "form",
        defaultCredentials: or(false, ...logins.map((secret) => isPublished(secret))),
        lockout: unknown("input", "the realm decides"),
      };
  }
}

function isPublished(secret: Secret): Maybe<boolean> {
  return map(secret.verdict, (word) => word === "default" || word === "same-as-name" || word === "empty");
}

function originOf(service: Service, name: string): readonly Origin[] {
  const variable = service.environment.variables.get(name);
  return [variable === undefined ? unset(service.at, "set by the image") : fromPlace(variable.at)];
}

/** A variable's value with the image's own behind it. */
export function textOf(around: Surroundings, name: string, fallback: string): string {
  const found = around.lookup(`env.${name}`);
  return found.state === "set" ? found.value.value : fallback;
}
