/** Where directives of nginx are changed: where they stand, or in the block that a finding is about. */
import type { Fact } from "../../facts/facts.ts";
import type { NginxDirective } from "../../sources/nginx.ts";
import type { Place } from "../../text/text.ts";
import type { Editable } from "../product.ts";
import type { LoginSpot, RedirectSpot, Spot } from "../spot.ts";
import type { Block } from "./block.ts";
import type { NginxLocation } from "./location.ts";
import type { NginxModel, NginxServer } from "./model.ts";

/**
 * The layout of a configuration. A path is the name of a directive, or a name and a first argument
 * (`add_header.Strict-Transport-Security`) for those that stand several times; `proxy:login` is a login before what the
 * finding is about, `proxy:redirect` a redirection of its plain port.
 */
export function editableOf(model: NginxModel): Editable {
  return {
    spot([name = "", argument], fact) {
      if (name === "proxy:login") return loginSpot(model, fact);
      if (name === "proxy:redirect") return redirectSpot(model, fact);
      return directiveSpot(model, fact, name, argument);
    },
  };
}

function directiveSpot(
  model: NginxModel,
  fact: Fact,
  name: string,
  argument: string | undefined,
): Spot | undefined {
  const innermost = concerned(model, placesOf(fact)).at(-1);
  if (innermost === undefined) return undefined;
  const counting = nearest(innermost, name, argument);
  const body = innermost.head?.body?.at;
  const whole = argument === undefined ? name : `${name} ${argument}`;
  return { kind: "directive", name: whole, directives: counting, body };
}

/** The blocks that hold a place, the inner ones behind the outer ones. */
function concerned(model: NginxModel, places: readonly Place[]): readonly Block[] {
  const blocks = model.servers.flatMap((server) => [server.block, ...server.locations.flatMap(blocksOf)]);
  return blocks.filter(({ head }) => head !== undefined && places.some((place) => holds(head, place)));
}

/** In each block that the finding shows: without the line that switches a login off, or with one of its own. */
function loginSpot(model: NginxModel, fact: Fact): LoginSpot | undefined {
  const places = ["/leftOut", "/auth/suppliedByProxy"].flatMap((pointer) => placesAt(fact, pointer));
  const all = concerned(model, places);
  const inner = all.filter((block) => !all.some(({ parent }) => parent === block));
  const off = inner.flatMap((block) => block.own.filter(isOff));
  // Without the line that switches it off, a login that is asked for around a block holds in it too.
  const asking = inner.filter((block) => !(block.own.some(isOff) && isAsked(block.parent)));
  const bodies = asking.flatMap(({ head, own }) => {
    const taken = own.some((one) => !isOff(one) && /^auth_basic(?:_user_file)?$/u.test(one.name));
    return head?.body === undefined || taken ? [] : [head.body.at];
  });
  if (inner.length === 0 || bodies.length < asking.length) return undefined;
  const like = loginOf(model);
  return { kind: "login", off, bodies, ...(like === undefined ? {} : { like }) };
}

function isOff({ name, args }: NginxDirective): boolean {
  return (name === "auth_basic" || name === "auth_request") && args[0]?.text.value === "off";
}

/** Whether a login is asked for around a block. */
function isAsked(block: Block | undefined): boolean {
  if (block === undefined) return false;
  const found = block.own.filter(({ name }) => name === "auth_basic" || name === "auth_request");
  return found.length > 0 ? found.every((directive) => !isOff(directive)) : isAsked(block.parent);
}

/** A login that the configuration has elsewhere already, as it is written. */
function loginOf(model: NginxModel): LoginSpot["like"] {
  const blocks = model.servers.flatMap((server) => [server.block, ...server.locations.flatMap(blocksOf)]);
  for (const block of blocks) {
    const [realm] = nearest(block, "auth_basic", undefined);
    const [users] = nearest(block, "auth_basic_user_file", undefined);
    const file = users?.args[0]?.text.value;
    const name = realm?.args[0]?.text.value;
    if (realm === undefined || isOff(realm) || file === undefined || name === undefined) continue;
    if (/[\s"'\\$;{}]/u.test(file) || /["\\$]/u.test(name)) continue;
    return { realm: `"${name}"`, file };
  }
  return undefined;
}

