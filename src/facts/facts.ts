/** The facts that rules are written about: plain data, every property with its origins. One sentence a field. */
import type { Origin } from "./origin.ts";
import type { Maybe } from "./unknown.ts";

/** What every fact has. */
export interface FactBase {
  /** Unique within a deployment, stable when lines move: part of a finding's fingerprint. */
  readonly id: string;
  /** Name of the service it is about; absent for a fact about a file that no service claims. */
  readonly service?: string;
  /** Product of that service. */
  readonly product?: Product;
  /** JSON pointer of a property → its origins, the one to change first leading; "" is the fact as a whole. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** The servers that pacslint knows by name. */
export type Product =
  | "orthanc"
  | "dcm4chee"
  | "nginx"
  | "traefik"
  | "caddy"
  | "haproxy"
  | "httpd"
  | "keycloak"
  | "postgres"
  | "mysql"
  | "slapd"
  | "oauth2-proxy"
  | "authelia"
  | "orthanc-auth-service"
  | "redis"
  | "elasticsearch"
  | "kibana"
  | "logstash"
  | "minio"
  | "portainer"
  | "adminer"
  | "pgadmin"
  | "viewer"
  | "mongodb"
  | "grafana"
  | "prometheus"
  | "other";

/** How far an answer that is more than a refusal carries; in this order, each includes the ones before it. */
export type Reach = "none" | "container" | "host" | "internal" | "network" | "internet";

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

/** What a DICOM server compares before it answers. */
export interface DicomChecks {
  /** The caller's address with the one that is listed for its AE title. */
  readonly host: Maybe<boolean>;
  /** The AE title that is called with the server's own. */
  readonly calledTitle: Maybe<boolean>;
  /** AE titles in upper and lower case. */
  readonly exactTitle: Maybe<boolean>;
}

/** What a DICOM caller can do. */
export interface DicomOperations {
  readonly echo: Maybe<boolean>;
  readonly store: Maybe<boolean>;
  readonly find: Maybe<boolean>;
  readonly findWorklist: Maybe<boolean>;
  readonly get: Maybe<boolean>;
  readonly move: Maybe<boolean>;
}

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
  | "ingress"
  | "gateway";

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
  /** Direct: a proxy asks for a login, or encrypts, before the same server; whoever comes this way is not asked. */
  readonly goesAround?: string;
  /** What the site says of a firewall before it, as a clause. */
  readonly firewall?: string;
  /** Whether the port is one of those that the site accepts; absent where it names none. */
  readonly portAccepted?: Maybe<boolean>;
  /** Whether every version of TLS that it takes is new enough for the site; absent without TLS, or where it names none. */
  readonly tlsAccepted?: Maybe<boolean>;
}

/** What starts the servers of a deployment; `unlinked`: nothing, they are files that no server reads. */
export type DeploymentForm = "compose" | "kubernetes" | "image" | "host" | "unlinked";

/** A server process, or what stands for one. */
export interface ServiceFact extends FactBase {
  readonly kind: "service";
  readonly name: string;
  readonly form: DeploymentForm;
  /** Version that the facts of this evaluation hold for; null when the product's version plays no part. */
  readonly version: string | null;
  /** The build, where it matters: "debian" packages of Orthanc fail at TLS. */
  readonly build: Maybe<"debian" | "image" | "other">;
  readonly startup: Maybe<"starts" | "refuses">;
}

/** A login that a server knows. */
export interface AccountFact extends FactBase {
  readonly kind: "account";
  readonly name: Maybe<string>;
  /** What can be said of its password without saying it. */
  readonly password: Maybe<PasswordVerdict>;
  /** Who made it. */
  readonly createdBy: "file" | "server" | "image" | "variable";
  /** Whether a login with it is asked for and works, somewhere within the listener's reach. */
  readonly usable: Maybe<boolean>;
  /** Reach of the listener that takes it. */
  readonly reach: Maybe<Reach>;
  /** What the account is for: "REST API", "database". */
  readonly purpose: string;
  /** A colon in the name of an HTTP login: the part after it counts as password for a shorter name. */
  readonly colonInName?: boolean;
  /** HTTP: the login as a whole is one that a catalogue lists, or its password is empty or the name. */
  readonly published?: Maybe<boolean>;
}

