/** What every product's folder offers: facts of a service at one release. */
import type { Service } from "../deployment/model.ts";
import type {
  AnonymousHttp,
  Auth,
  DicomChecks,
  DicomOperations,
  EntryFact,
  Fact,
  HttpFunctions,
  ListenerFact,
  Protocol,
  Role,
  Tls,
} from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import type { Maybe } from "../facts/unknown.ts";
import type { Crypto, Files } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import type { Member, ObjectTree } from "../sources/tree.ts";
import type { Place } from "../text/text.ts";

/** Derives what a service does at a release. */
export type Derive = (service: Service, version: string, context: DeriveContext) => Derived;

/** What derivation may look at besides the service. */
export interface DeriveContext {
  readonly files: Files;
  readonly sources: Sources;
  readonly crypto: Crypto;
  /** The run is on the server itself: what is not on this disk is missing. */
  readonly onHost: boolean;
  /** The time of the run, for certificates. */
  readonly now: Date;
}

/** What a service does. */
export interface Derived {
  readonly startup: Startup;
  readonly sockets: readonly Socket[];
  /** Everything but listeners and entries, which `reach` makes of the sockets and passes in. */
  readonly facts: (openings: readonly Opening[]) => readonly Fact[];
  /** Computed when asked for: only one command shows them. */
  readonly settings: () => readonly Setting[];
  /** Ranges of files that hold secrets: reports mask them. */
  readonly secrets: readonly Place[];
  readonly assumptions: readonly string[];
  /** How its configuration is laid out, for those who propose changes to it. */
  readonly editable: Editable;
}

/** The layout of a configuration that is a tree of keys. */
export interface Editable {
  /** The member at a path of keys. */
  member(path: readonly string[]): Member | undefined;
  /** The object at a path; the empty path is the object to which new top-level keys are added. */
  object(path: readonly string[]): ObjectTree | undefined;
}

/** A listener or an entry of the service. */
export type Opening = ListenerFact | EntryFact;

/** Whether the server would start. */
export interface Startup {
  readonly verdict: Maybe<"starts" | "refuses">;
  readonly reasons: readonly { readonly message: string; readonly origins: readonly Origin[] }[];
}

/** One effective setting, for `pacslint effective`. */
export interface Setting {
  readonly path: string;
  /** The value as text; a secret is masked. */
  readonly shown: string;
  readonly security: boolean;
  readonly isDefault: boolean;
  readonly origins: readonly Origin[];
}

/** A socket that a server opens, before the network around it is considered. */
export interface Socket {
  /** "http", "dicom" … unique within the service. */
  readonly id: string;
  readonly protocol: Protocol;
  /** TCP where nothing is said. */
  readonly transport?: "udp";
  /** What is behind it; absent where it is the archive itself. */
  readonly role?: Role;
  /** The same for people. */
  readonly purpose?: string;
  /** Whether it is opened at all. */
  readonly on: Maybe<boolean>;
  /** "0.0.0.0" is every address, "127.0.0.1" only this host. */
  readonly bind: Maybe<string>;
  readonly port: Maybe<number>;
  readonly tls: Tls;
  /** What a caller gets, by the address that the server sees. */
  readonly seen: { readonly loopback: Answer; readonly other: Answer };
  readonly bodyLimit?: Maybe<number>;
  /** Origins of the properties above, by the listener fact's JSON pointers: "/reach" tells why it is open or shut. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** What a caller gets from a socket. */
export interface Answer {
  /** Every request is refused because of where it comes from. */
  readonly refused: Maybe<boolean>;
  readonly auth: Auth;
  readonly anonymous?: AnonymousHttp;
  readonly unknownPeer?: DicomOperations;
  readonly spoofedPeer?: Readonly<Record<string, DicomOperations>>;
  readonly functions?: HttpFunctions;
  readonly anySpoofedPeer?: DicomOperations;
  readonly spoofableTitles?: readonly string[];
  readonly checks?: DicomChecks;
  /** Origins of `auth`, `anonymous` … as seen from here, by the same pointers; they win over the socket's. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}