/** Only where another socket of the same names speaks TLS: nothing is sent where nobody answers. */
function redirectSpot(model: NginxModel, fact: Fact): RedirectSpot | undefined {
  const places = placesAt(fact, "/tls/mode");
  const server = model.servers.find(
    ({ block: { head } }) => head !== undefined && places.some((place) => holds(head, place)),
  );
  const head = server?.block.head;
  if (server === undefined || head?.body === undefined) return undefined;
  const own = tlsPort(server);
  if (own !== undefined) return splitSpot(server, head, own);
  const other = model.servers.find(
    (one) => one !== server && sharesName(one, server) && tlsPort(one) !== undefined,
  );
  const port = other === undefined ? undefined : tlsPort(other);
  if (port === undefined) return undefined;
  // Certificates are renewed over the plain port: that path stays, and the others are sent on one by one.
  const renewal = server.locations.some(({ block }) =>
    /acme|well-known/u.test(block.head?.args.at(-1)?.text.value ?? ""),
  );
  const inside = server.locations.filter(({ block }) => block.own.some(({ name }) => name.endsWith("_pass")));
  const bodies = renewal ? inside.flatMap(({ block }) => block.head?.body?.at ?? []) : [head.body.at];
  return { kind: "redirect", port, bodies };
}

function splitSpot(server: NginxServer, head: NginxDirective, port: number): RedirectSpot | undefined {
  const listens = server.block.own.filter(({ name }) => name === "listen");
  const plain = listens.filter(({ at }) =>
    server.listens.some(
      (listen) =>
        !listen.ssl &&
        !listen.quic &&
        listen.at.file === at.file &&
        at.start <= listen.at.start &&
        listen.at.end <= at.end,
    ),
  );
  const names = server.block.own.find(({ name }) => name === "server_name");
  if (plain.length === 0 || plain.length === listens.length || server.sslOn) return undefined;
  return { kind: "redirect", port, bodies: [], split: { server: head, plain, names } };
}

function tlsPort({ listens }: NginxServer): number | undefined {
  return listens.find(({ ssl, port, unknown }) => ssl && port !== undefined && unknown === undefined)?.port;
}

/** Whether both have the same first name, or one of them takes every name. */
function sharesName(one: NginxServer, other: NginxServer): boolean {
  const words = ({ block }: NginxServer): readonly string[] =>
    block.own
      .filter(({ name }) => name === "server_name")
      .flatMap(({ args }) => args.map(({ text }) => text.value));
  const [left, right] = [words(one), words(other)];
  const any = (names: readonly string[]): boolean => names.length === 0 || names.includes("_");
  return any(left) || any(right) || left.some((name) => right.includes(name));
}

function placesOf(fact: Fact): readonly Place[] {
  return Object.keys(fact.origins).flatMap((pointer) => placesAt(fact, pointer));
}

function placesAt(fact: Fact, pointer: string): readonly Place[] {
  return (fact.origins[pointer] ?? []).flatMap((origin) =>
    origin.kind === "place" ? [origin.at, ...(origin.via ?? [])] : (origin.belongs ?? []),
  );
}

function blocksOf(location: NginxLocation): readonly Block[] {
  return [location.block, ...location.locations.flatMap(blocksOf)];
}

/** Whether a place lies in a block, its head included. */
function holds({ at, body }: NginxDirective, place: Place): boolean {
  return body !== undefined && place.file === at.file && at.start <= place.start && place.end <= body.at.end;
}

/** The directives that count in a block: those of the nearest level that has any of the name. */
function nearest(block: Block, name: string, argument: string | undefined): readonly NginxDirective[] {
  for (let level: Block | undefined = block; level !== undefined; level = level.parent) {
    const found = level.own.filter((directive) => directive.name === name);
    const wanted = found.filter(
      ({ args }) => argument === undefined || args[0]?.text.value.toLowerCase() === argument.toLowerCase(),
    );
    if (found.length > 0) return wanted;
  }
  return [];
}
