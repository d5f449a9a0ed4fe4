/** `pacslint init`: files to start from. Nothing that is there is ever replaced. */
import { lint } from "../lint.ts";
import { profileText } from "../reports/summary.ts";
import { memoryFiles } from "../sources/memory-files.ts";
import { foundIn, siteConfig } from "../starters/site.ts";
import { type StarterProduct, starterOf } from "../starters/starter.ts";
import type { Report } from "../triage/report.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { judgementOf } from "./judgement.ts";
import { request } from "./request.ts";

/** The profiles that ask for encrypted DICOM. */
const encrypted: ReadonlySet<string> = new Set(["internet-facing", "vendor-qa"]);

const configName = "pacslint.yaml";

interface InitFlags {
  /** Without one only pacslint.yaml is written. */
  readonly product?: StarterProduct;
  readonly profile: string;
}

/** Writes a hardened deployment, or the configuration of pacslint for what is there, and tells what to do next. */
export async function init(folder: string, { product, profile }: InitFlags, io: Io): Promise<ExitCode> {
  if (product !== undefined) {
    const starter = starterOf(product, encrypted.has(profile));
    const report = await look(".", profile, { ...io, files: memoryFiles(starter) });
    write(folder, { ...starter, [configName]: siteConfig(profile, [], openRules(report)) }, io);
    io.stdout(`Next: read ${pathIn(folder, "START.md")}, then: pacslint ${folder}\n`);
    return 0;
  }
  const report = await look(folder, profile, io);
  const found = foundIn(report);
  write(folder, { [configName]: siteConfig(profile, found, []) }, io);
  io.stdout(`${found.join("\n")}\n${profileText(report)}\nNext: pacslint ${folder}\n`);
  return 0;
}

/** The rules whose checks the profile needs and nobody can decide. */
function openRules({ undetermined }: Report): readonly string[] {
  const needed = undetermined.filter(({ countsForExit }) => countsForExit);
  return [...new Set(needed.map(({ rule }) => rule))].sort();
}

async function look(folder: string, profile: string, io: Io): Promise<Report> {
  const flags = { envFile: [], env: [], followOutside: true, config: false };
  const asked = await request([folder], flags, io, () => judgementOf({ profile, ignores: true }, undefined));
  if (asked === undefined) throw new UsageError(`there is no folder ${folder}`);
  return lint(asked.options, asked.platform).report;
}

function write(folder: string, files: Readonly<Record<string, string>>, io: Io): void {
  const entries = Object.entries(files).map(([name, text]): [string, string] => [pathIn(folder, name), text]);
  const taken = entries.map(([path]) => path).filter((path) => io.files.stat(path) !== undefined);
  if (taken.length > 0)
    throw new UsageError(`${taken.join(", ")}: there already, and nothing is replaced; name another folder`);
  for (const [path, text] of entries) create(path, text, io);
  io.stdout(`Written:\n${entries.map(([path]) => `  ${path}\n`).join("")}`);
}

function create(path: string, text: string, io: Io): void {
  try {
    io.create(path, text);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function pathIn(folder: string, name: string): string {
  return folder === "." ? name : `${folder.replace(/[\\/]+$/u, "")}/${name}`;
}
