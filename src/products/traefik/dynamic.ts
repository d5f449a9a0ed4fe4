/**
 * What Traefik's providers tell it: routers, middlewares and services, each under its name and its provider's. Sources:
 * pkg/provider/configuration.go, pkg/provider/docker and pkg/server/aggregator.go of traefik/traefik.
 */
import type { ContainerVariable, Service } from "../../deployment/model.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import type { Member, Tree } from "../../sources/tree.ts";
import { isKnown, type Located, placeOf } from "../../text/text.ts";
import type { RouteTarget } from "../product.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import { isOn, itemsOf, membersAt, treeOf, valueAt, type Word, wordOf, wordsOf } from "../proxy/tree.ts";
import { parseRule, type Rule } from "./rule.ts";
import type { DockerProvider } from "./static.ts";

/** Takes requests by a rule and gives them to a service. */
export interface Router extends Located {
  /** With its provider: "pacs@docker". */
  readonly id: string;
  readonly name: string;
  readonly rule: Word;
  /** Undefined: those that are the default. */
  readonly entryPoints: readonly Word[] | undefined;
  readonly middlewares: readonly Word[];
  /** With its provider; undefined where Traefik cannot tell. */
  readonly service: string | undefined;
  readonly serviceAt: Located;
  readonly priority: Maybe<number> | undefined;
  readonly syntax: string | undefined;
  /** Set where it takes encrypted requests only. */
  readonly tls: Tree | undefined;
}

/** A server behind a service, and where it is named. */
export interface ServiceServer extends Located, RouteTarget {}

/** Where a service sends requests. */
export interface TraefikService {
  readonly servers: readonly ServiceServer[];
  /** Services that it chooses from, with their providers. */
  readonly others: readonly string[];
}

/** Everything of one kind of protocol. */
export interface Section {
  readonly routers: readonly Router[];
  readonly middlewares: ReadonlyMap<string, Member>;
  readonly services: ReadonlyMap<string, TraefikService>;
}

/** All that the providers tell. */
export interface DynamicConfiguration {
  readonly http: Section;
  readonly tcp: Section;
  readonly tlsOptions: ReadonlyMap<string, Member>;
}

/** One provider's tree; `container` where it is made of a container's labels. */
export interface Told {
  readonly provider: string;
  readonly tree: Tree;
  readonly container?: Service;
}

/** Puts together what the providers tell. */
export function readDynamic(all: readonly Told[], docker: DockerProvider | undefined): DynamicConfiguration {
  const tlsOptions = all.flatMap(({ provider, tree }) =>
    membersAt(tree, "tls", "options").map((member): [string, Member] => [
      member.key === "default" ? "default" : qualified(member.key, provider),
      member,
    ]),
  );
  return {
    http: sectionOf(all, "http", docker),
    tcp: sectionOf(all, "tcp", docker),
    tlsOptions: new Map(tlsOptions),
  };
}

/** A name with its provider; without one it is that of whoever says it. */
export function qualified(name: string, provider: string): string {
  return name.includes("@") ? name : `${name}@${provider}`;
}

type Kind = "http" | "tcp";

function sectionOf(all: readonly Told[], kind: Kind, docker: DockerProvider | undefined): Section {
  const parts = all.map((told) => partOf(told, kind, docker));
  const routers = new Map(parts.flatMap((part) => part.routers.map((router) => [router.id, router])));
  return {
    routers: [...routers.values()],
    middlewares: new Map(parts.flatMap((part) => [...part.middlewares])),
    services: mergedServices(parts.map((part) => part.services)),
  };
}

/** Containers with the same service share its load. */
function mergedServices(
  parts: readonly ReadonlyMap<string, TraefikService>[],
): ReadonlyMap<string, TraefikService> {
  const merged = new Map<string, TraefikService>();
  for (const [name, service] of parts.flatMap((part) => [...part])) {
    const known = merged.get(name);
    merged.set(name, {
      servers: [...(known?.servers ?? []), ...service.servers],
      others: [...(known?.others ?? []), ...service.others],
    });
  }
  return merged;
}

function partOf(told: Told, kind: Kind, docker: DockerProvider | undefined): Section {
  const { provider, tree, container } = told;
  const written = membersAt(tree, kind, "services");
  const services = written.map((member): [string, TraefikService] => [
    qualified(member.key, provider),
    serviceOf(member, told),
  ]);
  const middlewares = membersAt(tree, kind, "middlewares").map((member): [string, Member] => [
    qualified(member.key, provider),
    member,
  ]);
  const section = membersAt(tree, kind, "routers");
  if (container === undefined) {
    const routers = section.flatMap((member) => routerOf(member, told, written, undefined));
    return { routers, middlewares: new Map(middlewares), services: new Map(services) };
  }
  return containerPart({ told, container, kind, docker, section, written, services, middlewares });
}

