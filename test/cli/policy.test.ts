/** Whole command lines with a site that decides: pacslint.yaml, suppressions, baselines, rules of its own. */
import { describe, expect, test } from "vitest";
import validateReport from "../../generated/validate-report.js";
import type { Report } from "../../src/triage/report.ts";
import { cli } from "./fake.ts";

type Files = Readonly<Record<string, string>>;

const orthanc = `{
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "DicomModalities": { "ct": ["CT1", "192.0.2.1", 104] }
}
`;

const release = ["--orthanc-version", "1.12.7", "--allow-undetermined"];

async function report(files: Files, args: readonly string[] = [], path = "."): Promise<Report> {
  const { stdout, stderr } = await cli(["lint", path, "--format", "json", ...release, ...args], { files });
  expect(stderr).toBe("");
  const parsed: unknown = JSON.parse(stdout);
  validateReport(parsed);
  expect(validateReport.errors).toBeNull();
  return parsed as Report;
}

/** The state of each finding of a rule, with its line. */
function statesOf(one: Report, rule: string): readonly string[] {
  return one.findings
    .filter((finding) => finding.rule === rule)
    .map(({ state, location }) => `${location.file}:${location.line} ${state}`)
    .sort();
}

const told = ({ findings }: Report) => findings.map(({ rule, state }) => `${rule} ${state}`).sort();

describe("a comment", () => {
  const withComment = orthanc.replace(
    "false,",
    "false, // pacslint-ignore http-no-authentication until 2027-01-31: a test server",
  );

  test("silences its rule at its line and nothing else", async () => {
    const before = await report({ "orthanc.json": orthanc });
    const after = await report({ "orthanc.json": withComment });
    expect(statesOf(after, "http-no-authentication")).toEqual(["orthanc.json:3 suppressed"]);
    const others = (one: Report) => told(one).filter((line) => !line.startsWith("http-no-authentication"));
    // What the stronger rule had silenced on the same fact is told now: the suppression names one rule.
    expect(others(after)).toEqual(expect.arrayContaining(others(before)));
    expect(after.findings.find(({ state }) => state === "suppressed")?.suppression).toEqual({
      reason: "a test server",
      until: "2027-01-31",
      location: { file: "orthanc.json", line: 3, column: 35, endLine: 3, endColumn: 108 },
    });
    expect(after.summary.suppressed).toBe(1);
    expect(after.suppressions).toMatchObject([
      { rule: "http-no-authentication", from: "comment", state: "used", findings: 1, undetermined: 0 },
    ]);
  });

  test("marks the attack path that it accepts", async () => {
    const path = (one: Report) => one.attackPaths.find(({ listener }) => listener.endsWith("/http"));
    expect(path(await report({ "orthanc.json": orthanc }))?.suppression).toBeUndefined();
    expect(path(await report({ "orthanc.json": withComment }))?.suppression?.reason).toBe("a test server");
  });

  test("does nothing with --no-ignores, and is no finding then", async () => {
    const { findings, suppressions } = await report({ "orthanc.json": withComment }, ["--no-ignores"]);
    expect(findings.some(({ state }) => state === "suppressed")).toBe(false);
    expect(findings.some(({ rule }) => rule.startsWith("suppression-"))).toBe(false);
    expect(suppressions).toEqual([]);
  });

  test("at one of two ports silences that one only", async () => {
    const compose = (comment: string) => `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "false"
    ports:
      - "8042:8042"${comment}
      - "8043:8042"
`;
    const both = await report({ "compose.yml": compose("") });
    // The default of TLS belongs to the service; the ports are the lines that tell the two apart.
    expect(statesOf(both, "http-no-tls")).toEqual(["compose.yml:3 open", "compose.yml:3 open"]);
    const one = await report({ "compose.yml": compose(" # pacslint-ignore http-no-tls: the VPN encrypts") });
    expect(statesOf(one, "http-no-tls")).toEqual(["compose.yml:3 open", "compose.yml:3 suppressed"]);
    const lines = one.findings.find(({ rule, state }) => rule === "http-no-tls" && state === "open")?.related;
    expect(lines?.map(({ location }) => location.line)).toContain(8);
    expect(lines?.map(({ location }) => location.line)).not.toContain(7);
  });

  test("decides over the exit code", async () => {
    const files = {
      "orthanc.json":
        '{ "RemoteAccessAllowed": true, "DicomServerEnabled": false,\n"AuthenticationEnabled": false }',
    };
    const open = await cli(["lint", ".", "--orthanc-version", "1.13.0", "--allow-undetermined"], { files });
    expect(open.code).toBe(1);
    const quiet = {
      "orthanc.json": `// pacslint-ignore-file http-no-authentication: teaching\n${files["orthanc.json"]}`,
    };
    expect(
      (await cli(["lint", ".", "--orthanc-version", "1.13.0", "--allow-undetermined"], { files: quiet }))
        .code,
    ).toBe(0);
    expect(
      (
        await cli(["lint", ".", "--no-ignores", "--orthanc-version", "1.13.0", "--allow-undetermined"], {
          files: quiet,
        })
      ).code,
    ).toBe(1);
  });

  test("is shown on request, with its reason and its place", async () => {
    const { stdout } = await cli(["lint", ".", "--show-suppressed", ...release], {
      files: { "orthanc.json": withComment },
    });
    expect(stdout).toContain("SUPPRESSED  1");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "orthanc.json:3:28: http-no-authentication (critical): a test server (orthanc.json:3, until 2027-01-31)",
    );
  });
});

