/**
 * Writes docs/rules/ from the rules.
 *
 *   node scripts/docs.mjs           writes
 *   node scripts/docs.mjs --check   only says which pages are not as the rules are
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, importTypeScript, readOrUndefined, root, writeIfChanged } from "./files.mjs";
import { generate } from "./generate.mjs";

const errors = await generate();
for (const error of errors) console.error(error);
if (errors.length > 0) process.exit(1);

const { bundledRules, familyOf } = await importTypeScript("src/rules/bundled.ts");
const { default: controls } = await import("../generated/controls.js");
const { renderRuleIndex, renderRulePage } = await importTypeScript("src/reports/rule-page.ts");

const { aftersOf } = await import("./after.mjs");
const { advisories } = JSON.parse(readFileSync(join(root, "data/advisories.json"), "utf8"));

const pages = new Map();
for (const rule of bundledRules) {
  const further = { afters: await aftersOf(rule), advisories, family: familyOf(rule) };
  pages.set(`docs/rules/${rule.id}.md`, renderRulePage(rule, controls, further));
}
pages.set("docs/rules/README.md", renderRuleIndex(bundledRules, familyOf));
const stale = [...pages]
  .filter(([path, text]) => readOrUndefined(join(root, path)) !== text)
  .map(([path]) => path);
const left = filesBelow("docs/rules").filter((path) => !pages.has(path));

if (process.argv.includes("--check")) {
  for (const path of [...stale, ...left]) console.error(`${path} is not as the rules are; run npm run docs`);
  if (stale.length + left.length > 0) process.exitCode = 1;
} else {
  for (const path of stale) writeIfChanged(join(root, path), pages.get(path));
  for (const path of left) rmSync(join(root, path));
  console.log(`docs/rules: ${pages.size} pages, ${stale.length} written, ${left.length} removed`);
}
