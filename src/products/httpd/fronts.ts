/** The servers of Apache httpd as every proxy has them. */

import { fromPlace } from "../../facts/origin.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { placeOf } from "../../text/text.ts";
import { probeHost } from "../probe-paths.ts";
import type { Front, Sample } from "../proxy/front.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import { pathsLabel } from "../proxy/routes.ts";
import { pagesOf, waysOf } from "../proxy/ways.ts";
import { handlerOf } from "./handle.ts";
import { type HttpdListen, type HttpdModel, hostsAt, lastOf, type VirtualHost, wordAt } from "./model.ts";
import { type HttpdServer, linesOf, type ReadFile } from "./state.ts";
import { httpdTls } from "./tls.ts";

/** A server at one of its sockets. */
export interface Serving {
  readonly listen: HttpdListen;
  readonly server: HttpdServer;
  readonly tls: ReturnType<typeof httpdTls>;
}

/** Each virtual host at each socket; the main server where no host is for a socket. */
export function servingsOf(model: HttpdModel, read: ReadFile): readonly Serving[] {
  return model.listens.flatMap((listen) => {
    const hosts = hostsAt(model, listen);
    const all: readonly (VirtualHost | undefined)[] = hosts.length === 0 ? [undefined] : hosts;
    return all.map((host): Serving => {
      const lines = [...model.main, ...(host?.directives ?? [])];
      const engine = lastOf(lines, "sslengine");
      const on = engine === undefined ? false : /^(?:on|optional)$/iu.test(wordAt(engine, 0) ?? "");
      const tls = httpdTls(lines, on, listen);
      const wantsCertificate = tls.tls.clientCertificate === "required";
      return { listen, server: { host, main: model.main, wantsCertificate, read }, tls };
    });
  });
}

/** The name of a socket. */
export function socketId({ host, port }: HttpdListen): string {
  return host === "0.0.0.0" ? `http-${port}` : `http-${port}-${host}`;
}

/** A front for each of them. */
export function frontsOf(model: HttpdModel, read: ReadFile): readonly Front[] {
  return servingsOf(model, read).map(frontOf);
}

function frontOf({ listen, server, tls }: Serving): Front {
  const { host } = server;
  const name = host?.names.find((one) => !one.includes("*"));
  const handler = handlerOf(server);
  const asked = name ?? probeHost;
  return {
    socket: socketId(listen),
    key: `${socketId(listen)} ${host === undefined ? "" : `${host.at.file}:${host.at.start}`}`,
    name,
    tls: tls.tls,
    origins: { ...tls.origins, "/listen": [fromPlace(placeOf(host ?? listen))] },
    samples: samplesOf(linesOf(server)),
    ask: (path, method) => waysOf(handler, { path, method, host: asked, tls: tls.tls.mode === "on" }),
    pages: (path, method) => pagesOf(handler, { path, method, host: asked, tls: tls.tls.mode === "on" }),
    label: (paths) => pathsLabel("path", paths, name),
  };
}

/** What ProxyPass, Location and rewrites name. */
function samplesOf(lines: readonly HttpdDirective[]): readonly Sample[] {
  const all: readonly Sample[] = [
    { shown: "/", path: "/", prefix: "/" },
    ...lines.flatMap((line): readonly Sample[] => {
      const first = wordAt(line, 0) ?? "";
      if (line.name === "proxypass" || line.name === "location") {
        if (first === "~") return regexSample(wordAt(line, 1) ?? "");
        if (!first.startsWith("/") || /[*?[]/u.test(first)) return [];
        const whole = first.endsWith("/") ? first : `${first}/`;
        return [{ shown: first, path: whole, prefix: whole }];
      }
      if (/^(?:proxypassmatch|locationmatch|rewriterule)$/u.test(line.name)) return regexSample(first);
      return [];
    }),
  ];
  return all.filter(({ shown }, index) => all.findIndex((other) => other.shown === shown) === index);
}

function regexSample(pattern: string): readonly Sample[] {
  const start = prefixOf(pattern);
  if (start !== undefined && start !== "/") return [{ shown: `~ ${pattern}`, path: start, prefix: start }];
  const regex = regexOf(pattern, false);
  const example = typeof regex === "object" ? regex.example : undefined;
  return example === undefined || example === "/" ? [] : [{ shown: `~ ${pattern}`, path: example }];
}

/** What all paths of an expression begin with: "/orthanc/" of "^/orthanc/(.*)$" and "^/orthanc(/.*)?$". */
function prefixOf(pattern: string): string | undefined {
  const [, literal = ""] = /^\^(\/[\w./-]*)/u.exec(pattern) ?? [];
  // A character with a sign behind it that repeats it may be missing.
  const certain = /^\^\/[\w./-]*[?*+{]/u.test(pattern) ? literal.slice(0, -1) : literal;
  const start = certain.endsWith("/") ? certain : `${certain}/`;
  const regex = regexOf(pattern, false);
  const takes = (path: string) => typeof regex === "object" && matchRegex(regex, path) !== undefined;
  return literal !== "" && takes(start) && takes(`${start}studies`) ? start : undefined;
}
