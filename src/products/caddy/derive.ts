/** Caddy: from its Caddyfile to sockets and routes. */
import type { Container, Service } from "../../deployment/model.ts";
import { fromPlace } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import type { CaddyDirective } from "../../sources/caddyfile.ts";
import { folderOf, isAbsolute, joinPath } from "../../sources/files.ts";
import { isKnown, type Place, placeOf, type Text, textAt } from "../../text/text.ts";
import type { Answer, Derive, DeriveContext, Derived, Socket } from "../product.ts";
import { derivedOnce, nothingDerived, ownAnswer, proxySocket, wrongWith } from "../proxy/derived.ts";
import { hostDisk, matching, mountedDisk, type ProxyDisk, single } from "../proxy/disk.ts";
import { routesOf } from "../proxy/routes.ts";
import { frontsOf, socketId } from "./fronts.ts";
import { hashesOf } from "./handlers.ts";
import { labelCaddyfile, readsLabels } from "./labels.ts";
import {
  type CaddyModel,
  type CaddyServer,
  caddyModel,
  firstKnown,
  optionOf,
  portsOf,
  serversOf,
} from "./model.ts";
import { siteTls } from "./tls.ts";

/** What Caddy does in this service; without sockets where its configuration is not there to read. */
export const deriveCaddy: Derive = derivedOnce((service, _version, context) => derive(service, context));

const packaged = "/etc/caddy";
const usual = `${packaged}/Caddyfile`;

/** What the image has there (caddyserver/dist, config/Caddyfile). */
const ofImage = { [usual]: ":80 {\n\troot * /usr/share/caddy\n\tfile_server\n}\n" };

function derive(service: Service, context: DeriveContext): Derived {
  const { container } = service;
  const disk =
    container === undefined
      ? hostDisk(service, packaged, context, () => undefined)
      : mountedDisk(container, container.recognised?.id === "caddy" ? ofImage : {}, context);
  const path = container === undefined ? (service.configuration[0]?.path ?? usual) : mainFile(container);
  const text =
    byCommand(container) ??
    (readsLabels(service) ? labelCaddyfile(service.partners ?? []) : undefined) ??
    (container === undefined ? service.configuration[0]?.files[0]?.text : disk.read(path));
  if (text === undefined || /\.json$/u.test(path)) {
    const why = `The configuration of Caddy in ${service.name} (${path}) is not ${text === undefined ? "part of the input" : "a Caddyfile"}: what it passes on is not known.`;
    return { ...nothingDerived, assumptions: [why] };
  }
  const model = caddyModel(inputOf(service, text, container === undefined ? usual : path, disk));
  return {
    ...nothingDerived,
    ...wrongWith("Caddy", model.problems),
    sockets: [...serversOf(model).map(socketOf), ...redirecting(model), ...administration(service, model)],
    routes: routesOf(frontsOf(model)),
    secrets: model.sites.flatMap(({ directives }) => secretsIn(directives)),
  };
}