/**
 * What can be said of a password.
 *
 * - `default`: in the catalogue of default credentials, for this user or alone;
 * - `empty`: as it says; `same-as-name`: the user's name, or that with a few digits behind it; `short`: fewer than eight characters;
 * - `literal`: written out, not known to be weak; `reference`: a variable or a file supplies it.
 */
export type PasswordVerdict = "default" | "empty" | "same-as-name" | "short" | "literal" | "reference";

/** A password, key or token that a configuration holds. */
export interface SecretFact extends FactBase {
  readonly kind: "secret";
  /** The option or variable, as a path: "PostgreSQL.Password". */
  readonly path: string;
  readonly verdict: Maybe<PasswordVerdict>;
  /** What it opens: "user radiology of the REST API", "the PostgreSQL database". */
  readonly purpose: string;
  /** Whether any user of the machine can read the file; absent where the platform does not say. */
  readonly worldReadable?: boolean;
  /** Whether anything takes it, in this version and with the features that are on. */
  readonly read?: Maybe<boolean>;
  /** Certainly nothing takes it. */
  readonly idle?: boolean;
  /** The server shows it in clear over its own interface, because its key is not the one that it hides. */
  readonly shown?: boolean;
  /** Where the manifest of a container holds it; absent where a file of the server does. */
  readonly heldBy?: "variable" | "command" | "health-check" | "label" | "secret";
  /** The server writes it to its log. */
  readonly logged?: boolean;
}

/** Another server that this one sends to over HTTP. */
export interface PeerFact extends FactBase {
  readonly kind: "peer";
  readonly name: string;
  /** The section it stands in: "OrthancPeers", "DicomWeb.Servers". */
  readonly section: string;
  readonly scheme: Maybe<"http" | "https">;
  /** Whether the address is this machine itself, or a service of the same deployment. */
  readonly local: Maybe<boolean>;
  readonly hasCredentials: Maybe<boolean>;
  /** Whether the other side's certificate is verified. */
  readonly verified: Maybe<boolean>;
  /** Every connection fails because no authority is trusted: what leads people to switch the verification off. */
  readonly verificationFails?: Maybe<boolean>;
  /** Its login is kept in clear text in the database, with the jobs that send to it. */
  readonly savedWithJobs?: Maybe<boolean>;
}

/** A DICOM node that a server lists. */
export interface ModalityFact extends FactBase {
  readonly kind: "modality";
  readonly name: string;
  readonly aet: Maybe<string>;
  readonly host: Maybe<string>;
  /** Whether the host is written as an IP address: names never match a host check. */
  readonly hostIsAddress: Maybe<boolean>;
  /** How many entries share this AE title. */
  readonly sameAet: number;
  /** Whether the title counts only from its host. */
  readonly hostChecked: Maybe<boolean>;
  /** Whether associations to it use TLS. */
  readonly tls: Maybe<boolean>;
  /** Whether the server takes associations over TLS only, so that one would expect the same towards others. */
  readonly tlsExpected?: Maybe<boolean>;
  /** What the entry itself allows. */
  readonly allows: DicomOperations;
  /** Whether the title is one of those that the site accepts; absent where it names none. */
  readonly titleAccepted?: Maybe<boolean>;
  /** Operations that the entry denies and a global switch gives to everybody all the same. */
  readonly ineffectiveDenials: readonly string[];
}

/** The database that holds the index or the images. */
export interface DatabaseFact extends FactBase {
  readonly kind: "database";
  readonly engine: "sqlite" | "postgres" | "mysql" | "odbc" | "other";
  /** Whether the server uses it: a section that is not enabled leaves the data in SQLite. */
  readonly used: Maybe<boolean>;
  /** Whether its section switches it on, and no list of plugins speaks against it: what `used` is taken to be. */
  readonly enabled?: Maybe<boolean>;
  readonly local: Maybe<boolean>;
  readonly tls: Maybe<"off" | "unverified" | "verified" | "unused">;
}

/** A plugin that a server may load. */
export interface PluginFact extends FactBase {
  readonly kind: "plugin";
  readonly plugin: string;
  readonly loaded: Maybe<boolean>;
  /** Loaded and switched on by its own section. */
  readonly active: Maybe<boolean>;
  /** A mistake that leaves it without effect, as a clause; null when there is none. */
  readonly idleBecause: Maybe<string | null>;
  /** A folder that it serves over HTTP and that holds the server's own configuration; null when there is none. */
  readonly exposes?: string | null;
}

