/** Docker Compose itself is the judge: what it makes of a project is what we make of it, and what it refuses we report. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type GeneratedProject, generateEnvFile, generateProject } from "./generate.ts";
import { hasJudge, type Invocation, judge, load } from "./judge.ts";
import { renderProject } from "./render.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const required = process.env.PACSLINT_REQUIRE_COMPOSE === "1";

/** How an accepted fixture is run; without a run.json it is its compose.yaml alone. */
function invocation(folder: string): Invocation {
  const path = join(folder, "run.json");
  const run: Invocation = existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : { files: ["compose.yaml"] };
  return { ...run, files: run.files.map((file) => join(folder, file)) };
}

function expectSame(run: Invocation): void {
  const verdict = judge(run);
  const project = load(run);
  const refusals = project.problems.filter((problem) => problem.refuses).map((problem) => problem.message);
  if (!verdict.accepted) {
    expect(project.accepted, `Compose refuses, we do not: ${verdict.message}`).toBe(false);
    return;
  }
  expect(refusals).toEqual([]);
  expect(renderProject(project)).toEqual(verdict.project);
}

it.runIf(required)("has Docker Compose (test/compose/setup.sh)", () => {
  expect(hasJudge).toBe(true);
});

describe.skipIf(!hasJudge)("Docker Compose agrees", () => {
  const folders = readdirSync(fixtures).filter((name) => name !== "refused");
  it.each(folders)("on %s", (name) => {
    const run = invocation(join(fixtures, name));
    expect(judge(run)).toMatchObject({ accepted: true });
    expectSame(run);
  });

  const refused = readdirSync(join(fixtures, "refused")).filter((name) => name.endsWith(".yaml"));
  it.each(refused)("that %s is refused", (name) => {
    const run: Invocation = { files: [join(fixtures, "refused", name)] };
    expect(judge(run).accepted).toBe(false);
    expect(load(run).accepted).toBe(false);
  });
});

describe.skipIf(!hasJudge)("Docker Compose agrees on generated projects", () => {
  const root = mkdtempSync(join(tmpdir(), "pacslint-compose-"));
  afterAll(() => rmSync(root, { recursive: true }));
  const first = Number(process.env.PACSLINT_COMPOSE_SEED ?? 1);
  const count = Number(process.env.PACSLINT_COMPOSE_COUNT ?? 60);
  const seeds = Array.from({ length: count }, (_, index) => first + index);

  it.each(seeds)("seed %i", (seed) =>
    expectSameGenerated(generateProject(seed), join(root, `project-${seed}`)),
  );

  it.each(seeds)("with an env file, seed %i", (seed) =>
    expectSameGenerated(generateEnvFile(seed), join(root, `env-${seed}`)),
  );

  function expectSameGenerated(project: GeneratedProject, folder: string): void {
    for (const [path, content] of Object.entries(project.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const profiles = project.profiles.length > 0 ? { profiles: project.profiles } : {};
    expectSame({
      files: project.composeFiles.map((file) => join(folder, file)),
      env: project.env,
      ...profiles,
    });
  }
});
