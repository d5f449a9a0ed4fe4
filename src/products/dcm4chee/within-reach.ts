/** Facts that depend on who gets as far as the archive's ports. */
import type { Fact } from "../../facts/facts.ts";
import { widestReach } from "../../facts/reach.ts";
import { isUnknown, map, or, unknown } from "../../facts/unknown.ts";
import type { Opening } from "../product.ts";
import type { Surroundings } from "./archive.ts";
import { reachedWithTls } from "./sample-keys.ts";

/** The widest reach of the ports that ask for a login of the directory; unknown where no file tells of one. */
export function loginReach(openings: readonly Opening[]): Opening["reach"] {
  const asking = openings.filter(({ protocol }) => protocol === "http" || protocol === "management");
  if (asking.length === 0) return unknown("input", "the ports of the archive are in none of the files");
  return widestReach(asking.map(({ reach }) => reach));
}

/** What a key store does for other hosts depends on the ports with TLS that they reach. */
export function storeWithin(fact: Fact, openings: readonly Opening[], around: Surroundings): Fact {
  if (fact.kind !== "keystore" || openings.length === 0) return fact;
  const reached = reachedWithTls(openings);
  // The image has one key store for everything; on a host WildFly names one of its own for the web.
  const presented = reached.some(
    ({ protocol }) => around.inContainer || protocol === "dicom" || protocol === "hl7",
  );
  if (fact.use === "identity") return { ...fact, presented };
  const asked = reached.some(({ tls }) => tls.clientCertificate !== "none");
  return fact.guards === true && !asked ? { ...fact, guards: false } : fact;
}

/** Headers of a proxy are forged by those who get past it: where the port answers this host alone, nobody does. */
export function believedWithin(fact: Fact, openings: readonly Opening[]): Fact {
  if (fact.kind !== "option" || !/proxy-address-forwarding$|HTTP_PROXY_ADDRESS_FORWARDING$/.test(fact.path))
    return fact;
  const ways = openings.filter(
    (opening) => opening.kind === "entry" && opening.protocol === "http" && opening.through === "direct",
  );
  const isReached = or(
    false,
    ...ways.map(({ reach }) => map(reach, (width) => width === "network" || width === "internet")),
  );
  return { ...fact, read: isReached };
}

/** Accounts of which only the ports tell how far they are taken. */
export function withReach(facts: readonly Fact[], reach: Opening["reach"]): readonly Fact[] {
  return facts.map((fact) => (fact.kind === "account" && isUnknown(fact.reach) ? { ...fact, reach } : fact));
}
