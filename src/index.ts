/** The library: lints files in memory, in Node or in a browser. It reads no disk and connects to nothing. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import controls from "../generated/controls.js";
import { type LintOptions as FullOptions, lint as lintFiles } from "./lint.ts";
import type { ReportContext } from "./reports/context.ts";
import { type FormatName, formats } from "./reports/formats.ts";
import { bundledRules } from "./rules/bundled.ts";
import type { Certificate } from "./sources/files.ts";
import { memoryFiles } from "./sources/memory-files.ts";
import type { Report } from "./triage/report.ts";

/** What may be asked for besides the files; all of it has the default of the command. */
export interface LintOptions
  extends Partial<
    Pick<
      FullOptions,
      "audience" | "failOn" | "orthancVersion" | "dcm4cheeVersion" | "env" | "allowUndetermined"
    >
  > {
  /** Which of the files and folders are linted; default: all. */
  readonly paths?: readonly string[];
  /** Reads the certificates of a PEM or DER file; without it, certificates are not judged. */
  readonly certificates?: (bytes: Uint8Array) => readonly Certificate[];
  /** Today, for what expires. */
  readonly now?: Date;
}

/** A finished run. */
export interface LintResult {
  readonly report: Report;
  /** The report as a document. */
  render(format: FormatName): Promise<string>;
}

/** Lints files: path → content. Never throws for anything that a file holds. */
export function lint(
  files: Readonly<Record<string, string | Uint8Array>>,
  { paths = ["."], certificates = () => [], now = new Date(), ...asked }: LintOptions = {},
): LintResult {
  const options: FullOptions = {
    audience: "everyday",
    failOn: "high",
    allowUndetermined: false,
    env: {},
    ...asked,
    paths,
    rules: bundledRules,
    envFiles: [],
    onHost: false,
  };
  const crypto = { sha256: (bytes: Uint8Array) => bytesToHex(sha256(bytes)), certificates };
  const run = lintFiles(options, { files: memoryFiles(files), crypto, now });
  const workspace = { folder: ".", root: "." };
  const context: ReportContext = { ...run, rules: bundledRules, controls, workspace, now, crypto };
  const words = { width: 80, color: false, unicode: true, quiet: false, verbose: false };
  const { audience, failOn } = options;
  return {
    report: run.report,
    render: async (format) => {
      const render = await formats[format].load();
      return render(run.report, context, { ...words, audience, failOn, paths });
    },
  };
}

export type { FormatName } from "./reports/formats.ts";
export type { Finding, Location, Report } from "./triage/report.ts";
