/**
 * Starts a rule: npm run new-rule -- http/http-something-open
 * The file that it writes is valid but says nothing yet; npm test tells what is missing.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, writeAtomically } from "./files.mjs";

const [name = ""] = process.argv.slice(2);
const [, family, id] = /^([a-z]+)\/([a-z][a-z0-9]*(?:-[a-z0-9]+)+)$/.exec(name) ?? [];

if (family === undefined || id === undefined) {
  console.error(
    "Name it family/id, such as http/http-no-authentication: npm run new-rule -- http/http-no-authentication",
  );
  process.exit(2);
}

const path = join(root, "rules", family, `${id}.yaml`);
if (existsSync(path)) {
  console.error(`rules/${family}/${id}.yaml is there already.`);
  process.exit(2);
}

writeAtomically(
  path,
  `# yaml-language-server: $schema=../../schemas/rule.schema.json
id: ${id}
title: The bad thing in a few words
severity: medium            # critical | high | medium | low | info
confidence: certain         # certain | likely | possible
audience: everyday          # everyday | strict | audit
select: option              # a kind of fact: src/facts/
match:
  properties:
    path: { const: SomeOption }
    value: { const: true }
at: /value                  # whose line is shown first
message: "One sentence: what is open, to whom, what a stranger can do with it."
expected: "what a closed configuration has"
why: |
  Two or three sentences for the person who runs the server.
remediation:
  - text: "What to write instead."
    edits: [{ set: SomeOption, to: false }]
    safety: unsafe          # safe: nobody who works rightly is locked out
impact: "What the change may break for those who work with the server."
controls: []                # topics of data/controls.json
references: []
examples:
  - name: the option is on
    files:
      orthanc.json: |
        { "SomeOption": true }
    args: [--orthanc-version, 1.12.7]
    expect: [{ file: orthanc.json, line: 1, severity: medium }]
  - name: the option is off
    files:
      orthanc.json: |
        { "SomeOption": false }
    args: [--orthanc-version, 1.12.7]
    expect: []
  - name: on, but for a reason that makes it harmless
    files:
      orthanc.json: |
        {}
    args: [--orthanc-version, 1.12.7]
    expect: []
`,
);

console.log(
  `rules/${family}/${id}.yaml is there. Write the examples first, then: npx vitest run test/rules -t ${id}`,
);
