import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PAGE, setBlock, withLists } from "./accuracy.ts";
import { checkFact } from "./fact.ts";
import { FACTS } from "./facts.ts";
import { generate } from "./generate/generate.ts";
import { complaint, details, judge } from "./judge.ts";
import { type Options, readOptions } from "./options.ts";
import { REPOSITORY } from "./paths.ts";
import { linter, type Predict, predictByCommand, predictInProcess } from "./predict.ts";
import { daemonAvailability, type Release } from "./releases.ts";
import { closeSites, openSite, type Site, sweep } from "./site.ts";
import { allAgree, count, newTally, renderRun, renderTable, type Tally } from "./tally.ts";

/** One unit of work: what is done on a site with one release. Answers with what to print if it went wrong. */
type Task = (site: Site) => Promise<string | undefined>;

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.on(signal, () => closeSites().finally(() => process.exit(code)));
}

const asked = readOptions(process.argv.slice(2));
if (typeof asked === "string") {
  console.error(asked);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await main(asked);
  } finally {
    await closeSites();
  }
}

async function main(options: Options): Promise<number> {
  if (options.cleanup) {
    for (const path of sweep()) console.log(`removed ${path}`);
    return 0;
  }
  if (options.writeLists) {
    const path = join(REPOSITORY, PAGE);
    writeFileSync(path, withLists(readFileSync(path, "utf8")));
    return 0;
  }
  const { installed, missing } = daemonAvailability(options.releases);
  for (const { version, reason } of missing) console.error(`Orthanc ${version}: ${reason}`);
  if (missing.length > 0) return 3;
  if (isComparing(options) && !options.byCommand) await linter(); // fails here, once, if it does not build
  const began = Date.now();
  const tally = newTally();
  const tasks = installed.flatMap((release) => tasksOf(options, release, tally));
  const failed = await runAll(tasks, options.jobs);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`\n${tasks.length} configurations in ${seconds} s, ${failed} with a difference`);
  if (tally.counts.size > 0) report(options, tally);
  return failed > 0 || (isComparing(options) && !allAgree(tally)) ? 1 : 0;
}

function isComparing({ facts, measureOnly }: Options): boolean {
  return !facts && !measureOnly;
}

function report({ write, seed, count }: Options, tally: Tally): void {
  console.log(`\n${renderTable(tally)}`);
  if (!write) return;
  const path = join(REPOSITORY, PAGE);
  const page = setBlock(
    readFileSync(path, "utf8"),
    "agreement",
    renderRun(tally, { date: new Date(), seed, count }),
  );
  writeFileSync(path, withLists(page));
}

function tasksOf(options: Options, release: Release, tally: Tally): Task[] {
  if (options.facts) {
    const facts = FACTS.filter(
      ({ releases }) => releases === undefined || releases.includes(release.version),
    );
    return facts.map((fact) => async (site) => {
      const problems = await checkFact(site, release, fact);
      return problems.length === 0
        ? undefined
        : `Orthanc ${release.version}: ${fact.says}\n${problems.join("\n")}`;
    });
  }
  const indices = options.index === undefined ? range(options.count) : [options.index];
  return indices.map((index) => (site) => oneCase(site, release, index, options, tally));
}

async function oneCase(
  site: Site,
  release: Release,
  index: number,
  options: Options,
  tally: Tally,
): Promise<string | undefined> {
  const verdict = await judge(site, release, generate(options.seed, index), predictor(options));
  if (verdict.comparisons.length > 0) count(tally, release.version, verdict.comparisons);
  if (options.verbose) console.log(details(verdict));
  else if (options.measureOnly) console.log(`${verdict.heading}: ${JSON.stringify(verdict.observed)}`);
  return complaint(verdict);
}

function predictor({ measureOnly, byCommand }: Options): Predict | undefined {
  if (measureOnly) return undefined;
  return byCommand ? predictByCommand : predictInProcess;
}

/** Works the tasks off, on one site for each job. Answers how many went wrong. */
async function runAll(tasks: readonly Task[], jobs: number): Promise<number> {
  let next = 0;
  let failed = 0;
  const worker = async () => {
    const site = await openSite();
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      const problem = await task(site);
      if (problem === undefined) continue;
      failed += 1;
      console.log(`\n${problem}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, worker));
  return failed;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
