/** The examples of dcm4chee's rules with the edits that the rules propose for them. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { applyToFiles } from "../../src/fixes/apply.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import type { Example } from "../../src/rules/rule.ts";
import type { Report } from "../../src/triage/report.ts";
import { cli } from "../cli/fake.ts";

const folder = fileURLToPath(new URL("../../rules/dcm4chee", import.meta.url));
const own = new Set(readdirSync(folder).map((name) => name.replace(/\.yaml$/, "")));

/** The rules that propose edits. */
export const editingRules = bundledRules.filter(
  ({ id, remediation }) => own.has(id) && remediation.some(({ edits }) => edits !== undefined),
);

export interface Fixed {
  readonly rule: string;
  readonly example: Example;
  readonly before: Report;
  readonly files: Readonly<Record<string, string>>;
}

/** Each example for which its rule proposes an edit, with the edits made. */
export async function fixedExamples(): Promise<readonly Fixed[]> {
  const found: Fixed[] = [];
  for (const { id, examples } of editingRules) {
    for (const example of examples) {
      const before = await lintExample(example, example.files);
      const files = await editedAgain(id, example, before);
      if (files !== example.files) found.push({ rule: id, example, before, files });
    }
  }
  return found;
}

/** Edits until nothing is proposed any more: of two that begin the same new block the second one waits. */
async function editedAgain(rule: string, example: Example, first: Report): Promise<Fixed["files"]> {
  let [files, report] = [example.files, first];
  for (let round = 0; round < 4; round++) {
    const edits = report.findings.flatMap((finding) =>
      finding.rule === rule ? finding.remediation.edits : [],
    );
    if (edits.length === 0) return files;
    const edited = applyToFiles(files, edits);
    if (edited === undefined) throw new Error(`${rule}, ${example.name}: the edits overlap`);
    files = edited;
    report = await lintExample(example, files);
  }
  throw new Error(`${rule}, ${example.name}: the edits do not end`);
}

/** What pacslint says of an example with other files. */
export async function lintExample({ args = [] }: Example, files: Example["files"]): Promise<Report> {
  const { stdout } = await cli(["lint", ".", "--format", "json", "--audience", "audit", ...args], { files });
  return JSON.parse(stdout) as Report;
}
