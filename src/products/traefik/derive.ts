/** Traefik: from what it is started with, and the labels of other containers, to sockets and routes. */
import type { Service } from "../../deployment/model.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Place } from "../../text/text.ts";
import type { Derive, DeriveContext, Derived } from "../product.ts";
import { nothingDerived } from "../proxy/derived.ts";
import type { ProxyDisk } from "../proxy/disk.ts";
import { pageSockets } from "../proxy/pages.ts";
import { routesOf } from "../proxy/routes.ts";
import { membersAt, valueAt, wordOf, wordsOf } from "../proxy/tree.ts";
import { before } from "../version.ts";
import { userHashes } from "./chain.ts";
import { readDynamic } from "./dynamic.ts";
import { frontsOf } from "./fronts.ts";
import type { TraefikModel } from "./model.ts";
import { readRelease1 } from "./release1.ts";
import { socketFacts } from "./sockets.ts";
import { diskOf, nowhere, providerSources, readTree, staticSource } from "./sources.ts";
import { readStatic } from "./static.ts";
import { tcpRoutes } from "./tcp.ts";

/** What Traefik does in this service; without sockets where its configuration is not there to read. */
export const deriveTraefik: Derive = derive;

function derive(service: Service, version: string, context: DeriveContext): Derived {
  const disk = diskOf(service, context);
  const { traefikObjects: objects } = service;
  const source =
    objects?.started === undefined
      ? staticSource(service, disk)
      : { tree: objects.started, path: undefined, problems: [] };
  if (source.tree === undefined) {
    const why = `The configuration of Traefik in ${service.name} (${source.path}) is not part of the input: what it passes on is not known.`;
    return { ...nothingDerived, problems: source.problems, assumptions: [why] };
  }
  // Release 1 knows neither routers nor middlewares: its settings are told as those of release 2.
  const isOld = version !== "0" && before(version, "2.0");
  const beside = isOld ? fileOfProvider(source.tree, disk) : undefined;
  if (beside === "unread") return nothingDerived;
  const old = isOld ? readRelease1(service, source.tree, beside, nowhere(service)) : undefined;
  const configuration = readStatic(old?.tree ?? source.tree, nowhere(service));
  const providers =
    old === undefined
      ? providerSources(service, configuration, disk)
      : { told: old.told, problems: [], assumptions: [] };
  const model: TraefikModel = {
    configuration,
    dynamic: readDynamic(providers.told, configuration.docker),
    syntax: configuration.syntax ?? (version !== "0" && before(version, "3.0") ? "v2" : "v3"),
    version,
    read: disk.read,
  };
  const readHere = objects === undefined ? [] : ["kubernetescrd"];
  const others = configuration.otherProviders.filter((name) => !readHere.includes(name));
  const unread = others.map(
    (name) => `What Traefik in ${service.name} learns from its provider ${name} is not known.`,
  );
  const sockets = socketFacts(model);
  const fronts = frontsOf(model);
  const pages = { proxy: "Traefik", paths: ["/dashboard/", "/api/overview"] };
  return {
    ...nothingDerived,
    sockets: [...sockets, ...pageSockets(fronts, sockets, pages)],
    routes: [...routesOf(fronts), ...tcpRoutes(model)],
    problems: [...source.problems, ...providers.problems],
    secrets: secretsOf(model),
    assumptions: [...providers.assumptions, ...unread, ...unseen(service)],
  };
}

/** The file that the provider of a release 1 reads, where it is not the one that Traefik is started with. */
function fileOfProvider(tree: Tree, disk: ProxyDisk): Tree | "unread" | undefined {
  if (valueAt(tree, "file", "directory") !== undefined) return "unread";
  const named = wordOf(valueAt(tree, "file", "filename"));
  if (named === undefined) return undefined;
  const text = isUnknown(named.value) ? undefined : disk.read(named.value);
  return text === undefined || isUnknown(named.value)
    ? "unread"
    : (readTree(named.value, text).tree ?? "unread");
}

function unseen({ name, traefikObjects }: Service): readonly string[] {
  if (traefikObjects?.started === undefined) return [];
  return [
    `Traefik (${name}) is not part of the input: it is taken to be reachable from the network around the cluster, with the entry points web (80) and websecure (443, encrypted) of its chart, and others at the port to which they lead.`,
  ];
}

/** Hashes of passwords, and values of `Authorization` that it sends along. */
function secretsOf({ dynamic, read }: TraefikModel): readonly Place[] {
  return [...dynamic.http.middlewares.values()].flatMap(({ value }) => [
    ...membersAt(value).flatMap((kind) =>
      kind.key.toLowerCase() === "basicauth"
        ? (userHashes(kind.value, read) ?? []).map(({ at }) => at.at)
        : [],
    ),
    ...wordsOf(valueAt(value, "digestauth", "users")).map(({ at }) => at),
    ...membersAt(value, "headers", "customrequestheaders").flatMap((header) => {
      const word = wordOf(header.value);
      return header.key.toLowerCase() !== "authorization" || word === undefined || isUnknown(word.value)
        ? []
        : [word.at];
    }),
  ]);
}
