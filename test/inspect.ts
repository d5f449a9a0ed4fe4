/** Lints a configuration held in memory and picks the parts that tests look at. */
import { type LintOptions, type LintRun, lint } from "../src/lint.ts";
import { nodeCrypto } from "../src/node/crypto.ts";
import { nodeFiles } from "../src/node/files.ts";
import { bundledRules } from "../src/rules/bundled.ts";
import type { Files } from "../src/sources/files.ts";
import { memoryFiles } from "../src/sources/memory-files.ts";
import type { ReportedListener, ReportedService } from "../src/triage/report.ts";

/** What the command line passes on when nothing is asked for. */
export const usualOptions: LintOptions = {
  paths: ["."],
  rules: bundledRules,
  audience: "everyday",
  failOn: "high",
  envFiles: [],
  env: {},
  onHost: false,
  allowUndetermined: false,
};

/** Runs the linter over files in memory. */
export function lintFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<LintOptions> = {},
): LintRun {
  return lintOver(memoryFiles(files), { paths: Object.keys(files), ...options });
}

/** Runs the linter over any file system. */
export function lintOver(files: Files, options: Partial<LintOptions>): LintRun {
  return lint(
    { ...usualOptions, ...options },
    { files, crypto: nodeCrypto, now: new Date("2026-11-22T00:00:00Z") },
  );
}

/** Runs the linter over an example of the repository. */
export function lintExample(example: string, options: Partial<LintOptions> = {}): LintRun {
  const files = nodeFiles(`${import.meta.dirname}/../examples`);
  return lintOver(files, { paths: [example], ...options });
}

/** The service and listeners of one Orthanc configuration. */
export function inspectConfiguration(
  source: string,
  orthancVersion?: string,
  options: Partial<LintOptions> = {},
): { run: LintRun; service: ReportedService; http: ReportedListener; dicom: ReportedListener } {
  const run = lintFiles(
    { "orthanc.json": source },
    { ...options, ...(orthancVersion === undefined ? {} : { orthancVersion }) },
  );
  const service = run.report.deployments[0]?.services[0];
  const http = service?.listeners.find(({ protocol }) => protocol === "http");
  const dicom = service?.listeners.find(({ protocol }) => protocol === "dicom");
  if (service === undefined || http === undefined || dicom === undefined)
    throw new Error("no Orthanc was found in the configuration");
  return { run, service, http, dicom };
}
