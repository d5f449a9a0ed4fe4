/** Repairs files in memory, for tests. */
import type { LintOptions } from "../../src/lint.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { type Repair, type RepairScope, repair } from "../../src/repair/repair.ts";
import type { Subject } from "../../src/repair/trial.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";

/** Files, and how they are judged. */
export interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly modes?: Readonly<Record<string, string>>;
  /** Command-line arguments besides the folder. */
  readonly args?: readonly string[];
}

/** What a repair of these files works on. */
export function subjectOf(
  { files, modes = {}, args = [] }: Given,
  audience: LintOptions["audience"] = "audit",
): Subject {
  const flag = (name: string): readonly string[] =>
    args.flatMap((arg, index) => (args[index - 1] === name ? [arg] : []));
  const [orthancVersion] = flag("--orthanc-version");
  const [dcm4cheeVersion] = flag("--dcm4chee-version");
  const options: LintOptions = {
    paths: ["."],
    rules: bundledRules,
    audience,
    failOn: "high",
    ...(orthancVersion === undefined ? {} : { orthancVersion }),
    ...(dcm4cheeVersion === undefined ? {} : { dcm4cheeVersion }),
    envFiles: flag("--env-file"),
    env: Object.fromEntries(flag("--env").map((one) => one.split(/=(.*)/su).slice(0, 2))),
    onHost: args.includes("--on-host"),
    allowUndetermined: false,
  };
  const platform = {
    files: memoryFiles(files, modes),
    crypto: nodeCrypto,
    now: new Date("2026-11-22T00:00:00Z"),
  };
  return { options, platform };
}

/** The files after a repair, and what was done. */
export function repaired(
  given: Given,
  scope: RepairScope = { unsafe: true, rules: [] },
  audience?: LintOptions["audience"],
): { readonly files: Readonly<Record<string, string>>; readonly repair: Repair } {
  const done = repair(subjectOf(given, audience), scope);
  const changed = [...done.after.contents].map(([path, bytes]) => [
    path,
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  ]);
  return { files: { ...given.files, ...Object.fromEntries(changed) }, repair: done };
}
