/** `pacslint rules test FOLDER`: lints every example of the rules in a folder, and compares with what each expects. */
import { type LintOptions, lint } from "../lint.ts";
import { loadRuleFolder } from "../policy/rule-folders.ts";
import { count, harmless } from "../reports/layout.ts";
import { bundledRules } from "../rules/bundled.ts";
import { documentErrorText } from "../rules/document.ts";
import type { Example, ExampleFinding, Rule } from "../rules/rule.ts";
import { memoryFiles } from "../sources/memory-files.ts";
import { createSources } from "../sources/source.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { request } from "./request.ts";
import { withOwn } from "./site.ts";

/** Prints a line for each example; exits with 1 when one of them is not as it says. */
export async function testRules(folder: string, io: Io): Promise<ExitCode> {
  const loaded = loadRuleFolder(folder, io.files, createSources(io.files, io.crypto));
  if (!loaded.ok)
    throw new UsageError(
      loaded.errors.length === 0
        ? `there is no folder of rules at ${folder}`
        : loaded.errors.map(documentErrorText).join("\n"),
    );
  if (loaded.rules.length === 0) throw new UsageError(`there is no rule in ${folder}`);
  const fresh = loaded.rules.filter(({ id }) => !bundledRules.some((rule) => rule.id === id));
  // The folder of our own rules can be tested too.
  const rules = fresh.length === 0 ? bundledRules : withOwn(loaded.rules);
  let failed = 0;
  let passed = 0;
  for (const rule of loaded.rules) {
    for (const example of rule.examples) {
      const wrong = await differenceOf(rule, example, rules, io);
      if (wrong === undefined) passed++;
      else failed++;
      io.stdout(harmless(`${wrong === undefined ? "pass" : "FAIL"}  ${rule.id}: ${example.name}\n`));
      if (wrong !== undefined) io.stdout(harmless(`      ${wrong}\n`));
    }
  }
  io.stdout(`${count(passed, "example")} passed, ${failed} failed.\n`);
  return failed > 0 ? 1 : 0;
}

/** How an example differs from what it expects, as a sentence; undefined when it does not. */
async function differenceOf(
  { id }: Rule,
  example: Example,
  rules: readonly Rule[],
  io: Io,
): Promise<string | undefined> {
  const report = await lintExample(example, rules, io);
  const found = (report?.findings ?? [])
    .filter((finding) => finding.rule === id && finding.state !== "suppressed")
    .map(({ location, severity, confidence }) => ({
      file: location.file,
      line: location.line,
      severity,
      confidence,
    }));
  const missing = example.expect.filter((wanted) => !found.some((one) => fits(wanted, one)));
  const extra = found.filter((one) => !example.expect.some((wanted) => fits(wanted, one)));
  if (missing.length === 0 && extra.length === 0 && found.length === example.expect.length) return undefined;
  const undecided = report?.undetermined.find((check) => check.rule === id);
  return [
    ...missing.map((one) => `expected at ${one.file}:${one.line} and not found`),
    ...extra.map((one) => `found at ${one.file}:${one.line} (${one.severity}) and not expected`),
    ...(undecided === undefined ? [] : [`not decided: ${undecided.reason}`]),
    ...(missing.length + extra.length === 0 ? ["found more than once"] : []),
  ].join("; ");
}

function fits(wanted: ExampleFinding, found: ExampleFinding): boolean {
  return (
    wanted.file === found.file &&
    wanted.line === found.line &&
    (wanted.severity === undefined || wanted.severity === found.severity) &&
    (wanted.confidence === undefined || wanted.confidence === found.confidence)
  );
}

async function lintExample({ files, modes, args = [] }: Example, rules: readonly Rule[], io: Io) {
  const memory: Io = { ...io, files: memoryFiles(files, modes), cwd: "/" };
  const asked = await request(["."], flagsOf(args), memory, (): Partial<LintOptions> => ({ rules }));
  return asked === undefined ? undefined : lint(asked.options, asked.platform).report;
}

/** The options that examples may use. */
function flagsOf(args: readonly string[]) {
  const after = (name: string): string | undefined => {
    const index = args.indexOf(name);
    return index < 0 ? undefined : args[index + 1];
  };
  const all = (name: string): readonly string[] =>
    args.flatMap((arg, index) => (arg === name ? [args[index + 1] ?? ""] : []));
  const orthancVersion = after("--orthanc-version");
  const dcm4cheeVersion = after("--dcm4chee-version");
  return {
    ...(orthancVersion === undefined ? {} : { orthancVersion }),
    ...(dcm4cheeVersion === undefined ? {} : { dcm4cheeVersion }),
    env: all("--env"),
    envFile: all("--env-file"),
    onHost: args.includes("--on-host"),
    followOutside: !args.includes("--no-follow-outside"),
    ...(args.includes("--no-config") ? { config: false } : {}),
  };
}