interface ContainerPart {
  readonly told: Told;
  readonly container: Service;
  readonly kind: Kind;
  readonly docker: DockerProvider | undefined;
  readonly section: readonly Member[];
  readonly written: readonly Member[];
  readonly services: readonly (readonly [string, TraefikService])[];
  readonly middlewares: readonly (readonly [string, Member])[];
}

/** A container without a service has one by itself, and without a router one with the default rule. */
function containerPart(part: ContainerPart): Section {
  const { told, container, kind, docker, section, written, services, middlewares } = part;
  const own = `${container.name}-project`;
  const asked = section.length + written.length + middlewares.length > 0;
  const onlyTcp = kind === "http" && !asked && valueAt(told.tree, "tcp") !== undefined;
  if ((kind === "tcp" && section.length + written.length === 0) || onlyTcp)
    return { routers: [], middlewares: new Map(middlewares), services: new Map() };
  const at: Located = container.at ?? told.tree;
  const serviceName = { key: own, keyAt: at, value: told.tree };
  const all: readonly (readonly [string, TraefikService])[] =
    written.length > 0
      ? services
      : [[qualified(own, told.provider), { servers: serverAt(container, undefined, at), others: [] }]];
  const rule = defaultRule(docker, own, at);
  const routers =
    section.length > 0
      ? section.flatMap((member) =>
          routerOf(member, told, written.length > 0 ? written : [serviceName], rule),
        )
      : kind === "http" && all.length === 1 && container.product !== "traefik"
        ? routerOf(
            { ...serviceName, value: emptyAt(at) },
            told,
            written.length > 0 ? written : [serviceName],
            rule,
          )
        : [];
  return { routers, middlewares: new Map(middlewares), services: new Map(all) };
}

function emptyAt(at: Located): Tree {
  return treeOf([], at);
}

/** Host(`service-project`), whatever the project is called: who asks may write any name. */
function defaultRule(docker: DockerProvider | undefined, name: string, at: Located): Word {
  const written = docker?.defaultRule;
  if (written === undefined) return { value: `Host(\`${name}\`)`, at: at.at };
  if (isUnknown(written.value) || !written.value.includes("{{")) return written;
  return { ...written, value: written.value.replaceAll(/\{\{[^}]*\}\}/gu, name) };
}

function routerOf(
  { key, keyAt, value }: Member,
  { provider }: Told,
  services: readonly Member[],
  fallback: Word | undefined,
): readonly Router[] {
  const rule = wordOf(valueAt(value, "rule")) ?? fallback;
  if (rule === undefined) return [];
  const named = wordOf(valueAt(value, "service"));
  const [only] = services;
  const service = isUnknown(named?.value)
    ? undefined
    : (named?.value ?? (services.length === 1 ? only?.key : undefined));
  const entryPoints = valueAt(value, "entrypoints");
  const tls = valueAt(value, "tls");
  return [
    {
      id: qualified(key, provider),
      name: key,
      rule,
      entryPoints: entryPoints === undefined ? undefined : wordsOf(entryPoints),
      middlewares: wordsOf(valueAt(value, "middlewares")),
      service: service === undefined ? undefined : qualified(service, provider),
      serviceAt: named ?? only?.keyAt ?? keyAt,
      priority: numberOf(wordOf(valueAt(value, "priority"))),
      syntax: stringOf(wordOf(valueAt(value, "rulesyntax"))),
      tls: isOn(tls) === false ? undefined : tls,
      ...(rule === fallback ? keyAt : placeOf(rule)),
    },
  ];
}

function numberOf(word: Word | undefined): Maybe<number> | undefined {
  return word === undefined ? undefined : map(word.value, Number);
}

function stringOf(word: Word | undefined): string | undefined {
  return word === undefined || isUnknown(word.value) ? undefined : word.value;
}