describe("pacslint.yaml", () => {
  const files = (config: string): Files => ({
    "site/.git/HEAD": "",
    "site/pacslint.yaml": config,
    "site/a/orthanc.json": orthanc,
  });

  test("is found upward to the repository and no further", async () => {
    const config = "rules: { http-no-authentication: medium }\n";
    const below = await report(files(config), [], "site/a");
    expect(below.configuration).toMatchObject({
      file: "site/pacslint.yaml",
      says: [{ text: "http-no-authentication counts as medium" }],
    });
    expect(below.findings.find(({ rule }) => rule === "http-no-authentication")?.severity).toBe("medium");
    const above = await report({ "../pacslint.yaml": config, ".git/HEAD": "", "orthanc.json": orthanc });
    expect(above.configuration).toBeNull();
    expect((await report(files(config), ["--no-config"], "site/a")).configuration).toBeNull();
  });

  test("suppresses by path and by what the finding is about", async () => {
    const config = `suppress:
  - rule: http-no-authentication
    path: a/*.json
    fact: orthanc/http/*
    reason: a teaching server
`;
    const run = await report(files(config), [], "site/a");
    expect(statesOf(run, "http-no-authentication")).toEqual(["site/a/orthanc.json:3 suppressed"]);
    const other = await report(files(config.replace("a/*.json", "b/*.json")), [], "site/a");
    expect(statesOf(other, "http-no-authentication")).toEqual(["site/a/orthanc.json:3 open"]);
    // No file that was read lies there: nobody knows whether it is of use.
    expect(other.findings.some(({ rule }) => rule === "suppression-unused")).toBe(false);
    const dicom = await report(files(config.replace("orthanc/http/*", "orthanc/dicom/*")), [], "site/a");
    expect(statesOf(dicom, "http-no-authentication")).toEqual(["site/a/orthanc.json:3 open"]);
    expect(statesOf(dicom, "suppression-unused")).toEqual(["site/pacslint.yaml:2 open"]);
  });

  test("switches rules off, here or there, and says so", async () => {
    const run = await report(
      files("overrides:\n  - path: a\n    rules: { http-no-authentication: off }\n"),
      [],
      "site/a",
    );
    expect(statesOf(run, "http-no-authentication")).toEqual(["site/a/orthanc.json:3 suppressed"]);
    expect(run.configuration?.says.map(({ text, location }) => `${location.line}: ${text}`)).toEqual([
      "3: http-no-authentication is off in a",
    ]);
  });

  test("leaves files out", async () => {
    const { code } = await cli(["lint", "site", ...release], { files: files("exclude: [a/]\n") });
    expect(code).toBe(3);
  });

  test("gives way to the command line", async () => {
    const config = "fail-on: critical\naudience: audit\n";
    const one = {
      ...files(config),
      "site/a/orthanc.json": '{ "RemoteAccessAllowed": false, "DicomAlwaysAllowStore": true }',
    };
    expect((await cli(["lint", "site/a", ...release], { files: one })).code).toBe(0);
    expect((await cli(["lint", "site/a", "--fail-on", "info", ...release], { files: one })).code).toBe(1);
    const heard = await report(one, ["--audience", "everyday"], "site/a");
    expect(heard.summary.hidden).toBeGreaterThan(0);
  });

  test.each([
    [
      "profil: hospital",
      '1:1: the configuration has a field "profil" that is not known; did you mean profile?',
    ],
    [
      "profile: hospitall",
      '1:10: "profile" has to be one of "baseline", "hospital", "internet-facing", "vendor-qa"; did you mean hospital?',
    ],
    ["rules:\n  http-no-tlss: low", '2:3: there is no rule "http-no-tlss"; did you mean http-no-tls?'],
    ["suppress:\n  - rule: http-no-tls", '2:5: "suppress.0" has no field "reason"'],
    [
      "suppress:\n  - { rule: http-no-tls, reason: x, until: 2027-02-30 }",
      "2:44: there is no day 2027-02-30",
    ],
    [
      "zones:\n  - { name: LAN, networks: [10.0.0.0/33], trust: network }",
      '2:29: "10.0.0.0/33" is no address and no network such as 10.0.0.0/8',
    ],
    [
      "firewall:\n  - { port: 8042, from: [LAN] }",
      '2:26: "LAN" is no address and no network such as 10.0.0.0/8, nor the name of a zone',
    ],
    ["a: [", "2:1: Flow sequence"],
  ])("what is wrong is told with its place: %s", async (config, message) => {
    const { code, stderr, stdout } = await cli(["lint", "site/a"], { files: files(`${config}\n`) });
    expect(stderr).toContain(`pacslint: site/pacslint.yaml:${message}`);
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });

  test("two that apply have to be chosen from", async () => {
    const two = {
      "a/.git/HEAD": "",
      "a/pacslint.yaml": "",
      "b/.git/HEAD": "",
      "b/pacslint.yaml": "",
      "a/x.json": orthanc,
      "b/x.json": orthanc,
    };
    const { code, stderr } = await cli(["lint", "a", "b"], { files: two });
    expect(code).toBe(2);
    expect(stderr).toContain("a/pacslint.yaml, b/pacslint.yaml; name one with --config");
  });
});

