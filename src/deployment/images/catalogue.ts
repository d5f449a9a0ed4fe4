/** The images that pacslint knows by name, and what each does when nobody configures it. */
import imageData from "../../../data/images.json" with { type: "json" };
import type { Product, Protocol, Role } from "../../facts/facts.ts";
import { isUnknown, type Maybe } from "../../facts/unknown.ts";
import { dockerHub } from "./reference.ts";

/** The releases at which something holds; without either, all. */
export interface Releases {
  readonly from?: string;
  /** The first release at which it holds no longer. */
  readonly below?: string;
}

/** A port on which the server listens when its configuration says nothing else. */
export interface ImagePort {
  readonly port: number;
  readonly protocol: Protocol;
  /** Absent where it is the archive itself. */
  readonly role?: Role;
  readonly use: string;
}

/** A login that the image makes. */
export interface ImageLogin extends Releases {
  readonly purpose: string;
  readonly user: string;
  readonly password: string | null;
  /** What holds when no variable sets the password; see schemas/data/images.schema.json. */
  readonly without: "default" | "open" | "none" | "random" | "refuses";
  readonly userVariable: string | null;
  readonly passwordVariables: readonly string[];
}

/** Variables that the start script of an image takes from a file as well. */
export interface SecretFiles {
  /** Their names; with "*" at the end all that begin so. */
  readonly of: readonly string[];
  /** What the name of the variable ends with that names the file. */
  readonly suffix: string;
  /** That variable holds the file's path, or its name below /run/secrets. */
  readonly holds: "path" | "name";
}

/** With how few rights an image is known to run. */
export interface HardenedImage {
  /** What of root's rights it still needs. */
  readonly capabilities: readonly string[];
  /** Folders that it writes to besides its volumes, and that may be empty at its start. */
  readonly writes: readonly string[];
  /** Variables that it needs when it cannot write into itself. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folders that have to be mounted, because what it keeps is there. */
  readonly volumes: readonly string[];
  /** Variables, and folders of the site's own, with which it writes elsewhere. */
  readonly notWith: readonly string[];
  /** The account that it brings along for its server, from this release on; null: none. */
  readonly account: string | null;
}

/** A variable that takes a login away. */
export interface ImageOpening extends Releases {
  readonly variable: string;
  /** "*" is any value that is not empty. */
  readonly values: readonly string[];
  readonly effect: string;
}

/** What data/images.json says of an image; schemas/data/images.schema.json has a sentence for each field. */
export interface ImageEntry {
  readonly id: string;
  readonly name: string;
  readonly product: Product;
  readonly names: readonly string[];
  readonly versions: string;
  readonly parts?: number;
  readonly ports: readonly ImagePort[];
  readonly user: string | null;
  readonly logins: readonly ImageLogin[];
  readonly secretFiles?: SecretFiles & { readonly except?: readonly string[] };
  readonly hardened?: Partial<HardenedImage> & {
    readonly source: string;
    readonly except?: readonly string[];
    readonly from?: string;
    readonly accountFrom?: string;
  };
  readonly openedBy: readonly ImageOpening[];
  readonly openByDefault: readonly (Releases & { readonly effect: string })[];
  readonly unmaintained?: { readonly since: string; readonly last: string; readonly instead: string | null };
}

const products: Readonly<Record<Exclude<Product, "other">, true>> = {
  orthanc: true,
  dcm4chee: true,
  nginx: true,
  traefik: true,
  caddy: true,
  haproxy: true,
  httpd: true,
  keycloak: true,
  postgres: true,
  mysql: true,
  slapd: true,
  "oauth2-proxy": true,
  tunnel: true,
  authelia: true,
  "orthanc-auth-service": true,
  redis: true,
  elasticsearch: true,
  kibana: true,
  logstash: true,
  minio: true,
  portainer: true,
  adminer: true,
  pgadmin: true,
  viewer: true,
  mongodb: true,
  grafana: true,
  prometheus: true,
};

function isProduct(name: string): name is Product {
  return Object.hasOwn(products, name);
}

const protocols: readonly Protocol[] = [
  "http",
  "dicom",
  "hl7",
  "ldap",
  "database",
  "management",
  "debug",
  "syslog",
  "other",
];

const roles: readonly Role[] = [
  "database",
  "cache",
  "search",
  "objects",
  "directory",
  "administration",
  "identity",
  "metrics",
  "messages",
  "logs",
  "mail",
  "viewer",
  "proxy",
];

function portOf({ port, protocol, role, use }: Listed["ports"][number]): readonly ImagePort[] {
  const found = protocols.find((name) => name === protocol);
  const known = roles.find((name) => name === role);
  return found === undefined
    ? []
    : [{ port, protocol: found, ...(known === undefined ? {} : { role: known }), use }];
}

const outcomes = ["default", "open", "none", "random", "refuses"] as const;

function loginOf(login: Listed["logins"][number]): readonly ImageLogin[] {
  const without = outcomes.find((name) => name === login.without);
  return without === undefined ? [] : [{ ...login, without }];
}

/** An entry as the file has it: words that are not held against their types yet. */
type Listed = Omit<ImageEntry, "product" | "ports" | "logins" | "secretFiles"> & {
  readonly product: string;
  readonly ports: readonly {
    readonly port: number;
    readonly protocol: string;
    readonly role?: string;
    readonly use: string;
  }[];
  readonly logins: readonly (Omit<ImageLogin, "without"> & { readonly without: string })[];
  readonly secretFiles?: Omit<SecretFiles, "holds"> & {
    readonly holds: string;
    readonly except?: readonly string[];
  };
};

function entryOf(listed: Listed): ImageEntry {
  const { product, ports, logins, secretFiles, ...same } = listed;
  return {
    ...same,
    product: isProduct(product) ? product : "other",
    ports: ports.flatMap(portOf),
    logins: logins.flatMap(loginOf),
    ...(secretFiles === undefined
      ? {}
      : { secretFiles: { ...secretFiles, holds: secretFiles.holds === "name" ? "name" : "path" } }),
  };
}

const entries: readonly ImageEntry[] = imageData.images.map(entryOf);

/** The entry of an image; names in other registries count as copies when the rest of the name is the same. */
export function findImage(
  registry: Maybe<string>,
  repository: string,
): { readonly entry: ImageEntry; readonly mirror: boolean } | undefined {
  const full = registry === dockerHub || isUnknown(registry) ? repository : `${registry}/${repository}`;
  const exact = entries.find(({ names }) => names.some((name) => matches(name, full)));
  if (exact !== undefined) return { entry: exact, mirror: isUnknown(registry) };
  if (registry === dockerHub) return undefined;
  // A mirror keeps the whole name, often below a folder of its own; official images have one word only.
  const tails = [
    repository,
    repository.split("/").slice(-2).join("/"),
    repository.replace(/^.*\/library\//u, ""),
  ];
  const copy = entries.find(({ names }) =>
    names.some((name) => tails.some((tail) => matches(withoutRegistry(name), tail))),
  );
  return copy === undefined ? undefined : { entry: copy, mirror: true };
}

function withoutRegistry(name: string): string {
  return name.replace(/^[^/]*\.[^/]*\//u, "");
}

function matches(pattern: string, name: string): boolean {
  if (!pattern.includes("*")) return pattern === name;
  const source = pattern.split("*").map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/gu, "\\$&"));
  return new RegExp(`^${source.join("[^/]*")}$`, "u").test(name);
}
