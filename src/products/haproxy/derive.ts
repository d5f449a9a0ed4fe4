/** HAProxy: from its configuration to sockets and routes. */
import type { Container, Problem, Service } from "../../deployment/model.ts";
import type { Auth } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { contentOf } from "../../sources/templates.ts";
import { isKnown, type Place, type Text } from "../../text/text.ts";
import {
  type Answer,
  type Derive,
  type DeriveContext,
  type Derived,
  notEditable,
  type Socket,
} from "../product.ts";
import { mountedDisk } from "../proxy/disk.ts";
import { routesOf } from "../proxy/routes.ts";
import { bindTls, frontsOf, socketId, tcpRoutes } from "./fronts.ts";
import { userHashes } from "./handle.ts";
import { bindsOf, type HaproxyModel, haproxyModel, modeOf, placeOf, wordAt } from "./model.ts";

const usual = ["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg"];

/** What HAProxy does in this service; without sockets where its configuration is not there to read. */
export const deriveHaproxy: Derive = (service, version, context) => {
  const texts = textsOf(service, context);
  const model = haproxyModel(texts, (name) => {
    const value = service.environment.variables.get(name)?.value;
    if (value !== undefined) return isKnown(value) ? value.value : undefined;
    return service.environment.complete ? "" : undefined;
  });
  const reasons = model.errors.map((error) => ({
    message: error.message,
    origins: [fromPlace(placeOf(error))],
  }));
  return {
    startup: { verdict: reasons.length > 0 ? "refuses" : "starts", reasons },
    sockets: socketsOf(model, version),
    routes: [...routesOf(frontsOf(model, version)), ...tcpRoutes(model, version)],
    problems: model.errors.map(
      ({ message, ...at }): Problem => ({
        kind: "syntax",
        message: `HAProxy refuses this: ${message}`,
        where: placeOf(at),
      }),
    ),
    facts: () => [],
    settings: () => [],
    secrets: secretsOf(model),
    assumptions:
      texts.length > 0
        ? []
        : [
            `The configuration of HAProxy in ${service.name} is not part of the input: what it passes on is not known.`,
          ],
    editable: notEditable,
  } satisfies Derived;
};

function textsOf(service: Service, context: DeriveContext): readonly Text[] {
  const { container } = service;
  if (container === undefined)
    return service.configuration.flatMap(({ files }) => files.map((file) => contentOf(file)));
  const disk = mountedDisk(container, {}, context);
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

/** What HAProxy itself shows is no image: logins belong to the routes. */
const noLogin: Auth = { mode: "none", defaultCredentials: false, lockout: false };
const answer: Answer = { refused: false, auth: noLogin, origins: {} };

function socketsOf(model: HaproxyModel, version: string): readonly Socket[] {
  const sockets = model.proxies.flatMap((proxy) =>
    bindsOf(proxy).map((bind): Socket => {
      const { tls, origins } = bindTls(bind, model, version);
      const at = [fromPlace(placeOf(bind))];
      return {
        id: socketId(bind),
        protocol: modeOf(proxy) === "http" ? "http" : "other",
        role: "proxy",
        on: true,
        bind: bind.host,
        port: bind.port,
        tls,
        seen: { loopback: answer, other: answer },
        origins: { ...origins, "": at, "/bind": at, "/port": at, "/on": at },
      };
    }),
  );
  return sockets.filter(({ id }, index) => sockets.findIndex((other) => other.id === id) === index);
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