describe("a profile", () => {
  test("decides what fails, and is not met by what nobody can tell", async () => {
    const medium = {
      "orthanc.json":
        '{ "RemoteAccessAllowed": false, "DicomServerEnabled": false, "StorageCompression": "yes" }',
    };
    const asked = await report(medium, ["--profile", "vendor-qa"]);
    expect(asked.profile.asked).toBe("vendor-qa");
    expect(asked.exitCode).toBe(1);
    const { code, stderr } = await cli(["lint", ".", "--profile", "hospitals"], { files: medium });
    expect(stderr).toBe('pacslint: there is no profile "hospitals"; did you mean hospital?\n');
    expect(code).toBe(2);
  });
});

describe("what the site says of its network", () => {
  const compose = `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "false"
    ports:
      - "8042:8042"
      - "10.1.2.3:8043:8042"
`;
  const entries = async (config: string) => {
    const run = await report({ "pacslint.yaml": config, "compose.yml": compose });
    const [service] = run.deployments[0]?.services ?? [];
    return (service?.listeners ?? [])
      .flatMap((listener) => listener.entries)
      .filter(({ port }) => port === 8042 || port === 8043)
      .map(({ port, reach, via }) => {
        const said = via.findLast(({ location }) => location.file === "pacslint.yaml");
        return `${port} ${reach}${said === undefined ? "" : ` line ${said.location.line}`}`;
      });
  };

  test("nothing: the network around the host", async () => {
    expect(await entries("")).toEqual(["8042 network", "8043 network"]);
  });

  test("the host faces the Internet; an address in a zone does not", async () => {
    expect(await entries("host: { faces-internet: true }\n")).toEqual([
      "8042 internet line 1",
      "8043 internet line 1",
    ]);
    const zone =
      "host: { faces-internet: true }\nzones:\n  - { name: LAN, networks: [10.0.0.0/8], trust: network }\n";
    expect(await entries(zone)).toEqual(["8042 internet line 1", "8043 network line 3"]);
  });

  test("the host does not face the Internet: what is open to the network stays so", async () => {
    expect(await entries("host: { faces-internet: false }\n")).toEqual(["8042 network", "8043 network"]);
  });

  test("of two zones the narrower one counts", async () => {
    const zones =
      "zones:\n  - { name: LAN, networks: [10.0.0.0/8], trust: network }\n  - { name: admin, networks: [10.1.2.0/24], trust: trusted }\n";
    expect(await entries(zones)).toEqual(["8042 network", "8043 internal line 3"]);
  });

  test("a firewall before a port narrows it, never widens it, and the report says so", async () => {
    const config =
      "zones:\n  - { name: admin, networks: [10.9.0.0/24], trust: trusted }\nfirewall:\n  - { port: 8042, from: [admin] }\n";
    expect(await entries(config)).toEqual(["8042 internal line 4", "8043 network"]);
    const run = await report({ "pacslint.yaml": config, "compose.yml": compose });
    expect(run.configuration?.says.map(({ text }) => text)).toEqual([
      "admin is a network of those who may use the PACS",
      "a firewall lets only admin at port 8042",
    ]);
    expect(await entries("firewall:\n  - { port: 8042, from: [10.9.0.7] }\n")).toEqual([
      "8042 network line 2",
      "8043 network",
    ]);
    expect(await entries("firewall:\n  - { port: 8042, from: [0.0.0.0/0] }\n")).toEqual([
      "8042 network line 2",
      "8043 network",
    ]);
    expect(await entries("firewall:\n  - { port: 8042, from: [] }\n")).toEqual([
      "8042 host line 2",
      "8043 network",
    ]);
  });
});

