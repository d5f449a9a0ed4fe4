import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import controls from "../../generated/controls.js";
import schema from "../../schemas/rule.schema.json" with { type: "json" };
import type { FactKind } from "../../src/facts/facts.ts";
import { type LoadedRule, loadRule } from "../../src/rules/load.ts";
import { filters, placeholders } from "../../src/rules/message.ts";
import type { Rule } from "../../src/rules/rule.ts";

const folder = join(import.meta.dirname, "../../rules");

const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.ya?ml$/.test(name))
  .sort();

const loaded: readonly (readonly [string, LoadedRule])[] = files.map((file) => [
  file,
  loadRule(`rules/${file}`, readFileSync(join(folder, file), "utf8")),
]);
const rules: readonly (readonly [string, Rule])[] = loaded.flatMap(([file, result]) =>
  result.ok ? [[file, result.rule] as const] : [],
);
const ids = new Set(rules.map(([, rule]) => rule.id));

test("every rule file is valid", () => {
  expect(loaded.flatMap(([, result]) => (result.ok ? [] : result.errors))).toEqual([]);
});

test("no id is used twice", () => {
  expect(ids.size).toBe(rules.length);
});

test("the schema knows the kinds of facts that there are", () => {
  const kinds: Record<FactKind, true> = {
    listener: true,
    entry: true,
    service: true,
    account: true,
    secret: true,
    peer: true,
    modality: true,
    database: true,
    plugin: true,
    certificate: true,
    option: true,
    unknownOption: true,
    fault: true,
    advisory: true,
    file: true,
    storage: true,
    container: true,
    unit: true,
    image: true,
    route: true,
    applicationEntity: true,
    hl7Application: true,
    realm: true,
    client: true,
    directory: true,
    directoryLink: true,
    keystore: true,
    webApp: true,
    audit: true,
    ineffective: true,
    suppression: true,
  };
  expect([...schema.properties.select.enum].sort()).toEqual(Object.keys(kinds).sort());
});

describe.each(rules)("%s", (file, rule) => {
  test("lies in the folder of its family", () => {
    expect(file).toBe(`${file.split("/")[0]}/${rule.id}.yaml`);
    expect(families).toContain(file.split("/")[0]);
  });

  test("names controls and rules that exist", () => {
    expect(rule.controls.filter((topic) => !controls.some((control) => control.topic === topic))).toEqual([]);
    expect((rule.supersedes ?? []).filter((id) => !ids.has(id) || id === rule.id)).toEqual([]);
  });

  test("uses filters that exist", () => {
    const used = textsOf(rule)
      .flatMap((text) => placeholders(text))
      .flatMap(({ filter }) => filter ?? []);
    expect(used.filter((filter) => !Object.hasOwn(filters, filter))).toEqual([]);
  });

  test("has an example that fires, one that does not, and a near miss that says why", () => {
    const firing = rule.examples.filter(({ expect: findings }) => findings.length > 0);
    const silent = rule.examples.filter(({ expect: findings }) => findings.length === 0);
    expect(firing.length, "firing").toBeGreaterThanOrEqual(1);
    expect(silent.length, "silent, of which one is a near miss").toBeGreaterThanOrEqual(2);
    expect(
      silent.filter(({ name }) => name.split(" ").length < 3),
      "names that say why",
    ).toEqual([]);
    expect(new Set(rule.examples.map(({ name }) => name)).size, "names are different").toBe(
      rule.examples.length,
    );
  });

  test("expects findings in files and lines that are there", () => {
    for (const example of rule.examples) {
      for (const { file: named, line } of example.expect) {
        expect(Object.keys(example.files), example.name).toContain(named);
        expect(line, example.name).toBeLessThanOrEqual((example.files[named] ?? "").split("\n").length);
      }
    }
  });

  test("is written as style asks: sentences end, titles do not, nothing shouts", () => {
    expect(rule.title).not.toMatch(/[.!]$/);
    expect(rule.message).toMatch(/[.)]$/);
    expect(
      [rule.title, rule.message, rule.expected, rule.why, rule.impact].filter((text) => text.includes("!")),
    ).toEqual([]);
  });

  test("has patterns that compile", () => {
    for (const pattern of patternsOf(rule.match)) expect(() => new RegExp(pattern, "u")).not.toThrow();
  });
});

