/** Every rule whose claim can be tried is tried: its own examples are started, and the thing is done, or refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundledRules } from "../../src/rules/bundled.ts";
import type { Example } from "../../src/rules/rule.ts";
import { PAGE, withLists } from "./accuracy.ts";
import { REPOSITORY } from "./paths.ts";
import type { Outcome } from "./proofs/attempt.ts";
import { nearestRelease } from "./proofs/nearest.ts";
import { configurationOf, stage } from "./proofs/stage.ts";
import { PROOFS, type Proof } from "./proofs/table.ts";
import { UNTRIED } from "./proofs/untried.ts";
import { daemonAvailability, type Release } from "./releases.ts";
import { startServer } from "./server.ts";
import { closeSites, openSite, type Site } from "./site.ts";

const { installed } = daemonAvailability();
const untried = Object.values(UNTRIED).flat();
const aboutOrthanc = bundledRules.filter(({ examples }) =>
  examples.some(({ files, expect }) => expect.length > 0 && configurationOf(files) !== undefined),
);

test("every rule about Orthanc is tried, or it is said why it cannot be", () => {
  const known = new Set([...Object.keys(PROOFS), ...untried]);
  expect(aboutOrthanc.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([]);
});

test("what is tried, or said not to be, is a rule", () => {
  const ids = new Set(bundledRules.map(({ id }) => id));
  expect([...Object.keys(PROOFS), ...untried].filter((id) => !ids.has(id))).toEqual([]);
  expect(untried.filter((id) => PROOFS[id] !== undefined)).toEqual([]);
});

test("docs/accuracy.md lists what is tried (npm run test:daemon -- --write-lists)", () => {
  const page = readFileSync(join(REPOSITORY, PAGE), "utf8");
  expect(withLists(page)).toBe(page);
});

describe.runIf(installed.length > 0)("the daemon agrees with", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(closeSites);

  for (const [id, proof] of Object.entries(PROOFS)) {
    test(id, { timeout: 120_000 }, async () => {
      const rule = bundledRules.find((candidate) => candidate.id === id);
      const trials = trialsOf(id, rule?.examples ?? [], proof, installed);
      const seen = [];
      for (const { example, release } of trials) {
        const { done, seen: detail } = await tryOut(site, release, example, proof);
        seen.push({ example: example.name, on: release.version, done, detail });
      }
      expect(trials.filter(({ example }) => example.expect.length > 0).length).toBeGreaterThan(0);
      const wrong = seen.filter(({ done }, index) => done !== isFiring(trials[index]?.example));
      expect(wrong).toEqual([]);
    });
  }
});

interface Trial {
  example: Example;
  release: Release;
}

/** The examples of a rule, each on the nearest release that the linter says the same of. */
function trialsOf(
  id: string,
  examples: readonly Example[],
  { except = {} }: Proof,
  releases: readonly Release[],
): Trial[] {
  return examples.flatMap((example) => {
    if (except[example.name] !== undefined || configurationOf(example.files) === undefined) return [];
    const release = nearestRelease(id, example, releases);
    return release === undefined ? [] : [{ example, release }];
  });
}

async function tryOut(site: Site, release: Release, example: Example, proof: Proof): Promise<Outcome> {
  const server = await startServer(site, release, stage(example), proof.start);
  const attempt = proof.attempts?.[example.name] ?? proof.attempt;
  const { done, seen } = await attempt(server);
  return { done, seen: [seen, ...server.errors] };
}

function isFiring(example: Example | undefined): boolean {
  return (example?.expect.length ?? 0) > 0;
}
