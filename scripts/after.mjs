/** What becomes of the examples of a rule when its edits are made: for the pages of the rules. */
import { importTypeScript } from "./files.mjs";

const { run } = await importTypeScript("src/cli.ts");
const { memoryFiles } = await importTypeScript("src/sources/memory-files.ts");
const { nodeCrypto } = await importTypeScript("src/node/crypto.ts");
const { makeEdits } = await importTypeScript("src/fixes/apply.ts");

/** By the example's name: the files that edits change, as they read afterwards. The first example of each kind of file. */
export async function aftersOf(rule) {
  const afters = new Map();
  const kinds = new Set();
  for (const example of rule.examples) {
    const [first] = example.expect;
    if (first === undefined || kinds.has(kindOf(first.file))) continue;
    const changed = await editedFiles(rule, example);
    if (Object.keys(changed).length === 0) continue;
    kinds.add(kindOf(first.file));
    afters.set(example.name, changed);
  }
  return afters;
}

function kindOf(file) {
  return /\.(\w+)$/.exec(file)?.[1] ?? file;
}

async function editedFiles(rule, { files, modes = {}, args = [] }) {
  const report = await lint(files, modes, args);
  const edits = (report?.findings ?? [])
    .filter((finding) => finding.rule === rule.id)
    .flatMap(({ remediation }) => remediation.edits);
  const changed = {};
  for (const [file, text] of Object.entries(files)) {
    const own = edits.filter(({ location }) => location.file === file);
    const after = own.length === 0 ? undefined : makeEdits(text, own)?.text;
    if (after !== undefined && after !== text) changed[file] = after;
  }
  return changed;
}

async function lint(files, modes, args) {
  let stdout = "";
  const code = await run(["lint", ".", "--format", "json", ...args], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: () => undefined,
    save: () => undefined,
    cwd: "/work",
    env: {},
    platform: "linux",
    isTTY: false,
    columns: undefined,
    crypto: nodeCrypto,
    // A fixed day: pages must not change by themselves.
    now: new Date("2026-11-22T00:00:00Z"),
    stdin: async () => new Uint8Array(),
    files: memoryFiles(files, modes),
  });
  return code === 4 || stdout === "" ? undefined : JSON.parse(stdout);
}