function serviceOf({ keyAt, value }: Member, { provider, container }: Told): TraefikService {
  const balancer = valueAt(value, "loadbalancer");
  const others = [
    ...itemsOf(valueAt(value, "weighted", "services")).map((item) => wordOf(valueAt(item, "name"))),
    ...["mirroring", "failover"].map((kind) => wordOf(valueAt(value, kind, "service"))),
    wordOf(valueAt(value, "failover", "fallback")),
  ].flatMap((word) => (word === undefined || isUnknown(word.value) ? [] : [qualified(word.value, provider)]));
  const urls = [
    ...itemsOf(valueAt(balancer, "servers")),
    ...[valueAt(balancer, "server")].flatMap((server) => server ?? []),
  ];
  const servers = urls.flatMap((server): readonly ServiceServer[] => {
    const url = wordOf(valueAt(server, "url")) ?? wordOf(valueAt(server, "address"));
    if (url !== undefined) return [{ ...targetOf(url), ...placeOf(url) }];
    const port = wordOf(valueAt(server, "port"));
    return container === undefined || port === undefined ? [] : serverAt(container, port, port);
  });
  if (servers.length > 0 || others.length > 0 || container === undefined) return { servers, others };
  return { servers: serverAt(container, undefined, keyAt), others };
}

const schemes: Readonly<Record<string, number>> = { http: 80, https: 443, h2c: 80 };

function targetOf({ value, ...at }: Word): RouteTarget {
  if (isUnknown(value)) return { host: value, port: value };
  const found = /^(?:(\w+):\/\/)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?/u.exec(value);
  const [, scheme = "", host, port] = found ?? [];
  if (host !== undefined) return { host, port: port === undefined ? (schemes[scheme] ?? 80) : Number(port) };
  const why = unknown("input", `the address ${value} is not understood`, at);
  return { host: why, port: why };
}

/** The container itself, at the port of the label or at the lowest one that its image exposes. */
function serverAt(container: Service, port: Word | undefined, at: Located): readonly ServiceServer[] {
  const { network } = container;
  const host =
    network.kind === "host" || network.hostNetwork === true
      ? "host.docker.internal"
      : (network.names[0] ?? container.name);
  const wanted = isUnknown(port?.value)
    ? port.value
    : port === undefined
      ? lowestPort(container)
      : Number(port.value);
  return [{ host, port: wanted, ...placeOf(at) }];
}

function lowestPort({ container, network, name }: Service): Maybe<number> {
  const ofImage = (container?.recognised?.ports ?? []).map(({ port }) => port);
  const published =
    network.kind === "host" ? [] : network.published.map(({ containerPort }) => containerPort);
  const known = [...ofImage, ...published].flatMap((port) => (isUnknown(port) ? [] : [port]));
  if (ofImage.length === 0 && container?.recognised?.id == null)
    return unknown("opaque", `which ports the image of ${name} exposes is not known`, container?.imageAt);
  return known.length === 0 ? unknown("input", `${name} exposes no port`) : Math.min(...known);
}

/** The labels of a container for Traefik; undefined where it is not exposed. */
export function labelTree(service: Service, docker: DockerProvider): Told | undefined {
  const { container } = service;
  if (container === undefined) return undefined;
  const labels = docker.swarm === true ? container.deployLabels : container.labels;
  const settings = labels
    .filter(({ name }) => /^traefik\./iu.test(name))
    .map(({ name, value, at }) => ({ path: name.split(".").slice(1), value, at }));
  const tree = treeOf(settings, container.imageAt);
  const enabled = valueAt(tree, "enable");
  const exposed = enabled === undefined ? docker.exposedByDefault : isOn(enabled);
  // Traefik sees its own container as any other; what nobody wrote for it leads to itself.
  if (service.product === "traefik" && settings.length === 0) return undefined;
  if (exposed === false || !isAsked(labels, docker.constraints)) return undefined;
  return { provider: docker.name, tree, container: service };
}

/** Whether the labels meet the constraints; those that are not known, or not understood, keep nobody out. */
function isAsked(labels: readonly ContainerVariable[], constraints: Word | undefined): boolean {
  const rule =
    constraints === undefined || isUnknown(constraints.value) ? undefined : parseRule(constraints.value);
  return rule === undefined || meets(rule, labels);
}

function meets(rule: Rule, labels: readonly ContainerVariable[]): boolean {
  switch (rule.type) {
    case "and":
      return meets(rule.left, labels) && meets(rule.right, labels);
    case "or":
      return meets(rule.left, labels) || meets(rule.right, labels);
    case "not":
      return !meets(rule.rule, labels);
    case "call": {
      const [name, wanted = ""] = rule.args;
      const value = labels.findLast((label) => label.name === name)?.value;
      if (value === undefined) return false;
      if (!isKnown(value)) return true;
      const regex = rule.name === "LabelRegex" ? regexOf(wanted, false) : undefined;
      return typeof regex === "object"
        ? matchRegex(regex, value.value) !== undefined
        : value.value === wanted;
    }
  }
}
