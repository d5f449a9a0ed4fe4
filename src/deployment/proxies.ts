/** Proxies on a host: whom each of them stands beside. */
import type { Product } from "../facts/facts.ts";
import { isUnknown, unknown } from "../facts/unknown.ts";
import type { Candidate } from "../sources/discover.ts";
import { type Files, folderOf, isAbsolute } from "../sources/files.ts";
import { contentOf } from "../sources/templates.ts";
import type { Container, Deployment, Environment, FileLookup, FileUse, Service } from "./model.ts";

/** What the user says about a host. */
export interface ProxyOptions {
  readonly environment: Environment;
  /** The run is on the server: what is not on this disk is missing there. */
  readonly onHost: boolean;
}

/**
 * Services that are what others make them: Traefik finds what it passes on in the labels of the other containers,
 * nginx-proxy in their variables, and Kibana asks for a login when its Elasticsearch does.
 */
export function linkPartners(services: readonly Service[]): readonly Service[] {
  return services.map((service) =>
    service.product === "traefik" ||
    service.product === "kibana" ||
    service.container?.recognised?.id === "nginx-proxy" ||
    service.container?.recognised?.id === "caddy-docker-proxy"
      ? { ...service, partners: services }
      : service,
  );
}

/** Sentences about containers that a Traefik elsewhere may pass requests to. */
export function labelledForOthers(services: readonly Service[]): readonly string[] {
  if (services.some(({ product }) => product === "traefik")) return [];
  const labelled = services.filter(({ container }) =>
    [...(container?.labels ?? []), ...(container?.deployLabels ?? [])].some(({ name }) =>
      /^traefik\.(?:(?:http|tcp)\.routers\.|frontend\.rule$)/iu.test(name),
    ),
  );
  return labelled.map(
    ({ name }) =>
      `${name} has labels for a Traefik that is not part of this project: what that passes on is not known.`,
  );
}

/** One proxy on a host, with its files. */
export interface ProxyHost {
  readonly product: Product;
  /** The file that it starts from, or the first of those that its main file would include. */
  readonly first: Candidate;
  /** The folder that stands for that of the package, such as /etc/nginx. */
  readonly home: string;
  /** What it reads, in the order in which it is included; and what these include. */
  readonly mains: readonly Candidate[];
  readonly included: readonly Candidate[];
}

/** Folders in which only one product looks for its configuration. */
const ownFolders: readonly (readonly [RegExp, Product])[] = [
  [/^\/(?:etc\/nginx|usr\/local\/openresty\/nginx|opt\/bitnami\/nginx|config\/nginx)(?:\/|$)/u, "nginx"],
  [/^\/etc\/traefik(?:\/|$)/u, "traefik"],
  [/^\/etc\/caddy(?:\/|$)/u, "caddy"],
  [/^\/(?:etc\/apache2|usr\/local\/apache2\/conf)(?:\/|$)/u, "httpd"],
  [/^\/(?:usr\/local\/etc|etc)\/haproxy(?:\/|$)/u, "haproxy"],
];

/** The proxy whose own configuration is put into a container, whatever its image is called. */
export function proxyBy({ files }: Container): Product | undefined {
  return ownFolders.find(([folder]) => files.some(({ target }) => folder.test(target)))?.[1];
}

/**
 * The deployments, with each proxy beside the servers that it probably stands in front of: those that lie nearest to it
 * in the same argument. One without any is a deployment of its own.
 */
export function placeProxies(
  hosts: readonly ProxyHost[],
  deployments: readonly Deployment[],
  candidates: readonly Candidate[],
  { files, options }: { readonly files: Files; readonly options: ProxyOptions },
): readonly Deployment[] {
  const byPath = new Map(candidates.map((candidate) => [candidate.source.path, candidate]));
  const partners = new Map(hosts.map((host) => [host, nearest(host, deployments, byPath)]));
  const joined = deployments.map((deployment) => {
    const own = hosts.filter((host) => partners.get(host)?.includes(deployment));
    return withProxies(deployment, own, files, options);
  });
  const alone = hosts.filter((host) => partners.get(host)?.length === 0);
  return [...joined, ...alone.map((host) => aloneDeployment(host, files, options))];
}

/**
 * The containers that each proxy of a host stands in front of: those that publish a port to which it passes requests on
 * by a loopback address. Proxies without any are left out. Only whether there is such a way is looked at; routes are read later.
 */
export function beforeContainers(
  hosts: readonly ProxyHost[],
  started: readonly Deployment[],
  candidates: readonly Candidate[],
): ReadonlyMap<ProxyHost, readonly Deployment[]> {
  if (started.length === 0) return new Map();
  const byPath = new Map(candidates.map((candidate) => [candidate.source.path, candidate]));
  const found = hosts.map((host): [ProxyHost, readonly Deployment[]] => {
    const goals = loopbackPorts(host);
    const behind = started.filter(
      (deployment) =>
        publishedPorts(deployment).some((port) => goals.has(port)) &&
        deployment.files.some(({ source }) => togetherWith(host.first, byPath.get(source.path))),
    );
    return [host, behind];
  });
  return new Map(found.filter(([, behind]) => behind.length > 0));
}

