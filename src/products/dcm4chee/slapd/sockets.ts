import type { Origin } from "../../../facts/origin.ts";
import { tlsOff } from "../../../facts/tls-off.ts";
import { type Maybe, map, unknown } from "../../../facts/unknown.ts";
import type { Text } from "../../../text/text.ts";
import type { Answer, Socket } from "../../product.ts";

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
  const addresses = urls.value.matchAll(/(ldaps?):\/\/(\[[^\]]*\]|[^:/\s]*)(?::(\d+))?\/?/g);
  return [...addresses].map(([, scheme = "ldap", host = "", port]): Socket => {
    const secure = scheme === "ldaps";
    const usual = secure ? 636 : 389;
    return {
      id: scheme,
      protocol: "ldap",
      role: "directory",
      purpose: "the archive's directory",
      on: true,
      bind: boundTo(host.replace(/^\[|\]$/g, "")),
      port: port === undefined ? usual : Number(port),
      tls: secure ? ldapsTls : tlsOff,
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
  });
}

function boundTo(host: string): string {
  if (host === "" || host === "::") return "0.0.0.0";
  return host === "localhost" ? "127.0.0.1" : host;
}

const ldapsTls: Socket["tls"] = {
  ...tlsOff,
  mode: "on",
  encrypts: true,
  minVersion: unknown("input", "olcTLSProtocolMin"),
  cipherVerdict: unknown("input", "olcTLSCipherSuite"),
};
