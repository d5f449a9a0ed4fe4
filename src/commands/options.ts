/** The options that several commands have. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { formats, isFormat } from "../reports/formats.ts";
import { audiences, severities } from "../rules/rule.ts";
import type { Wanted } from "./documents.ts";

/** Several formats at once, each with its file. */
export function withDocuments(command: Command): Command {
  const names = Object.keys(formats).join(", ");
  return withOutput(
    command.addOption(
      new Option(
        "--format <name[=file]>",
        `how to print it, and into which file; repeatable: ${names} (default: text)`,
      ).argParser(wantedFormat),
    ),
    [],
  );
}

function wantedFormat(value: string, earlier: readonly Wanted[] = []): readonly Wanted[] {
  const [name = "", ...rest] = value.split("=");
  if (!isFormat(name))
    throw new InvalidArgumentError(`Allowed formats are ${Object.keys(formats).join(", ")}.`);
  if (rest.length === 0) return [...earlier, { format: name }];
  const file = rest.join("=");
  if (file === "") throw new InvalidArgumentError(`A file comes after the sign: ${name}=report.txt.`);
  return [...earlier, file === "-" ? { format: name } : { format: name, file }];
}

/** Where to print, in which of these formats and colours. */
export function withOutput(command: Command, choices: readonly string[]): Command {
  if (choices.length > 0)
    command.addOption(
      new Option("--format <format>", "how to print it").choices([...choices]).default("text"),
    );
  return command
    .option("-o, --output <file>", "write it to a file")
    .addOption(new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"));
}

/** What to read, standard input included. */
export function withInputs(command: Command): Command {
  return withVariables(command.argument("[paths...]", "files and folders; - is standard input"))
    .option("--stdin", "read a file from standard input")
    .option("--stdin-filename <name>", "what that file is called, and so where it belongs");
}

/** Inputs that can be written to: standard input is none. */
export function withFiles(command: Command): Command {
  return withVariables(command.argument("[paths...]", "files and folders"));
}

function withVariables(command: Command): Command {
  return withConfig(
    command
      .option("--orthanc-version <version>", "the release of Orthanc that runs, such as 1.12.7", release)
      .option(
        "--dcm4chee-version <version>",
        "the release of dcm4chee's archive, such as 5.35.1-secure",
        release,
      )
      .option("--env-file <file>", "read variables from a file (repeatable)", append, [])
      .option("--values <file>", "lay a file of values over those of a Helm chart (repeatable)", append, [])
      .option("--env <name=value>", "set a variable (repeatable)", append, [])
      .option("--on-host", "this is the server itself: files that are not here are missing")
      .option("--no-follow-outside", "read nothing outside the folders of the named paths"),
  );
}

/** What the site says. */
export function withSite(command: Command): Command {
  return withConfig(command).option(...ownRules);
}

function withConfig(command: Command): Command {
  return command
    .option("--config <file>", "the configuration of the site (default: pacslint.yaml, looked for upward)")
    .option("--no-config", "do not look for pacslint.yaml");
}

const noFolders: readonly string[] = [];

const ownRules = [
  "--rules <folder>",
  "also the rules in this folder (repeatable)",
  append,
  noFolders,
] as const;

/** What counts. */
export function withJudgement(command: Command): Command {
  return command
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 from this severity on (default: high)").choices([
        ...severities,
      ]),
    )
    .addOption(
      new Option("--audience <audience>", "how much to hear (default: everyday)").choices([...audiences]),
    )
    .option(...ownRules)
    .option("--profile <profile>", "the profile to meet: baseline, hospital, internet-facing, vendor-qa")
    .option("--allow-undetermined", "do not fail because a check could not be decided")
    .option("--baseline <file>", "findings in this file are known, and do not fail the run")
    .option("--no-ignores", "no suppression counts, neither in comments nor in pacslint.yaml");
}

/** What may be changed. */
export function withScope(command: Command): Command {
  return command
    .option("--safe", "only edits that lock nobody out who works rightly (this is what happens anyway)")
    .option("--unsafe", "also edits that may cut off somebody who works: logins, reach, certificates")
    .option("--rule <id>", "only the edits of a rule (repeatable)", append, [])
    .option("--backup", "keep what a file held as NAME.bak")
    .option("--new-only", "only the edits for findings that are not in the baseline");
}

/** The formats of what is read by people or by programs. */
export const wordsOrData = ["text", "json"];

function release(text: string): string {
  if (/^\d+\.\d+\.\d+/.test(text)) return text;
  throw new InvalidArgumentError("A release starts with three numbers, such as 1.12.7.");
}

/** Collects the values of an option that may be repeated. */
export function append(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}
