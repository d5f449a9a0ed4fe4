/** What httpd sends to the server behind it. Source: mod_proxy of httpd 2.4. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { holeIn, type Located, placeOf } from "../../text/text.ts";
import type { RouteTarget } from "../product.ts";
import type { Outcome } from "../proxy/ways.ts";
import { lastOf, wordAt } from "./model.ts";
import { linesOf, type State } from "./state.ts";
import type { Proxied } from "./translate.ts";

/** The servers that get a request, and what httpd adds to it. */
export function passedOn(
  proxied: Proxied,
  all: readonly HttpdDirective[],
  gap: HttpdDirective | undefined,
  state: State,
): Outcome {
  const balancers = linesOf(state.server).filter(({ name }) => name === "proxy");
  // "unix:/run/x.sock|http://localhost/": the file is called, the address behind it is only named (mod_proxy).
  const [, file, url = ""] = /^(?:unix:([^|]+)\|)?(.*)$/su.exec(proxied.url) ?? [];
  const found = /^(\w+):\/\/(\[[^\]]+\]|[^:/?]+)(?::(\d+))?([^?]*)/u.exec(url);
  const [, scheme = "", host = "", port, path = ""] = found ?? [];
  const place = placeOf(proxied);
  const why = unknown("input", "the address is not understood", place);
  const targets: readonly RouteTarget[] =
    scheme === "balancer"
      ? membersOf(balancers, host)
      : [
          {
            host: found === null ? why : host,
            port: found === null ? why : port === undefined ? (schemes[scheme] ?? 80) : Number(port),
            ...(file === undefined ? {} : { host: `unix:${file}`, port: 0 }),
          },
        ];
  const header = authorization(all);
  const limit = lastOf(all, "limitrequestbody");
  const hsts = all.findLast(
    ({ name, args }) =>
      name === "header" && args.some(({ text }) => /^strict-transport-security$/iu.test(text.value)),
  );
  const query = state.query === undefined ? "" : `?${state.query}`;
  const sent = encodeURI(path === "" ? "/" : path)
    .replaceAll("?", "%3F")
    .replaceAll("#", "%23");
  return {
    kind: "passed",
    goal: {
      targets: targets.length === 0 ? [{ host: why, port: why }] : targets,
      inside: sent + query,
      supplies: header?.value ?? false,
      // Without a line it is 1 GB since 2.4.53.
      bodyLimit: limit === undefined ? 1024 : Number(wordAt(limit, 0)) / 1024 ** 2,
      hsts: hsts?.args.some(({ text }) => /max-age\s*=\s*"?[1-9]/iu.test(text.value)) === true,
      unread: gap === undefined ? null : "an included file is not part of the input",
      origins: {
        "/path": [fromPlace(place)],
        "/target": [fromPlace(place)],
        "/suppliesLogin": originOf(header),
        "/bodyLimit": originOf(limit),
        "/hsts": originOf(hsts),
        "/unread": originOf(gap),
      },
    },
  };
}

const schemes: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  h2c: 80,
  h2: 443,
};

function originOf(located: Located | undefined): readonly Origin[] {
  return located === undefined ? [] : [fromPlace(placeOf(located))];
}

function membersOf(sections: readonly HttpdDirective[], name: string): readonly RouteTarget[] {
  const own = sections.filter(
    (section) => wordAt(section, 0)?.toLowerCase() === `balancer://${name}`.toLowerCase(),
  );
  return own
    .flatMap(({ block }) => (block ?? []).filter((line) => line.name === "balancermember"))
    .map((line) => {
      const [, scheme = "http", host = "", port] =
        /^(\w+):\/\/([^:/]+)(?::(\d+))?/u.exec(wordAt(line, 0) ?? "") ?? [];
      return { host, port: port === undefined ? (schemes[scheme] ?? 80) : Number(port) };
    });
}

/** `RequestHeader set Authorization VALUE`; `unset` takes away what the visitor sent. */
function authorization(
  all: readonly HttpdDirective[],
): (Located & { readonly value: Maybe<boolean> }) | undefined {
  const line = all.findLast(
    ({ name, args }) => name === "requestheader" && args[1]?.text.value.toLowerCase() === "authorization",
  );
  if (line === undefined || !/^(?:set|add|append|merge|setifempty)$/iu.test(wordAt(line, 0) ?? ""))
    return undefined;
  const word = line.args[2];
  const hole = word === undefined ? undefined : holeIn(word.text, 0, word.text.value.length);
  if (hole !== undefined) return { value: unknown("input", hole.reason, placeOf(line)), ...placeOf(line) };
  const text = word?.text.value ?? "";
  const value: Maybe<boolean> = text.includes("%{")
    ? unknown("opaque", "the value is made when a request comes", placeOf(line))
    : text !== "";
  return isUnknown(value) || value ? { value, ...placeOf(line) } : undefined;
}
