/** What a passed check looked at, in words. */
import type { Location, Passed } from "../triage/report.ts";
import { groupBy } from "./group.ts";

/** "orthanc.json lines 3, 4 and 12; default of Orthanc 1.12.4; and 12 more". */
export function lookedText({ looked, more }: Passed): string {
  const lines = looked.filter((place): place is Location => typeof place !== "string");
  const words = looked.filter((place) => typeof place === "string");
  const files = [...groupBy(lines, ({ file }) => file)].map(([file, places]) => {
    const numbers = [...new Set(places.map(({ line }) => line))];
    return `${file} ${numbers.length === 1 ? "line" : "lines"} ${numbers.join(", ")}`;
  });
  return [...files, ...words, ...(more > 0 ? [`${more} more`] : [])].join("; ");
}
