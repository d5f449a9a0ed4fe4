/** Where the properties of facts come from. */
import type { Fact } from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";

/** Origins of a property, or of the nearest one around it that has any. */
export function originsAt(fact: Fact, pointer: string): readonly Origin[] {
  let current = pointer;
  for (;;) {
    const origins = fact.origins[current];
    if (origins !== undefined && origins.length > 0) return origins;
    if (current === "") return [];
    current = current.slice(0, Math.max(0, current.lastIndexOf("/")));
  }
}
