import { expect, test } from "vitest";
import { renderExplanation } from "../../src/reports/explain.ts";
import { renderRuleIndex, renderRulePage } from "../../src/reports/rule-page.ts";
import { renderRules } from "../../src/reports/rules.ts";
import type { Control } from "../../src/rules/control.ts";
import type { Rule } from "../../src/rules/rule.ts";

const nothingFurther = { afters: new Map(), advisories: [], family: "" };

const rule: Rule = {
  id: "http-no-authentication",
  title: "REST API answers without a login",
  severity: "critical",
  confidence: "certain",
  audience: "everyday",
  select: "entry",
  match: {},
  supersedes: ["http-default-credentials"],
  at: "/auth/mode",
  message: "Anyone who can reach {address} can {anonymous|capabilities} every study.",
  expected: "a login before any answer",
  why: "Orthanc asks for no login here. Whoever reaches the port\nreads and deletes studies.\n\n- Patients are named in every study.\n- Deleted studies are gone.\n",
  remediation: [
    {
      text: "Ask for a login, and give every user a password of their own.",
      edits: [{ set: "AuthenticationEnabled", to: true }],
      safety: "unsafe",
    },
    { text: "Or answer this host only.", edits: [{ set: "RemoteAccessAllowed", to: false }] },
  ],
  impact: "Viewers and scripts that use the REST API need the login from then on.",
  controls: ["http-auth-disabled"],
  references: ["https://orthanc.uclouvain.be/book/faq/security.html"],
  examples: [
    {
      name: "no login",
      files: {
        "orthanc.json": '{\n  // all\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false\n}\n',
      },
      args: ["--orthanc-version", "1.12.7"],
      expect: [{ file: "orthanc.json", line: 4 }],
    },
    { name: "a login", files: { "orthanc.json": "{}\n" }, expect: [] },
    { name: "no login, and this host only", files: { "orthanc.json": "{ }\n" }, expect: [] },
  ],
};

const controls: readonly Control[] = [
  {
    topic: "http-auth-disabled",
    title: "x",
    cwe: ["CWE-306", "CWE-1188"],
    nist80053: ["AC-3", "IA-2"],
    hipaa: ["164.312(d)"],
    iso27001: [],
    iec62443: ["CR 1.1"],
    mds2: ["PAUT-1"],
    cis: [],
    dicom: [],
  },
  {
    topic: "other",
    title: "y",
    cwe: ["CWE-1"],
    nist80053: [],
    hipaa: [],
    iso27001: [],
    iec62443: [],
    mds2: [],
    cis: [],
    dicom: [],
  },
];

const family = ({ id }: Rule) => id.split("-")[0] ?? id;
const options = { width: 80, color: false, unicode: true };

test("explain tells why, what to write instead, what that may break", () => {
  expect(renderExplanation(rule, controls, options)).toMatchInlineSnapshot(`
    "CRITICAL  http-no-authentication   (certain, for the everyday audience)
    REST API answers without a login

    Why
      Orthanc asks for no login here. Whoever reaches the port reads and deletes
      studies.

      - Patients are named in every study.
      - Deleted studies are gone.

    Found in
        orthanc.json
         1 │ {
         2 │   // all
         3 │   "RemoteAccessAllowed": true,
      >  4 │   "AuthenticationEnabled": false
         5 │ }

    Instead
      Ask for a login, and give every user a password of their own.
          "AuthenticationEnabled": true

      Or answer this host only.
          "RemoteAccessAllowed": false

    May break
      Viewers and scripts that use the REST API need the login from then on.

    Not reported
      · a login
      · no login, and this host only

    Silences
      · http-default-credentials

    Controls
      CWE             306, 1188
      NIST SP 800-53  AC-3, IA-2
      HIPAA 45 CFR    164.312(d)
      IEC 62443-4-2   CR 1.1
      MDS2            PAUT-1

    Read on
      https://orthanc.uclouvain.be/book/faq/security.html
    "
  `);
});

