/** What a pacslint.yaml changes, in sentences: nothing becomes quieter without being told. */
import type { Place } from "../text/text.ts";
import type { Config } from "./config.ts";

/** A sentence without a full stop, and the line that it is about. */
export interface Said {
  readonly text: string;
  readonly at: Place;
}

/** Everything in it that changes what is found or what counts, besides suppressions, which are listed themselves. */
export function configSays({ severities, site }: Config): readonly Said[] {
  return [
    ...severities.map(({ rule, severity, paths, at }) => ({
      text: `${rule} ${severity === "off" ? "is off" : `counts as ${severity}`}${paths === undefined ? "" : ` in ${paths.join(", ")}`}`,
      at,
    })),
    ...(site.facesInternet === undefined
      ? []
      : [{ text: "the hosts face the Internet", at: site.facesInternet }]),
    ...site.zones.map(({ name, trust, at }) => ({ text: `${name} is ${trustText[trust]}`, at })),
    ...site.firewall.map(({ port, from, at }) => ({
      text: `a firewall lets ${from.length === 0 ? "nobody" : `only ${from.join(", ")}`} at port ${port}`,
      at,
    })),
  ];
}

const trustText = {
  none: "a network with strangers in it",
  network: "a network of the hospital",
  trusted: "a network of those who may use the PACS",
} as const;
