/** The command line: arguments in, exit code out. Each command is loaded when it is asked for. */
import { Command, CommanderError, Help, Option } from "commander";
import { type ExitCode, type Io, UsageError } from "./commands/io.ts";
import {
  append,
  withDocuments,
  withFiles,
  withInputs,
  withJudgement,
  withOutput,
  withScope,
  withSite,
  wordsOrData,
} from "./commands/options.ts";
import { harmless } from "./reports/layout.ts";
import { severities } from "./rules/rule.ts";
import { version } from "./version.ts";

/** Runs one command line. Never throws and never exits. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  try {
    await createProgram(io, (result) => {
      code = result;
    }).parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      io.stderr(`pacslint: ${harmless(error.message)}\n`);
      return 2;
    }
    io.stderr(crashText(error, argv.includes("--verbose")));
    return 4;
  }
}

type Done = (code: ExitCode) => void;

function createProgram(io: Io, done: Done): Command {
  const program = new Command("pacslint");
  program
    .description(
      "Reads the configuration of a PACS as its servers will, and reports what is open, to whom, and what to write instead.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(pacslint --help lists what there is)")
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text.replace(/^error: /, "pacslint: ")),
      getOutHelpWidth: () => Math.min(io.columns ?? 80, 100),
      getErrHelpWidth: () => Math.min(io.columns ?? 80, 100),
    })
    .configureHelp({ optionDescription })
    .addHelpText("after", exitCodes);
  addLint(program, io, done);
  addFix(program, io, done);
  addPlan(program, io, done);
  addEffective(program, io, done);
  addDoctor(program, io, done);
  addBaseline(program, io, done);
  addExplain(program, io, done);
  addRules(program, io, done);
  addDiff(program, io, done);
  addMerge(program, io, done);
  addInit(program, io, done);
  return program;
}

/** That nothing is given unless something is given needs no words. */
function optionDescription(option: Option): string {
  return new Help().optionDescription(option).replace(/ ?\(default: \[\]\)/u, "");
}

const exitCodes = `
Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  a mistake on the command line
  3  nothing to read, something that could not be read, or a check at or above
     --fail-on that could not be decided for want of input
  4  a mistake in pacslint

"pacslint PATH" is "pacslint lint PATH"; pacslint lint --help shows its options.
A folder that is called like a command is written with a dot: pacslint ./rules`;

function addLint(program: Command, io: Io, done: Done): void {
  withJudgement(withInputs(withDocuments(program.command("lint", { isDefault: true }))))
    .description("report what is open (the default command)")
    .option(
      "--compliance <names>",
      "hold the report against standards: hipaa, nist-800-53, nist-csf, iso-27001, iec-62443, dicom-ps3.15, mds2, cis-docker, gdpr-32 (repeatable)",
      append,
      [],
    )
    .option("--fix", "make the edits first, as pacslint fix does, and report what is left")
    .option("--unsafe", "with --fix: also edits that may cut off somebody who works")
    .option("--backup", "with --fix: keep what a file held as NAME.bak")
    .option("--new-only", "with --fix: only the edits for findings that are not in the baseline")
    .option("-q, --quiet", "one line for each finding, nothing else")
    .option("-v, --verbose", "also what was expected, and every check that was not decided or passed")
    .option("--show-suppressed", "also what is suppressed or in the baseline, and why")
    .action(async (paths: string[], flags) =>
      done(await (await import("./commands/lint.ts")).lintCommand(paths, flags, io)),
    );
}