/** A certificate that a server presents or trusts. */
export interface CertificateFact extends FactBase {
  readonly kind: "certificate";
  readonly path: string;
  readonly use: "http-server" | "dicom-server" | "http-clients" | "dicom-peers" | "https-authorities";
  readonly state: Maybe<"ok" | "missing" | "not-a-certificate">;
  readonly expired: Maybe<boolean>;
  readonly daysLeft: Maybe<number>;
  readonly keyType: Maybe<string>;
  readonly keyBits: Maybe<number>;
  readonly signature: Maybe<string>;
  readonly selfSigned: Maybe<boolean>;
  readonly hasSubjectAltName: Maybe<boolean>;
  /** Written as a path relative to the working directory of the process, not to the configuration. */
  readonly relativeToProcess?: boolean;
}

/** One effective setting. */
export interface OptionFact extends FactBase {
  readonly kind: "option";
  /** Path of keys, a star never: "DicomModalities.CT1.AllowFind". */
  readonly path: string;
  /** Its catalogue path: "DicomModalities.*.AllowFind". */
  readonly catalogue: string;
  /** The value; a secret's is its verdict. */
  readonly value: unknown;
  readonly isDefault: boolean;
  /** Whether the server looks at it, in this version and with the features that are on. */
  readonly read: Maybe<boolean>;
  /** Certainly nothing looks at it: what depends on plugins that cannot be seen is not idle. */
  readonly idle?: boolean;
  readonly security: boolean;
  /** Deprecated, too new or too old for the version, out of range …; null when nothing is wrong. */
  readonly issue: OptionIssue | null;
}

/** What is wrong with an option that the server knows. */
export type OptionIssue =
  | { readonly type: "too-new"; readonly since: string }
  | { readonly type: "removed"; readonly until: string }
  | { readonly type: "deprecated"; readonly instead: string | null }
  | {
      readonly type: "wrong-type";
      readonly expected: string;
      readonly effect: "refuses" | "ignored" | "late";
    }
  | { readonly type: "out-of-range"; readonly becomes: string }
  /** Not one of the values that the server knows; `becomes` is null where it is not known what it makes of it. */
  | { readonly type: "unknown-value"; readonly allowed: string; readonly becomes: string | null }
  /** Written more than once in one object: only the last one counts. */
  | { readonly type: "duplicate" };

/** A key that the server does not know. */
export interface UnknownOptionFact extends FactBase {
  readonly kind: "unknownOption";
  readonly path: string;
  /** The known key that was probably meant; null when nothing is near. */
  readonly closest: string | null;
  /** What it does that the meant setting does not apply: opens something, closes something, or neither. */
  readonly effect: Maybe<"opens" | "closes" | "none">;
  /** What the server does instead, as a clause. */
  readonly consequence: string;
}

/** One reason why a server would not start. */
export interface FaultFact extends FactBase {
  readonly kind: "fault";
  /** A sentence: what the server refuses. */
  readonly message: string;
  /** `start`: it does not start; `crash`: it starts and dies at a caller's hand; `syntax`: the file cannot be read. */
  readonly effect: "start" | "crash" | "syntax";
  readonly expected: string;
}

/** Published weaknesses that the running release has, in this configuration. */
export interface AdvisoryFact extends FactBase {
  readonly kind: "advisory";
  /** The worst of them, where several are told together. */
  readonly advisory: string;
  readonly advisories?: readonly string[];
  readonly severity: "critical" | "high" | "medium" | "low";
  readonly fixed: string | null;
  /** What it allows here, as a clause. */
  readonly allows: string;
  /** Whether its precondition holds in this configuration. */
  readonly applies: Maybe<boolean>;
}

/** A file on disk, where the platform has permissions. */
export interface FileFact extends FactBase {
  readonly kind: "file";
  readonly path: string;
  readonly use: "configuration" | "private-key" | "certificate" | "environment" | "script";
  readonly holdsSecrets: boolean;
  /** Octal mode such as "0644". */
  readonly mode: Maybe<string>;
  readonly worldReadable: Maybe<boolean>;
  readonly worldWritable: Maybe<boolean>;
}

