/** What a pacslint.yaml changes, in sentences: nothing becomes quieter without being told. */
import type { Parameters, Stated } from "../products/site.ts";
import type { Place } from "../text/text.ts";
import type { Config } from "./config.ts";

/** A sentence without a full stop, and the line that it is about. */
export interface Said {
  readonly text: string;
  readonly at: Place;
}

/** Everything in it that changes what is found or what counts, besides suppressions, which are listed themselves. */
export function configSays({ severities, site, include, exclude }: Config): readonly Said[] {
  return [
    ...(include === undefined ? [] : [{ text: `only ${include.value.join(", ")} is read`, at: include.at }]),
    ...(exclude === undefined ? [] : [{ text: `${exclude.value.join(", ")} is not read`, at: exclude.at }]),
    ...severities.map(({ rule, severity, paths, at }) => ({
      text: `${rule} ${severity === "off" ? "is off" : `counts as ${severity}`}${paths === undefined ? "" : ` in ${paths.join(", ")}`}`,
      at,
    })),
    ...(site.facesInternet === undefined
      ? []
      : [{ text: "the hosts face the Internet", at: site.facesInternet }]),
    ...(site.staysInside === undefined
      ? []
      : [{ text: "the hosts do not face the Internet", at: site.staysInside }]),
    ...parametersSay(site.parameters),
    ...site.zones.map(({ name, trust, at }) => ({ text: `${name} is ${trustText[trust]}`, at })),
    ...site.firewall.map(({ port, from, at }) => ({
      text: `a firewall lets ${from.length === 0 ? "nobody" : `only ${from.join(", ")}`} at port ${port}`,
      at,
    })),
  ];
}

function parametersSay({ ports, registries, minimumTls, aeTitles }: Parameters): readonly Said[] {
  const say = <T>(stated: Stated<T> | undefined, text: (value: T) => string): readonly Said[] =>
    stated === undefined ? [] : [{ text: text(stated.value), at: stated.at }];
  return [
    ...say(ports, (list) => `accepted ports are ${list.join(", ")}`),
    ...say(registries, (list) => `images may come from ${list.join(", ")}`),
    ...say(minimumTls, (version) => `TLS starts at ${version.replace("TLSv", "")}`),
    ...say(aeTitles, (list) => `accepted AE titles are ${list.join(", ")}`),
  ];
}

const trustText = {
  none: "a network with strangers in it",
  network: "a network of the hospital",
  trusted: "a network of those who may use the PACS",
} as const;