function addFix(program: Command, io: Io, done: Done): void {
  withScope(withJudgement(withFiles(program.command("fix"))))
    .description("make the edits that reports propose; each is judged in memory before anything is written")
    .option("--dry-run", "write nothing; print a unified diff, secrets masked")
    .addOption(new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"))
    .action(async (paths: string[], flags) =>
      done(await (await import("./commands/fix.ts")).fix(paths, flags, io)),
    );
}

function addPlan(program: Command, io: Io, done: Done): void {
  withJudgement(withInputs(withOutput(program.command("plan"), ["text", "markdown", "json"])))
    .description("a checklist of what to do, by how much each step closes, with the lines to change")
    .option("--new-only", "only for findings that are not in the baseline")
    .action(async (paths: string[], flags) =>
      done(await (await import("./commands/plan.ts")).plan(paths, flags, io)),
    );
}

function addEffective(program: Command, io: Io, done: Done): void {
  withInputs(withOutput(program.command("effective"), wordsOrData))
    .description("show each setting with its value and where it comes from; secrets are masked")
    .option("--all", "every option, not only those that matter for security")
    .action(async (paths: string[], flags) =>
      done(await (await import("./commands/effective.ts")).effective(paths, flags, io)),
    );
}

function addDoctor(program: Command, io: Io, done: Done): void {
  withInputs(withOutput(program.command("doctor"), ["text", "json", "mermaid"]))
    .description("draw the deployment: what was read and linked, who reaches whom, and each attack path")
    .action(async (paths: string[], flags) =>
      done(await (await import("./commands/doctor.ts")).doctor(paths, flags, io)),
    );
}

function addBaseline(program: Command, io: Io, done: Done): void {
  const baseline = program
    .command("baseline")
    .description("start from where you are: findings that are known do not fail a run")
    .helpCommand(false);
  const actions = {
    write: "write a file with the findings of today",
    check: "tell what is new since then; exit with 1 if anything is",
    prune: "take out of the file what is closed",
  } as const;
  for (const action of ["write", "check", "prune"] as const)
    withJudgement(withInputs(baseline.command(action)))
      .description(actions[action])
      .action(async (paths: string[], flags) =>
        done(await (await import("./commands/baseline.ts")).baselineCommand(action, paths, flags, io)),
      );
}

function addExplain(program: Command, io: Io, done: Done): void {
  withSite(withOutput(program.command("explain"), []))
    .description("tell why a rule exists, what to write instead and what that may break")
    .argument("<rule>", "a rule's id, as reports show it")
    .action(async (rule: string, flags) =>
      done(await (await import("./commands/explain.ts")).explain(rule, flags, io)),
    );
}

function addRules(program: Command, io: Io, done: Done): void {
  const rules = withSite(withOutput(program.command("rules"), wordsOrData))
    .description("list every rule")
    .helpCommand(false)
    .action(async (flags) => done(await (await import("./commands/rules.ts")).rules(flags, io)));
  rules
    .command("test")
    .description("lint the examples of the rules in a folder, and tell which are not as they say")
    .argument("<folder>", "a folder of rules in YAML")
    .action(async (folder: string) =>
      done(await (await import("./commands/rules-test.ts")).testRules(folder, io)),
    );
}

function addInit(program: Command, io: Io, done: Done): void {
  program
    .command("init")
    .description("write files to start from: pacslint.yaml for what is there, or a hardened deployment")
    .argument("[folder]", "where to", ".")
    .addOption(
      new Option(
        "--product <product>",
        "a deployment of this, with compose, configuration and proxy",
      ).choices(["orthanc", "dcm4chee"]),
    )
    .option("--profile <profile>", "how strict: baseline, hospital, internet-facing or vendor-qa", "hospital")
    .addHelpText("after", "\nNothing that is there is ever replaced.")
    .action(async (folder: string, flags) =>
      done(await (await import("./commands/init.ts")).init(folder, flags, io)),
    );
}

function addDiff(program: Command, io: Io, done: Done): void {
  withOutput(program.command("diff"), ["text", "json", "markdown"])
    .description("compare two JSON reports: what was fixed, what is new, what changed")
    .argument("<old>", "the earlier report")
    .argument("<new>", "the later one")
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 where something new is at least this severe")
        .choices([...severities])
        .default("high"),
    )
    .action(async (before: string, after: string, flags) =>
      done((await import("./commands/diff.ts")).diff(before, after, flags, io)),
    );
}

function addMerge(program: Command, io: Io, done: Done): void {
  withDocuments(program.command("merge"))
    .description("make one report of the JSON reports of many hosts; each host is called as its file is")
    .argument("<reports...>", "reports as JSON or NDJSON")
    .option("-q, --quiet", "one line for each finding, nothing else")
    .option("-v, --verbose", "also what was expected, and every check that was not decided")
    .action(async (paths: string[], flags) =>
      done(await (await import("./commands/merge.ts")).mergeCommand(paths, flags, io)),
    );
}

/** How to report a mistake of ours. The message alone may quote a configuration, so it is shown on request only. */
function crashText(error: unknown, verbose: boolean): string {
  const name = error instanceof Error ? error.name : typeof error;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = [
    `pacslint: internal error (${name}). This is a mistake in pacslint, not in your configuration.`,
    `Please report it with the output of the same command with --verbose (look through it for secrets first)`,
    `and the version: pacslint ${version}, on the issue page that SECURITY.md and README.md name.`,
  ];
  return `${[...lines, ...(verbose ? [harmless(detail)] : [])].join("\n")}\n`;
}