/** How long and how safely data is kept. */
export interface StorageFact extends FactBase {
  readonly kind: "storage";
  /** `local`, or the object store's name. */
  readonly backend: string;
  readonly encrypted: Maybe<boolean>;
  /** Whether a section for the encryption is there and not switched off: what is missing in it leaves images as they are. */
  readonly encryptionMeant?: Maybe<boolean>;
  /** `fill`: until the disk is full; `recycle`: old patients are deleted; `reject`: new images are refused. */
  readonly whenFull: Maybe<"fill" | "recycle" | "reject">;
  /** Whether data crosses the network in clear text. */
  readonly clearText: Maybe<boolean>;
  /** Whether images go there: the plugin of an object store may be absent or switched off. */
  readonly used?: Maybe<boolean>;
  /** Whether its section is there, and no list of plugins speaks against it: what `used` is taken to be. */
  readonly enabled?: Maybe<boolean>;
  /** Whether the object store is this machine, or a service of the same deployment. */
  readonly local?: Maybe<boolean>;
}

/** A container as its orchestrator starts it. */
export interface ContainerFact extends FactBase {
  readonly kind: "container";
  readonly privileged: Maybe<boolean>;
  readonly root: Maybe<boolean>;
  readonly dockerSocket: boolean;
  readonly hostNetwork: Maybe<boolean>;
  readonly hostPid: Maybe<boolean>;
  readonly hostIpc: Maybe<boolean>;
  readonly addedCapabilities: readonly string[];
  /** Those among the added ones that are as good as root on the host. */
  readonly strongCapabilities: readonly string[];
  readonly dropsCapabilities: boolean;
  readonly noNewPrivileges: boolean;
  readonly readOnly: boolean;
  /** Filters of system calls that are switched off: "seccomp", "apparmor". */
  readonly unconfined: readonly string[];
  /** Folders, files and devices of the host that give it away, and can be written. */
  readonly hostPaths: readonly string[];
  /** Those that can only be read. */
  readonly hostPathsRead: readonly string[];
  /** What of the usual hardening is not asked for, in words. */
  readonly missing: readonly string[];
  /** Widest reach of what it listens on. */
  readonly reach: Maybe<Reach>;
}

/** A server as systemd starts it. */
export interface UnitFact extends FactBase {
  readonly kind: "unit";
  /** "orthanc.service". */
  readonly name: string;
  readonly user: Maybe<string>;
  readonly root: Maybe<boolean>;
  /** The start option that has the server log the content of requests; null without one. */
  readonly traces: string | null;
  /** What of the usual hardening is not set. */
  readonly missing: readonly string[];
  /** Widest reach of what it listens on. */
  readonly reach: Maybe<Reach>;
}

