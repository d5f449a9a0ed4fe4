/** Addresses that a configuration tells apart by variables: those of `geo`, and of maps over the caller's address. */
import { type Located, placeOf } from "../../text/text.ts";
import { firstAddress, type Network, parseAddress } from "../proxy/network.ts";
import type { NginxGeo, NginxMap } from "./map.ts";
import type { NginxModel } from "./model.ts";
import type { Script } from "./script.ts";

/** Callers who get the same value of a variable. */
export interface ClientGroup {
  /** One of their addresses. */
  readonly client: string;
  /** Their networks, as written. */
  readonly texts: readonly string[];
  readonly isHost: boolean;
  readonly at: Located;
}

/** More groups than these are not asked for. */
const limit = 12;

const known = new WeakMap<NginxModel, readonly ClientGroup[]>();

/** The groups of callers that variables of a model tell apart from strangers. */
export function clientGroups(model: NginxModel): readonly ClientGroup[] {
  const found =
    known.get(model) ??
    [...model.variables.values()]
      .flatMap((made) => (made.kind === "geo" ? groupsOfGeo(made) : groupsOfMap(made)))
      .slice(0, limit);
  known.set(model, found);
  return found;
}

interface Named {
  readonly text: string;
  readonly network: Network;
  readonly value: Script;
}

function groupsOfGeo(geo: NginxGeo): readonly ClientGroup[] {
  const isClient = geo.source === undefined || geo.source === "remote_addr";
  return isClient && geo.unknown === undefined ? grouped(geo.networks, geo) : [];
}

function groupsOfMap(map: NginxMap): readonly ClientGroup[] {
  const [source] = map.source;
  if (map.source.length !== 1 || source?.type !== "variable" || source.name !== "remote_addr") return [];
  const named = [...map.exact].flatMap(([text, value]): readonly Named[] => {
    const address = parseAddress(text);
    if (address === undefined) return [];
    return [
      { text, network: { version: address.version, first: address.value, last: address.value }, value },
    ];
  });
  return grouped(named, map);
}

function grouped(networks: readonly Named[], at: Located): readonly ClientGroup[] {
  const byValue = new Map<string, Named[]>();
  for (const named of networks) {
    const key = JSON.stringify(named.value);
    const same = byValue.get(key);
    if (same === undefined) byValue.set(key, [named]);
    else same.push(named);
  }
  return [...byValue.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    return [
      {
        client: firstAddress(first.network),
        texts: members.map(({ text }) => text),
        isHost: members.every(({ network }) => isLoopback(network)),
        at: placeOf(at),
      },
    ];
  });
}

function isLoopback({ version, first }: Network): boolean {
  return version === 4 ? first >> 24n === 127n : first === 1n;
}
