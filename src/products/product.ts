/** What every product's folder offers: facts of a service at one release. */
import type { Problem, Service } from "../deployment/model.ts";
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
  Reach,
  Role,
  Tls,
} from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import type { Maybe } from "../facts/unknown.ts";
import type { Crypto, Files } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import type { Located, Place } from "../text/text.ts";
import type { Command, SettingChange } from "./command.ts";
import type { ProbePath } from "./probe-paths.ts";
import type { Site } from "./site.ts";
import type { Spot } from "./spot.ts";

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
  /** What the site says of its networks and of what it accepts. */
  readonly site?: Site;
}

/** What a service does. */
export interface Derived {
  readonly startup: Startup;
  readonly sockets: readonly Socket[];
  /** What it passes on to other servers, when it is a proxy: an empty list when it passes on nothing. */
  readonly routes?: readonly ProxyRoute[];
  /** What could not be read or resolved on the way. */
  readonly problems?: readonly Problem[];
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

/** How a service's configuration is laid out. */
export interface Editable {
  /**
   * Where a setting is changed, by its keys as the product's rules write them; undefined where the files at hand do not
   * take it. The fact is the one that the finding is about, for paths that start at it.
   */
  spot(path: readonly string[], fact: Fact): Spot | undefined;
  /**
   * Where lists of accepted callers are closed that accept everybody while they are empty; empty where these files do not
   * take it. `names`: whom the site accepts; without, nobody is let in until a person has written who is.
   */
  lists?(name: string, fact: Fact): readonly CallerList[];
  /** Whether this release reads a key, written as in the catalogue; what is not said is read. */
  reads?(path: string): boolean;
  /** The same change for servers that run, in the syntax of their tools; empty where none takes it. */
  commands?(path: readonly string[], change: SettingChange, fact: Fact): readonly Command[];
}

/** A list of accepted callers that is empty. */
export interface CallerList {
  readonly spot: Spot;
  /** Whose list it is: the title of an entity, the name of an application. */
  readonly owner: string;
  /** Those whom the site accepts. */
  readonly names: readonly string[];
  /** A name that no caller has, made of an unguessable text. */
  readonly nobody: (text: string) => string;
}

/** For products of which no setting is changed. */
export const notEditable: Editable = { spot: () => undefined };

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
  /** The paths that it answers for, where sockets of one port differ in their logins; absent: all. */
  readonly paths?: readonly string[];
  /** Whether it is opened at all. */
  readonly on: Maybe<boolean>;
  /** "0.0.0.0" is every address, "127.0.0.1" only this host. */
  readonly bind: Maybe<string>;
  readonly port: Maybe<number>;
  /** Path of the socket file that it is; port and bind play no part then. */
  readonly file?: string;
  /** Set where it is opened elsewhere: the far end of a tunnel. Nothing of this host's network plays a part then. */
  readonly far?: FarEnd;
  readonly tls: Tls;
  /** What a caller gets, by the address that the server sees. */
  readonly seen: { readonly loopback: Answer; readonly other: Answer };
  readonly bodyLimit?: Maybe<number>;
  /** Origins of the properties above, by the listener fact's JSON pointers: "/reach" tells why it is open or shut. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** Where a tunnel opens a port. */
export interface FarEnd {
  /** The tunnel as its makers call it: "ngrok". */
  readonly by: string;
  /** The name or address that outsiders call. */
  readonly address: Maybe<string>;
  /** From how far it can be called. */
  readonly reach: Maybe<Reach>;
  readonly at: Located;
}

/** What a caller gets from a socket. */
export interface Answer {
  /** Every request is refused because of where it comes from. */
  readonly refused: Maybe<boolean>;
  readonly auth: Auth;
  readonly anonymous?: AnonymousHttp;
  /** What a caller with a login can do. */
  readonly loggedIn?: AnonymousHttp;
  readonly unknownPeer?: DicomOperations;
  readonly spoofedPeer?: Readonly<Record<string, DicomOperations>>;
  readonly functions?: HttpFunctions;
  readonly anySpoofedPeer?: DicomOperations;
  readonly spoofableTitles?: readonly string[];
  readonly checks?: DicomChecks;
  /** Origins of `auth`, `anonymous` … as seen from here, by the same pointers; they win over the socket's. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/**
 * A way through a proxy: paths that it treats alike and passes on to one server. Where its targets are, and from where
 * the proxy itself can be reached, is for `reach` to find out.
 */
export interface ProxyRoute {
  /** Unique within the service, and stable when lines move. */
  readonly id: string;
  /** Id of the proxy's own socket. */
  readonly socket: string;
  /** For people, to be read behind the product's name: "location /orthanc/ (server pacs.example)". */
  readonly label: string;
  /** `tcp`: connections are passed on as they are, which is how DICOM goes through a proxy. */
  readonly protocol: "http" | "tcp";
  /** As the outsider writes them; empty for tcp. */
  readonly paths: readonly string[];
  /** Several servers share the load. */
  readonly targets: readonly RouteTarget[];
  readonly login: Maybe<RouteLogin>;
  readonly callers: Maybe<Callers>;
  /** The addresses that are let in, as written; empty where everybody is. */
  readonly allowed: readonly string[];
  /** The proxy's own accounts, where they are there to read: whether one can be looked up; whether there are none. */
  readonly accounts?: { readonly published: Maybe<boolean>; readonly nobody: boolean };
  /** Whether the proxy adds a login to every request. */
  readonly suppliesLogin: Maybe<boolean>;
  /** What gets through, by the server's own paths; for http only. */
  readonly passes: Maybe<readonly PassedPath[]>;
  /** Requests that take this way, as the outsider writes them, of each kind one; for http only. */
  readonly samples: readonly RequestLine[];
  /**
   * What an outsider writes so that the server behind is asked for this, by this way; empty where nothing does. Absent for
   * tcp, which passes everything on as it is.
   */
  readonly outsideOf?: (asked: RequestLine) => Maybe<readonly RequestLine[]>;
  readonly tls: Tls;
  /** Longest request body in megabytes; 0 is without limit. */
  readonly bodyLimit: Maybe<number>;
  /** Whether answers carry Strict-Transport-Security. */
  readonly hsts: Maybe<boolean>;
  /** Why lines that may ask for a login are not there to read; null when all are. */
  readonly unread: string | null;
  /**
   * By these pointers: "/listen", "/path", "/target", "/login" (the lines that ask), "/promised" (lines that look like
   * asking), "/accounts", "/callers", "/suppliesLogin", "/bodyLimit", "/hsts", "/unread", "/tls/…".
   */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** A server that a proxy passes requests to, as the proxy names it. */
export interface RouteTarget {
  readonly host: Maybe<string>;
  readonly port: Maybe<number>;
}

/** What a proxy asks for; `proxy`: another service decides. */
export type RouteLogin = "none" | "basic" | "oidc" | "proxy" | "client-certificate";

/** Whom a proxy lets in by address. `host`: itself only. */
export type Callers = "anybody" | "listed" | "host" | "nobody";

/** A path and a method. */
export interface RequestLine {
  readonly path: string;
  readonly method: string;
}

/** A path of a product that a route leads to. */
export interface PassedPath {
  readonly path: string;
  /** How the outsider asks for it. */
  readonly outside: RequestLine;
  readonly product: ProbePath["product"];
  readonly gives: ProbePath["gives"];
  readonly needs?: ProbePath["needs"];
}
