import { join } from "node:path";
import { type Case, materialise } from "./case.ts";
import { type Comparison, compare } from "./compare.ts";
import { checkFact } from "./fact.ts";
import { FACTS } from "./facts.ts";
import { generate } from "./generate/generate.ts";
import { measure } from "./measure.ts";
import { observe } from "./observe.ts";
import { type Options, readOptions } from "./options.ts";
import { REPOSITORY } from "./paths.ts";
import { predictByCommand } from "./predict.ts";
import { daemonAvailability, type Release } from "./releases.ts";
import { startServer } from "./server.ts";
import { closeSites, openSite, type Site, sweep } from "./site.ts";
import { allAgree, count, newTally, renderTable, type Tally, writeTable } from "./tally.ts";

/** One unit of work: what is done on a site with one release. Answers with the lines to print if it went wrong. */
type Task = (site: Site) => Promise<string | undefined>;

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.on(signal, () => closeSites().finally(() => process.exit(code)));
}

const options = readOptions(process.argv.slice(2));
if (typeof options === "string") {
  console.error(options);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await main(options);
  } finally {
    await closeSites();
  }
}

async function main(options: Options): Promise<number> {
  if (options.cleanup) {
    for (const path of sweep()) console.log(`removed ${path}`);
    return 0;
  }
  const { installed, missing } = daemonAvailability(options.releases);
  for (const { version, reason } of missing) console.error(`Orthanc ${version}: ${reason}`);
  if (missing.length > 0) return 3;
  const began = Date.now();
  const tally = newTally();
  const tasks = installed.flatMap((release) => tasksOf(options, release, tally));
  const failed = await runAll(tasks, options.jobs);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`\n${tasks.length} configurations in ${seconds} s, ${failed} with a difference`);
  if (tally.counts.size > 0) {
    console.log(`\n${renderTable(tally)}`);
    if (options.write) {
      const run = { date: new Date(), seed: options.seed, count: options.count };
      writeTable(join(REPOSITORY, "docs/accuracy.md"), tally, run);
    }
    if (!allAgree(tally)) return 1;
  }
  return failed > 0 ? 1 : 0;
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
  return indices.map(
    (index) => (site) => oneCase(site, release, generate(options.seed, index), options, tally),
  );
}

async function oneCase(
  site: Site,
  release: Release,
  test: Case,
  options: Options,
  tally: Tally,
): Promise<string | undefined> {
  // Predicted from a copy, since the daemon writes its database beside its configuration.
  const copy = join(site.folder, "files");
  materialise(test, release, copy);
  const [predicted, measured] = await Promise.all([
    options.measureOnly ? "not asked for" : predictByCommand(test, release, copy),
    startServer(site, release, test).then(measure),
  ]);
  const observed = observe(measured, test);
  const heading = `Orthanc ${release.version}, configuration ${test.name}`;
  if (options.verbose)
    console.log(
      `${heading}\n${showCase(test)}\n${JSON.stringify(measured, null, 2)}\n${JSON.stringify(observed, null, 2)}`,
    );
  if (options.measureOnly) {
    if (!options.verbose) console.log(`${heading}: ${JSON.stringify(observed)}`);
    return undefined;
  }
  if (typeof predicted === "string") return `${heading}: ${predicted}\n${showCase(test)}`;
  const comparisons = compare(predicted, observed, test);
  count(tally, release.version, comparisons);
  const differences = comparisons.filter(({ agrees }) => !agrees);
  if (differences.length === 0) return undefined;
  const reasons = [
    ...predicted.startup.reasons.map(({ message }) => `  pacslint: ${message}`),
    ...measured.errors.map((line) => `  Orthanc: ${line}`),
    ...measured.deaths.map((line) => `  Orthanc died: ${line}`),
  ];
  return [heading, showCase(test), ...differences.map(showDifference), ...reasons].join("\n");
}

function showDifference({ field, title, predicted, observed }: Comparison): string {
  const where = title === undefined ? field : `${field} (${title})`;
  return `  DIFFERENCE ${where}: predicted ${JSON.stringify(predicted)}, observed ${JSON.stringify(observed)}`;
}

function showCase(test: Case): string {
  const files = Object.entries(test.files).map(([path, text]) => `--- ${path}\n${text.trimEnd()}`);
  const fixtures = Object.keys(test.fixtures).join(" ");
  return [
    ...files,
    `--- also there: ${fixtures || "nothing"}; environment: ${JSON.stringify(test.env)}`,
  ].join("\n");
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
