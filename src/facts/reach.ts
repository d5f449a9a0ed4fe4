/** How far an answer carries. */
import { isUnknown, type Maybe } from "./unknown.ts";

/** In this order, each takes in the ones before it. */
const narrowestFirst = ["none", "container", "host", "internal", "network", "internet"] as const;

/** How far an answer that is more than a refusal carries. */
export type Reach = (typeof narrowestFirst)[number];

/** Whether the first carries farther than the second. */
export function isWider(one: Reach, other: Reach): boolean {
  return narrowestFirst.indexOf(one) > narrowestFirst.indexOf(other);
}

/** The widest of some; unknown where one of them is, "none" of none. */
export function widestReach(reaches: readonly Maybe<Reach>[]): Maybe<Reach> {
  let widest: Reach = "none";
  for (const reach of reaches) {
    if (isUnknown(reach)) return reach;
    if (isWider(reach, widest)) widest = reach;
  }
  return widest;
}
