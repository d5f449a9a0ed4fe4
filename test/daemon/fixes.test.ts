/** Every edit that a rule proposes is made, on its own examples: the server starts with it, and the hole is closed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyToFiles } from "../../src/fixes/apply.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import type { Example, Rule } from "../../src/rules/rule.ts";
import { findingsAt } from "./proofs/nearest.ts";
import { configurationOf, stage } from "./proofs/stage.ts";
import { PROOFS } from "./proofs/table.ts";
import { daemonAvailability, type Release } from "./releases.ts";
import { startServer } from "./server.ts";
import { closeSites, openSite, type Site } from "./site.ts";

/** What stands in for the secrets that an edit leaves to the environment: with the quotation marks that it leaves out. */
const SECRET = '"nine blue doors by the sea"';

/**
 * Runs of the linter until a configuration is closed: where an edit brings to light what another rule has to say, that
 * rule's edits are made as well, as a person would do.
 */
const ROUNDS = 2;

/** Rules whose edit is right although the hole stays open on a release, and what closes it there. */
const OPEN_STILL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "misspelt-key-opens": {
    "1.9.1":
      "the key is right then; that 1.9.1 does not look at it, dicom-host-check-without-effect tells for listed titles",
  },
};

const { installed } = daemonAvailability();
/** A published port is changed in the compose file: Orthanc has no part in that. */
const editing = bundledRules.filter(({ remediation }) =>
  remediation.some(({ edits = [] }) => edits.some((edit) => !("bind" in edit))),
);
const aboutOrthanc = editing.filter(({ examples }) =>
  examples.some(({ files, expect }) => expect.length > 0 && configurationOf(files) !== undefined),
);

describe.runIf(installed.length > 0)("the daemon takes the edits of", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(closeSites);

  for (const rule of aboutOrthanc) {
    test(rule.id, { timeout: 240_000 }, async () => {
      const problems: string[] = [];
      let tried = 0;
      for (const example of rule.examples.filter(isFiring)) {
        for (const edited of editions(rule, example)) {
          tried += 1;
          problems.push(...(await problemsOf(site, rule, edited)));
        }
      }
      expect(problems).toEqual([]);
      expect(tried).toBeGreaterThan(0);
    });
  }
});

function isFiring({ files, expect }: Example): boolean {
  return expect.length > 0 && configurationOf(files) !== undefined;
}

/** An example before and after the edits that are proposed for a release, and where it is tried. */
interface Edited {
  before: Example;
  after: Example;
  /** Where the rule proposes them; the hole has to be closed there. */
  proposed: Release[];
}

/** What the edits of a rule make of an example: usually the same on all releases for which they are proposed. */
function editions(rule: Rule, before: Example): Edited[] {
  const byText = new Map<string, Edited>();
  for (const release of installed) {
    const after = afterEdits([rule.id], before, release);
    if (after === undefined) continue;
    const key = JSON.stringify(after.files);
    const known = byText.get(key);
    if (known === undefined) byText.set(key, { before, after, proposed: [release] });
    else known.proposed.push(release);
  }
  return [...byText.values()];
}

/** The example with the edits that these rules propose for it; undefined where they propose none. */
function afterEdits(rules: readonly string[], example: Example, release: Release): Example | undefined {
  const findings = findingsAt(example, release).filter(({ rule }) => rules.includes(rule));
  const edits = findings.flatMap(({ remediation }) => remediation.edits);
  if (edits.length === 0) return undefined;
  const files = applyToFiles(example.files, edits);
  if (files === undefined) throw new Error(`${example.name}: the edits of ${rules.join()} overlap`);
  const variables = edits.flatMap(({ text }) => [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
  const args = variables.flatMap((name) => ["--env", `${name}=${SECRET}`]);
  return { ...example, files, args: [...(example.args ?? []), ...args] };
}

/** What goes wrong with an edited example on the installed releases: everywhere it starts, and where it was proposed it closes. */
async function problemsOf(site: Site, rule: Rule, { before, after, proposed }: Edited): Promise<string[]> {
  const problems: string[] = [];
  for (const release of installed) {
    const here = `${before.name}, Orthanc ${release.version}`;
    const was = await startServer(site, release, stage(before), PROOFS[rule.id]?.start);
    if (!was.started) continue; // for want of a plugin or because of another key
    const is = await tried(site, release, rule, after);
    if (!is.started) problems.push(`${here}: does not start any more: ${is.errors.join(" | ")}`);
    const mustClose = proposed.includes(release) && OPEN_STILL[rule.id]?.[release.version] === undefined;
    if (!is.started || !mustClose) continue;
    const closed = await close(site, release, rule, before, { example: after, done: is.done });
    if (closed !== undefined) problems.push(`${here}: ${closed}`);
  }
  return problems.map((problem) => `${problem}\n${Object.values(after.files).join("\n")}`);
}

/** Lints and edits again while the hole is open. A text says what is still wrong in the end. */
async function close(
  site: Site,
  release: Release,
  rule: Rule,
  before: Example,
  after: { example: Example; done: boolean },
): Promise<string | undefined> {
  const old = new Set(findingsAt(before, release).map((finding) => finding.rule));
  let { example, done } = after;
  for (let round = 1; ; round++) {
    const fires = findingsAt(example, release).map((finding) => finding.rule);
    if (!done && !fires.includes(rule.id)) return undefined;
    const worth = [rule.id, ...fires.filter((id) => !old.has(id))];
    const next = round < ROUNDS ? afterEdits(worth, example, release) : undefined;
    if (next === undefined) return done ? `still ${PROOFS[rule.id]?.claim}` : "the rule still fires";
    example = next;
    ({ done } = await tried(site, release, rule, next));
  }
}

async function tried(site: Site, release: Release, rule: Rule, example: Example) {
  const proof = PROOFS[rule.id];
  const server = await startServer(site, release, stage(example), proof?.start);
  const { started, errors } = server;
  const attempt = proof?.attempts?.[example.name] ?? proof?.attempt;
  const outcome = started ? await attempt?.(server) : undefined;
  return { started, errors, done: outcome?.done ?? false };
}
