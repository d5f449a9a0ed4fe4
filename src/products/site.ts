/** What a site says about itself in its pacslint.yaml, as far as derivation and reach take it into account. */
import type { Place } from "../text/text.ts";
import type { Network } from "./proxy/network.ts";

/** Something that the site says, and where. */
export interface Stated<T> {
  readonly value: T;
  readonly at: Place;
}

/** Who is in a network. `none`: strangers; `network`: anybody of the hospital; `trusted`: those who may use the PACS. */
export type Trust = "none" | "network" | "trusted";

/** What a network means. */
export interface Zone {
  readonly name: string;
  readonly networks: readonly Network[];
  readonly trust: Trust;
  readonly at: Place;
}

/** A port that a firewall limits. */
export interface FirewallRule {
  readonly port: number;
  /** The addresses, networks and names of zones that it lets through, as written. */
  readonly from: readonly string[];
  /** The widest that any of them carries: `trusted` with an empty list. */
  readonly trust: Trust;
  readonly at: Place;
}

/** What the site accepts; absent: it says nothing. */
export interface Parameters {
  readonly ports?: Stated<readonly number[]>;
  readonly registries?: Stated<readonly string[]>;
  readonly minimumTls?: Stated<"TLSv1.2" | "TLSv1.3">;
  readonly aeTitles?: Stated<readonly string[]>;
}

/** All of it. */
export interface Site {
  /** The pacslint.yaml, as reports name it. */
  readonly file: string;
  readonly parameters: Parameters;
  /** Anybody in the Internet can route to the hosts. */
  readonly facesInternet?: Place;
  /** Nobody can: load balancers of the cluster have addresses of the site's own network. */
  readonly staysInside?: Place;
  readonly zones: readonly Zone[];
  readonly firewall: readonly FirewallRule[];
}