describe("a baseline", () => {
  const files = { "orthanc.json": orthanc };
  const written = async (one: Files = files) => {
    const { saved, code } = await cli(["baseline", "write", ".", ...release], { files: one });
    expect(code).toBe(0);
    return saved["pacslint-baseline.json"] ?? "";
  };

  test("knows what was there, and fails on what is new", async () => {
    const baseline = await written();
    const known = { ...files, "pacslint-baseline.json": baseline };
    const lint = ["lint", ".", "--baseline", "pacslint-baseline.json", ...release];
    expect((await cli(lint, { files: known })).code).toBe(0);
    expect((await cli(["lint", ".", ...release], { files: known })).code).toBe(1);
    const worse = {
      ...known,
      "orthanc.json": orthanc.replace(
        "true,",
        'true,\n  "ExecuteLuaEnabled": true,\n  "DicomAlwaysAllowFind": true,',
      ),
    };
    const check = await cli(["baseline", "check", ".", ...release], { files: worse });
    expect(check.code).toBe(1);
    expect(check.stdout).toContain("dicom-query-from-anyone");
  });

  test("survives moved lines, another layout, other keys and new nodes", async () => {
    const baseline = await written();
    const moved = `// moved\n\n{\n\n"DicomModalities":{"mr":["MR1","192.0.2.2",104],"ct":["CT1","192.0.2.1",104]},
      "AuthenticationEnabled"   :   false  , // here\n      "RemoteAccessAllowed":true,"Name":"x"}`;
    const { code, stdout } = await cli(["baseline", "check", ".", ...release], {
      files: { "orthanc.json": moved, "pacslint-baseline.json": baseline },
    });
    expect(stdout).toMatch(/^0 new, \d+ known, 0 closed/);
    expect(code).toBe(0);
  });

  test("survives another working directory", async () => {
    const repository = { "site/.git/HEAD": "", "site/a/orthanc.json": orthanc };
    const above = await report(repository, [], "site/a");
    const inside = await cli(["lint", ".", "--format", "json", ...release], {
      files: { "../.git/HEAD": "", "orthanc.json": orthanc },
      cwd: "/work/site/a",
    });
    const fingerprints = (one: Report) => one.findings.map(({ fingerprint }) => fingerprint).sort();
    expect(fingerprints(JSON.parse(inside.stdout) as Report)).toEqual(fingerprints(above));
  });

  test("a published port keeps its fingerprint when another one is added before it", async () => {
    const compose = (ports: string) =>
      `services:\n  orthanc:\n    image: orthancteam/orthanc:24.6.2\n    environment:\n      ORTHANC__AUTHENTICATION_ENABLED: "false"\n    ports: [${ports}]\n`;
    const of = async (ports: string) =>
      (await report({ "compose.yml": compose(ports) })).findings
        .filter(({ rule }) => rule === "http-no-tls")
        .map(({ fingerprint }) => fingerprint);
    const [alone] = await of('"8042:8042"');
    expect(await of('"8050:8042", "8042:8042"')).toContain(alone);
  });

  test("what is closed is pruned, and what other runs know stays", async () => {
    const baseline = await written({ ...files, "other/orthanc.json": orthanc });
    const closed = {
      "orthanc.json": orthanc.replace('Enabled": false', 'Enabled": true'),
      "other/orthanc.json": orthanc,
      "pacslint-baseline.json": baseline,
    };
    const { saved, stdout } = await cli(["baseline", "prune", "orthanc.json", ...release], { files: closed });
    expect(stdout).toMatch(/^\d+ closed, \d+ left in pacslint-baseline\.json/);
    const left = saved["pacslint-baseline.json"] ?? "";
    expect(left).not.toMatch(/http-no-authentication","file":"orthanc\.json/);
    expect(left).toMatch(/http-no-authentication","file":"other\/orthanc\.json/);
  });

  test("holds nothing of a secret: other passwords, the same fingerprints", async () => {
    const withSecrets = (secret: string) => ({
      "orthanc.json": JSON.stringify({
        RemoteAccessAllowed: true,
        AuthenticationEnabled: true,
        RegisteredUsers: { radiology: secret },
        OrthancPeers: { archive: ["http://192.0.2.9:8042/", "orthanc", secret] },
        PostgreSQL: { EnableIndex: true, Host: "192.0.2.7", Password: secret },
      }),
      "compose.yml": `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: ${secret}\n    ports: ["5432:5432"]\n`,
      ".env": `TOKEN=${secret}\n`,
    });
    const one = await written(withSecrets("quaint-otter-91-harbour"));
    expect(one).toBe(await written(withSecrets("violet-badger-47-lantern")));
    expect(one).not.toMatch(/otter|badger/);
  });

  test("two findings never share a fingerprint within a deployment", async () => {
    const { findings } = await report({ "orthanc.json": orthanc }, ["--audience", "audit"]);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length);
  });

  test("a file that is none is a mistake", async () => {
    const { code, stderr } = await cli(["lint", ".", "--baseline", "b.json"], {
      files: { ...files, "b.json": "{}" },
    });
    expect(code).toBe(2);
    expect(stderr).toContain("b.json: this is no baseline of pacslint");
  });
});

