/** What the listeners and entries of a service come to together. */
import type { Reach } from "../facts/facts.ts";
import { isWider } from "../facts/reach.ts";
import { isUnknown, type Maybe } from "../facts/unknown.ts";
import type { Opening } from "./product.ts";

/** The widest reach of some openings. */
export function widestOf(openings: readonly Opening[]): Maybe<Reach> {
  let widest: Reach = "none";
  let open: Maybe<Reach> | undefined;
  for (const { reach } of openings) {
    if (isUnknown(reach)) open ??= reach;
    else if (isWider(reach, widest)) widest = reach;
  }
  // Nothing is wider than what is certain from the network on.
  return open === undefined || widest === "internet" || widest === "network" ? widest : open;
}
