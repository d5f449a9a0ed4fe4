/** Ways in: the sockets of servers, the entries by which an outsider gets to them, the routes of proxies. */
import type { DeploymentForm, FactBase, Product } from "./base.ts";
import type { DicomChecks, DicomOperations } from "./dicom.ts";
import type { Reach } from "./reach.ts";
import type { Maybe } from "./unknown.ts";

/** The protocols that listeners speak; HTTPS is http with tls on. */
export type Protocol =
  | "http"
  | "dicom"
  | "hl7"
  | "ldap"
  | "database"
  | "management"
  | "debug"
  | "syslog"
  | "other";

/** What is behind an opening, where it is not images. */
export type Role =
  | "database"
  | "cache"
  | "search"
  | "objects"
  | "directory"
  | "administration"
  | "identity"
  | "metrics"
  | "messages"
  | "logs"
  | "mail"
  | "debug"
  | "viewer"
  | "proxy"
  /** Of a program that pacslint does not know. */
  | "unknown";

/** In which language the settings of a proxy are written; `traefik-objects`: Traefik's own kinds of objects in a cluster. */
export type ProxyLanguage =
  | "nginx"
  | "traefik"
  | "traefik-objects"
  | "caddy"
  | "httpd"
  | "haproxy"
  | "ingress-nginx"
  | "ingress-haproxy"
  | "ingress-traefik"
  | "ingress-alb"
  | "ingress"
  | "gateway"
  | "openshift"
  | "contour"
  | "virtual-server";

/** Transport security of a listener or an entry. */
export interface Tls {
  readonly mode: Maybe<"off" | "on" | "at-proxy">;
  /** False where the negotiated suites may be NULL ones, or TLS is off. */
  readonly encrypts: Maybe<boolean>;
  /** Oldest protocol version that the settings allow: "SSLv2", "TLSv1.2" …; null when TLS is off. */
  readonly minVersion: Maybe<string | null>;
  /** Names of the cipher suites that the settings allow below TLS 1.3; null when the default of the library applies. */
  readonly ciphers: Maybe<readonly string[] | null>;
  /** Worst verdict over these suites. */
  readonly cipherVerdict?: Maybe<"strong" | "acceptable" | "weak" | "broken" | "none">;
  readonly clientCertificate: Maybe<"none" | "optional" | "required">;
}

/** The weakest way through a login that yields images. */
export interface Auth {
  readonly mode: Maybe<"none" | "basic" | "password" | "digest" | "oidc" | "plugin" | "proxy" | "form">;
  /** A login works, within reach, that everybody can look up or guess. */
  readonly defaultCredentials: Maybe<boolean>;
  /** A variable supplies the first password that can be guessed: it is changed where that is set. */
  readonly credentialsSupplied?: boolean;
  /** Whether repeated wrong passwords are stopped. */
  readonly lockout: Maybe<boolean>;
  /** Nobody at all can log in. */
  readonly lockedOut?: Maybe<boolean>;
  /** The password is sent along by the proxy, for every visitor. */
  readonly suppliedByProxy?: Maybe<boolean>;
  /** A script of the site decides over every request; while no login is asked, it sees names that nobody checked. */
  readonly scripted?: Maybe<boolean>;
  /** The configuration lists at least one account, whether or not it is asked for. */
  readonly users?: Maybe<boolean>;
}

/** What a caller without a password can do over HTTP. */
export interface AnonymousHttp {
  readonly read: Maybe<boolean>;
  readonly write: Maybe<boolean>;
  readonly delete: Maybe<boolean>;
  /** Run commands on the server. */
  readonly execute: Maybe<boolean>;
  /** Write files to the server's disk. */
  readonly writeFiles: Maybe<boolean>;
  readonly dicomweb: Maybe<boolean>;
  readonly webdav: Maybe<boolean>;
}

/** Functions of an HTTP server beyond images, that are there for everybody who gets in. */
export interface HttpFunctions {
  /** Run commands on the server. */
  readonly execute: Maybe<boolean>;
  /** Write files to the server's disk. */
  readonly writeFiles: Maybe<boolean>;
  readonly webdav: Maybe<boolean>;
  readonly webdavUpload: Maybe<boolean>;
  readonly webdavDelete: Maybe<boolean>;
}

