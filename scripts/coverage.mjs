/**
 * Writes docs/coverage.md: every trap, every advice and every topic, with the rules that see it or the reason why none does.
 *
 *   node scripts/coverage.mjs           writes
 *   node scripts/coverage.mjs --check   only says whether the page is as the data and the rules are
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { importTypeScript, readOrUndefined, root, writeIfChanged } from "./files.mjs";
import { generate } from "./generate.mjs";

const page = "docs/coverage.md";

/** The page, from the rules, `data/orthanc/traps.json` and `data/controls.json`. */
export function renderCoverage(rules, { traps, checklist, otherTopics }, controls) {
  const elsewhere = new Map(otherTopics.map(({ topic, reason }) => [topic, reason]));
  const topics = controls.map(({ topic, title }) => {
    const seenBy = rules.filter((rule) => rule.controls.includes(topic)).map(({ id }) => id);
    return { topic, title, seenBy, unseen: elsewhere.get(topic) };
  });
  return `# Coverage

Which rules see what is known of Orthanc's configuration. Made by \`npm run coverage\` from \`data/orthanc/traps.json\`,
\`data/controls.json\` and the rules; do not edit it.

## Traps

What looks safe and is not, or the reverse.

| | What happens | Seen by |
|---|---|---|
${traps.map((trap) => row(trap.id, trap.text, seen(trap))).join("\n")}

## Advice of the Orthanc Book

| Advice | Page | Seen by |
|---|---|---|
${checklist.map((item) => row(item.advice, item.source.replace("Orthanc Book, ", ""), seen(item))).join("\n")}

## Topics of the standards

The topics by which \`data/controls.json\` leads to CWE, NIST SP 800-53, HIPAA, ISO 27001, IEC 62443, MDS2, CIS and DICOM.

| Topic | | Seen by |
|---|---|---|
${topics.map((topic) => row(`\`${topic.topic}\``, topic.title, seen(topic))).join("\n")}

## Where no rule can see it

${traps
  .filter(({ unseen }) => unseen !== undefined)
  .map(({ id, text, unseen }) => `- **${id}** ${text} ${unseen}`)
  .join("\n")}
`;
}

function row(...cells) {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function seen({ seenBy, note, unseen }) {
  const rules = seenBy.map((id) => `[${id}](rules/${id}.md)`).join(", ");
  const reason = unseen === undefined ? "" : unseen.endsWith(".") ? unseen : `Not here: ${unseen}.`;
  return [rules, note ?? "", seenBy.length === 0 ? reason : ""].filter((part) => part !== "").join(". ");
}

function read(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const errors = await generate();
  for (const error of errors) console.error(error);
  if (errors.length > 0) process.exit(1);
  const { bundledRules } = await importTypeScript("src/rules/bundled.ts");
  const text = renderCoverage(
    bundledRules,
    read("data/orthanc/traps.json"),
    read("data/controls.json").controls,
  );
  if (!process.argv.includes("--check")) writeIfChanged(join(root, page), text);
  else if (readOrUndefined(join(root, page)) !== text) {
    console.error(`${page} is not as the rules are; run npm run coverage`);
    process.exitCode = 1;
  }
}
