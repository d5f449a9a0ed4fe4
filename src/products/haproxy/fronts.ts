/** The frontends of HAProxy as every proxy has its servers, and its ways for connections. */
import { fromPlace } from "../../facts/origin.ts";
import { placeOf } from "../../text/text.ts";
import { probeHost } from "../probe-paths.ts";
import type { ProxyRoute } from "../product.ts";
import { tcpRoute } from "../proxy/derived.ts";
import type { Front, Sample } from "../proxy/front.ts";
import { pathsLabel } from "../proxy/routes.ts";
import { pagesOf, waysOf } from "../proxy/ways.ts";
import { handlerOf } from "./handle.ts";
import { mapKeys } from "./maps.ts";
import { bindsOf, type HaproxyBind, type HaproxyModel, type HaproxyProxy, modeOf } from "./model.ts";
import { bindTls } from "./tls.ts";

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
    pages: (path, method) => pagesOf(handler, { path, method, host, tls: bind.ssl }),
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
function samplesOf(model: HaproxyModel): readonly Sample[] {
  const words = model.proxies.flatMap(({ lines }) =>
    lines
      .filter((line) => line.words.some(({ text }) => /^(?:path|url)(?:_\w+)?$/u.test(text.value)))
      .flatMap((line) => line.words.map(({ text }) => text.value)),
  );
  const named = [...new Set([...words, ...mapKeys(model)])]
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
    return tcpRoute({
      id: `${socketId(bind)}/tcp/${proxy.name}${index === 0 ? "" : ` (${index + 1})`}`,
      socket: socketId(bind),
      label: `${proxy.kind} ${proxy.name}`,
      targets: goal.targets,
      login,
      callers,
      allowed,
      tls: said.tls,
      origins: {
        ...said.origins,
        ...goal.origins,
        "/listen": [fromPlace(placeOf(bind))],
        "/callers": callersAt.map((at) => fromPlace(at)),
      },
    });
  });
}
