/** The short form of published ports, `[[host address:]published:]container[/protocol]`, as docker's nat package reads it. */
import type { Member, Tree } from "../../sources/tree.ts";
import { type Located, locate, placeOf, slice, type Text, textAt } from "../../text/text.ts";
import { holeOf, implied, numberTree, objectTree, stringTree, unknownTree } from "./trees.ts";

/** The ports of one entry in the long form, or why Docker refuses the entry. */
export type ShortPort = { readonly ports: readonly Tree[] } | { readonly error: string };

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A part of the text. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** Reads one entry; a range of container ports becomes one port each. */
export function readShortPort(text: Text, where: Located): ShortPort {
  const { value } = text;
  const lastColon = value.lastIndexOf(":");
  const container: Part = { start: lastColon + 1, end: value.length };
  const beforeColon = lastColon < 0 ? -1 : value.lastIndexOf(":", lastColon - 1);
  const published: Part | undefined =
    lastColon < 0 ? undefined : { start: lastColon === 0 ? 0 : beforeColon + 1, end: lastColon };
  const address: Part | undefined =
    lastColon > 0 && beforeColon >= 0 ? { start: 0, end: beforeColon } : undefined;
  const host = hostAddress(text, address, published);
  if (host !== undefined && "error" in host) return host;
  const protocol = protocolOf(text, container);
  if ("error" in protocol) return protocol;
  return expand(text, where, host?.text, published, protocol);
}

type Host = { readonly text: Text } | { readonly error: string };

/** The host address. `${X}:8042` leaves it open: the variable may hold an address as well as a port. */
function hostAddress(text: Text, address: Part | undefined, published: Part | undefined): Host | undefined {
  if (address === undefined) {
    const only = published === undefined ? undefined : slice(text, published.start, published.end);
    return only !== undefined && only.value.length === 1 && holeOf(only) !== undefined
      ? { text: only }
      : undefined;
  }
  const whole = slice(text, address.start, address.end);
  if (whole.value === "") return undefined;
  const bracketed = whole.value.startsWith("[") && whole.value.endsWith("]");
  const bare = bracketed ? slice(whole, 1, whole.value.length - 1) : whole;
  // Go's net.SplitHostPort tells an address with colons from a port by its brackets.
  if (!bracketed && holeOf(bare) === undefined && bare.value.includes(":"))
    return { error: `invalid IP address: ${whole.value}: one with colons stands in brackets` };
  if (holeOf(bare) === undefined && !isAddress(bare.value))
    return { error: `invalid IP address: ${whole.value}` };
  return { text: bare };
}

/** Go's net.ParseIP. */
function isAddress(value: string): boolean {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(value);
  if (four !== null) return four.slice(1).every((part) => Number(part) <= 255 && !/^0\d/.test(part));
  if (!value.includes(":")) return false;
  const halves = value.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const size = groups.length + (last.includes(".") ? 1 : 0);
  if (last.includes(".") && !isAddress(last)) return false;
  const plain = last.includes(".") ? groups.slice(0, -1) : groups;
  return (
    plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? size < 8 : size === 8)
  );
}

type Container =
  | { readonly port: Part; readonly protocol: Text; readonly name: string }
  | { readonly error: string };

function protocolOf(text: Text, container: Part): Container {
  const written = text.value.slice(container.start, container.end);
  const slash = written.indexOf("/");
  const port: Part = { start: container.start, end: slash < 0 ? container.end : container.start + slash };
  if (port.start === port.end) return { error: `no container port in "${text.value}"` };
  const rest = slash < 0 ? "" : (written.slice(slash + 1).split("/", 1)[0] ?? "");
  if (rest === "")
    return { port, protocol: textAt("tcp", locate(text, container.start, container.end)), name: "tcp" };
  const start = container.start + slash + 1;
  const protocol = slice(text, start, start + rest.length);
  const name = rest.toLowerCase();
  if (holeOf(protocol) !== undefined) return { port, protocol, name };
  if (!["tcp", "udp", "sctp"].includes(name)) return { error: `invalid protocol: ${rest}` };
  return {
    port,
    protocol: name === rest ? protocol : textAt(name, locate(text, start, start + rest.length)),
    name,
  };
}

