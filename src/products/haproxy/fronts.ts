/** The frontends of HAProxy as every proxy has its servers, and its ways for connections. */
import type { Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HaproxyLine } from "../../sources/haproxy.ts";
import type { Located } from "../../text/text.ts";
import { probeHost } from "../probe-paths.ts";
import type { ProxyRoute } from "../product.ts";
import type { Front, Sample } from "../proxy/front.ts";
import { pathsLabel } from "../proxy/routes.ts";
import { tlsOff, tlsOn } from "../proxy/tls.ts";
import { waysOf } from "../proxy/ways.ts";
import { before } from "../version.ts";
import { handlerOf } from "./handle.ts";
import {
  bindsOf,
  type HaproxyBind,
  type HaproxyModel,
  type HaproxyProxy,
  modeOf,
  optionOf,
  placeOf,
  wordAt,
} from "./model.ts";

/** The name of an address's socket. */
export function socketId({ host, port }: HaproxyBind): string {
  return host === "0.0.0.0" ? `http-${port}` : `http-${port}-${host}`;
}

/** Frontends for requests, once for each address and name. */
export function frontsOf(model: HaproxyModel, version: string): readonly Front[] {
  return model.proxies
    .filter((proxy) => modeOf(proxy) === "http")
    .flatMap((proxy) =>
      bindsOf(proxy).flatMap((bind) =>
        hostsOf(model, proxy).map((host) => frontOf(model, proxy, bind, host, version)),
      ),
    );
}

function frontOf(
  model: HaproxyModel,
  proxy: HaproxyProxy,
  bind: HaproxyBind,
  host: string,
  version: string,
): Front {
  const handler = handlerOf(model, proxy, bind);
  const said = bindTls(bind, model, version);
  return {
    socket: socketId(bind),
    key: `${socketId(bind)} ${proxy.name}`,
    name: undefined,
    tls: said.tls,
    origins: { ...said.origins, "/listen": [fromPlace(placeOf(bind))] },
    samples: samplesOf(model),
    ask: (path, method) => waysOf(handler, { path, method, host, tls: bind.ssl }),
    label: (paths) => pathsLabel(`${proxy.kind} ${proxy.name}: path`, paths, undefined),
  };
}