const families = [
  "http",
  "dicom",
  "tls",
  "accounts",
  "secrets",
  "database",
  "storage",
  "peers",
  "container",
  "host",
  "proxy",
  "identity",
  "scripting",
  "audit",
  "version",
  "config",
  "dcm4chee",
];

function textsOf(rule: Rule): readonly string[] {
  return [
    rule.message,
    rule.expected,
    rule.actual ?? "",
    ...Object.values(rule.related ?? {}),
    ...rule.remediation.map(({ text }) => text),
  ];
}

function patternsOf(match: unknown): readonly string[] {
  if (typeof match !== "object" || match === null) return [];
  return Object.entries(match).flatMap(([key, value]) =>
    key === "pattern" && typeof value === "string" ? [value] : patternsOf(value),
  );
}

const valid = `id: sample-rule
title: A sample
severity: high
confidence: certain
audience: everyday
select: entry
match: { properties: { protocol: { const: http } } }
at: /auth/mode
message: "It is open."
expected: a login
why: Because.
remediation:
  - text: Close it.
    edits: [{ set: AuthenticationEnabled, to: true }]
impact: None.
controls: []
references: [https://example.org/]
examples:
  - { name: fires, files: { a.json: "{}" }, expect: [{ file: a.json, line: 1 }] }
  - { name: off, files: { a.json: "{}" }, expect: [] }
  - { name: near, files: { a.json: "{}" }, expect: [] }
`;

describe("what is wrong with a file is told with its place", () => {
  const errorsOf = (text: string, file = "rules/http/sample-rule.yaml") => {
    const result = loadRule(file, text);
    return result.ok ? [] : result.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
  };

  test("nothing, when it is right", () => {
    expect(errorsOf(valid)).toEqual([]);
  });

  test.each([
    [
      "a syntax error",
      valid.replace("title: A sample", 'title: "A sample'),
      /^\d+:\d+ Missing closing "quote$/,
    ],
    [
      "a field too many",
      valid.replace("impact:", "effect: x\nimpact:"),
      '15:1 the rule has a field "effect" that is not known',
    ],
    ["a field too few", valid.replace("impact: None.\n", ""), '1:1 the rule has no field "impact"'],
    [
      "a value that is not in the list",
      valid.replace("severity: high", "severity: urgent"),
      /^3:11 "severity" has to be one of "info", "low"/,
    ],
    [
      "a condition that rules do not have",
      valid.replace("const: http", "equals: http"),
      '7:36 "match.properties.protocol" has a field "equals" that is not known',
    ],
    [
      "an edit that rules do not have",
      valid.replace("{ set: AuthenticationEnabled, to: true }", "{ set: AuthenticationEnabled }"),
      /^14:13 "remediation\.0\.edits\.0" has to be one of the edits/,
    ],
    [
      "a pointer without slash",
      valid.replace("at: /auth/mode", "at: auth"),
      '8:5 "at" has to be a JSON pointer such as "/auth/mode"',
    ],
    ["a key twice", `${valid}id: sample-rule\n`, /^22:1 Map keys must be unique/],
  ])("%s", (_name, text, expected) => {
    const [first] = errorsOf(text);
    if (typeof expected === "string") expect(first).toBe(expected);
    else expect(first).toMatch(expected);
  });

  test("an id that is not the file's name", () => {
    expect(errorsOf(valid, "rules/http/other.yaml")).toEqual([
      '1:5 the id is "sample-rule" and the file is named "other"; they have to be equal',
    ]);
  });
});