/** The ports of its own host that a proxy's files name, comments apart. */
function loopbackPorts({ mains, included }: ProxyHost): ReadonlySet<number> {
  const lines = [...mains, ...included].flatMap(({ source }) => contentOf(source).value.split("\n"));
  const named = lines
    .filter((line) => !/^\s*#/u.test(line))
    .flatMap((line) => [...line.matchAll(/(?<![\w.-])(?:127(?:\.\d+){3}|localhost|\[::1\]):(\d+)/gu)]);
  return new Set(named.map(([, port]) => Number(port)));
}

function publishedPorts({ services }: Deployment): readonly number[] {
  return services.flatMap(({ network }) =>
    network.kind === "container"
      ? network.published.flatMap(({ hostPort }) => (isUnknown(hostPort) ? [] : [hostPort]))
      : [],
  );
}

function nearest(
  host: ProxyHost,
  deployments: readonly Deployment[],
  byPath: ReadonlyMap<string, Candidate>,
): readonly Deployment[] {
  const ranked = deployments
    .filter((deployment) =>
      deployment.files.some(({ source }) => togetherWith(host.first, byPath.get(source.path))),
    )
    .map((deployment) => ({
      deployment,
      shared: Math.max(
        ...deployment.files.map(({ source }) => sharedDepth(source.path, host.first.source.path)),
      ),
    }));
  const best = Math.max(...ranked.map(({ shared }) => shared));
  const near = ranked.filter(({ shared }) => shared === best).map(({ deployment }) => deployment);
  // Alternatives lie in one folder; servers in several folders may be on any host.
  return new Set(near.map(({ root }) => root)).size === 1 ? near : [];
}

function togetherWith(proxy: Candidate, other: Candidate | undefined): boolean {
  return other !== undefined && (other.root === proxy.root || (other.named && proxy.named));
}

function sharedDepth(left: string, right: string): number {
  const other = folderOf(right).split("/");
  const own = folderOf(left).split("/");
  const differs = own.findIndex((part, index) => part !== other[index]);
  return differs === -1 ? own.length : differs;
}

/** A deployment with these servers added. */
export function withProxies(
  deployment: Deployment,
  hosts: readonly ProxyHost[],
  files: Files,
  options: ProxyOptions,
): Deployment {
  if (hosts.length === 0) return deployment;
  const taken = new Set(deployment.services.map(({ name }) => name));
  const added = hosts.map((host) => {
    const { product, first } = host;
    const isOnly = hosts.filter((other) => other.product === product).length === 1 && !taken.has(product);
    const name = isOnly ? product : `${product} ${first.source.path}`;
    return { host, service: serviceOf(host, name, files, options) };
  });
  return {
    ...deployment,
    services: [...deployment.services, ...added.map(({ service }) => service)],
    files: [...deployment.files, ...added.flatMap(({ host, service }) => filesOf(host, service.name))],
    assumptions: [...deployment.assumptions, ...hosts.flatMap((host) => takenFor(host, deployment))],
  };
}

function takenFor({ first, product }: ProxyHost, { form, services, root }: Deployment): readonly string[] {
  const [partner] = services;
  const isFound = form !== "host" && !first.named;
  if (partner === undefined || (!isFound && folderOf(first.source.path) === root)) return [];
  return [`${product} (${first.source.path}) is taken to run on the host of ${partner.name}.`];
}

function aloneDeployment(host: ProxyHost, files: Files, options: ProxyOptions): Deployment {
  const empty: Deployment = {
    id: host.first.source.path,
    root: folderOf(host.first.source.path),
    form: "host",
    services: [],
    files: [],
    problems: [],
    assumptions: [],
  };
  return withProxies(empty, [host], files, options);
}

function filesOf(host: ProxyHost, name: string): readonly FileUse[] {
  return [...host.mains, ...host.included].map(({ source, kind }) => ({ source, kind, linkedTo: name }));
}

function serviceOf(host: ProxyHost, name: string, files: Files, options: ProxyOptions): Service {
  return {
    name,
    product: host.product,
    version: {
      value: null,
      from: "assumed",
      candidates: ["0"],
      build: unknown("input", "it is not known who built the server"),
    },
    environment: options.environment,
    configuration: host.mains.map(({ source }) => ({ path: source.path, form: "file", files: [source] })),
    workingDirectory: host.home,
    network: { kind: "host" },
    lookup: lookupIn(host.home, files, options.onHost),
  };
}

/** Files of this disk count where they are those of the server. */
function lookupIn(home: string, files: Files, onHost: boolean): FileLookup {
  return (path) => {
    const seen = onHost || !isAbsolute(path) || path === home || path.startsWith(`${home}/`);
    if (seen && files.stat(path) !== undefined) return { state: "found", path };
    return { state: onHost ? "missing" : "unknown", path };
  };
}
