/** On which of the installed releases an example is tried. */
import type { Example } from "../../../src/rules/rule.ts";
import type { Finding } from "../../../src/triage/report.ts";
import { lintFiles } from "../../inspect.ts";
import type { Release } from "../releases.ts";
import { variablesOf } from "./stage.ts";

/** What most examples are written for. */
const USUAL = "1.12.7";

/** What the linter finds in an example, as if it were run by a package of Debian. */
export function findingsAt(example: Pick<Example, "files" | "args">, release: Release): readonly Finding[] {
  const { report } = lintFiles(example.files, {
    paths: ["."],
    orthancVersion: release.packageVersion,
    env: variablesOf(example),
    onHost: example.args?.includes("--on-host") ?? false,
    audience: "audit",
  });
  return report.findings;
}

/** The installed release nearest to the example's own of which the rule says the same. */
export function nearestRelease(
  id: string,
  example: Example,
  releases: readonly Release[],
): Release | undefined {
  const { args = [] } = example;
  const wanted = rank(args[args.indexOf("--orthanc-version") + 1] ?? USUAL);
  const near = [...releases].sort(
    (a, b) => Math.abs(rank(a.version) - wanted) - Math.abs(rank(b.version) - wanted),
  );
  return near.find(
    (release) => findingsAt(example, release).some(({ rule }) => rule === id) === example.expect.length > 0,
  );
}

/** A release as a number: 1.12.7 is 11207. */
function rank(version: string): number {
  const [major = 0, minor = 0, patch = 0] = (/^[\d.]+/.exec(version)?.[0] ?? "").split(".").map(Number);
  return major * 10_000 + minor * 100 + patch;
}
