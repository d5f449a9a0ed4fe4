/** What Traefik is started with. Sources: pkg/config/static and cmd/traefik of traefik/traefik. */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Member, Tree } from "../../sources/tree.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { isOn, membersAt, valueAt, type Word, wordOf, wordsOf } from "../proxy/tree.ts";

/** A port of Traefik. */
export interface EntryPoint extends Located {
  readonly name: string;
  readonly bind: Maybe<string>;
  readonly port: Maybe<number>;
  readonly udp: boolean;
  /** Set where all of its routers encrypt. */
  readonly tls: Tree | undefined;
  /** What every request here goes through first. */
  readonly middlewares: readonly Word[];
  readonly redirection: Redirection | undefined;
  readonly isDefault: boolean;
}

/** All requests of a port are sent elsewhere. */
export interface Redirection extends Located {
  readonly scheme: string;
  readonly priority: number;
}

/** The static configuration. */
export interface StaticConfiguration {
  readonly entryPoints: readonly EntryPoint[];
  /** The settings of the Docker provider; undefined where it is off. */
  readonly docker: DockerProvider | undefined;
  /** The file or folder of the file provider. */
  readonly files: Word | undefined;
  readonly filesAreFolder: boolean;
  /** `api.insecure`: the dashboard answers at the entry point "traefik" without a login. */
  readonly insecureApi: Word | undefined;
  readonly syntax: "v2" | "v3" | undefined;
  /** Providers that are switched on and not read here. */
  readonly otherProviders: readonly string[];
}

/** How containers are found. */
export interface DockerProvider {
  /** As its routers are named: "docker", or "swarm" since release 3. */
  readonly name: string;
  /** Labels of services of a swarm count, not those of containers. */
  readonly swarm: Maybe<boolean>;
  readonly exposedByDefault: Maybe<boolean>;
  readonly exposedAt: Located | undefined;
  readonly defaultRule: Word | undefined;
  readonly constraints: Word | undefined;
}

/** Reads the static configuration; `nowhere` is where one belongs. */
export function readStatic(tree: Tree, nowhere: Located): StaticConfiguration {
  const written = membersAt(tree, "entrypoints").map(entryPointOf);
  const own = written.filter(({ name }) => name !== "traefik");
  const insecureApi = switchedOn(valueAt(tree, "api", "insecure"));
  const plain = own.length === 0 ? [bare("http", 80, nowhere)] : [];
  const internal =
    insecureApi !== undefined && written.length === own.length ? [bare("traefik", 8080, insecureApi)] : [];
  const file = valueAt(tree, "providers", "file", "filename");
  const folder = valueAt(tree, "providers", "file", "directory");
  const syntax = wordOf(valueAt(tree, "core", "defaultrulesyntax"))?.value;
  return {
    entryPoints: [...written, ...plain, ...internal],
    docker:
      dockerOf("swarm", valueAt(tree, "providers", "swarm")) ??
      dockerOf("docker", valueAt(tree, "providers", "docker")),
    files: wordOf(file ?? folder),
    filesAreFolder: file === undefined,
    insecureApi,
    syntax: syntax === "v2" || syntax === "v3" ? syntax : undefined,
    otherProviders: membersAt(tree, "providers")
      .map(({ key }) => key.toLowerCase())
      .filter(
        (name) => !["docker", "swarm", "file", "providersthrottleduration", "precedence"].includes(name),
      ),
  };
}

function switchedOn(tree: Tree | undefined): Word | undefined {
  return isOn(tree) === false ? undefined : (wordOf(tree) ?? undefined);
}

function bare(name: string, port: number, at: Located): EntryPoint {
  const none = { udp: false, tls: undefined, middlewares: [], redirection: undefined, isDefault: false };
  return { name, bind: "0.0.0.0", port, ...none, ...placeOf(at) };
}

const addressPattern = /^(?:\[([0-9a-fA-F:.]*)\]|([^:[\]/]*)):(\d{1,5})(?:\/(tcp|udp))?$/iu;

function entryPointOf({ key, keyAt, value }: Member): EntryPoint {
  const address = wordOf(valueAt(value, "address"));
  const found = address === undefined || isUnknown(address.value) ? null : addressPattern.exec(address.value);
  const why = isUnknown(address?.value)
    ? address.value
    : unknown("input", `the address of the entry point ${key} is not understood`, keyAt);
  const host = found?.[1] ?? found?.[2] ?? "";
  const tls = valueAt(value, "http", "tls");
  return {
    name: key,
    bind: found === null ? why : /^(?:|::|0\.0\.0\.0)$/u.test(host) ? "0.0.0.0" : host,
    port: found === null ? why : Number(found[3]),
    udp: found?.[4]?.toLowerCase() === "udp",
    tls: isOn(tls) === false ? undefined : tls,
    middlewares: wordsOf(valueAt(value, "http", "middlewares")),
    redirection: redirectionOf(valueAt(value, "http", "redirections", "entrypoint")),
    isDefault: isOn(valueAt(value, "asdefault")) === true,
    ...placeOf(address ?? keyAt),
  };
}

/** The scheme is https where nothing else is written; the priority is below those of all other routers' but 1's. */
function redirectionOf(tree: Tree | undefined): Redirection | undefined {
  const to = wordOf(valueAt(tree, "to"));
  if (to === undefined) return undefined;
  const scheme = wordOf(valueAt(tree, "scheme"))?.value;
  const priority = wordOf(valueAt(tree, "priority"))?.value;
  return {
    scheme: typeof scheme === "string" ? scheme : "https",
    priority: typeof priority === "string" ? Number(priority) : Number.MAX_SAFE_INTEGER,
    ...placeOf(to),
  };
}

function dockerOf(name: string, tree: Tree | undefined): DockerProvider | undefined {
  if (isOn(tree) === false) return undefined;
  const exposed = valueAt(tree, "exposedbydefault");
  const mode = valueAt(tree, "swarmmode");
  return {
    name,
    swarm: name === "swarm" || (mode === undefined ? false : isOn(mode)),
    exposedByDefault: exposed === undefined ? true : isOn(exposed),
    exposedAt: exposed === undefined ? undefined : placeOf(exposed),
    defaultRule: wordOf(valueAt(tree, "defaultrule")),
    constraints: wordOf(valueAt(tree, "constraints")),
  };
}
