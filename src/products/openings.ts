/** What the listeners and entries of a service come to together. */
import type { Reach } from "../facts/facts.ts";
import { isUnknown, type Maybe } from "../facts/unknown.ts";
import type { Opening } from "./product.ts";

const order: readonly Reach[] = ["none", "container", "host", "internal", "network", "internet"];

/** The widest reach of some openings. */
export function widestOf(openings: readonly Opening[]): Maybe<Reach> {
  let widest: Reach = "none";
  let open: Maybe<Reach> | undefined;
  for (const { reach } of openings) {
    if (isUnknown(reach)) open ??= reach;
    else if (order.indexOf(reach) > order.indexOf(widest)) widest = reach;
  }
  // Nothing is wider than what is certain from the network on.
  return open === undefined || widest === "internet" || widest === "network" ? widest : open;
}