/** What is said alike of a listener and of an entry. */
interface Opening {
  readonly protocol: Protocol;
  /** What is behind it; absent where it is the archive itself. */
  readonly role?: Role;
  /** The same for people: "user interface of Elasticsearch". */
  readonly purpose?: string;
  readonly reach: Maybe<Reach>;
  readonly tls: Tls;
  readonly auth: Auth;
  /** The language of the proxy that listens here, or whose route leads here. */
  readonly language?: ProxyLanguage;
  /** HTTP only. */
  readonly anonymous?: AnonymousHttp;
  /** DICOM only: a caller with an AE title that nobody listed. */
  readonly unknownPeer?: DicomOperations;
  /** DICOM only, by AE title: a caller from any other host than the listed one that merely uses the title. */
  readonly spoofedPeer?: Readonly<Record<string, DicomOperations>>;
  /** HTTP only. */
  readonly functions?: HttpFunctions;
  /** http: what whoever has a login can do, as far as a proxy lets it through. */
  readonly loggedIn?: AnonymousHttp;
  /** DICOM only: the most that a listed AE title gives to a caller from any other host. */
  readonly anySpoofedPeer?: DicomOperations;
  /** DICOM only: the AE titles under which a caller from any other host can get at images or names of patients. */
  readonly spoofableTitles?: readonly string[];
  /** DICOM only. */
  readonly checks?: DicomChecks;
}

/** A socket that a server of the deployment opens, with the server's own settings. */
export interface ListenerFact extends FactBase, Opening {
  readonly kind: "listener";
  /** Who is beside it, for people, where it is not the containers of a network: "pod of the cluster". */
  readonly neighbour?: string;
  /** Address as the process binds it: "0.0.0.0" is every address. */
  readonly bind: Maybe<string>;
  readonly port: Maybe<number>;
  /** Longest request body in megabytes; 0 is without limit; absent where it does not apply. */
  readonly bodyLimit?: Maybe<number>;
}

/** One way in, for one set of paths that are treated alike. */
export interface EntryFact extends FactBase, Opening {
  readonly kind: "entry";
  /** Id of the listener that it leads to. */
  readonly listener: string;
  /** The login that stands before the answer is the proxy's, not the server's. */
  readonly proxyAsks?: boolean;
  /** "direct", or the proxy and its route. */
  readonly through: string;
  /** What outsiders reach there, for people, where it is not this host: "a node of the cluster". */
  readonly place?: string;
  /** Address and port as the outsider uses them. */
  readonly address: Maybe<string>;
  readonly port: Maybe<number>;
  readonly paths: readonly string[];
  /** Who gave the server a network of its own, as containers have: loopback addresses lead nobody there. */
  readonly ownNetwork?: Exclude<DeploymentForm, "host" | "unlinked">;
  /** What the server sees as the caller's address. */
  readonly sourceSeen: Maybe<"loopback" | "other">;
  /** Through a proxy: it asks for a login before other paths of the same server. */
  readonly leftOut?: Maybe<boolean>;
  /** Through a proxy that lets nobody else in: the addresses, as written. */
  readonly onlyFrom?: readonly string[];
  /** The tunnel that opens it on another host, as its makers call it: "ngrok". */
  readonly tunnel?: string;
  /** Direct: a proxy asks for a login, or encrypts, before the same server; whoever comes this way is not asked. */
  readonly goesAround?: string;
  /** What the site says of a firewall before it, as a clause. */
  readonly firewall?: string;
  /** Whether the port is one of those that the site accepts; absent where it names none. */
  readonly portAccepted?: Maybe<boolean>;
  /** Whether every version of TLS that it takes is new enough for the site; absent without TLS, or where it names none. */
  readonly tlsAccepted?: Maybe<boolean>;
}

/** One way through a proxy to a server: paths that are treated alike. */
export interface RouteFact extends FactBase {
  readonly kind: "route";
  /** The proxy and the part of its configuration: "nginx: location /orthanc/ (server pacs.example)". */
  readonly through: string;
  readonly language?: ProxyLanguage;
  readonly protocol: "http" | "tcp";
  /** The service that it leads to, or the address where no service of the deployment is behind it. */
  readonly to: Maybe<string>;
  /** Product of that service. */
  readonly backend: Maybe<Product>;
  readonly paths: readonly string[];
  readonly login: Maybe<"none" | "basic" | "oidc" | "proxy" | "client-certificate">;
  readonly reach: Maybe<Reach>;
  /** Whether the proxy adds a login of its own for every visitor. */
  readonly suppliesLogin: Maybe<boolean>;
  /** Server functions that should not be passed on and are: "/tools/execute-script". */
  readonly dangerousPaths: readonly string[];
  /** The port without TLS answers with more than a redirection. */
  readonly plainHttp: Maybe<boolean>;
  readonly tls: Tls;
  /** Longest request body in megabytes; 0 is without limit. */
  readonly bodyLimit: Maybe<number>;
  /** Whether browsers are told to come back over HTTPS only. */
  readonly hsts: Maybe<boolean>;
  /** Why lines that may ask for a login are not there to read; null when all are, or those that are ask for one. */
  readonly unread: string | null;
}
