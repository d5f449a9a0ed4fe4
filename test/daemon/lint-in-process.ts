import { isUnknown } from "../../src/facts/unknown.ts";
import { type LintOptions, lint } from "../../src/lint.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { nodeFiles } from "../../src/node/files.ts";

/**
 * Lints a configuration as `lint PATH --format json --on-host --no-config` does, without rules.
 * @public loaded as a bundle of its own
 */
export function lintToJson(
  folder: string,
  path: string,
  orthancVersion: string,
  env: Record<string, string>,
): string {
  const options: LintOptions = {
    paths: [path],
    rules: [],
    audience: "audit",
    failOn: "high",
    orthancVersion,
    envFiles: [],
    env,
    onHost: true,
    allowUndetermined: false,
  };
  const { report } = lint(options, { files: nodeFiles(folder), crypto: nodeCrypto, now: new Date() });
  return JSON.stringify(report, (_, value: unknown) => (isUnknown(value) ? "unknown" : value));
}