/** The names that conditions compare with `hdr(host)`, and one that none does. */
function hostsOf(model: HaproxyModel, proxy: HaproxyProxy): readonly string[] {
  const words = [proxy, ...model.proxies].flatMap(({ lines }) =>
    lines
      .filter(({ words: all }) => all.some(({ text }) => /hdr\w*\(host/iu.test(text.value)))
      .flatMap(({ words: all }) => {
        const index = all.findIndex(({ text }) => /hdr\w*\(host/iu.test(text.value));
        return all.slice(index + 1).map(({ text }) => text.value);
      }),
  );
  const names = words.filter((word) => /^[\w-]+(?:\.[\w-]+)+(?::\d+)?$/u.test(word));
  return [...new Set([...names, probeHost])];
}

/** The paths that conditions name. */
function samplesOf({ proxies }: HaproxyModel): readonly Sample[] {
  const words = proxies.flatMap(({ lines }) =>
    lines
      .filter((line) => line.words.some(({ text }) => /^(?:path|url)(?:_\w+)?$/u.test(text.value)))
      .flatMap((line) => line.words.map(({ text }) => text.value)),
  );
  const named = [...new Set(words)]
    .filter((word) => /^\/[\w./-]*$/u.test(word) && word !== "/")
    .map((shown): Sample => {
      const whole = shown.endsWith("/") ? shown : `${shown}/`;
      return { shown, path: whole, prefix: whole };
    });
  return [{ shown: "/", path: "/", prefix: "/" }, ...named];
}

/** Frontends for connections: one route for each way. */
export function tcpRoutes(model: HaproxyModel, version: string): readonly ProxyRoute[] {
  return model.proxies
    .filter((proxy) => modeOf(proxy) === "tcp")
    .flatMap((proxy) => bindsOf(proxy).flatMap((bind) => tcpRoutesAt(model, proxy, bind, version)));
}

function tcpRoutesAt(
  model: HaproxyModel,
  proxy: HaproxyProxy,
  bind: HaproxyBind,
  version: string,
): readonly ProxyRoute[] {
  const said = bindTls(bind, model, version);
  const ways = waysOf(handlerOf(model, proxy, bind), {
    path: "/",
    method: "GET",
    host: probeHost,
    tls: bind.ssl,
  });
  return ways.map(({ treatment, goal }, index): ProxyRoute => {
    const { login, callers, callersAt, allowed } = treatment;
    return {
      id: `${socketId(bind)}/tcp/${proxy.name}${index === 0 ? "" : ` (${index + 1})`}`,
      socket: socketId(bind),
      label: `${proxy.kind} ${proxy.name}`,
      protocol: "tcp",
      paths: [],
      samples: [],
      targets: goal.targets,
      login:
        said.tls.clientCertificate === "required" ? "client-certificate" : isUnknown(login) ? login : "none",
      callers,
      allowed,
      suppliesLogin: false,
      passes: [],
      tls: said.tls,
      bodyLimit: 0,
      hsts: false,
      unread: null,
      origins: {
        ...said.origins,
        ...goal.origins,
        "/listen": [fromPlace(placeOf(bind))],
        "/callers": callersAt.map((at) => fromPlace(at)),
      },
    };
  });
}

/** TLS of an address, with the defaults of `global`. */
export function bindTls(
  bind: HaproxyBind,
  model: HaproxyModel,
  version: string,
): { readonly tls: Tls; readonly origins: Readonly<Record<string, readonly Origin[]>> } {
  const at = [fromPlace(placeOf(bind))];
  if (!bind.ssl) return { tls: tlsOff, origins: { "/tls": at, "/tls/mode": at } };
  const globalLine = (name: string) => model.global.findLast((line) => wordAt(line, 0) === name);
  const options = globalLine("ssl-default-bind-options");
  const lists = globalLine("ssl-default-bind-ciphers");
  const ciphers = optionOf(bind.line, "ciphers") ?? (lists === undefined ? undefined : wordAt(lists, 1));
  const oldest = oldestOf(bind.line) ?? (options === undefined ? undefined : oldestOf(options));
  const verify = optionOf(bind.line, "verify");
  const minVersion = oldest ?? defaultVersion(version);
  const clientCertificate = verify === "required" ? "required" : verify === "optional" ? "optional" : "none";
  const common = { minVersion, clientCertificate } as const;
  const origin = (written: boolean, line: HaproxyLine | undefined): readonly Origin[] => {
    if (written) return at;
    const place: Located | undefined = line;
    return place === undefined
      ? [{ kind: "absent", belongs: bind.at, by: "default of HAProxy" }]
      : [fromPlace(placeOf(place))];
  };
  return {
    tls:
      ciphers === undefined
        ? { mode: "on", encrypts: true, ciphers: null, ...common }
        : tlsOn({ ciphers, ...common }),
    origins: {
      "/tls": at,
      "/tls/mode": at,
      "/tls/minVersion": origin(oldestOf(bind.line) !== undefined, options),
      "/tls/ciphers": origin(optionOf(bind.line, "ciphers") !== undefined, lists),
      "/tls/cipherVerdict": origin(optionOf(bind.line, "ciphers") !== undefined, lists),
      "/tls/clientCertificate": at,
    },
  };
}

const versions = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** `ssl-min-ver`, `force-tlsv12`, or `no-tlsv10` and the like; undefined where none of them stands. */
function oldestOf(line: HaproxyLine): string | undefined {
  const written = optionOf(line, "ssl-min-ver");
  if (written !== undefined) return written === "TLSv1.0" ? "TLSv1" : written;
  const words = line.words.map(({ text }) => text.value);
  const forced = words.find((word) => /^force-tlsv1\d$/u.test(word));
  if (forced !== undefined) return named(`TLSv1.${forced.at(-1)}`);
  const without = words.flatMap((word) => /^no-(sslv3|tlsv1\d)$/u.exec(word)?.[1] ?? []);
  if (!without.some((word) => word.startsWith("tlsv1"))) return undefined;
  return named(versions.find((one) => !without.includes(one.toLowerCase().replace(".", ""))) ?? "TLSv1.3");
}

function named(version: string): string {
  return version === "TLSv1.0" ? "TLSv1" : version;
}

/** TLS 1.2 since 2.2. */
function defaultVersion(version: string): Maybe<string> {
  if (version === "0" || version === "") return unknown("version", "the default depends on the release");
  return before(version, "2.2") ? "TLSv1" : "TLSv1.2";
}