/** The image of a container. */
export interface ImageFact extends FactBase {
  readonly kind: "image";
  readonly reference: Maybe<string>;
  readonly tag: Maybe<string | null>;
  readonly digest: boolean;
  /** No tag, "latest", or one that is moved to newer builds. */
  readonly floating: Maybe<boolean>;
  readonly unmaintained: Maybe<boolean>;
  /** Since when nobody maintains it. */
  readonly since?: string;
  /** What took its place; null where nothing did. */
  readonly instead?: string | null;
  /** A known image, taken from another registry than its maker's, and not one that the site accepts. */
  readonly mirror: boolean;
  /** Whether the site accepts where it comes from; absent where it names no registries. */
  readonly registryAccepted?: Maybe<boolean>;
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

/** Any fact. */
export type Fact =
  | ServiceFact
  | ListenerFact
  | EntryFact
  | AccountFact
  | SecretFact
  | PeerFact
  | ModalityFact
  | DatabaseFact
  | PluginFact
  | CertificateFact
  | OptionFact
  | UnknownOptionFact
  | FaultFact
  | AdvisoryFact
  | FileFact
  | StorageFact
  | ContainerFact
  | UnitFact
  | ImageFact
  | RouteFact
  | ApplicationEntityFact
  | Hl7ApplicationFact
  | RealmFact
  | ClientFact
  | DirectoryFact
  | DirectoryLinkFact
  | KeystoreFact
  | WebAppFact
  | AuditFact
  | IneffectiveFact
  | SuppressionFact;

/** The name of a kind of fact, as rules select it. */
export type FactKind = Fact["kind"];

/** A DICOM application entity of the server itself. */
export interface ApplicationEntityFact extends FactBase {
  readonly kind: "applicationEntity";
  readonly title: Maybe<string>;
  /** Whether it can be called at all: installed, an acceptor, on a connection that listens. */
  readonly callable: Maybe<boolean>;
  /** Which calling AE titles it accepts. */
  readonly callers: Maybe<"any" | "listed">;
  /** Whether the caller's address must be that of a configured entity with this title. */
  readonly hostChecked: Maybe<boolean>;
  /** Titles whose configured host has no dot: a reverse DNS record is enough to pass. */
  readonly weaklyChecked: readonly string[];
  /** What becomes of a user's login in the association request: `optional` is checked only when it is sent. */
  readonly userIdentity: Maybe<"none" | "optional" | "required">;
  /** Reachable over a connection that does not encrypt. */
  readonly clearText: Maybe<boolean>;
  /** What a caller that is accepted can do. */
  readonly abilities: DicomOperations;
  /** Where callers may send studies (C-MOVE). */
  readonly moveDestinations: Maybe<"any" | "listed">;
  /** Whether it sees only studies with its own access-control ids. */
  readonly accessControlled: Maybe<boolean>;
}

/** An HL7 application of the server itself. */
export interface Hl7ApplicationFact extends FactBase {
  readonly kind: "hl7Application";
  readonly name: Maybe<string>;
  readonly callable: Maybe<boolean>;
  /** Which sending applications it accepts; what a sender says of itself is not verified. */
  readonly senders: Maybe<"any" | "listed">;
  /** `none`: it refuses every message. */
  readonly messageTypes: Maybe<"none" | "listed" | "all">;
  readonly clearText: Maybe<boolean>;
}

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

/** The keys that a server shows, or the authorities that it trusts. */
export interface KeystoreFact extends FactBase {
  readonly kind: "keystore";
  readonly use: "identity" | "trust";
  /** `java`: the authorities of the Java installation; `listed`: exactly the certificates listed; `missing`: no key. */
  readonly source: Maybe<"file" | "java" | "listed" | "missing">;
  readonly path: Maybe<string | null>;
  /** The published sample of the product. */
  readonly sample: Maybe<boolean>;
  /** Anybody can get a certificate that is trusted: a public authority is in the store, or the sample one. */
  readonly public: Maybe<boolean>;
  /** Decides who may connect: a listener asks clients for certificates. */
  readonly guards: Maybe<boolean>;
  /** Other hosts get as far as a port with TLS that shows a certificate of it. */
  readonly presented: Maybe<boolean>;
}

/** A web application that a server runs. */
export interface WebAppFact extends FactBase {
  readonly kind: "webApp";
  readonly context: Maybe<string>;
  readonly login: Maybe<"none" | "basic" | "digest" | "form" | "oidc" | "client-cert">;
  /** The login covers listed HTTP methods only: others pass. */
  readonly methodsBypass: Maybe<boolean>;
  readonly transportGuarantee: Maybe<boolean>;
  /** Runs commands or changes the server: consoles, remote invokers. */
  readonly administrative: boolean;
}

/** Where a server's audit trail goes. */
export interface AuditFact extends FactBase {
  readonly kind: "audit";
  readonly enabled: Maybe<boolean>;
  readonly transport: Maybe<"udp" | "tcp" | "tls" | "none">;
  readonly target: Maybe<string | null>;
  /** Whether messages arrive somewhere; a loopback address inside a container is nowhere. */
  readonly delivered: Maybe<boolean>;
  /** Kept and sent again while the target is away. */
  readonly retries: Maybe<boolean>;
}

/** A setting that is written and has no effect. */
export interface IneffectiveFact extends FactBase {
  readonly kind: "ineffective";
  /** Where it is set: "AE DCM4CHEE: dcmPreferredCallingAETitle". */
  readonly path: string;
  /** Why, as a clause. */
  readonly because: string;
  /** Whether it looks like a protection that is not there. */
  readonly looksSafe: boolean;
}

/** A suppression that a comment or pacslint.yaml holds; derived when everything else is judged. */
export interface SuppressionFact extends FactBase {
  readonly kind: "suppression";
  /** The rule that it names; "" where it names none. */
  readonly rule: string;
  readonly from: "comment" | "configuration";
  /** `not-understood`: it is not written as suppressions are; `unused`: nothing was there that it silences. */
  readonly state: "used" | "unused" | "expired" | "no-reason" | "unknown-rule" | "not-understood";
  /** The last day on which it holds; null: without end. */
  readonly until: string | null;
  /** What was probably meant, in brackets; "" when nothing is near. */
  readonly hint: string;
}
