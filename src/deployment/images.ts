/** Images by their names: which product, which release, and what it does when nobody configures it. */
import imageData from "../../data/images.json" with { type: "json" };
import orthancData from "../../data/orthanc/images.json" with { type: "json" };
import releaseData from "../../data/orthanc/releases.json" with { type: "json" };
import type { Product, Protocol, Role } from "../facts/facts.ts";
import { isUnknown, type Maybe, map, unknown } from "../facts/unknown.ts";
import { holeIn, locate, type Text } from "../text/text.ts";
import type { VersionInfo } from "./model.ts";

/** The parts of an image's name; those with an unresolved variable in them are unknown. */
export interface ImageReference {
  /** "docker.io" when none is written. */
  readonly registry: Maybe<string>;
  /** Without the "library/" of official images. */
  readonly repository: Maybe<string>;
  /** Null: none is written, which means "latest". */
  readonly tag: Maybe<string | null>;
  readonly digest: Maybe<string | null>;
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
export interface ImageLogin {
  readonly purpose: string;
  readonly user: string;
  readonly password: string | null;
  /** What holds when no variable sets the password; see schemas/data/images.schema.json. */
  readonly without: "default" | "open" | "none" | "random" | "refuses";
  readonly userVariable: string | null;
  readonly passwordVariables: readonly string[];
  readonly from?: string;
  readonly below?: string;
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
export interface ImageOpening {
  readonly variable: string;
  /** "*" is any value that is not empty. */
  readonly values: readonly string[];
  readonly effect: string;
  readonly from?: string;
  readonly below?: string;
}

/** A release of an image, and the release of Orthanc in it. */
export interface ImageBuild {
  readonly release: string;
  readonly orthanc: string;
}

/** What is known of an image. */
export interface RecognisedImage {
  readonly reference: ImageReference;
  /** "other" for an image that nobody listed. */
  readonly product: Maybe<Product>;
  /** Name of the product for people; null for an image that nobody listed. */
  readonly name: string | null;
  /** Id in data/images.json. */
  readonly id: string | null;
  /** Its name is that of a known image, but another registry has it. */
  readonly mirror: boolean;
  /** `candidates` is ["0"] where nothing depends on the release. */
  readonly version: VersionInfo;
  /** For orthancteam/orthanc and osimis/orthanc: the releases of the image that it may be. */
  readonly builds: readonly ImageBuild[];
  /** What follows the version in the tag: "full", "secure", "alpine"; null when there is nothing. */
  readonly variant: Maybe<string | null>;
  readonly floating: Maybe<boolean>;
  readonly unmaintained: Maybe<boolean>;
  /** Since when nobody maintains it, and what took its place; null where it is maintained. */
  readonly retired: { readonly since: string; readonly instead: string | null } | null;
  readonly ports: readonly ImagePort[];
  /** Those of the releases that it may be. */
  readonly logins: readonly ImageLogin[];
  /** Null: it takes none, or nobody has looked. */
  readonly secretFiles: SecretFiles | null;
  /** Null: nobody has tried. */
  readonly hardened: HardenedImage | null;
  readonly openedBy: readonly ImageOpening[];
  /** Sentences: what is open when nobody configures it. */
  readonly openByDefault: readonly string[];
  /** User of the first process; null: not known. */
  readonly user: string | null;
}

interface ImageEntry {
  readonly id: string;
  readonly name: string;
  readonly product: string;
  readonly names: readonly string[];
  readonly versions: string;
  readonly parts?: number;
  readonly ports: readonly {
    readonly port: number;
    readonly protocol: string;
    readonly role?: string;
    readonly use: string;
  }[];
  readonly user: string | null;
  readonly logins: readonly (Omit<ImageLogin, "without"> & { readonly without: string })[];
  readonly secretFiles?: Omit<SecretFiles, "holds"> & {
    readonly holds: string;
    readonly except?: readonly string[];
  };
  readonly hardened?: Partial<HardenedImage> & {
    readonly source: string;
    readonly except?: readonly string[];
    readonly from?: string;
    readonly accountFrom?: string;
  };
  readonly openedBy: readonly ImageOpening[];
  readonly openByDefault: readonly {
    readonly effect: string;
    readonly from?: string;
    readonly below?: string;
  }[];
  readonly unmaintained?: { readonly since: string; readonly last: string; readonly instead: string | null };
}

const entries: readonly ImageEntry[] = imageData.images;
const dockerHub = "docker.io";

/** Takes an image's name apart. Source: distribution/reference, normalize.go. */
export function parseImageReference(text: Text): ImageReference {
  const { value } = text;
  const digestAt = value.indexOf("@");
  const end = digestAt < 0 ? value.length : digestAt;
  const lastSlash = value.lastIndexOf("/", end - 1);
  const colon = value.indexOf(":", lastSlash + 1);
  const nameEnd = colon < 0 || colon >= end ? end : colon;
  const firstSlash = value.indexOf("/");
  const hasRegistry = firstSlash >= 0 && firstSlash < nameEnd && isRegistry(text, firstSlash);
  const nameStart = hasRegistry ? firstSlash + 1 : 0;
  const repository = part(text, nameStart, nameEnd);
  return {
    registry: hasRegistry ? map(part(text, 0, firstSlash), officialRegistry) : dockerHub,
    repository: map(repository, (name) => name.replace(/^library\//u, "")),
    tag: nameEnd < end ? part(text, nameEnd + 1, end) : null,
    digest: digestAt < 0 ? null : part(text, digestAt + 1, value.length),
  };
}

/** The first part is a registry when it has a dot or a port; an unresolved variable that is all of it is taken for one. */
function isRegistry(text: Text, end: number): boolean {
  const first = text.value.slice(0, end);
  return /[.:]|^localhost$|^[^a-z0-9]*$/u.test(first) || first !== first.toLowerCase();
}

function officialRegistry(name: string): string {
  return /^(?:index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)$/u.test(name)
    ? dockerHub
    : name;
}

function part(text: Text, start: number, end: number): Maybe<string> {
  const hole = holeIn(text, start, end);
  return hole === undefined
    ? text.value.slice(start, end)
    : unknown("input", hole.reason, locate(text, start, end));
}

/** What an image is, by its name. */
export function recogniseImage(text: Text): RecognisedImage {
  const reference = parseImageReference(text);
  const found = isUnknown(reference.repository) ? undefined : find(reference.registry, reference.repository);
  const entry = found?.entry;
  const tag = tagParts(reference.tag);
  const { version, builds } = releasesOf(entry, tag, reference);
  const applies = (step: { readonly from?: string; readonly below?: string }): boolean =>
    version.candidates.some((candidate) => within(candidate, step, entry, builds));
  return {
    reference,
    product: isUnknown(reference.repository) ? reference.repository : productOf(entry?.product),
    name: entry?.name ?? null,
    id: entry?.id ?? null,
    mirror: found?.mirror ?? false,
    version,
    builds,
    variant: map(tag, ({ variant }) => variant),
    floating: isFloating(reference, tag, entry),
    unmaintained: isUnknown(reference.repository) ? reference.repository : entry?.unmaintained !== undefined,
    retired: entry?.unmaintained ?? null,
    ports: entry?.ports.flatMap(asPort) ?? [],
    logins: entry?.logins.filter(applies).flatMap(asLogin) ?? [],
    secretFiles: secretFilesOf(entry, reference.repository),
    hardened: hardenedOf(entry, reference.repository, (from) => applies({ from })),
    openedBy: entry?.openedBy.filter(applies) ?? [],
    openByDefault: entry?.openByDefault.filter(applies).map(({ effect }) => effect) ?? [],
    user: entry?.user ?? null,
  };
}

/** A copy that reads its variables otherwise is named in `except`. */
function secretFilesOf(entry: ImageEntry | undefined, repository: Maybe<string>): SecretFiles | null {
  const found = entry?.secretFiles;
  if (found === undefined || isUnknown(repository) || found.except?.includes(repository) === true)
    return null;
  return { of: found.of, suffix: found.suffix, holds: found.holds === "name" ? "name" : "path" };
}

function hardenedOf(
  entry: ImageEntry | undefined,
  repository: Maybe<string>,
  since: (release: string) => boolean,
): HardenedImage | null {
  const found = entry?.hardened;
  if (found === undefined || isUnknown(repository) || found.except?.includes(repository) === true)
    return null;
  if (found.from !== undefined && !since(found.from)) return null;
  const {
    capabilities = [],
    writes = [],
    variables = {},
    volumes = [],
    notWith = [],
    account = null,
  } = found;
  const hasAccount = found.accountFrom === undefined || since(found.accountFrom);
  return { capabilities, writes, variables, volumes, notWith, account: hasAccount ? account : null };
}

/** The entry of an image; names in other registries count as copies when the rest of the name is the same. */
function find(
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

/** A tag: its leading version, without "v", and what follows it. */
interface TagParts {
  readonly tag: string | null;
  readonly numbers: string | null;
  readonly variant: string | null;
}

function tagParts(tag: Maybe<string | null>): Maybe<TagParts> {
  return map(tag, (text): TagParts => {
    const found = /^v?(\d+(?:\.\d+)*)(?:[-_.](.+))?$/u.exec(text ?? "");
    return { tag: text, numbers: found?.[1] ?? null, variant: found === null ? null : (found[2] ?? null) };
  });
}

interface Releases {
  readonly version: VersionInfo;
  readonly builds: readonly ImageBuild[];
}

function releasesOf(
  entry: ImageEntry | undefined,
  tag: Maybe<TagParts>,
  reference: ImageReference,
): Releases {
  if (entry?.versions === "orthanc-builder") {
    const builds = builderBuilds(entry, tag, reference);
    return { version: versionOf([...new Set(builds.map(({ orthanc }) => orthanc))]), builds };
  }
  const numbers = isUnknown(tag) ? null : tag.numbers;
  if (entry?.versions === "orthanc")
    return {
      version: versionOf(numbers === null || !isOrthancRelease(numbers) ? orthancBreakpoints() : [numbers]),
      builds: [],
    };
  if (entry?.versions === "slapd-dcm4chee" && !isUnknown(tag)) {
    const archive = archiveRelease(tag);
    if (archive !== undefined) return { version: versionOf([archive]), builds: [] };
  }
  if (entry?.versions === "tag" && numbers !== null) return { version: versionOf([numbers]), builds: [] };
  return {
    version: versionOf(["0", ...stepsOf(entry)], entry !== undefined && stepsOf(entry).length > 0),
    builds: [],
  };
}

/** The release of the archive that a directory was made for: "2.6.5-31.2" and, in older tags, "5.7.0". */
function archiveRelease({ numbers, variant }: TagParts): string | undefined {
  if (variant !== null && /^\d+\.\d+$/u.test(variant)) return `5.${variant}`;
  return numbers?.startsWith("5.") === true ? numbers : undefined;
}

/** One candidate is the release; `open` marks the list of an entry whose release is not known. */
function versionOf(candidates: readonly string[], open = false): VersionInfo {
  const [only] = candidates;
  const known = candidates.length === 1 && only !== undefined && only !== "0" && !open;
  return { value: known ? only : null, from: "image", candidates, build: "image" };
}

function stepsOf(entry: ImageEntry | undefined): readonly string[] {
  const steps = [...(entry?.logins ?? []), ...(entry?.openedBy ?? []), ...(entry?.openByDefault ?? [])];
  return [
    ...new Set(steps.flatMap(({ from, below }) => [from, below].filter((step) => step !== undefined))),
  ].sort(compare);
}

function isOrthancRelease(version: string): boolean {
  return releaseData.releases.some((release) => release.version === version);
}

/** Releases of Orthanc at which configurations begin to be read differently, from 1.5.8 on. */
function orthancBreakpoints(floor = "1.5.8"): readonly string[] {
  const versions = releaseData.breakpoints
    .map(({ version }) => version)
    .filter((version) => compare(version, floor) > 0);
  return [floor, ...[...new Set(versions)].sort(compare)];
}

/** Releases at which the start script of the image itself changed what it does; see products/orthanc/image/history.ts. */
const scriptChanges = [
  "20.4.2",
  "20.10.1",
  "21.9.0",
  "22.5.2",
  "23.6.1",
  "24.2.0",
  "25.6.3",
  "25.11.1",
  "26.7.0",
];

/** The first release under the present name. */
const firstOfTeam = "24.2.0";

/** The builds that a tag stands for: one, or those at which something changes. */
function builderBuilds(
  entry: ImageEntry,
  tag: Maybe<TagParts>,
  reference: ImageReference,
): readonly ImageBuild[] {
  const all = orthancData.tags.map((known): ImageBuild => ({ release: known.tag, orthanc: known.orthanc }));
  const last = entry.unmaintained?.last;
  const own = all.filter(({ release }) =>
    last === undefined ? compare(release, firstOfTeam) >= 0 : compare(release, last) <= 0,
  );
  if (!isUnknown(tag) && tag.numbers !== null) {
    const wanted = tag.numbers;
    const exact = all.find(({ release }) => release === wanted);
    return exact === undefined ? around(all, wanted) : [exact];
  }
  // A name that is no longer published stays at its last release.
  const latest = !isUnknown(tag) && (tag.tag === null || tag.tag === "latest") && reference.digest === null;
  return last !== undefined && latest ? own.slice(-1) : changing(own);
}

/** A tag that is not listed: those that begin with it, or the ones before and after. */
function around(all: readonly ImageBuild[], wanted: string): readonly ImageBuild[] {
  const beginning = all.filter(({ release }) => release.startsWith(`${wanted}.`));
  if (beginning.length > 0) return changing(beginning);
  const before = all.filter(({ release }) => compare(release, wanted) < 0).at(-1);
  const after = all.find(({ release }) => compare(release, wanted) > 0);
  return [before, after].filter((build) => build !== undefined);
}

function changing(builds: readonly ImageBuild[]): readonly ImageBuild[] {
  return builds.filter((build, index) => {
    const before = builds[index - 1];
    if (before === undefined || index === builds.length - 1 || before.orthanc !== build.orthanc) return true;
    return scriptChanges.some(
      (change) => compare(before.release, change) < 0 && compare(build.release, change) >= 0,
    );
  });
}

/** Whether something of an entry holds at a release; for the builder image releases are those of the image. */
function within(
  candidate: string,
  step: { readonly from?: string; readonly below?: string },
  entry: ImageEntry | undefined,
  builds: readonly ImageBuild[],
): boolean {
  const releases =
    entry?.versions === "orthanc-builder"
      ? builds.filter(({ orthanc }) => orthanc === candidate).map(({ release }) => release)
      : [candidate];
  return releases.some(
    (release) =>
      (step.from === undefined || compare(release, step.from) >= 0) &&
      (step.below === undefined || compare(release, step.below) < 0),
  );
}

/** Whether the same name may stand for another build tomorrow. */
function isFloating(
  reference: ImageReference,
  tag: Maybe<TagParts>,
  entry: ImageEntry | undefined,
): Maybe<boolean> {
  if (isUnknown(reference.digest)) return reference.digest;
  if (reference.digest !== null) return false;
  return map(tag, ({ tag: text, numbers }) => {
    if (text === null) return true;
    if (numbers !== null)
      return (
        numbers.split(".").length < (entry === undefined ? 2 : (entry.parts ?? 3)) &&
        !/^\d{8,}/u.test(numbers)
      );
    return !/\d{4}-\d{2}-\d{2}|^(?:sha-?)?[0-9a-f]{7,}$/iu.test(text);
  });
}

const products: Readonly<Partial<Record<Product, true>>> = {
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

function productOf(name: string | undefined): Product {
  return name !== undefined && isProduct(name) ? name : "other";
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

function asPort({ port, protocol, role, use }: ImageEntry["ports"][number]): readonly ImagePort[] {
  const found = protocols.find((name) => name === protocol);
  const known = roles.find((name) => name === role);
  return found === undefined
    ? []
    : [{ port, protocol: found, ...(known === undefined ? {} : { role: known }), use }];
}

const outcomes = ["default", "open", "none", "random", "refuses"] as const;

function asLogin(login: ImageEntry["logins"][number]): readonly ImageLogin[] {
  const without = outcomes.find((name) => name === login.without);
  return without === undefined ? [] : [{ ...login, without }];
}

function compare(left: string, right: string): number {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
