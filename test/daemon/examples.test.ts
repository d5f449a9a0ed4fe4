/** Every example that is an Orthanc runs on every release: what the linter says of it is what the daemon does. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Case } from "./case.ts";
import { complaint, judge } from "./judge.ts";
import { REPOSITORY } from "./paths.ts";
import { predictInProcess } from "./predict.ts";
import { configurationOf, stage } from "./proofs/stage.ts";
import { daemonAvailability } from "./releases.ts";
import { closeSites, openSite, type Site } from "./site.ts";

const FOLDER = join(REPOSITORY, "examples");
/** For the variables that an example leaves to its environment. */
const SECRET = '"nine blue doors by the sea"';

const { installed } = daemonAvailability();
const orthancs = readdirSync(FOLDER).filter((name) => configurationOf(filesOf(name)) !== undefined);

test("there are examples of Orthanc", () => {
  expect(orthancs.length).toBeGreaterThan(0);
});

describe.runIf(installed.length > 0).each(orthancs)("examples/%s", (name) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(closeSites);

  test.each(installed)("Orthanc $version", { timeout: 60_000 }, async (release) => {
    const verdict = await judge(site, release, exampleCase(name), predictInProcess);
    expect(complaint(verdict)).toBeUndefined();
    expect(verdict.comparisons.length).toBeGreaterThan(0);
  });
});

function filesOf(name: string): Record<string, string> {
  const folder = join(FOLDER, name);
  const paths = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(paths.map(({ name: path }) => [path, readFileSync(join(folder, path), "utf8")]));
}

function exampleCase(name: string): Case {
  const files = filesOf(name);
  const variables = Object.values(files).flatMap((text) =>
    [...text.matchAll(/\$\{(\w+)\}/g)].map(([, v]) => v),
  );
  return stage({ name, files }, Object.fromEntries(variables.map((variable) => [variable, SECRET])));
}
