/** HAProxy: from its configuration to sockets and routes. */
import type { Container, Service } from "../../deployment/model.ts";
import { contentOf } from "../../sources/templates.ts";
import { isKnown, type Place, placeOf, type Text } from "../../text/text.ts";
import type { Derive, DeriveContext, Socket } from "../product.ts";
import {
  distinctSockets,
  nothingDerived,
  type ProxyProblem,
  proxySocket,
  wrongWith,
} from "../proxy/derived.ts";
import { hostDisk, mountedDisk, type ProxyDisk } from "../proxy/disk.ts";
import { pageSockets } from "../proxy/pages.ts";
import { routesOf } from "../proxy/routes.ts";
import { frontsOf, socketId, tcpRoutes } from "./fronts.ts";
import { userHashes } from "./handle.ts";
import { bindsOf, type HaproxyModel, haproxyModel, modeOf, wordAt } from "./model.ts";
import { bindTls } from "./tls.ts";

const usual = ["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg"];

/** What HAProxy does in this service; without sockets where its configuration is not there to read. */
export const deriveHaproxy: Derive = (service, version, context) => {
  const disk = diskOf(service, context);
  const texts = textsOf(service, disk);
  const variable = (name: string) => {
    const value = service.environment.variables.get(name)?.value;
    if (value !== undefined) return isKnown(value) ? value.value : undefined;
    return service.environment.complete ? "" : undefined;
  };
  const model = haproxyModel(texts, variable, (path) => disk.read(path) ?? besideMain(path, disk));
  const sockets = socketsOf(model, version);
  const fronts = frontsOf(model, version);
  const problems = model.errors.map((error): ProxyProblem => ({ ...error, kind: "refused" }));
  return {
    ...nothingDerived,
    ...wrongWith("HAProxy", problems),
    sockets: [
      ...sockets,
      ...pageSockets(fronts, sockets, { proxy: "HAProxy", paths: statisticsPaths(model) }),
    ],
    routes: [...routesOf(fronts), ...tcpRoutes(model, version)],
    secrets: secretsOf(model),
    assumptions:
      texts.length > 0
        ? []
        : [
            `The configuration of HAProxy in ${service.name} is not part of the input: what it passes on is not known.`,
          ],
  };
};

/** Where pages of statistics are: as written, or where HAProxy puts them by itself. */
function statisticsPaths({ proxies }: HaproxyModel): readonly string[] {
  const written = proxies.flatMap(({ lines }) =>
    lines
      .filter((line) => wordAt(line, 0) === "stats" && wordAt(line, 1) === "uri")
      .map((line) => wordAt(line, 2)),
  );
  return [...new Set(["/haproxy?stats", ...written])];
}

const packaged = "/etc/haproxy";

function diskOf(service: Service, context: DeriveContext): ProxyDisk {
  return service.container === undefined
    ? hostDisk(service, packaged, context, () => undefined)
    : mountedDisk(service.container, {}, context);
}

/** A path that is not absolute is looked for in the folder of the configuration. */
function besideMain(path: string, disk: ProxyDisk): Text | undefined {
  if (path.startsWith("/")) return undefined;
  return [packaged, "/usr/local/etc/haproxy"]
    .map((folder) => disk.read(`${folder}/${path}`))
    .find((text) => text !== undefined);
}

function textsOf(service: Service, disk: ProxyDisk): readonly Text[] {
  const { container } = service;
  if (container === undefined)
    return service.configuration.flatMap(({ files }) => files.map((file) => contentOf(file)));
  const read = (path: string): readonly Text[] => {
    const text = disk.read(path);
    if (text !== undefined) return [text];
    const names = (disk.names(path) ?? []).filter((name) => name.endsWith(".cfg"));
    return names.flatMap((name) => disk.read(`${path}/${name}`) ?? []);
  };
  const named = namedFiles(container);
  if (named.length > 0) return named.flatMap(read);
  return usual.map(read).find((texts) => texts.length > 0) ?? [];
}

/** `haproxy -f FILE`, which may stand several times. */
function namedFiles(container: Container): readonly string[] {
  const words = [...(container.entrypoint ?? []), ...(container.command ?? [])]
    .map(({ value }) => value)
    .join(" ");
  return [...words.matchAll(/\s-f\s+(\/\S+)/gu)].map((match) => (match[1] ?? "").replace(/\/+$/u, ""));
}

function socketsOf(model: HaproxyModel, version: string): readonly Socket[] {
  const sockets = model.proxies.flatMap((proxy) =>
    bindsOf(proxy).map((bind): Socket => {
      const protocol = modeOf(proxy) === "http" ? "http" : "other";
      const { host, port } = bind;
      const listening = { id: socketId(bind), bind: host, port, at: placeOf(bind) };
      return proxySocket(protocol, { ...listening, ...bindTls(bind, model, version) });
    }),
  );
  return distinctSockets(sockets);
}

/** Passwords of its users and of its page of statistics, and values of `Authorization` that it sends along. */
function secretsOf(model: HaproxyModel): readonly Place[] {
  const lines = model.proxies.flatMap((proxy) => proxy.lines);
  const headers = lines.filter(
    (line) =>
      /^(?:set|add)-header$/u.test(wordAt(line, 1)) && wordAt(line, 2).toLowerCase() === "authorization",
  );
  const stats = lines.filter((line) => wordAt(line, 0) === "stats" && wordAt(line, 1) === "auth");
  return [
    ...userHashes(model).map(({ at }) => at.at),
    ...headers.flatMap(({ words: [, , , value] }) => (value === undefined ? [] : [value.at])),
    ...stats.flatMap(({ words: [, , value] }) => (value === undefined ? [] : [value.at])),
  ];
}
