/**
 * Compiles what the sources import from generated/: the schemas' validators, the rules, the controls that explain
 * shows, and the version.
 *
 *   node scripts/generate.mjs             fails when a rule is not valid
 *   node scripts/generate.mjs --lenient   leaves such rules out and says so
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Ajv from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { parse } from "yaml";
import {
  filesBelow,
  importTypeScript,
  newestChange,
  readOrUndefined,
  root,
  writeAtomically,
  writeIfChanged,
} from "./files.mjs";

const generated = join(root, "generated");
const stamp = join(generated, ".stamp");
const inputs = [
  "rules",
  "schemas",
  "scripts",
  "src/rules/document.ts",
  "src/rules/load.ts",
  "data/controls.json",
  "data/policies",
  "starters",
  "package.json",
];

/** Whether an input changed since the last run. */
export function isStale() {
  const last = Number(readOrUndefined(stamp) ?? 0);
  return Math.max(...inputs.map((path) => newestChange(join(root, path)))) > last;
}

/** Writes generated/; gives back what is wrong with the rules, as lines. */
export async function generate({ lenient = false } = {}) {
  const newest = Math.max(...inputs.map((path) => newestChange(join(root, path))));
  await writeValidator("rule", 'import type { Rule } from "../src/rules/rule.ts";', "Rule");
  await writeValidator("report", "", "Readonly<Record<string, unknown>>");
  await writeValidator(
    "pacslint-config",
    'import type { WrittenConfig } from "../src/policy/written.ts";',
    "WrittenConfig | null",
  );
  writeModule("version", "string", JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  writeModule(
    "controls",
    "readonly Control[]",
    controls(),
    'import type { Control } from "../src/rules/control.ts";',
  );
  writeModule("starters", "Readonly<Record<string, string>>", starters());
  const policies = readPolicies();
  writeModule(
    "policies",
    "readonly CompliancePolicy[]",
    policies.policies,
    'import type { CompliancePolicy } from "../src/triage/compliance-policy.ts";',
  );
  const { rules, families, errors: ruleErrors } = await readRules();
  const errors = [...policies.errors, ...ruleErrors];
  if (errors.length > 0 && !lenient) return errors;
  writeModule("families", "Readonly<Record<string, string>>", families);
  writeModule("rules", "readonly Rule[]", rules, 'import type { Rule } from "../src/rules/rule.ts";');
  // A rule that was left out has to be looked at again by the next run.
  writeAtomically(stamp, errors.length > 0 ? "0" : String(newest));
  return errors;
}

async function readRules() {
  const { loadRule } = await importTypeScript("src/rules/load.ts");
  const { documentErrorText } = await importTypeScript("src/rules/document.ts");
  const rules = [];
  const families = {};
  const errors = [];
  for (const file of filesBelow("rules", (name) => /\.ya?ml$/.test(name))) {
    const loaded = loadRule(file, readFileSync(join(root, file), "utf8"));
    if (loaded.ok) {
      rules.push(loaded.rule);
      families[loaded.rule.id] = file.split("/")[1];
    } else errors.push(...loaded.errors.map(documentErrorText));
  }
  return { rules: rules.sort((a, b) => (a.id < b.id ? -1 : 1)), families, errors };
}

/** The files that `init` writes, by their path below starters/. */
function starters() {
  return Object.fromEntries(
    filesBelow("starters").map((file) => [
      file.slice("starters/".length),
      readFileSync(join(root, file), "utf8"),
    ]),
  );
}

/** The standards of data/policies/, by name, and what is wrong with their files. */
function readPolicies() {
  const ajv = new Ajv({ allErrors: true });
  const validate = ajv.compile(
    JSON.parse(readFileSync(join(root, "schemas/compliance-policy.schema.json"), "utf8")),
  );
  const policies = [];
  const errors = [];
  for (const file of filesBelow("data/policies", (name) => name.endsWith(".yaml"))) {
    const policy = parse(readFileSync(join(root, file), "utf8"));
    if (!validate(policy)) errors.push(`${file}: ${ajv.errorsText(validate.errors)}`);
    else if (file !== `data/policies/${policy.name}.yaml`) errors.push(`${file}: its name is ${policy.name}`);
    else policies.push(policy);
  }
  return { policies, errors };
}

/** What explain and the pages show of a control: its identifiers, not how they were found. */
function controls() {
  const text = readOrUndefined(join(root, "data/controls.json"));
  const entries = text === undefined ? [] : JSON.parse(text).controls;
  const standards = ["cwe", "nist80053", "hipaa", "iso27001", "iec62443", "mds2", "cis", "dicom"];
  return entries.map((entry) => ({
    topic: entry.topic,
    title: entry.title,
    ...Object.fromEntries(standards.map((standard) => [standard, entry[standard] ?? []])),
  }));
}

/** A JavaScript module rather than a JSON file: it has a type of its own, and JSON.parse is quicker than a literal. */
function writeModule(name, type, value, imports = "") {
  const json = JSON.stringify(JSON.stringify(value))
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  writeIfChanged(join(generated, `${name}.js`), `export default JSON.parse(${json});\n`);
  writeIfChanged(
    join(generated, `${name}.d.ts`),
    `${imports}\ndeclare const value: ${type};\nexport default value;\n`,
  );
}

async function writeValidator(name, imports, type) {
  const schema = JSON.parse(readFileSync(join(root, `schemas/${name}.schema.json`), "utf8"));
  const ajv = new Ajv({
    code: { source: true, esm: true },
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
  });
  const code = standaloneCode(ajv, ajv.compile(schema));
  // The generated code still asks for a helper of ajv; bundling leaves nothing to be found at run time.
  const bundled = await build({
    stdin: { contents: code, resolveDir: root, loader: "js" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
    logLevel: "error",
  });
  writeIfChanged(join(generated, `validate-${name}.js`), bundled.outputFiles[0].text);
  writeIfChanged(join(generated, `validate-${name}.d.ts`), validatorTypes(imports, type));
}

function validatorTypes(imports, type) {
  return `${imports}
/** One violation, as ajv reports it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}
declare const validate: {
  (value: unknown): value is ${type};
  errors?: readonly SchemaError[] | null;
};
export default validate;
`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const errors = await generate({ lenient: process.argv.includes("--lenient") });
  for (const error of errors) console.error(error);
  if (errors.length > 0 && !process.argv.includes("--lenient")) process.exitCode = 1;
}