describe("rules of the site", () => {
  const rule = (pattern: string, id = "our-title") => `id: ${id}
title: The AE title is not ours
severity: high
confidence: certain
audience: everyday
select: option
match: { properties: { path: { const: DicomAet }, value: { not: { pattern: '${pattern}' } } } }
at: /value
message: "The AE title is {value}."
expected: a title of ours
why: We have a list.
remediation: [{ text: Take one of the list. }]
impact: Modalities have to be told.
controls: []
references: [https://pacs.example/titles]
examples:
  - { name: fires, files: { orthanc.json: '{ "DicomAet": "OTHER" }' }, args: [--orthanc-version, 1.12.7], expect: [{ file: orthanc.json, line: 1 }] }
  - { name: ours, files: { orthanc.json: '{ "DicomAet": "OUR1" }' }, args: [--orthanc-version, 1.12.7], expect: [] }
  - { name: wrong on purpose, files: { orthanc.json: '{ "DicomAet": "OUR2" }' }, args: [--orthanc-version, 1.12.7], expect: [{ file: orthanc.json, line: 1 }] }
`;
  const configured = {
    "orthanc.json": '{ "DicomAet": "OTHER", "RemoteAccessAllowed": false }',
    "pacslint.yaml": "rule-folders: [ours]\n",
  };

  test("are held against the facts like ours", async () => {
    const run = await report({ ...configured, "ours/our-title.yaml": rule("^OUR") });
    expect(run.findings.find((finding) => finding.rule === "our-title")?.message).toBe(
      "The AE title is OTHER.",
    );
    const flag = await report(
      { "orthanc.json": configured["orthanc.json"], "ours/our-title.yaml": rule("^OUR") },
      ["--rules", "ours"],
    );
    expect(flag.findings.some((finding) => finding.rule === "our-title")).toBe(true);
  });

  test("are explained and listed like ours", async () => {
    const explained = await cli(["explain", "our-title"], {
      files: { ...configured, "ours/our-title.yaml": rule("^OUR") },
    });
    expect([explained.code, explained.stdout.split("\n").slice(0, 2)]).toEqual([
      0,
      ["HIGH  our-title   (certain, for the everyday audience)", "The AE title is not ours"],
    ]);
    const files = { "ours/our-title.yaml": rule("^OUR") };
    const listed = await cli(["rules", "--rules", "ours"], { files });
    expect(listed.stdout).toMatch(/^of the site\n {2}high {6}our-title +The AE title is not ours$/m);
    const meant = await cli(["explain", "our-titel", "--rules", "ours"], { files });
    expect([meant.code, meant.stderr]).toEqual([2, expect.stringContaining("did you mean our-title?")]);
  });

  test("have their examples tested", async () => {
    const { code, stdout } = await cli(["rules", "test", "ours"], {
      files: { "ours/our-title.yaml": rule("^OUR") },
    });
    expect(stdout).toBe(`pass  our-title: fires
pass  our-title: ours
FAIL  our-title: wrong on purpose
      expected at orthanc.json:1 and not found
2 examples passed, 1 failed.
`);
    expect(code).toBe(1);
  });

  test.each([
    [
      "a slip",
      { "ours/our-title.yaml": rule("^OUR").replace("severity:", "severty:") },
      'ours/our-title.yaml:3:1: the rule has a field "severty" that is not known; did you mean severity?',
    ],
    [
      "a pattern with a backreference",
      { "ours/our-title.yaml": rule("(a)\\1") },
      "is a pattern that takes too long or is not understood",
    ],
    [
      "an id of ours",
      { "ours/http-no-tls.yaml": rule("a", "http-no-tls") },
      "there is another rule with the id http-no-tls",
    ],
    ["a folder that is not there", {}, "pacslint.yaml:1:16: there is no folder of rules at ours"],
  ] as const)("%s is a mistake", async (_name, files, message) => {
    const { code, stderr } = await cli(["lint", "."], { files: { ...configured, ...files } });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test("cannot hang a run", async () => {
    const long = `{ "DicomAet": "${"a".repeat(3000)}!", "RemoteAccessAllowed": false }`;
    const began = performance.now();
    await report({ ...configured, "orthanc.json": long, "ours/our-title.yaml": rule("^(a+)+$") });
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
