/** `pacslint merge A.json B.json …`: the reports of many hosts as one, in any format. */
import { bundledRules } from "../rules/bundled.ts";
import type { Severity } from "../rules/rule.ts";
import { baseName } from "../sources/files.ts";
import { combine, type HostReport } from "../triage/combine.ts";
import { version } from "../version.ts";
import { type DocumentFlags, wantedOf, writeDocuments } from "./documents.ts";
import type { ExitCode, Io } from "./io.ts";
import { reportsIn } from "./reports.ts";

interface MergeFlags extends DocumentFlags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** What the hosts' own runs were asked for is decided: these only fill the sentences of the text report. */
const asked = { audience: "everyday", failOn: "high" satisfies Severity } as const;

/** Writes them; ends with the worst of their exit codes. */
export async function mergeCommand(paths: readonly string[], flags: MergeFlags, io: Io): Promise<ExitCode> {
  const wanted = wantedOf(flags);
  const hosts = hostNames(paths);
  const parts = paths.flatMap((path, index): readonly HostReport[] =>
    reportsIn(path, io).map((report) => ({ host: hosts[index] ?? path, report })),
  );
  const report = combine(parts, version);
  const context = { sources: { get: () => undefined }, secrets: [], rules: bundledRules };
  const options = { ...asked, quiet: flags.quiet === true, verbose: flags.verbose === true, paths: [] };
  await writeDocuments(wanted, { report, context, options }, flags, io);
  return report.exitCode;
}

/** Hosts are named by their files, with the folder where two files have the same name. */
function hostNames(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => stem(baseName(path)));
  return paths.map((path, index) => {
    const name = short[index] ?? path;
    return short.filter((other) => other === name).length > 1 ? stem(path) : name;
  });
}

function stem(name: string): string {
  return name.replace(/\.(?:nd)?jsonl?$/iu, "");
}