function inputOf(service: Service, text: Text, path: string, disk: ProxyDisk) {
  return {
    text,
    resolve: (pattern: string) => {
      const full = isAbsolute(pattern) ? pattern : joinPath(folderOf(path), pattern);
      return /[*?[]/u.test(full) ? matching(disk, full) : single(disk, full);
    },
    variable: (name: string) => {
      const variable = service.environment.variables.get(name);
      if (variable === undefined)
        return service.environment.complete ? ("unset" as const) : ("unknown" as const);
      return isKnown(variable.value) ? variable.value : ("unknown" as const);
    },
  };
}

function wordsOf(container: Container | undefined): readonly Text[] {
  return [...(container?.entrypoint ?? []), ...(container?.command ?? [])];
}

/** `caddy run --config FILE`. */
function mainFile(container: Container): string {
  const words = wordsOf(container)
    .map(({ value }) => value)
    .join(" ");
  return /--config[= ](\/\S+)/u.exec(words)?.[1] ?? usual;
}

/** `caddy reverse-proxy --from ADDRESS --to SERVER` as the Caddyfile that does the same. */
function byCommand(container: Container | undefined): Text | undefined {
  const words = wordsOf(container);
  const index = words.findIndex(({ value }) => value === "reverse-proxy");
  const [first] = words;
  if (container === undefined || index === -1 || first === undefined) return undefined;
  const after = (flag: string) => {
    const at = words.findIndex(({ value }) => value === flag || value.startsWith(`${flag}=`));
    const word = words[at]?.value;
    return word?.includes("=") === true ? word.slice(word.indexOf("=") + 1) : words[at + 1]?.value;
  };
  const from = words.some(({ value }) => value.startsWith("--from")) ? after("--from") : "localhost";
  const to = words.some(({ value }) => value.startsWith("--to")) ? after("--to") : undefined;
  return to === undefined ? undefined : textAt(`${from} {\nreverse_proxy ${to}\n}\n`, container.imageAt);
}

function socketOf(server: CaddyServer): Socket {
  const { tls, origins } = siteTls(server, server.members[0]?.site);
  const { bind, port } = server;
  return proxySocket("http", { id: socketId(server), bind, port, tls, at: placeOf(server), origins });
}

/** Sites with TLS get a plain port that does nothing but send browsers there. */
function redirecting(model: CaddyModel): readonly Socket[] {
  const servers = serversOf(model);
  const { http } = portsOf(model);
  const mode = firstKnown(optionOf(model, "auto_https"));
  const encrypted = servers.find(({ tls }) => tls);
  if (encrypted === undefined || mode === "off" || mode === "disable_redirects") return [];
  if (servers.some(({ port }) => port === http)) return [];
  const at = [fromPlace(placeOf(encrypted))];
  return [
    {
      ...socketOf({ ...encrypted, port: http, bind: encrypted.bind, tls: false }),
      origins: { "": at, "/bind": at, "/port": at, "/on": at, "/tls": at, "/tls/mode": at },
    },
  ];
}

/** The administration listens on the loopback unless it is told otherwise; the option wins over the variable. */
function administration(service: Service, model: CaddyModel): readonly Socket[] {
  const option = optionOf(model, "admin");
  const variable = service.environment.variables.get("CADDY_ADMIN");
  const said = firstKnown(option) ?? variable?.value.value ?? "localhost:2019";
  const [, host = "", port = "2019"] = /^(?:tcp\/)?(.*?)(?::(\d+))?$/u.exec(said) ?? [];
  const isLocal = /^(?:localhost|127\.|\[?::1)/u.test(host);
  const at =
    option !== undefined
      ? [fromPlace(placeOf(option))]
      : variable === undefined
        ? []
        : [fromPlace(variable.at)];
  const open: Answer = { ...ownAnswer, origins: { "/auth/mode": at } };
  return [
    {
      id: "management-2019",
      protocol: "management",
      role: "administration",
      purpose: "Caddy (administration, on the loopback of the container)",
      on: said !== "off" && !said.startsWith("unix"),
      bind: isLocal ? "127.0.0.1" : "0.0.0.0",
      port: Number(port),
      tls: tlsOff,
      seen: { loopback: open, other: open },
      origins: { "": at, "/on": at, "/bind": at, "/port": at },
    },
  ];
}

/** Hashes of passwords, and values of `Authorization` that it sends along. */
function secretsIn(directives: readonly CaddyDirective[]): readonly Place[] {
  return directives.flatMap((directive) => {
    const { name, args, block } = directive;
    const inside = block === undefined ? [] : secretsIn(block);
    if (name === "basicauth" || name === "basic_auth") return hashesOf(directive).map(({ at }) => at.at);
    const header = args.findIndex(({ text }) => text.value.toLowerCase() === "authorization");
    const value = header === -1 ? undefined : args[header + 1];
    return value === undefined || value.text.value.startsWith("{") ? inside : [...inside, value.at];
  });
}