test("the list of rules is by family, worst first", () => {
  const others: Rule[] = [
    {
      ...rule,
      id: "http-banner",
      severity: "low",
      audience: "audit",
      title: "The server tells its release to everybody who asks, which helps to choose an attack",
    },
    { ...rule, id: "dicom-open", severity: "high", title: "Any AE title may search" },
  ];
  expect(renderRules([...others, rule], family, options)).toMatchInlineSnapshot(`
    "dicom
      high      dicom-open              Any AE title may search

    http
      critical  http-no-authentication  REST API answers without a login
      low       http-banner             The server tells its release to everybody
                                        who asks, which helps to choose an attack
                                        (audit)

    3 rules. pacslint explain RULE tells more of one.
    "
  `);
  expect(
    renderRules([...others, rule], family, { ...options, width: 45 })
      .split("\n")
      .filter((line) => line.length > 45),
  ).toEqual([]);
});

test("the page of a rule is Markdown made from its file", () => {
  expect(renderRulePage(rule, controls, nothingFurther)).toMatchInlineSnapshot(`
    "<!-- Made from the rule's file by npm run docs. -->

    # http-no-authentication

    REST API answers without a login.

    Severity **critical**, confidence **certain**, for the **everyday** audience.

    ## Why

    Orthanc asks for no login here. Whoever reaches the port
    reads and deletes studies.

    - Patients are named in every study.
    - Deleted studies are gone.

    ## Found in

    **no login** (\`--orthanc-version 1.12.7\`)

    \`orthanc.json\`, line 4:

    \`\`\`jsonc
    {
      // all
      "RemoteAccessAllowed": true,
      "AuthenticationEnabled": false
    }
    \`\`\`

    ## What to write instead

    Ask for a login, and give every user a password of their own.

    \`\`\`jsonc
    "AuthenticationEnabled": true
    \`\`\`

    Or answer this host only.

    \`\`\`jsonc
    "RemoteAccessAllowed": false
    \`\`\`

    ## What that may break

    Viewers and scripts that use the REST API need the login from then on.

    ## Not reported

    **a login**

    \`orthanc.json\`:

    \`\`\`jsonc
    {}
    \`\`\`

    **no login, and this host only**

    \`orthanc.json\`:

    \`\`\`jsonc
    { }
    \`\`\`

    ## Silences

    - [http-default-credentials](http-default-credentials.md)

    ## Controls

    | Standard | Paragraphs |
    |---|---|
    | CWE | 306, 1188 |
    | NIST SP 800-53 | AC-3, IA-2 |
    | HIPAA 45 CFR | 164.312(d) |
    | IEC 62443-4-2 | CR 1.1 |
    | MDS2 | PAUT-1 |

    ## Read on

    - <https://orthanc.uclouvain.be/book/faq/security.html>
    "
  `);
  expect(renderRuleIndex([rule], family)).toContain(
    "| [http-no-authentication](http-no-authentication.md) | critical | everyday | REST API answers without a login |",
  );
});

test("a page shows what an example becomes, and what was published on the same topic of the same product", () => {
  const [example] = rule.examples.filter(({ expect: found }) => found.length > 0);
  const [topic = ""] = rule.controls;
  const advisory = { product: "orthanc", allows: "Reading every study.", topics: [topic], verified: true };
  const page = renderRulePage(rule, controls, {
    afters: new Map([[example?.name ?? "", { "orthanc.json": '{ "AuthenticationEnabled": true }\n' }]]),
    advisories: [
      { ...advisory, id: "CVE-1" },
      { ...advisory, id: "CVE-2", product: "keycloak" },
      { ...advisory, id: "CVE-3", topics: ["outdated-version"] },
      { ...advisory, id: "CVE-4", verified: false },
    ],
    family: "http",
  });
  expect(page).toContain(
    'After the edit, `orthanc.json`:\n\n```jsonc\n{ "AuthenticationEnabled": true }\n```',
  );
  expect(page).toContain("- **CVE-1** (orthanc): Reading every study.");
  expect(page).not.toMatch(/CVE-[234]/);
});
