/** What the site says of the network around its hosts: zones, the Internet, a firewall. Every change of reach has its line. */
import type { Deployment } from "../deployment/model.ts";
import type { EntryFact, ListenerFact, Reach } from "../facts/facts.ts";
import { fromPlace, type Origin } from "../facts/origin.ts";
import { isWider, widestReach } from "../facts/reach.ts";
import { isUnknown, type Maybe } from "../facts/unknown.ts";
import { contains, parseAddress } from "../products/proxy/network.ts";
import type { FirewallRule, Site, Trust } from "../products/site.ts";
import type { Place } from "../text/text.ts";
import type { ReachedListener } from "./reach.ts";

/** How far an opening carries to which only these can get. */
const reachFor: Readonly<Record<Trust, Reach>> = {
  trusted: "internal",
  network: "network",
  none: "internet",
};

/** A listener and its entries with the reach that they have in the site's network; unchanged where it says nothing of it. */
export function asTheSiteSays(reached: ReachedListener, site: Site | undefined): ReachedListener {
  if (site === undefined) return reached;
  const entries = reached.entries.map((entry) => placed(entry, site));
  const changed = entries.some((entry, index) => entry !== reached.entries[index]);
  return changed ? { entries, listener: widened(reached.listener, entries) } : reached;
}

/** A reason of the site's, and the reach that follows from it. */
interface Said {
  readonly reach: Reach;
  readonly text: string;
  readonly at: Place;
}

function placed(entry: EntryFact, site: Site): EntryFact {
  const { reach } = entry;
  if (isUnknown(reach) || isWider("network", reach)) return entry;
  // The far end of a tunnel is in nobody's network here.
  if (entry.tunnel !== undefined) return entry;
  const zone = zoneOf(entry.address, site) ?? internetOf(site) ?? insideOf(entry, site);
  const outside = zone?.reach ?? reach;
  const firewall = firewallBefore(entry, outside, site);
  const said = [zone, firewall].filter((one) => one !== undefined);
  if (said.length === 0) return entry;
  const lines = said.map(({ text, at }): Origin => fromPlace({ at }, text));
  const ways = [...(entry.origins["/reach"] ?? entry.origins[""] ?? []), ...lines];
  const via = entry.origins["/via"];
  return {
    ...entry,
    reach: firewall?.reach ?? outside,
    ...(firewall === undefined ? {} : { firewall: firewall.text }),
    origins: {
      ...entry.origins,
      "/reach": ways,
      ...(via === undefined ? {} : { "/via": [...via, ...lines] }),
    },
  };
}

/** The zone of the address that it is bound to; of "every address" nobody knows which networks these lie in. */
function zoneOf(address: Maybe<string>, { zones, file }: Site): Said | undefined {
  const own = isUnknown(address) ? undefined : parseAddress(address);
  if (own === undefined) return undefined;
  const around = zones.filter(({ networks }) => networks.some((network) => contains(network, own)));
  // The narrowest network says it most exactly.
  const [zone] = around.toSorted((a, b) => (sizeOf(a.networks, own) < sizeOf(b.networks, own) ? -1 : 1));
  if (zone === undefined) return undefined;
  return { reach: reachFor[zone.trust], text: `it lies in ${zone.name}, ${file} says`, at: zone.at };
}

type Networks = Site["zones"][number]["networks"];

function sizeOf(networks: Networks, own: Parameters<typeof contains>[1]): bigint {
  return networks
    .filter((network) => contains(network, own))
    .reduce((least, { first, last }) => (last - first < least ? last - first : least), 1n << 128n);
}

function internetOf({ facesInternet, file }: Site): Said | undefined {
  return facesInternet === undefined
    ? undefined
    : { reach: "internet", text: `this host faces the Internet, ${file} says`, at: facesInternet };
}

/** An address that nobody wrote down is one of the site's own network where nothing of it faces the Internet. */
function insideOf({ address, reach }: EntryFact, { staysInside, file }: Site): Said | undefined {
  return staysInside === undefined || reach !== "internet" || address !== "*"
    ? undefined
    : { reach: "network", text: `this host does not face the Internet, ${file} says`, at: staysInside };
}

/** What a firewall leaves of a reach; undefined where none stands before the port. */
function firewallBefore({ port }: EntryFact, outside: Reach, { firewall, file }: Site): Said | undefined {
  const rules = firewall.filter((rule) => rule.port === port);
  const [first] = rules;
  if (first === undefined) return undefined;
  const widest = rules.reduce((most, rule) => (isWider(leaves(rule), leaves(most)) ? rule : most));
  const left = leaves(widest);
  return {
    reach: isWider(outside, left) ? left : outside,
    text: `a firewall lets ${letThrough(rules)} through to port ${first.port}, ${file} says`,
    at: first.at,
  };
}

function leaves({ from, trust }: FirewallRule): Reach {
  return from.length === 0 ? "host" : reachFor[trust];
}

function letThrough(rules: readonly FirewallRule[]): string {
  const from = rules.flatMap((rule) => rule.from);
  return from.length === 0 ? "nobody" : `only ${from.join(", ")}`;
}

/** That load balancers have an address of the Internet, where only their type says so; nothing where the site says it. */
export function assumedOutside(
  { openBalancers = [] }: Deployment,
  site: Site | undefined,
): readonly string[] {
  const isSaid = site?.facesInternet !== undefined || site?.staysInside !== undefined;
  if (isSaid || openBalancers.length === 0) return [];
  return [
    `Load balancers (${openBalancers.join(", ")}) are taken to have an address of the Internet, as the clouds give it. In a cluster of one's own, with MetalLB or kube-vip, say "host: { faces-internet: false }" in pacslint.yaml.`,
  ];
}

/** A listener carries as far as its widest entry. */
function widened(listener: ListenerFact, entries: readonly EntryFact[]): ListenerFact {
  const { reach } = listener;
  if (isUnknown(reach) || isWider("network", reach)) return listener;
  const widest = widestReach(["host", ...entries.map((entry) => entry.reach)]);
  const lines = entries.flatMap((entry) => entry.origins["/reach"] ?? []);
  return { ...listener, reach: widest, origins: { ...listener.origins, "/reach": lines } };
}
