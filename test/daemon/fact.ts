import type { Case } from "./case.ts";
import { type Measurement, measure } from "./measure.ts";
import { type Observed, observe } from "./observe.ts";
import type { Release } from "./releases.ts";
import { type StartOptions, startServer } from "./server.ts";
import type { Site } from "./site.ts";

/** Some of an object, at any depth. */
export type Some<T> = T extends object ? { [K in keyof T]?: Some<T[K]> } : T;

/** A statement about Orthanc that a daemon can be asked about: what the linter's knowledge rests on. */
export interface Fact {
  says: string;
  test: Case;
  /** Absent: true of every release. */
  releases?: readonly string[];
  expect: Some<Observed>;
  /** A piece of what Orthanc must have written. */
  error?: string;
  /** Whether something in the measurement must have killed it. */
  dies?: boolean;
  start?: StartOptions;
}

/** Tries a fact on a release; answers with what is not as the fact says. */
export async function checkFact(site: Site, release: Release, fact: Fact): Promise<string[]> {
  const measured = await measure(await startServer(site, release, fact.test, fact.start));
  const problems = differences(fact.expect, observe(measured, fact.test), "");
  if (fact.error !== undefined && !measured.errors.some((line) => line.includes(fact.error ?? ""))) {
    problems.push(`  no error with "${fact.error}", but: ${measured.errors.join(" | ")}`);
  }
  if ((fact.dies ?? false) !== measured.deaths.length > 0) problems.push(`  deaths: ${deathsOf(measured)}`);
  return problems;
}

function deathsOf({ deaths }: Measurement): string {
  return deaths.length === 0 ? "none" : deaths.join(" | ");
}

function differences(expected: unknown, seen: unknown, path: string): string[] {
  if (typeof expected !== "object" || expected === null) {
    return expected === seen
      ? []
      : [`  ${path}: expected ${JSON.stringify(expected)}, observed ${JSON.stringify(seen)}`];
  }
  return Object.entries(expected).flatMap(([key, value]) => {
    const inner =
      typeof seen === "object" && seen !== null ? (seen as Record<string, unknown>)[key] : undefined;
    return differences(value, inner, path === "" ? key : `${path}.${key}`);
  });
}