function expand(
  text: Text,
  where: Located,
  host: Text | undefined,
  published: Part | undefined,
  container: Exclude<Container, { error: string }>,
): ShortPort {
  const { port } = container;
  const inner = slice(text, port.start, port.end);
  const outer =
    published === undefined || published.start === published.end
      ? undefined
      : slice(text, published.start, published.end);
  const make = (target: Tree, shown: Text | undefined): Tree =>
    portTree(where, target, host, shown, container.protocol);
  const ranges = readRanges(inner, outer);
  if ("error" in ranges) return ranges;
  const targetAt = locate(text, port.start, port.end);
  const range = ranges.inner;
  if (range === undefined) {
    const hole = holeOf(inner) ?? { reason: "the port is unknown" };
    return { ports: [make(unknownTree(hole, targetAt), outer)] };
  }
  const size = range.to - range.from;
  const ports = Array.from({ length: size + 1 }, (_, step) => {
    const shown =
      size === 0 ? singlePublished(outer, ranges.outer) : rangePublished(outer, ranges.outer, step);
    return {
      key: `${range.from + step}/${container.name}`,
      tree: make(numberTree(range.from + step, targetAt), shown),
    };
  });
  ports.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { ports: ports.map((one) => one.tree) };
}

/** Both ranges; undefined where one is unknown or not given. */
type Ranges =
  | { readonly inner: Range | undefined; readonly outer: Range | undefined }
  | { readonly error: string };

function readRanges(innerText: Text, outerText: Text | undefined): Ranges {
  const innerKnown = holeOf(innerText) === undefined;
  const inner = innerKnown ? readRange(innerText.value) : undefined;
  if (innerKnown && inner === undefined) return { error: `invalid container port: ${innerText.value}` };
  if (inner?.from === 0) return { error: "0 is no container port" };
  const known = outerText !== undefined && holeOf(outerText) === undefined ? outerText : undefined;
  const outer = known === undefined ? undefined : readRange(known.value);
  if (known !== undefined && outer === undefined) return { error: `invalid published port: ${known.value}` };
  const differ =
    inner !== undefined && outer !== undefined && outer.to - outer.from !== inner.to - inner.from;
  if (differ && inner.to !== inner.from)
    return { error: `the ranges ${outerText?.value} and ${innerText.value} differ in size` };
  return { inner, outer };
}

/** One container port: the published one, or a range of which Docker takes a free one. */
function singlePublished(text: Text | undefined, outer: Range | undefined): Text | undefined {
  if (text === undefined || outer === undefined) return text;
  const canonical = outer.from === outer.to ? String(outer.from) : `${outer.from}-${outer.to}`;
  return canonical === text.value ? text : textAt(canonical, locate(text, 0, text.value.length));
}

function rangePublished(text: Text | undefined, outer: Range | undefined, step: number): Text | undefined {
  if (text === undefined || outer === undefined) return text;
  return textAt(String(outer.from + step), locate(text, 0, text.value.length));
}

function portTree(
  where: Located,
  target: Tree,
  host: Text | undefined,
  published: Text | undefined,
  protocol: Text,
): Tree {
  const place = placeOf(where);
  const whole = (text: Text): Located => locate(text, 0, text.value.length);
  const members: Member[] = [implied("mode", stringTree(textAt("ingress", place), place))];
  if (host !== undefined) members.push(implied("host_ip", stringTree(host, whole(host))));
  members.push(implied("target", target));
  if (published !== undefined) members.push(implied("published", stringTree(published, whole(published))));
  members.push(implied("protocol", stringTree(protocol, whole(protocol))));
  return objectTree(members, place);
}

/** A port or a range of ports; undefined when it is neither. */
export function readRange(value: string): Range | undefined {
  const found = /^(\d+)(?:-(\d+))?$/.exec(value);
  if (found === null) return undefined;
  const from = Number(found[1]);
  const to = Number(found[2] ?? found[1]);
  return from <= 65535 && to <= 65535 && from <= to ? { from, to } : undefined;
}
