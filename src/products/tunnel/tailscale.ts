/**
 * Tailscale in a container: what TS_SERVE_CONFIG serves to the tailnet, and by Funnel to the Internet.
 * Source: tailscale/tailscale ipn/serve.go (ServeConfig), ipn/ipnlocal/serve.go (how handlers are chosen, what is cut off).
 */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { readJson } from "../../sources/json.ts";
import type { Member, Tree } from "../../sources/tree.ts";
import { placeOf, type Text } from "../../text/text.ts";
import { argumentsOf, knownWord } from "../flags.ts";
import { isOn, membersAt, valueAt, wordOf } from "../proxy/tree.ts";
import type { TunnelGiven } from "./given.ts";
import { everyPath, type Tunnel, type TunnelOpening, type TunnelRule, targetOf } from "./model.ts";

/** What Tailscale serves; undefined where it does not run. */
export function tailscale(given: TunnelGiven): Tunnel | undefined {
  const runs = given.isImage || argumentsOf(given.words, /^(?:tailscaled|containerboot)$/u) !== undefined;
  if (!runs) return undefined;
  const key = given.variable("TS_AUTHKEY") ?? given.variable("TS_AUTH_KEY");
  const told = {
    name: "Tailscale",
    secrets: key === undefined ? [] : [key.at],
    assumptions: [
      `The devices of the tailnet that ${given.service.name} joins are taken for trusted: whom its rules let in is kept at Tailscale.`,
    ],
  };
  const path = given.variable("TS_SERVE_CONFIG");
  if (path === undefined) return { ...told, openings: [] };
  const text = isUnknown(path.value) ? undefined : given.read(path.value);
  return { ...told, openings: text === undefined ? undefined : served(text) };
}

function served(text: Text): readonly TunnelOpening[] {
  const { root } = readJson(text, "strict");
  const funnel = membersAt(root, "allowfunnel");
  const isFunnel = (key: string) => funnel.some((one) => one.key === key && isOn(one.value) === true);
  const web = membersAt(root, "web").map(({ key, value, keyAt }): TunnelOpening => {
    const port = key.slice(key.lastIndexOf(":") + 1);
    const plain = isOn(valueAt(root, "tcp", port, "http")) === true;
    return {
      ...opened(key, isFunnel(key), keyAt.at),
      protocol: "http",
      tls: !plain,
      rules: handlersOf(value),
    };
  });
  const ports = membersAt(root, "tcp").flatMap((member) => forwarded(member, funnel, isFunnel));
  return [...web, ...ports];
}

function opened(
  key: string,
  funnel: boolean,
  at: TunnelOpening["at"],
): Omit<TunnelOpening, "protocol" | "tls" | "rules"> {
  const host = key.slice(0, key.lastIndexOf(":"));
  const address: Maybe<string> = host.includes("$")
    ? unknown("opaque", "the name of the machine in its tailnet is not known")
    : host;
  return {
    at,
    id: key,
    address,
    port: Number(key.slice(key.lastIndexOf(":") + 1)),
    reach: funnel ? "internet" : "internal",
  };
}

function forwarded(
  { key, value, keyAt }: Member,
  funnel: readonly Member[],
  isFunnel: (key: string) => boolean,
): readonly TunnelOpening[] {
  const target = wordOf(valueAt(value, "tcpforward"));
  if (target === undefined) return [];
  const named = funnel.find((one) => one.key.endsWith(`:${key}`))?.key ?? `\${TS_CERT_DOMAIN}:${key}`;
  return [
    {
      ...opened(named, isFunnel(named), keyAt.at),
      protocol: "tcp",
      tls: valueAt(value, "terminatetls") !== undefined,
      rules: [everyPath(targetOf(target), placeOf(target))],
    },
  ];
}

/** The longest mount point has a path, and is cut off before the path is passed on. */
function handlersOf(server: Tree): readonly TunnelRule[] {
  return membersAt(server, "handlers")
    .toSorted((left, right) => right.key.length - left.key.length)
    .map(({ key, value, keyAt }): TunnelRule => {
      const proxy = wordOf(valueAt(value, "proxy"));
      const known = knownWord(proxy);
      const target = proxy === undefined ? undefined : targetOf({ ...proxy, value: known ?? proxy.value });
      const prefix = key.replace(/\/+$/u, "");
      return {
        ...everyPath(target, placeOf(proxy ?? keyAt)),
        at: keyAt.at,
        shown: key,
        sample: key,
        prefix: `${prefix}/`,
        takes: (path) => path === prefix || path.startsWith(`${prefix}/`),
        inside: (path) => path.slice(prefix.length) || "/",
      };
    });
}
