/**
 * caddy-docker-proxy, which makes a Caddyfile of the labels of the containers beside it.
 * Source: lucaslorentz/caddy-docker-proxy README ("Labels to Caddyfile conversion", "Template functions").
 */
import type { ContainerVariable, Service } from "../../deployment/model.ts";
import { isUnknown } from "../../facts/unknown.ts";
import { concat, type Located, replaceMatches, type Text, textAt } from "../../text/text.ts";

/** A directive with what stands in its block. */
interface Directive {
  readonly name: string;
  readonly at: Located;
  value: Text | undefined;
  readonly inside: Map<string, Directive>;
}

const label = /^caddy(?:_\d+)?(?:\.|$)/u;

/** Whether an image is that of caddy-docker-proxy. */
export function readsLabels({ container }: Service): boolean {
  return container?.recognised?.id === "caddy-docker-proxy";
}

/** The Caddyfile that the labels make. */
export function labelCaddyfile(services: readonly Service[]): Text {
  return concat(services.flatMap((service) => sitesOf(service).flatMap((site) => written(site, ""))));
}

function sitesOf(service: Service): readonly Directive[] {
  const { container } = service;
  const labels = [...(container?.labels ?? []), ...(container?.deployLabels ?? [])];
  const sites = new Map<string, Directive>();
  for (const one of labels.filter(({ name }) => label.test(name))) put(sites, one, service);
  return [...sites.values()].toSorted((left, right) => order(left.name) - order(right.name));
}

/** Parts between dots are directives inside of each other; a number before an underscore keeps them apart. */
function put(level: Map<string, Directive>, { name, value, at }: ContainerVariable, service: Service): void {
  const parts = name.split(".");
  let inside = level;
  let found: Directive | undefined;
  for (const part of parts) {
    found = inside.get(part) ?? { name: part, at, value: undefined, inside: new Map() };
    inside.set(part, found);
    inside = found.inside;
  }
  if (found !== undefined && value.value.trim() !== "") found.value = withUpstreams(value, service);
}

/** `{{upstreams 8042}}`, `{{upstreams https 443}}`: the container itself. */
function withUpstreams(value: Text, { name, network }: Service): Text {
  const exposed = network.kind === "container" ? network.published[0]?.containerPort : undefined;
  return replaceMatches(value, /\{\{\s*upstreams\s*([^}]*?)\s*\}\}/gu, ([whole, words = ""], at) => {
    const [first = "", second] = words.split(/\s+/u);
    const scheme = /^\d*$/u.test(first) ? "" : `${first}://`;
    const port = scheme === "" ? first : (second ?? "");
    const own = port === "" && exposed !== undefined && !isUnknown(exposed) ? `${exposed}` : port;
    return whole === undefined ? undefined : textAt(`${scheme}${name}${own === "" ? "" : `:${own}`}`, at);
  });
}

function order(name: string): number {
  return Number(/^(\d+)_/u.exec(name)?.[1] ?? /^caddy_(\d+)$/u.exec(name)?.[1] ?? 0);
}

function written({ name, at, value, inside }: Directive, indent: string): readonly Text[] {
  const isSite = label.test(name) && indent === "";
  const word = isSite ? "" : name.replace(/^\d+_/u, "").replace(/_\d+$/u, "");
  const head = [textAt(`${indent}${word}`, at), ...(value === undefined ? [] : [textAt(" ", at), value])];
  if (inside.size === 0)
    return isSite && value === undefined ? [] : [...head, textAt(isSite ? " {\n}\n" : "\n", at)];
  const members = [...inside.values()].toSorted((left, right) => order(left.name) - order(right.name));
  return [
    ...head,
    textAt(" {\n", at),
    ...members.flatMap((member) => written(member, `${indent}\t`)),
    textAt(`${indent}}\n`, at),
  ];
}
