/** Who says who somebody is: realms of identity providers, their clients, directories. */
import type { FactBase } from "./base.ts";
import type { Maybe } from "./unknown.ts";

/** A realm of an identity provider. */
export interface RealmFact extends FactBase {
  readonly kind: "realm";
  readonly name: Maybe<string>;
  /** Who must use HTTPS: `external` lets private addresses in without. */
  readonly sslRequired: Maybe<"all" | "external" | "none">;
  readonly bruteForceProtected: Maybe<boolean>;
  readonly passwordPolicy: Maybe<boolean>;
  readonly loginEventsStored: Maybe<boolean>;
  readonly adminEventsStored: Maybe<boolean>;
  readonly selfRegistration: Maybe<boolean>;
  readonly accessTokenSeconds: Maybe<number>;
  readonly sessionIdleSeconds: Maybe<number>;
  /** A private key of the realm stands in the file. */
  readonly holdsPrivateKey: boolean;
}

/** An application that logs its users in at a realm. */
export interface ClientFact extends FactBase {
  readonly kind: "client";
  readonly clientId: Maybe<string>;
  readonly enabled: Maybe<boolean>;
  readonly public: Maybe<boolean>;
  /** It takes user names and passwords itself (direct access grants). */
  readonly passwordGrant: Maybe<boolean>;
  readonly serviceAccount: Maybe<boolean>;
  /** The service account may do everything. */
  readonly superUser: Maybe<boolean>;
  /** A redirect address matches addresses of others: "*", or a star in the host. */
  readonly openRedirect: Maybe<boolean>;
  /** A redirect address is http: on another host than this machine. */
  readonly plainRedirect: Maybe<boolean>;
  readonly anyOrigin: Maybe<boolean>;
  readonly pkce: Maybe<boolean>;
}

/** A tree of a directory server, and what its access rules give. */
export interface DirectoryFact extends FactBase {
  readonly kind: "directory";
  readonly suffix: Maybe<string>;
  readonly anonymousRead: Maybe<boolean>;
  /** Read without a login: key-store pins, client secrets. */
  readonly anonymousReadsSecrets: Maybe<boolean>;
  readonly anonymousWrite: Maybe<boolean>;
  /** Every user who logs in may write more than the own entry. */
  readonly userWrite: Maybe<boolean>;
  /** Hashes of passwords can be read by others. */
  readonly passwordsReadable: Maybe<boolean>;
  /** A login is refused without TLS. */
  readonly tlsRequired: Maybe<boolean>;
}

/** How a server uses a directory. */
export interface DirectoryLinkFact extends FactBase {
  readonly kind: "directoryLink";
  readonly scheme: Maybe<"ldap" | "ldaps">;
  /** The directory runs on this machine. */
  readonly local: Maybe<boolean>;
  /** The name in the directory's certificate is compared. */
  readonly hostnameVerified: Maybe<boolean>;
  /** It logs in as the directory's administrator. */
  readonly asAdministrator: Maybe<boolean>;
}
